package io.kekbit.benchmarks.series;

import io.kekbit.benchmarks.BenchmarkException;
import io.kekbit.benchmarks.compare.Folders;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.TickUnit;
import io.kekbit.core.handlers.ChecksumHandler;
import io.kekbit.core.handlers.SequenceHandler;
import io.kekbit.core.handlers.TimestampHandler;
import io.kekbit.core.series.Retention;
import io.kekbit.core.series.RollCycle;
import io.kekbit.core.series.SeriesPosition;
import io.kekbit.core.series.SeriesWriter;
import io.kekbit.core.series.SeriesWriterBuilder;
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
import java.util.ArrayList;
import java.util.List;
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
    private static final int ENVELOPE_LENGTH = 32;
    // Behind each of these bytes the writer makes an entry in the index, and at the last of them it looks ahead.
    private static final int SPACING = 1 << 16;
    private static final int LOOKS = 8;
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

    @Option(
        names = "--hour",
        paramLabel = "MS",
        defaultValue = "0",
        description = "Roll by time, with a clock on which an hour is over every so many milliseconds; 0 to roll by " +
            "size: ${DEFAULT-VALUE}.")
    private long hourMs;

    @Option(names = "--envelope", description = "With time stamp, sequence number and checksum around every record.")
    private boolean isEnveloped;

    @Option(
        names = "--jvms",
        paramLabel = "N",
        defaultValue = "1",
        description = "Do all of it in so many JVMs, one after another, and print each and their spread: " +
            "${DEFAULT-VALUE}, which is this one.")
    private int jvms;

    @Option(names = "--each", description = "Also print how long each roll took, in order.")
    private boolean isEachPrinted;

    @Spec
    private CommandSpec spec;

    private Histogram others;
    // Records for which the writer looked ahead to the next channel, and those at such places where it did not.
    private Histogram looking;
    private Histogram notLooking;
    private long[] eachNs;

    @Override
    public Integer call()
    {
        if (jvms > 1)
        {
            RollRuns.run(jvms, arguments(), spec.commandLine().getOut());

            return 0;
        }
        final Path folder = Folders.create(base);
        try
        {
            others = new Histogram(HIGHEST_NS, DIGITS);
            looking = new Histogram(HIGHEST_NS, DIGITS);
            notLooking = new Histogram(HIGHEST_NS, DIGITS);
            eachNs = new long[warmUpRolls + rolls];
            try (SeriesWriter<RawBinDataFormat> writer = builder(folder).open();
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

    private List<String> arguments()
    {
        final List<String> arguments = new ArrayList<>(List.of(
            spec.name(),
            "--folder", base.toString(),
            "--capacity", Long.toString(capacity),
            "--rolls", Integer.toString(rolls),
            "--warm-up-rolls", Integer.toString(warmUpRolls),
            "--rate", Long.toString(rate),
            "--hour", Long.toString(hourMs)));
        if (isEnveloped)
        {
            arguments.add("--envelope");
        }
        if (isEachPrinted)
        {
            arguments.add("--each");
        }

        return arguments;
    }

    private SeriesWriterBuilder<RawBinDataFormat> builder(final Path folder)
    {
        final SeriesWriterBuilder<RawBinDataFormat> builder = SeriesWriter
            .builder(folder, NAME, RawBinDataFormat.INSTANCE)
            .capacity(capacity)
            .maxMessageLength(isEnveloped ? ALIGNED_LENGTH + ENVELOPE_LENGTH : ALIGNED_LENGTH)
            .retention(Retention.builder().maxChannels(KEPT_CHANNELS).build());
        if (hourMs > 0)
        {
            builder.rollCycle(RollCycle.HOURLY).clock(new ShortHours(TimeUnit.MILLISECONDS.toNanos(hourMs)));
        }
        if (isEnveloped)
        {
            builder.handlers(new TimestampHandler(TickUnit.NANOS), new SequenceHandler(), new ChecksumHandler());
        }

        return builder;
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
        long before = writer.writeOffset();
        long ordinal = SeriesPosition.ordinal(before);
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
            final long reached = writer.writeOffset();
            if (SeriesPosition.ordinal(reached) != ordinal)
            {
                ordinal = SeriesPosition.ordinal(reached);
                eachNs[rolled] = tookNs;
                rolled++;
            }
            else if (rolled > warmUpRolls)
            {
                others.recordValue(Math.min(HIGHEST_NS, tookNs));
                noteLook((int)before, (int)reached, tookNs);
            }
            before = reached;
        }
    }

    /**
     * Keep apart the records behind those that have an entry in the index: at the end of a channel the writer looks
     * ahead with them. In channels that are rolled by time it does so at other places.
     */
    private void noteLook(final long start, final long end, final long tookNs)
    {
        final long length = end - start;
        if (hourMs == 0 && start >= length && (start - length) % SPACING < length)
        {
            (start > capacity - LOOKS * SPACING ? looking : notLooking).recordValue(Math.min(HIGHEST_NS, tookNs));
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
            Locale.ROOT, "%d rolls%s after %d that do not count, capacity %d, %s%s%n", rolls,
            hourMs > 0 ? " by time" : "", warmUpRolls, capacity,
            rate == 0 ? "as fast as possible" : rate + " records/s", isEnveloped ? ", with an envelope" : "");
        print(out, "others", others);
        print(out, "rolls", rolling);
        if (looking.getTotalCount() > 0)
        {
            print(out, "records with a look ahead", looking);
            print(out, "such records without", notLooking);
        }
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
        out.printf(Locale.ROOT, "%-34s %,12.1f%n", name + RollRuns.RATIO, (double)ns / p999);
    }
}
