package io.kekbit.benchmarks.series;

import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.OffsetEpochNanoClock;

import java.util.concurrent.TimeUnit;

/**
 * A clock that goes on as others do, but leaves out most of every hour, so that a whole one is over after a short time:
 * the last part of it passes at its usual pace.
 */
final class ShortHours implements EpochNanoClock
{
    private static final long HOUR_NS = TimeUnit.HOURS.toNanos(1);

    private final EpochNanoClock clock = new OffsetEpochNanoClock();
    private final long startNs = clock.nanoTime();
    private final long firstHour = startNs / HOUR_NS;
    private final long lengthNs;

    /**
     * @param lengthNs of what is left of every hour.
     */
    ShortHours(final long lengthNs)
    {
        this.lengthNs = lengthNs;
    }

    @Override
    public long nanoTime()
    {
        final long passedNs = clock.nanoTime() - startNs;

        return (firstHour + passedNs / lengthNs + 1) * HOUR_NS - lengthNs + passedNs % lengthNs;
    }
}
