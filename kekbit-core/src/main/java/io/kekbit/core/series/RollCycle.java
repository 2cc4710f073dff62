package io.kekbit.core.series;

import java.util.concurrent.TimeUnit;

/**
 * When a series goes on in its next channel although the present one has room. Hours and days are those of UTC. A
 * channel without a record is kept for the next hour or day.
 * <p>
 * The first records of an hour or day can still go to the old channel: until the agent has looked at the clock, or
 * until the writer reads it anyway, for an index entry, a heartbeat or a flush; and until the next channel is ready.
 */
public enum RollCycle
{
    /**
     * Never: channels are filled.
     */
    WHEN_FULL(0),

    /**
     * With the first record of each hour.
     */
    HOURLY(TimeUnit.HOURS.toNanos(1)),

    /**
     * With the first record of each day.
     */
    DAILY(TimeUnit.DAYS.toNanos(1));

    private final long lengthNs;

    RollCycle(final long lengthNs)
    {
        this.lengthNs = lengthNs;
    }

    /**
     * When the hour or day of a time ends.
     *
     * @param timeNs nanoseconds since 1970-01-01T00:00Z.
     * @return the end, in the same way; {@link Long#MAX_VALUE} for never.
     */
    long endOf(final long timeNs)
    {
        return lengthNs == 0 ? Long.MAX_VALUE : (Math.floorDiv(timeNs, lengthNs) + 1) * lengthNs;
    }
}
