package io.kekbit.core.replay;

import io.kekbit.core.Reader;
import io.kekbit.core.ReaderState;
import org.agrona.DirectBuffer;

/**
 * The records of one stream.
 */
final class StreamFeed implements ReplayFeed
{
    private final Reader reader;
    private final RecordTime time;

    StreamFeed(final Reader reader, final RecordTime time)
    {
        this.reader = reader;
        this.time = time;
    }

    @Override
    public boolean next()
    {
        final boolean isThere = reader.next();
        if (isThere)
        {
            time.check();
        }

        return isThere;
    }

    @Override
    public long timeNs()
    {
        return time.nanos();
    }

    @Override
    public boolean isCoarse()
    {
        return time.isCoarse();
    }

    @Override
    public boolean isTimeless()
    {
        return time.isNowhere();
    }

    @Override
    public void seek(final long epochNs)
    {
        if (time.canSeek())
        {
            time.seek(epochNs);
        }
    }

    @Override
    public boolean isHolding()
    {
        return false;
    }

    @Override
    public ReaderState state()
    {
        return reader.state();
    }

    @Override
    public void giveBack()
    {
        reader.moveTo(reader.recordPosition());
    }

    @Override
    public int source()
    {
        return 0;
    }

    @Override
    public DirectBuffer buffer()
    {
        return reader.buffer();
    }

    @Override
    public int offset()
    {
        return reader.offset();
    }

    @Override
    public int length()
    {
        return reader.length();
    }

    @Override
    public long recordPosition()
    {
        return reader.recordPosition();
    }

    @Override
    public long nextPosition()
    {
        return reader.position();
    }
}
