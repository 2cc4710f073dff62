package io.kekbit.cli.records;

import io.kekbit.core.TickUnit;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * Times in ticks, and as people and other programs read them: ISO 8601 in UTC, with as many digits behind the point as
 * the tick unit has. Not thread-safe.
 */
final class TickTimes
{
    /** Of a year that has four digits still. */
    private static final long LAST_SECOND = LocalDateTime.of(9999, 12, 31, 23, 59, 59).toEpochSecond(ZoneOffset.UTC);

    private final int digits;
    private final long ticksPerSecond;
    private final StringBuilder second = new StringBuilder();
    private long secondShown = -1;

    TickTimes(final TickUnit unit)
    {
        digits = unit.code();
        ticksPerSecond = (long)Math.pow(10, digits);
    }

    /**
     * Append a time as a JSON value: a string, or a plain number where it lies behind the year 9999.
     *
     * @param out   to append to.
     * @param ticks since 1970-01-01T00:00Z, unsigned.
     */
    void appendJson(final StringBuilder out, final long ticks)
    {
        if (isShown(ticks))
        {
            append(out.append('"'), ticks);
            out.append('"');
        }
        else
        {
            append(out, ticks);
        }
    }

    /**
     * Append a time.
     *
     * @param out   to append to.
     * @param ticks since 1970-01-01T00:00Z, unsigned.
     */
    void append(final StringBuilder out, final long ticks)
    {
        if (!isShown(ticks))
        {
            out.append(Long.toUnsignedString(ticks));
            return;
        }

        final long seconds = Long.divideUnsigned(ticks, ticksPerSecond);
        if (seconds != secondShown)
        {
            // Many records are of one second.
            second.setLength(0);
            second.append(LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC));
            if (second.length() == "2026-11-25T10:00".length())
            {
                second.append(":00");
            }
            secondShown = seconds;
        }
        out.append(second);
        if (digits > 0)
        {
            out.append('.');
            final long fraction = ticks - seconds * ticksPerSecond;
            for (long unit = ticksPerSecond / 10; unit > 0; unit /= 10)
            {
                out.append((char)('0' + fraction / unit % 10));
            }
        }
        out.append('Z');
    }

    /**
     * The first tick that is not before an instant.
     *
     * @param instant to convert.
     * @return the ticks since 1970-01-01T00:00Z; 0 for all that is before, {@link Long#MAX_VALUE} at most.
     */
    long ticks(final Instant instant)
    {
        if (instant.getEpochSecond() < 0)
        {
            return 0;
        }
        final long nanosPerTick = 1_000_000_000 / ticksPerSecond;
        try
        {
            return Math.addExact(
                Math.multiplyExact(instant.getEpochSecond(), ticksPerSecond),
                (instant.getNano() + nanosPerTick - 1) / nanosPerTick);
        }
        catch (final ArithmeticException ex)
        {
            return Long.MAX_VALUE;
        }
    }

    private boolean isShown(final long ticks)
    {
        return Long.compareUnsigned(Long.divideUnsigned(ticks, ticksPerSecond), LAST_SECOND) <= 0;
    }
}
