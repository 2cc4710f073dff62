package io.kekbit.core.replay;

import io.kekbit.core.ReaderState;
import org.agrona.DirectBuffer;

/**
 * The records of several streams.
 */
final class MergedFeed implements ReplayFeed
{
    private final MergedReader merged;

    MergedFeed(final MergedReader merged)
    {
        this.merged = merged;
    }

    @Override
    public boolean next()
    {
        return merged.next();
    }

    @Override
    public long timeNs()
    {
        return merged.time();
    }

    @Override
    public boolean isCoarse()
    {
        return false;
    }

    @Override
    public boolean isTimeless()
    {
        return merged.isRoundRobin();
    }

    @Override
    public void seek(final long epochNs)
    {
        merged.seekWhereStamped(epochNs);
    }

    @Override
    public boolean isHolding()
    {
        return merged.isHolding();
    }

    @Override
    public ReaderState state()
    {
        return merged.state();
    }

    @Override
    public void giveBack()
    {
        merged.stepBack();
    }

    @Override
    public int source()
    {
        return merged.source();
    }

    @Override
    public DirectBuffer buffer()
    {
        return merged.buffer();
    }

    @Override
    public int offset()
    {
        return merged.offset();
    }

    @Override
    public int length()
    {
        return merged.length();
    }

    @Override
    public long recordPosition()
    {
        return merged.recordPosition();
    }

    @Override
    public long nextPosition()
    {
        return merged.nextPosition();
    }
}
