package io.kekbit.aeron.replication;

import io.kekbit.core.exceptions.ChannelException;
import org.agrona.CloseHelper;

/**
 * Keeps how far one target is, if it has a name and the source a place for that. That fails for one target only, and
 * copying goes on.
 */
final class PositionKeeper
{
    private final TargetPositions positions;
    private final SourceListener listener;
    private TargetPosition kept;
    private boolean hasFailed;

    PositionKeeper(final TargetPositions positions, final SourceListener listener)
    {
        this.positions = positions;
        this.listener = listener;
    }

    /**
     * Whether something was kept since the target asked.
     */
    boolean isKeeping()
    {
        return kept != null;
    }

    /**
     * Keep a position.
     *
     * @param target   its name.
     * @param stream   that it copies.
     * @param ordinal  of the channel.
     * @param position in the channel, up to which the target has it.
     */
    void keep(final String target, final CopiedStream stream, final long ordinal, final long position)
    {
        if (hasFailed || !positions.isKept(target))
        {
            return;
        }
        try
        {
            if (kept == null)
            {
                kept = positions.open(target, stream);
            }
            kept.store(ordinal, position);
        }
        catch (final ChannelException | IllegalArgumentException ex)
        {
            hasFailed = true;
            listener.onError(ex);
        }
    }

    /**
     * Let go of the target's name. What was kept stays, and something can be kept again.
     */
    void close()
    {
        CloseHelper.close(kept);
        kept = null;
        hasFailed = false;
    }
}
