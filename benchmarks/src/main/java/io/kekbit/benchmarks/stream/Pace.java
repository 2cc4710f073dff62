package io.kekbit.benchmarks.stream;

import org.agrona.concurrent.NanoClock;

import java.util.concurrent.TimeUnit;

/**
 * When each message is due at a fixed rate. The times are fixed before the first message: whoever falls behind sends at
 * once until he has caught up, and the messages he was late with carry the time they were due.
 */
final class Pace
{
    /**
     * Later than this is late.
     */
    static final long LATE_NS = 1_000;

    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final NanoClock clock;
    private final long startNs;
    private final long perSecond;
    private long late;

    /**
     * Fix the times.
     *
     * @param clock     to wait by.
     * @param startNs   when the message 0 is due.
     * @param perSecond the rate.
     */
    Pace(final NanoClock clock, final long startNs, final long perSecond)
    {
        this.clock = clock;
        this.startNs = startNs;
        this.perSecond = perSecond;
    }

    /**
     * Wait until a message is due, in a spin.
     *
     * @param sequence of the message, from 0.
     * @return when it was due.
     */
    long await(final long sequence)
    {
        final long dueNs = startNs + sequence * NANOS_PER_SECOND / perSecond;
        long behindNs = clock.nanoTime() - dueNs;
        while (behindNs < 0)
        {
            Thread.onSpinWait();
            behindNs = clock.nanoTime() - dueNs;
        }
        if (behindNs > LATE_NS)
        {
            late++;
        }

        return dueNs;
    }

    /**
     * How many were sent more than {@value #LATE_NS} nanoseconds after they were due, because the sender was held up.
     */
    long late()
    {
        return late;
    }
}
