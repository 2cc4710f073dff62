package io.kekbit.examples.marketdata;

import org.agrona.concurrent.NanoClock;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Keeps to a schedule: message {@code i} is due at {@code start + i / rate}. A message that is late does not move those
 * after it, so that there is no drift, and what a stall held up is made up for at once.
 */
final class Pacer
{
    /**
     * As fast as it goes.
     */
    static final long UNPACED = Long.MAX_VALUE;

    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    /**
     * A parked thread can come back this late.
     */
    private static final long PARK_SLACK_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final NanoClock clock;
    private final long startNs;
    private final long rate;
    private long maxLatenessNs;

    /**
     * A schedule that begins now.
     *
     * @param clock to keep time by.
     * @param rate  in messages per second, from 1 to a thousand million, or {@link #UNPACED}.
     */
    Pacer(final NanoClock clock, final long rate)
    {
        this.clock = clock;
        this.rate = rate;
        startNs = clock.nanoTime();
    }

    /**
     * Wait until a message is due.
     *
     * @param index of the message, from 0 on.
     */
    void await(final long index)
    {
        if (rate == UNPACED)
        {
            return;
        }

        final long dueNs = dueNs(index);
        long waitNs = dueNs - clock.nanoTime();
        while (waitNs > 0)
        {
            if (waitNs > PARK_SLACK_NS)
            {
                LockSupport.parkNanos(waitNs - PARK_SLACK_NS);
            }
            else
            {
                // Not spinning: see the subscriber's idle strategy.
                Thread.yield();
            }
            waitNs = dueNs - clock.nanoTime();
        }
        maxLatenessNs = Math.max(maxLatenessNs, -waitNs);
    }

    /**
     * When a message is due.
     *
     * @param index of the message, from 0 on.
     * @return the time in nanoseconds of the clock.
     */
    long dueNs(final long index)
    {
        // Whole seconds apart, since index * 1e9 can pass a long.
        return startNs + index / rate * NANOS_PER_SECOND + index % rate * NANOS_PER_SECOND / rate;
    }

    /**
     * How late a message began at most.
     */
    long maxLatenessNs()
    {
        return maxLatenessNs;
    }
}
