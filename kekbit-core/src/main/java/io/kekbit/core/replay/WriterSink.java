package io.kekbit.core.replay;

import io.kekbit.core.Writer;
import org.agrona.concurrent.NanoClock;

/**
 * Copies the records into another stream, and sends heartbeats while there are none, so that its readers do not take
 * the replay for dead.
 */
final class WriterSink implements ReplaySink
{
    private static final int HEARTBEATS_PER_TIMEOUT = 3;

    private final Writer<?> writer;
    private final NanoClock clock;
    private final long intervalNs;
    private long lastOffset;
    private long lastNs;

    WriterSink(final Writer<?> writer, final NanoClock clock)
    {
        this.writer = writer;
        this.clock = clock;
        intervalNs = writer.header().tickUnit().toNanos(writer.header().timeout()) / HEARTBEATS_PER_TIMEOUT;
        lastOffset = writer.writeOffset();
        lastNs = clock.nanoTime();
    }

    @Override
    public boolean take(final ReplayFeed feed)
    {
        final long result = writer.tryWrite(feed.buffer(), feed.offset(), feed.length());
        if (result < 0 && result != Writer.WAIT)
        {
            // Throws what says best why not.
            writer.write(feed.buffer(), feed.offset(), feed.length());
        }

        return result != Writer.WAIT;
    }

    @Override
    public void onWait()
    {
        final long nowNs = clock.nanoTime();
        final long offset = writer.writeOffset();
        if (offset != lastOffset)
        {
            lastOffset = offset;
            lastNs = nowNs;
        }
        else if (intervalNs > 0 && nowNs - lastNs >= intervalNs)
        {
            writer.tryHeartbeat();
            lastOffset = writer.writeOffset();
            lastNs = nowNs;
        }
    }
}
