package io.kekbit.core;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.ControlledMessageHandler.Action;

/**
 * Hands the payload of an intact record on, and stops before one that is not. Belongs to one reader.
 */
final class UnveilingHandler implements ControlledRecordHandler
{
    private final Envelope envelope;
    private RecordHandler plain;
    private ControlledRecordHandler controlled;
    private boolean isDamaged;
    private Throwable thrown;

    UnveilingHandler(final Envelope envelope)
    {
        this.envelope = envelope;
    }

    /**
     * Say who takes the payloads from now on: one of the two, the other is null.
     */
    void handOverTo(final RecordHandler plainHandler, final ControlledRecordHandler controlledHandler)
    {
        plain = plainHandler;
        controlled = controlledHandler;
        isDamaged = false;
        thrown = null;
    }

    /**
     * Whether a damaged record was met since {@link #handOverTo}.
     */
    boolean isDamaged()
    {
        return isDamaged;
    }

    /**
     * What the gap listener threw since {@link #handOverTo}, or a fault while the envelope was looked into; null where
     * nothing was thrown.
     */
    Throwable thrown()
    {
        return thrown;
    }

    @Override
    public Action onRecord(
        final DirectBuffer buffer,
        final int offset,
        final int length,
        final long position,
        final long nextPosition)
    {
        try
        {
            if (!envelope.open(buffer, offset, length, (int)position))
            {
                isDamaged = true;
                return Action.ABORT;
            }
        }
        catch (final Throwable ex)
        {
            // Of the gap listener, or a fault: the record was not handed over, so it must not count as read.
            thrown = ex;
            return Action.ABORT;
        }

        final int payloadOffset = offset + envelope.lengthBefore();
        final int payloadLength = length - envelope.length();
        if (plain != null)
        {
            plain.onRecord(buffer, payloadOffset, payloadLength, position, nextPosition);
            return Action.CONTINUE;
        }

        final Action action = controlled.onRecord(buffer, payloadOffset, payloadLength, position, nextPosition);
        if (action == Action.ABORT)
        {
            envelope.rewind();
        }

        return action;
    }
}
