package io.kekbit.aeron.replication;

import io.aeron.logbuffer.FrameDescriptor;
import io.aeron.logbuffer.Header;
import io.aeron.protocol.DataHeaderFlyweight;
import io.kekbit.aeron.replication.codecs.CopyRequestDecoder;
import io.kekbit.aeron.replication.codecs.CopyRequestEncoder;
import io.kekbit.aeron.replication.codecs.MessageHeaderDecoder;
import io.kekbit.aeron.replication.codecs.MessageHeaderEncoder;
import io.kekbit.aeron.replication.codecs.StreamKind;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Requests of this version and of the one before.
 */
class RequestReaderTest
{
    private static final int OFFSET = DataHeaderFlyweight.HEADER_LENGTH;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[256]);
    private final RequestReader reader = new RequestReader();

    @Test
    void shouldReadRequestWhenTargetListensToLiveStream()
    {
        final CopyRequest request = read(encode());

        assertTrue(request.listensLive());
        assertEquals("ticks", request.stream());
        assertEquals("risk-1", request.target());
    }

    @Test
    void shouldReadRequestWhenTargetIsOfVersionThatKnowsNoLiveStream()
    {
        final int length = encode();
        // As it was: without the last field of the root block.
        final int end = OFFSET + MessageHeaderDecoder.ENCODED_LENGTH + CopyRequestDecoder.BLOCK_LENGTH;
        buffer.putBytes(end - 1, buffer, end, OFFSET + length - end);
        new MessageHeaderEncoder().wrap(buffer, OFFSET).blockLength(CopyRequestDecoder.BLOCK_LENGTH - 1).version(1);
        final CopyRequest request = read(length - 1);

        assertFalse(request.listensLive());
        assertEquals(5, request.ordinal());
        assertEquals(StreamKind.SERIES, request.kind());
        assertEquals("ticks", request.stream());
        assertEquals("risk-1", request.target());
    }

    private int encode()
    {
        final CopyRequestEncoder request = new CopyRequestEncoder();
        request.wrapAndApplyHeader(buffer, OFFSET, new MessageHeaderEncoder())
            .requestId(1).ordinal(5).position(64).channelId(0).tailChecksum(7).kind(StreamKind.SERIES)
            .listensLive((short)1).stream("ticks").target("risk-1");

        return MessageHeaderEncoder.ENCODED_LENGTH + request.encodedLength();
    }

    private CopyRequest read(final int length)
    {
        FrameDescriptor.frameFlags(buffer, 0, FrameDescriptor.UNFRAGMENTED);
        final Header header = new Header(0, 0);
        header.buffer(buffer);
        header.offset(0);
        reader.onFragment(buffer, OFFSET, length, header);
        assertNull(reader.takeFault());

        return reader.takeRequest();
    }
}
