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
    private static final VarHandle END_NS;

    static
    {
        try
        {
            final MethodHandles.Lookup lookup = MethodHandles.lookup();
            RINGS = lookup.findVarHandle(RollClock.class, "rings", boolean.class);
            END_NS = lookup.findVarHandle(RollClock.class, "endNs", long.class);
        }
        catch (final ReflectiveOperationException ex)
        {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private final RollCycle cycle;
    private final boolean isNeeded;
    // Stored plainly by the writer: it is not to wait until all that it has stored before is where others see it, and
    // the access of a VarHandle is slow until it is compiled. Who sees the old end rings once too often; a ring that is
    // lost is repeated.
    private long endNs = Long.MAX_VALUE;
    private boolean rings;
    private long startNs;
    private long seenNs;

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
        startNs = timeNs;
        endNs = cycle.endOf(timeNs);
        rings = false;
    }

    /**
     * When the channel was begun: to start from there once more changes nothing.
     */
    long startNs()
    {
        return startNs;
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
        final long dueNs = (long)END_NS.getOpaque(this);
        if (dueNs == Long.MAX_VALUE || rings())
        {
            return 0;
        }
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
        if (endNs == Long.MAX_VALUE)
        {
            return false;
        }
        seenNs = clock.nanoTime();

        return seenNs >= endNs;
    }

    /**
     * What the clock told when it was really time.
     */
    long seenNs()
    {
        return seenNs;
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
