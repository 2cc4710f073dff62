package io.kekbit.benchmarks.series;

import io.kekbit.benchmarks.BenchmarkException;
import io.kekbit.benchmarks.compare.Folders;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.series.Retention;
import io.kekbit.core.series.SeriesPosition;
import io.kekbit.core.series.SeriesWriter;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * Writes a series at a steady pace, takes the time of each call, and sets the calls that go on in another channel
 * beside all others.
 */
@Command(
    name = "roll",
    description = "Takes the time of the record that makes a series go on in its next channel, beside all others.")
public final class RollLatency implements Callable<Integer>
{
    private static final String NAME = "roll";
    private static final int RECORD_LENGTH = 56;
    private static final int ALIGNED_LENGTH = 64;
    private static final double P50 = 50;
    private static final double P90 = 90;
    private static final double P99 = 99;
    private static final double P999 = 99.9;
    private static final long HIGHEST_NS = TimeUnit.MINUTES.toNanos(1);
    private static final int DIGITS = 3;
    private static final int KEPT_CHANNELS = 4;

    @Option(
        names = "--folder",
        paramLabel = "DIR",
        defaultValue = "/dev/shm",
        description = "Where a folder for the series is made: ${DEFAULT-VALUE}.")
    private Path base;

    @Option(
        names = "--capacity",
        paramLabel = "BYTES",
        defaultValue = "16777216",
        description = "Capacity of each channel: ${DEFAULT-VALUE}.")
    private long capacity;

    @Option(names = "--rolls", paramLabel = "N", defaultValue = "50", description = "How many: ${DEFAULT-VALUE}.")
    private int rolls;

    @Option(
        names = "--warm-up-rolls",
        paramLabel = "N",
        defaultValue = "0",
        description = "Rolls before those, which do not count: ${DEFAULT-VALUE}, as in a process that just started.")
    private int warmUpRolls;

    @Option(
        names = "--rate",
        paramLabel = "N",
        defaultValue = "1000000",
        description = "Records for each second; 0 for as many as possible: ${DEFAULT-VALUE}.")
    private long rate;

    @Option(names = "--each", description = "Also print how long each roll took, in order.")
    private boolean isEachPrinted;

    @Spec
    private CommandSpec spec;

    private Histogram others;
    private long[] eachNs;

    @Override
    public Integer call()
    {
        final Path folder = Folders.create(base);
        try
        {
            others = new Histogram(HIGHEST_NS, DIGITS);
            eachNs = new long[warmUpRolls + rolls];
            try (SeriesWriter<RawBinDataFormat> writer = SeriesWriter
                .builder(folder, NAME, RawBinDataFormat.INSTANCE)
                .capacity(capacity)
                .maxMessageLength(ALIGNED_LENGTH)
                .retention(Retention.builder().maxChannels(KEPT_CHANNELS).build())
                .open();
                AgentRunner runner = new AgentRunner(
                    new SleepingMillisIdleStrategy(1), RollLatency::fail, null, writer.agent()))
            {
                AgentRunner.startOnThread(runner);
                measure(writer);
            }
            print();

            return 0;
        }
        finally
        {
            Folders.delete(folder);
        }
    }

    private static void fail(final Throwable failure)
    {
        throw new BenchmarkException("the agent failed: " + failure);
    }

    private void measure(final SeriesWriter<RawBinDataFormat> writer)
    {
        final UnsafeBuffer record = new UnsafeBuffer(new byte[RECORD_LENGTH]);
        final long intervalNs = rate == 0 ? 0 : TimeUnit.SECONDS.toNanos(1) / rate;
        final int total = warmUpRolls + rolls;
        int rolled = 0;
        long ordinal = SeriesPosition.ordinal(writer.writeOffset());
        long dueNs = System.nanoTime();
        while (rolled < total)
        {
            if (intervalNs > 0)
            {
                while (System.nanoTime() < dueNs)
                {
                    Thread.onSpinWait();
                }
                dueNs += intervalNs;
            }
            final long startNs = System.nanoTime();
            writer.write(record, 0, RECORD_LENGTH);
            final long tookNs = System.nanoTime() - startNs;
            final long reached = SeriesPosition.ordinal(writer.writeOffset());
            if (reached != ordinal)
            {
                ordinal = reached;
                eachNs[rolled] = tookNs;
                rolled++;
            }
            else if (rolled > warmUpRolls)
            {
                others.recordValue(Math.min(HIGHEST_NS, tookNs));
            }
        }
    }

    private void print()
    {
        final Histogram rolling = new Histogram(HIGHEST_NS, DIGITS);
        for (int i = warmUpRolls; i < eachNs.length; i++)
        {
            rolling.recordValue(Math.min(HIGHEST_NS, eachNs[i]));
        }
        final long p999 = Math.max(1, others.getValueAtPercentile(P999));
        final PrintWriter out = spec.commandLine().getOut();
        out.printf(
            Locale.ROOT, "%d rolls after %d that do not count, capacity %d, %s%n", rolls, warmUpRolls, capacity,
            rate == 0 ? "as fast as possible" : rate + " records/s");
        print(out, "others", others);
        print(out, "rolls", rolling);
        out.printf(Locale.ROOT, "%-34s %,12d ns%n", "first roll of the process", eachNs[0]);
        printRatio(out, "rolls, p50", rolling.getValueAtPercentile(P50), p999);
        printRatio(out, "rolls, p99", rolling.getValueAtPercentile(P99), p999);
        printRatio(out, "first roll of the process", eachNs[0], p999);
        if (isEachPrinted)
        {
            for (final long ns : eachNs)
            {
                out.print(ns + " ");
            }
            out.println();
        }
        out.flush();
    }

    private static void print(final PrintWriter out, final String name, final Histogram histogram)
    {
        out.printf(Locale.ROOT, "%-34s %,12d%n", name, histogram.getTotalCount());
        for (final double percentile : new double[]{P50, P90, P99, P999})
        {
            out.printf(
                Locale.ROOT, "%-34s %,12d ns%n", name + ", p" + (float)percentile,
                histogram.getValueAtPercentile(percentile));
        }
        out.printf(Locale.ROOT, "%-34s %,12d ns%n", name + ", longest", histogram.getMaxValue());
    }

    private static void printRatio(final PrintWriter out, final String name, final long ns, final long p999)
    {
        out.printf(Locale.ROOT, "%-34s %,12.1f%n", name + " / others, p99.9", (double)ns / p999);
    }
}
