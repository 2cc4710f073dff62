package io.kekbit.core.series;

import org.agrona.concurrent.EpochNanoClock;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Tells the writer of a series that an hour or day is over. The agent reads the clock, and the writer a field only; but
 * where the writer reads the clock anyway, for an index entry, a heartbeat or a flush, it sees it itself.
 */
final class RollClock
{
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
    private boolean rings;

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
        RINGS.setOpaque(this, false);
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
        return !isNeeded ? clock : () ->
        {
            final long timeNs = clock.nanoTime();
            if (timeNs >= endNs && endNs != Long.MAX_VALUE)
            {
                RINGS.setOpaque(this, true);
            }

            return timeNs;
        };
    }

    /**
     * Stop ringing, until it is noticed again that it is time.
     */
    void silence()
    {
        RINGS.setOpaque(this, false);
    }

    /**
     * Ring if it is time.
     *
     * @return 1 if this is news.
     */
    int ring(final EpochNanoClock clock)
    {
        if (!rings() && isTime(clock))
        {
            RINGS.setOpaque(this, true);

            return 1;
        }

        return 0;
    }

    /**
     * Whether it is really time: the agent may have rung for the channel before.
     */
    boolean isTime(final EpochNanoClock clock)
    {
        return endNs != Long.MAX_VALUE && clock.nanoTime() >= endNs;
    }
}
