package io.kekbit.benchmarks.stream;

import io.kekbit.benchmarks.Result;
import org.HdrHistogram.Histogram;

import java.util.concurrent.TimeUnit;

/**
 * The figures that stand for a histogram of nanoseconds.
 */
final class Latencies
{
    private static final double P50 = 50;
    private static final double P99 = 99;
    private static final double P999 = 99.9;

    private Latencies()
    {
    }

    static void note(final Result result, final Histogram histogram)
    {
        result.figure("p50Ns", histogram.getValueAtPercentile(P50));
        result.figure("p99Ns", histogram.getValueAtPercentile(P99));
        result.figure("p999Ns", histogram.getValueAtPercentile(P999));
        result.figure("maxNs", histogram.getMaxValue());
        result.figure("count", histogram.getTotalCount());
    }

    static void note(final Result result, final String name, final Histogram histogram)
    {
        result.figure(name + "P50Ns", histogram.getValueAtPercentile(P50));
        result.figure(name + "P99Ns", histogram.getValueAtPercentile(P99));
        result.figure(name + "P999Ns", histogram.getValueAtPercentile(P999));
        result.figure(name + "MaxNs", histogram.getMaxValue());
        result.figure(name + "Count", histogram.getTotalCount());
    }

    static void noteStalls(final Result result, final String name, final Histogram histogram)
    {
        result.figure(name + "Above1Us", above(histogram, 1));
        result.figure(name + "Above10Us", above(histogram, 10));
        result.figure(name + "Above100Us", above(histogram, 100));
        result.figure(name + "Above1Ms", above(histogram, 1_000));
    }

    /**
     * How many took longer, in steps of the histogram: values that it cannot tell from the limit do not count.
     */
    static long above(final Histogram histogram, final long limitUs)
    {
        final long next = histogram.nextNonEquivalentValue(TimeUnit.MICROSECONDS.toNanos(limitUs));

        return next > histogram.getMaxValue() ? 0 : histogram.getCountBetweenValues(next, histogram.getMaxValue());
    }
}
