package io.kekbit.core.replay;

import org.agrona.concurrent.CachedNanoClock;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.NanoClock;

import java.util.concurrent.TimeUnit;

/**
 * The time as the records of a {@link Replayer} tell it. Code that is tried on recorded data reads this clock where it
 * would read the system's, so that what it does depends on the records alone, however fast they are replayed.
 * <p>
 * While a record is handed over the clock says that record's time. Between two records it goes on with the replay, up
 * to the time of the second; in a replay at full speed, and while no further record is known, it stands. It never goes
 * back: at a record whose time lies before that of an earlier one, it stands. It says 0 until the first record with a
 * time is known, or the time that the replay is to begin from. It belongs to one replay at a time, and starts over
 * with the next.
 * <p>
 * Any thread may read it.
 */
public final class ReplayClock implements EpochNanoClock, NanoClock, EpochClock
{
    private final CachedNanoClock value = new CachedNanoClock();

    /**
     * A clock that says 0 until a replay drives it, see {@link ReplayerBuilder#clock(ReplayClock)}.
     */
    public ReplayClock()
    {
        // Only for its javadoc.
    }

    /**
     * The time in the replay.
     *
     * @return nanoseconds since 1970-01-01T00:00Z.
     */
    @Override
    public long nanoTime()
    {
        return value.nanoTime();
    }

    /**
     * The time in the replay.
     *
     * @return milliseconds since 1970-01-01T00:00Z, rounded down.
     */
    @Override
    public long time()
    {
        return TimeUnit.NANOSECONDS.toMillis(value.nanoTime());
    }

    /**
     * Begin anew, maybe earlier than where it stands.
     */
    void startAt(final long epochNs)
    {
        value.update(epochNs);
    }

    /**
     * Go on to a time, unless it lies before where the clock stands.
     */
    void advanceTo(final long epochNs)
    {
        if (epochNs > value.nanoTime())
        {
            value.update(epochNs);
        }
    }

    @Override
    public String toString()
    {
        return "ReplayClock{nanoTime=" + value.nanoTime() + "}";
    }
}
