package io.kekbit.examples.support;

import io.kekbit.core.Writer;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

import java.util.concurrent.TimeUnit;

/**
 * Sees to it that a writer with nothing to say does not look dead: sends a heartbeat every half second. Call it again
 * and again, from the writer's thread.
 */
public final class SignsOfLife
{
    /**
     * The timeout, in nanoseconds, of channels that are kept alive this way: several heartbeats can be late before a
     * reader gives their writer up.
     */
    public static final long TIMEOUT_NS = TimeUnit.MILLISECONDS.toNanos(2_500);

    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private final NanoClock clock = SystemNanoClock.INSTANCE;
    private final Writer<?> writer;
    private long lastNs;

    /**
     * Keep a writer alive that was made just now.
     *
     * @param writer to send heartbeats with.
     */
    public SignsOfLife(final Writer<?> writer)
    {
        this.writer = writer;
        lastNs = clock.nanoTime();
    }

    /**
     * Send a heartbeat if one is due.
     */
    public void give()
    {
        final long nowNs = clock.nanoTime();
        if (nowNs - lastNs >= INTERVAL_NS)
        {
            writer.heartbeat();
            lastNs = nowNs;
        }
    }
}
