package io.kekbit.aeron.replication;

import io.kekbit.aeron.replication.codecs.BlockDecoder;
import io.kekbit.aeron.replication.codecs.BlueprintPartDecoder;
import io.kekbit.aeron.replication.codecs.ChannelEndDecoder;
import io.kekbit.aeron.replication.codecs.CopyProgressDecoder;
import io.kekbit.aeron.replication.codecs.CopyRequestDecoder;
import io.kekbit.aeron.replication.codecs.LiveJoinedDecoder;
import io.kekbit.aeron.replication.codecs.LiveStreamDecoder;
import io.kekbit.aeron.replication.codecs.MessageHeaderDecoder;
import io.kekbit.aeron.replication.codecs.RefusalDecoder;
import org.agrona.DirectBuffer;

import java.nio.ByteOrder;

/**
 * A message that came in, of which nothing is believed: it is looked at only as far as it reaches.
 */
final class IncomingMessage
{
    /**
     * The template id of what is no message of this protocol.
     */
    static final int NONE = 0;

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private DirectBuffer buffer;
    private int body;
    private int end;

    /**
     * Stand on a message.
     *
     * @return its template id, or {@link #NONE} where it is none that is known, or too short to be it.
     */
    int wrap(final DirectBuffer message, final int offset, final int length)
    {
        if (length < MessageHeaderDecoder.ENCODED_LENGTH)
        {
            return NONE;
        }
        header.wrap(message, offset);
        buffer = message;
        body = offset + MessageHeaderDecoder.ENCODED_LENGTH;
        end = offset + length;
        final int templateId = header.templateId();
        final int known = knownBlockLength(templateId);
        final boolean isSound = header.schemaId() == MessageHeaderDecoder.SCHEMA_ID &&
            header.version() >= 1 && header.blockLength() >= known && header.blockLength() <= end - body;

        return isSound && known > 0 ? templateId : NONE;
    }

    DirectBuffer buffer()
    {
        return buffer;
    }

    int body()
    {
        return body;
    }

    int blockLength()
    {
        return header.blockLength();
    }

    int version()
    {
        return header.version();
    }

    /**
     * Where the root block ends.
     */
    int dataOffset()
    {
        return body + header.blockLength();
    }

    /**
     * The bytes behind an offset.
     */
    int remaining(final int offset)
    {
        return end - offset;
    }

    /**
     * The length of data that has a length of 16 bits in front.
     *
     * @return that length, or -1 where the message ends before the data does.
     */
    int shortData(final int offset)
    {
        if (remaining(offset) < Short.BYTES)
        {
            return -1;
        }
        final int length = buffer.getShort(offset, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;

        return length <= remaining(offset) - Short.BYTES ? length : -1;
    }

    /**
     * The length of data that has a length of 32 bits in front.
     *
     * @return that length, or -1 where the message ends before the data does.
     */
    int longData(final int offset)
    {
        if (remaining(offset) < Integer.BYTES)
        {
            return -1;
        }
        final int length = buffer.getInt(offset, ByteOrder.LITTLE_ENDIAN);

        return length >= 0 && length <= remaining(offset) - Integer.BYTES ? length : -1;
    }

    private static int knownBlockLength(final int templateId)
    {
        return switch (templateId)
        {
            case BlockDecoder.TEMPLATE_ID -> BlockDecoder.BLOCK_LENGTH;
            // That of version 1, which older targets send.
            case CopyRequestDecoder.TEMPLATE_ID -> CopyRequestDecoder.listensLiveEncodingOffset();
            case CopyProgressDecoder.TEMPLATE_ID -> CopyProgressDecoder.BLOCK_LENGTH;
            case LiveJoinedDecoder.TEMPLATE_ID -> LiveJoinedDecoder.BLOCK_LENGTH;
            case BlueprintPartDecoder.TEMPLATE_ID -> BlueprintPartDecoder.BLOCK_LENGTH;
            case ChannelEndDecoder.TEMPLATE_ID -> ChannelEndDecoder.BLOCK_LENGTH;
            case RefusalDecoder.TEMPLATE_ID -> RefusalDecoder.BLOCK_LENGTH;
            case LiveStreamDecoder.TEMPLATE_ID -> LiveStreamDecoder.BLOCK_LENGTH;
            default -> 0;
        };
    }
}
