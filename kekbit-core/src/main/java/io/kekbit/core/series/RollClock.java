package io.kekbit.core.series;

import org.agrona.concurrent.EpochNanoClock;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;

/**
 * Tells the writer of a series that an hour or day is over, or that it is to prepare for going on in its next channel.
 * The agent reads the clock, and the writer a field only; but where the writer reads the clock anyway, for an index
 * entry, a heartbeat or a flush, it sees for itself that it is time.
 */
final class RollClock
{
    private static final long AHEAD_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long AHEAD_STEP_NS = AHEAD_NS / 8;
    private static final VarHandle RINGS;

    static
    {
        try
        {
            RINGS = MethodHandles.lookup().findVarHandle(RollClock.class, "rings", boolean.class);
        }
        catch (final ReflectiveOperationException ex)
        {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private final RollCycle cycle;
    private final boolean isNeeded;
    private volatile long endNs = Long.MAX_VALUE;
    // Stored plainly, since the access of a VarHandle is slow until it is compiled. A ring that is lost is repeated.
    private boolean rings;

    // Of whoever looks at the clock for the writer: until when it is rung ahead, and how long before that next.
    private long aheadOfNs;
    private long nextAheadNs;

    RollClock(final RollCycle cycle)
    {
        this.cycle = cycle;
        isNeeded = cycle != RollCycle.WHEN_FULL;
    }

    /**
     * Whether there is an hour or day to watch for at all.
     */
    boolean isNeeded()
    {
        return isNeeded;
    }

    /**
     * A channel was begun, by the writer's thread.
     *
     * @param timeNs when, in nanoseconds since 1970-01-01T00:00Z.
     */
    void start(final long timeNs)
    {
        endNs = cycle.endOf(timeNs);
        rings = false;
    }

    /**
     * Whether this was rung since the last start. For every record: no more than the load of a field.
     */
    boolean rings()
    {
        return (boolean)RINGS.getOpaque(this);
    }

    /**
     * A clock that rings when it tells that it is time, whoever reads it.
     *
     * @param clock to read.
     * @return the same clock where there is nothing to watch for.
     */
    EpochNanoClock watched(final EpochNanoClock clock)
    {
        return isNeeded ? new Watched(clock) : clock;
    }

    /**
     * The clock that is watched, or the same one where it is not.
     */
    static EpochNanoClock unwatched(final EpochNanoClock clock)
    {
        return clock instanceof Watched watched ? watched.clock : clock;
    }

    /**
     * Ring whatever the time is, by the writer's thread.
     */
    void ring()
    {
        rings = true;
    }

    /**
     * The writer heeds the ringing. Where it was time and nothing came of it, the agent rings again.
     */
    void heed()
    {
        rings = false;
    }

    /**
     * Ring if it is time, and several times shortly before, so that the writer is prepared: at intervals, since a
     * record that finds it ringing takes longer.
     *
     * @return 1 if it is time, and that is news.
     */
    int ring(final EpochNanoClock clock)
    {
        if (endNs == Long.MAX_VALUE || rings())
        {
            return 0;
        }
        final long dueNs = endNs;
        final long leftNs = dueNs - clock.nanoTime();
        if (leftNs <= 0)
        {
            ring();

            return 1;
        }
        if (aheadOfNs != dueNs)
        {
            aheadOfNs = dueNs;
            nextAheadNs = AHEAD_NS;
        }
        if (leftNs <= nextAheadNs)
        {
            ring();
            nextAheadNs = leftNs - AHEAD_STEP_NS;
        }

        return 0;
    }

    /**
     * Whether it is really time.
     */
    boolean isTime(final EpochNanoClock clock)
    {
        return endNs != Long.MAX_VALUE && clock.nanoTime() >= endNs;
    }

    /**
     * Let it be time.
     */
    void expire()
    {
        endNs = Long.MIN_VALUE;
        ring();
    }

    /**
     * Rings when it is read and it is time.
     */
    private final class Watched implements EpochNanoClock
    {
        private final EpochNanoClock clock;

        Watched(final EpochNanoClock clock)
        {
            this.clock = clock;
        }

        @Override
        public long nanoTime()
        {
            final long timeNs = clock.nanoTime();
            if (timeNs >= endNs && endNs != Long.MAX_VALUE)
            {
                ring();
            }

            return timeNs;
        }
    }
}
