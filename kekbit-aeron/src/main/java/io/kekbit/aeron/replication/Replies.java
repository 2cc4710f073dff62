package io.kekbit.aeron.replication;

import io.aeron.ExclusivePublication;
import io.kekbit.aeron.replication.codecs.BlueprintPartEncoder;
import io.kekbit.aeron.replication.codecs.ChannelEndEncoder;
import io.kekbit.aeron.replication.codecs.LiveStreamEncoder;
import io.kekbit.aeron.replication.codecs.MessageHeaderEncoder;
import io.kekbit.aeron.replication.codecs.RefusalEncoder;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;

import java.nio.charset.StandardCharsets;

/**
 * The messages of a source that are no blocks. Each method answers what the publication did, and can be called again.
 */
final class Replies
{
    private static final int MAX_TEXT_LENGTH = 1024;
    private static final int PART_OVERHEAD =
        MessageHeaderEncoder.ENCODED_LENGTH + BlueprintPartEncoder.BLOCK_LENGTH +
            BlueprintPartEncoder.partHeaderLength();

    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final BlueprintPartEncoder part = new BlueprintPartEncoder();
    private final ChannelEndEncoder end = new ChannelEndEncoder();
    private final LiveStreamEncoder live = new LiveStreamEncoder();
    private final RefusalEncoder refusal = new RefusalEncoder();

    /**
     * The longest part of a blueprint that fits one message.
     */
    static int maxPartLength(final ExclusivePublication publication)
    {
        return publication.maxMessageLength() - PART_OVERHEAD;
    }

    long blueprintPart(
        final ExclusivePublication publication,
        final long requestId,
        final long ordinal,
        final long position,
        final DirectBuffer blueprint,
        final int totalLength,
        final int offset,
        final int length)
    {
        part.wrapAndApplyHeader(buffer, 0, header)
            .requestId(requestId).ordinal(ordinal).position(position).totalLength(totalLength).partOffset(offset)
            .putPart(blueprint, offset, length);

        return publication.offer(buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + part.encodedLength());
    }

    long channelEnd(
        final ExclusivePublication publication,
        final long requestId,
        final long ordinal,
        final long position,
        final boolean isFollowed)
    {
        end.wrapAndApplyHeader(buffer, 0, header)
            .requestId(requestId).ordinal(ordinal).position(position).isFollowed((short)(isFollowed ? 1 : 0));

        return publication.offer(buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + end.encodedLength());
    }

    long liveStream(
        final ExclusivePublication publication,
        final long requestId,
        final long liveId,
        final int sessionId,
        final long position,
        final boolean isOver)
    {
        live.wrapAndApplyHeader(buffer, 0, header)
            .requestId(requestId).liveId(liveId).position(position)
            .sessionId(sessionId).isOver((short)(isOver ? 1 : 0));

        return publication.offer(buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + live.encodedLength());
    }

    long refusal(final ExclusivePublication publication, final long requestId, final Refused refused)
    {
        final byte[] text = refused.details().getBytes(StandardCharsets.UTF_8);
        refusal.wrapAndApplyHeader(buffer, 0, header)
            .requestId(requestId).ordinal(refused.ordinal()).position(refused.position())
            .code(refused.reason().code())
            .putText(text, 0, Math.min(text.length, MAX_TEXT_LENGTH));

        return publication.offer(buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + refusal.encodedLength());
    }
}
