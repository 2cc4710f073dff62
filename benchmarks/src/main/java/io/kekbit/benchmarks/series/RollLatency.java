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
        names = "--rate",
        paramLabel = "N",
        defaultValue = "1000000",
        description = "Records for each second: ${DEFAULT-VALUE}.")
    private long rate;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call()
    {
        final Path folder = Folders.create(base);
        try
        {
            final Histogram others = new Histogram(HIGHEST_NS, DIGITS);
            final Histogram rolling = new Histogram(HIGHEST_NS, DIGITS);
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
                measure(writer, others, rolling);
            }
            print(others, rolling);

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

    private void measure(
        final SeriesWriter<RawBinDataFormat> writer, final Histogram others, final Histogram rolling)
    {
        final UnsafeBuffer record = new UnsafeBuffer(new byte[RECORD_LENGTH]);
        final long intervalNs = TimeUnit.SECONDS.toNanos(1) / rate;
        final long warmUpRolls = Math.max(1, rolls / 2);
        long ordinal = 0;
        long dueNs = System.nanoTime();
        while (ordinal < warmUpRolls + rolls)
        {
            while (System.nanoTime() < dueNs)
            {
                Thread.onSpinWait();
            }
            dueNs += intervalNs;
            final long startNs = System.nanoTime();
            writer.write(record, 0, RECORD_LENGTH);
            final long tookNs = System.nanoTime() - startNs;
            final long reached = SeriesPosition.ordinal(writer.writeOffset());
            if (reached > warmUpRolls)
            {
                (reached == ordinal ? others : rolling).recordValue(Math.min(HIGHEST_NS, tookNs));
            }
            ordinal = reached;
        }
    }

    private void print(final Histogram others, final Histogram rolling)
    {
        final PrintWriter out = spec.commandLine().getOut();
        final long p999 = others.getValueAtPercentile(P999);
        out.printf(Locale.ROOT, "%-34s %,12d%n", "records", others.getTotalCount());
        out.printf(Locale.ROOT, "%-34s %,12d ns%n", "others, p50", others.getValueAtPercentile(P50));
        out.printf(Locale.ROOT, "%-34s %,12d ns%n", "others, p99.9", p999);
        out.printf(Locale.ROOT, "%-34s %,12d ns%n", "others, longest", others.getMaxValue());
        out.printf(Locale.ROOT, "%-34s %,12d%n", "rolls", rolling.getTotalCount());
        out.printf(Locale.ROOT, "%-34s %,12d ns%n", "rolls, p50", rolling.getValueAtPercentile(P50));
        out.printf(Locale.ROOT, "%-34s %,12d ns%n", "rolls, longest", rolling.getMaxValue());
        out.printf(
            Locale.ROOT, "%-34s %,12.1f%n", "rolls, p50 / others, p99.9",
            (double)rolling.getValueAtPercentile(P50) / Math.max(1, p999));
        out.printf(
            Locale.ROOT, "%-34s %,12.1f%n", "rolls, longest / others, p99.9",
            (double)rolling.getMaxValue() / Math.max(1, p999));
        out.flush();
    }
}
