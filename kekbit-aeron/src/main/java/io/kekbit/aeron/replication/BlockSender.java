package io.kekbit.aeron.replication;

import io.aeron.ExclusivePublication;
import io.aeron.ReservedValueSupplier;
import io.aeron.logbuffer.BufferClaim;
import io.kekbit.aeron.replication.codecs.BlockEncoder;
import io.kekbit.aeron.replication.codecs.MessageHeaderEncoder;
import io.kekbit.core.BlockHandler;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Puts blocks into a publication: in place where one fits a datagram, else in fragments. The position of the block is
 * the reserved value of each frame. Never allocates.
 */
final class BlockSender implements BlockHandler
{
    /**
     * What stands in front of the block in its message.
     */
    static final int HEADER_LENGTH = MessageHeaderEncoder.ENCODED_LENGTH + BlockEncoder.BLOCK_LENGTH;

    private final BufferClaim claim = new BufferClaim();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final BlockEncoder block = new BlockEncoder();
    private final UnsafeBuffer headerBuffer = new UnsafeBuffer(new byte[HEADER_LENGTH]);
    private final ReservedValueSupplier reservedValue = this::reservedValueOf;

    private final SentBlocks sent;

    private ExclusivePublication publication;
    private int maxPayloadLength;
    private long requestId;
    private long base;
    private long position;
    private long result;

    /**
     * @param sent counts what is sent.
     */
    BlockSender(final SentBlocks sent)
    {
        this.sent = sent;
    }

    void publication(final ExclusivePublication target)
    {
        publication = target;
        maxPayloadLength = target.maxPayloadLength();
    }

    void requestId(final long id)
    {
        requestId = id;
    }

    /**
     * What is added to each position: 0 unless set.
     */
    void base(final long added)
    {
        base = added;
    }

    /**
     * The longest block that fits a datagram.
     */
    int lengthLimit()
    {
        return (maxPayloadLength - HEADER_LENGTH) & -Long.BYTES;
    }

    /**
     * The length of the message that the longest record makes, if it is alone in its block.
     */
    static long messageLength(final long maxRecordLength)
    {
        return HEADER_LENGTH + BitUtil.align(maxRecordLength + Long.BYTES, Long.BYTES);
    }

    void forgetResult()
    {
        result = 0;
    }

    /**
     * What the publication answered last; 0 where it was not asked since {@link #forgetResult()}.
     */
    long result()
    {
        return result;
    }

    @Override
    public boolean onBlock(
        final DirectBuffer buffer, final int offset, final int length, final long blockPosition, final long timeTicks)
    {
        final int messageLength = HEADER_LENGTH + length;
        if (messageLength <= maxPayloadLength)
        {
            result = publication.tryClaim(messageLength, claim);
            if (result > 0)
            {
                fillClaim(buffer, offset, length, base + blockPosition, timeTicks);
            }
        }
        else
        {
            position = base + blockPosition;
            block.wrapAndApplyHeader(headerBuffer, 0, header).requestId(requestId).timeTicks(timeTicks);
            result = publication.offer(
                headerBuffer, 0, HEADER_LENGTH, buffer, offset, length, reservedValue);
        }

        if (result > 0)
        {
            sent.add(length);
        }

        return result > 0;
    }

    private void fillClaim(
        final DirectBuffer buffer, final int offset, final int length, final long blockPosition, final long timeTicks)
    {
        boolean isFilled = false;
        try
        {
            final int start = claim.offset();
            block.wrapAndApplyHeader(claim.buffer(), start, header).requestId(requestId).timeTicks(timeTicks);
            claim.buffer().putBytes(start + HEADER_LENGTH, buffer, offset, length);
            claim.reservedValue(blockPosition);
            isFilled = true;
        }
        finally
        {
            if (isFilled)
            {
                claim.commit();
            }
            else
            {
                // A page of the channel is gone. A claim left open would hold up all that follows.
                claim.abort();
            }
        }
    }

    private long reservedValueOf(final DirectBuffer buffer, final int offset, final int frameLength)
    {
        return position;
    }
}
