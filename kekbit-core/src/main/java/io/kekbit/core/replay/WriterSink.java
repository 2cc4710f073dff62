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
    private boolean hasWritten;
    private long lastNs;

    WriterSink(final Writer<?> writer, final NanoClock clock)
    {
        this.writer = writer;
        this.clock = clock;
        intervalNs = writer.header().tickUnit().toNanos(writer.header().timeout()) / HEARTBEATS_PER_TIMEOUT;
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

        hasWritten |= result != Writer.WAIT;

        return result != Writer.WAIT;
    }

    @Override
    public void onWait()
    {
        final long nowNs = clock.nanoTime();
        if (hasWritten)
        {
            hasWritten = false;
            lastNs = nowNs;
        }
        else if (intervalNs > 0 && nowNs - lastNs >= intervalNs)
        {
            writer.tryHeartbeat();
            lastNs = nowNs;
        }
    }
}
