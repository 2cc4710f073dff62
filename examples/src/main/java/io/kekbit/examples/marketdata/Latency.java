package io.kekbit.examples.marketdata;

import org.HdrHistogram.Histogram;

import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * The time from encoding to handling. Messages that were encoded before the subscriber was there are left out: they
 * tell how late it came.
 */
final class Latency
{
    private static final long MAX_LATENCY_NS = TimeUnit.MINUTES.toNanos(10);
    private static final int SIGNIFICANT_DIGITS = 3;

    // Of a fixed range, so that recording allocates nothing.
    private final Histogram histogram = new Histogram(MAX_LATENCY_NS, SIGNIFICANT_DIGITS);
    private final long since;
    private long earlier;

    /**
     * Nothing recorded yet.
     *
     * @param since when the subscriber came, in nanoseconds since 1970-01-01T00:00Z.
     */
    Latency(final long since)
    {
        this.since = since;
    }

    /**
     * Record a message.
     *
     * @param encodedAt in nanoseconds since 1970-01-01T00:00Z.
     * @param handledAt by the same clock.
     */
    void record(final long encodedAt, final long handledAt)
    {
        if (encodedAt < since)
        {
            earlier++;
        }
        else
        {
            // The system's clock can be set back.
            histogram.recordValue(Math.min(MAX_LATENCY_NS, Math.max(0, handledAt - encodedAt)));
        }
    }

    /**
     * The percentiles in microseconds.
     */
    String summary()
    {
        final long count = histogram.getTotalCount();
        final String leftOut = earlier == 0 ? "" :
            String.format(Locale.ROOT, " (without %,d messages encoded before the subscriber was there)", earlier);

        return count == 0 ? "nothing to tell" + leftOut : String.format(
            Locale.ROOT,
            "p50=%,.1f p90=%,.1f p99=%,.1f p99.9=%,.1f max=%,.1f%s",
            micros(50),
            micros(90),
            micros(99),
            micros(99.9),
            micros(100),
            leftOut);
    }

    private double micros(final double percentile)
    {
        return histogram.getValueAtPercentile(percentile) / 1e3;
    }
}
