package io.kekbit.cli.support;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Sizes and times as people read them.
 */
public final class Units
{
    private static final String[] BINARY = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    private static final double STEP = 1024;
    private static final double SECONDS_PER_MINUTE = 60;
    private static final double SECONDS_PER_HOUR = 3600;
    private static final double SECONDS_PER_DAY = 86_400;

    private Units()
    {
    }

    /**
     * A size.
     *
     * @param bytes the size, at least 0.
     * @return for instance {@code 16.0 KiB}.
     */
    public static String bytes(final double bytes)
    {
        if (bytes < STEP)
        {
            return String.format(Locale.ROOT, "%.0f B", bytes);
        }
        double value = bytes / STEP;
        int unit = 0;
        // What would be printed as 1024.0 is one of the next unit.
        while (value >= STEP - 0.05 && unit < BINARY.length - 1)
        {
            value /= STEP;
            unit++;
        }

        return String.format(Locale.ROOT, "%.1f %s", value, BINARY[unit]);
    }

    /**
     * A number with its thousands set apart.
     *
     * @param number of things.
     * @return for instance {@code 100,000}.
     */
    public static String count(final long number)
    {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /**
     * A number with its thousands set apart, and decimals where it is small.
     *
     * @param number of things.
     * @return for instance {@code 100,000} or {@code 0.25}.
     */
    public static String rate(final double number)
    {
        return String.format(Locale.ROOT, number < 10 ? "%,.2f" : number < 100 ? "%,.1f" : "%,.0f", number);
    }

    /**
     * How much of something is taken.
     *
     * @param part  that is taken.
     * @param whole more than 0.
     * @return for instance {@code 12%}.
     */
    public static String percent(final long part, final long whole)
    {
        return String.format(Locale.ROOT, "%.0f%%", Math.floor(100.0 * part / whole));
    }

    /**
     * A duration.
     *
     * @param nanos the duration in nanoseconds, at least 0.
     * @return for instance {@code 1.5 ms} or {@code 2.0 h}.
     */
    public static String duration(final long nanos)
    {
        final double seconds = (double)nanos / TimeUnit.SECONDS.toNanos(1);
        if (seconds < 1e-6)
        {
            return nanos + " ns";
        }
        if (seconds < 1e-3)
        {
            return String.format(Locale.ROOT, "%.1f us", seconds * 1e6);
        }
        if (seconds < 1)
        {
            return String.format(Locale.ROOT, "%.1f ms", seconds * 1e3);
        }
        if (seconds < SECONDS_PER_MINUTE)
        {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        if (seconds < SECONDS_PER_HOUR)
        {
            return String.format(Locale.ROOT, "%.1f min", seconds / SECONDS_PER_MINUTE);
        }
        if (seconds < 2 * SECONDS_PER_DAY)
        {
            return String.format(Locale.ROOT, "%.1f h", seconds / SECONDS_PER_HOUR);
        }

        return String.format(Locale.ROOT, "%,.1f days", seconds / SECONDS_PER_DAY);
    }

    /**
     * How long ago something was.
     *
     * @param time of it.
     * @param now  the present time.
     * @return for instance {@code 12.0 s ago}, or the time itself where that is years ago or yet to come.
     */
    public static String age(final Instant time, final Instant now)
    {
        final Duration age;
        try
        {
            age = Duration.between(time, now);
            if (age.toDays() > 3650 || age.toMillis() < -1_000)
            {
                return instant(time);
            }
        }
        catch (final ArithmeticException ex)
        {
            return instant(time);
        }

        return age.isNegative() ? "now" : duration(age.toNanos()) + " ago";
    }

    /**
     * A time, to the millisecond.
     *
     * @param time the time.
     * @return the time in UTC as ISO 8601 has it.
     */
    public static String instant(final Instant time)
    {
        return time.equals(Instant.MAX) ? "beyond all calendars" : time.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
