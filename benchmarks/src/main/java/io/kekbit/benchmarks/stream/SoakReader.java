package io.kekbit.benchmarks.stream;

import io.kekbit.core.RecordHandler;
import io.kekbit.core.ShmReader;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.SystemNanoClock;

/**
 * Reads a succession of channels, in a thread of its own.
 */
final class SoakReader implements Runnable
{
    private static final int LIMIT = 256;

    private final Succession succession;
    private final LatencyArrivals arrivals;
    private final RecordHandler handler;
    private volatile long received;
    private volatile boolean isResetWanted;
    private volatile boolean isEnding;
    private volatile Throwable failure;

    SoakReader(final Succession succession, final int length)
    {
        this.succession = succession;
        final LatencyArrivals latencyArrivals = new LatencyArrivals(length, SystemNanoClock.INSTANCE);
        arrivals = latencyArrivals;
        handler = (buffer, offset, bytes, position, nextPosition) ->
            latencyArrivals.onMessage(buffer.getLong(offset), buffer.getLong(offset + Long.BYTES), bytes);
    }

    @Override
    public void run()
    {
        try
        {
            ShmReader reader = null;
            while (!isEnding)
            {
                reader = reader == null ? succession.nextToRead() : readOn(reader);
            }
            if (reader != null)
            {
                succession.isRead(reader);
            }
        }
        catch (final RuntimeException | Error ex)
        {
            failure = ex;
        }
    }

    private ShmReader readOn(final ShmReader reader)
    {
        if (read(reader) > 0)
        {
            return reader;
        }
        if (isResetWanted)
        {
            arrivals.latencies().reset();
            isResetWanted = false;
        }
        final ShmReader next = succession.nextToRead();
        if (next == null)
        {
            Thread.onSpinWait();
            return reader;
        }

        // The writer has gone on, so that all there will ever be here is here now.
        while (read(reader) > 0)
        {
            Thread.onSpinWait();
        }
        succession.isRead(reader);

        return next;
    }

    private int read(final ShmReader reader)
    {
        final int records = reader.read(handler, LIMIT);
        if (records > 0)
        {
            received = received + records;
        }

        return records;
    }

    /**
     * Wait until so many messages have come altogether.
     */
    void await(final long messages)
    {
        final Patience patience = new Patience("message " + messages);
        while (received < messages)
        {
            requireNoFailure();
            patience.idle();
        }
    }

    /**
     * Forget the latencies up to now. Nothing may be under way.
     */
    void reset()
    {
        final Patience patience = new Patience("the reader");
        isResetWanted = true;
        while (isResetWanted)
        {
            requireNoFailure();
            patience.idle();
        }
    }

    void requireNoFailure()
    {
        if (failure != null)
        {
            throw new IllegalStateException("the reader failed", failure);
        }
    }

    void end()
    {
        isEnding = true;
    }

    /**
     * The latencies, once the thread has ended.
     */
    Histogram latencies()
    {
        return arrivals.latencies();
    }
}
