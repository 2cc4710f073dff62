package io.kekbit.benchmarks.stream;

import io.kekbit.benchmarks.Result;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.ShmWriter;
import org.HdrHistogram.Histogram;
import org.agrona.BufferUtil;
import org.agrona.IoUtil;
import org.agrona.concurrent.SystemNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * A writer and a reader at a fixed rate for an hour, over a succession of channels: when one is full the next is begun,
 * and those that were read are deleted. Counts how often the writer was held up by a message, records the latency from
 * the time each message was due, and compares what the process holds after a warm-up with what it holds at the end.
 * Fails where a message was lost or memory has grown.
 */
@Command(
    name = "soak", description = "Writes and reads for an hour, and fails on lost messages or growing memory.")
public final class Soak implements Callable<Integer>
{
    private static final long MIB = 1024 * 1024;
    private static final long MAX_MAPPINGS_GROWTH = 16;
    private static final long LEAD_NS = TimeUnit.MILLISECONDS.toNanos(10);

    @Mixin
    private CommonOptions options;

    @Option(
        names = "--minutes", paramLabel = "N", defaultValue = "60",
        description = "Can be a fraction. Default: ${DEFAULT-VALUE}")
    private double minutes;

    @Option(
        names = "--rate", paramLabel = "N", defaultValue = "100000",
        description = "Messages per second. Default: ${DEFAULT-VALUE}")
    private long perSecond;

    @Option(
        names = "--warm-up-seconds", paramLabel = "N", defaultValue = "30",
        description = "Before memory is looked at for the first time, not counted. Default: ${DEFAULT-VALUE}")
    private double warmUpSeconds;

    @Option(
        names = "--channel-bytes", paramLabel = "N", defaultValue = "67108864",
        description = "Capacity of each channel. Default: ${DEFAULT-VALUE}")
    private long channelBytes;

    @Option(
        names = "--max-heap-growth", paramLabel = "MIB", defaultValue = "8",
        description = "Of what is used on the heap after garbage collections. Default: ${DEFAULT-VALUE}")
    private long maxHeapGrowthMib;

    @Option(
        names = "--max-memory-growth", paramLabel = "MIB", defaultValue = "32",
        description = "Of resident memory without files. It contains the heap, so give the JVM a fixed one that it " +
            "touches at start. Default: ${DEFAULT-VALUE}")
    private long maxMemoryGrowthMib;

    @Spec
    private CommandSpec spec;

    private final Histogram claimToCommit = Result.histogram();
    private final Histogram rolls = Result.histogram();
    private UnsafeBuffer source;
    private ShmWriter<RawBinDataFormat> writer;
    private long sequence;

    @Override
    public Integer call() throws IOException, InterruptedException
    {
        source = new UnsafeBuffer(BufferUtil.allocateDirectAligned(options.length, 64));
        final Result result = new Result();
        final List<String> complaints;
        try
        {
            Files.createDirectories(options.folder);
            complaints = run(result);
        }
        finally
        {
            IoUtil.delete(options.folder.toFile(), true);
        }
        result.write(options.result);
        complaints.forEach(spec.commandLine().getErr()::println);

        return complaints.isEmpty() ? 0 : 1;
    }

    private List<String> run(final Result result) throws InterruptedException
    {
        try (Succession succession = new Succession(options.folder, options.length, channelBytes))
        {
            final SoakReader reader = new SoakReader(succession, options.length);
            final Thread thread = new Thread(() ->
            {
                Processor.pin(options.farProcessor());
                reader.run();
            }, "reader");
            thread.setDaemon(true);
            thread.start();
            // Not before: the thread of the succession would be kept on this one's processor.
            Processor.pin(options.nearProcessor());
            writer = succession.nextToWrite();

            send(succession, reader, Math.max(1, (long)(warmUpSeconds * perSecond)));
            claimToCommit.reset();
            rolls.reset();
            reader.reset();
            final MemoryUse before = MemoryUse.now();

            final double seconds = minutes * TimeUnit.MINUTES.toSeconds(1);
            final long late = send(succession, reader, Math.max(1, (long)(seconds * perSecond)));
            final MemoryUse after = MemoryUse.now();

            reader.end();
            thread.join();
            reader.requireNoFailure();
            succession.isWritten(writer);
            note(result, before, after);
            result.figure("lateShare", (double)late / claimToCommit.getTotalCount());
            Latencies.note(result, "latency", reader.latencies());
            result.histogram("latency", reader.latencies());

            return complaints(before, after);
        }
    }

    /**
     * Send so many messages at the rate, and wait until all have come.
     *
     * @return how many were sent late.
     */
    private long send(final Succession succession, final SoakReader reader, final long messages)
    {
        final Pace pace = new Pace(SystemNanoClock.INSTANCE, System.nanoTime() + LEAD_NS, perSecond);
        final long perMinute = perSecond * TimeUnit.MINUTES.toSeconds(1);
        for (long i = 0; i < messages; i++)
        {
            final long dueNs = pace.await(i);
            if (writer.longestContent() < options.length)
            {
                goOn(succession);
            }
            source.putLong(0, sequence);
            source.putLong(Long.BYTES, dueNs);
            sequence++;

            final long startNs = System.nanoTime();
            writer.write(source, 0, options.length);
            claimToCommit.recordValue(System.nanoTime() - startNs);

            if ((i + 1) % perMinute == 0)
            {
                reader.requireNoFailure();
                tell((i + 1) / perMinute, pace.late());
            }
        }
        reader.await(sequence);

        return pace.late();
    }

    private void goOn(final Succession succession)
    {
        final long startNs = System.nanoTime();
        succession.isWritten(writer);
        writer = succession.nextToWrite();
        rolls.recordValue(System.nanoTime() - startNs);
    }

    private void tell(final long minute, final long late)
    {
        final PrintWriter out = spec.commandLine().getOut();
        out.println("minute=" + minute + " sent=" + sequence + " late=" + late +
            " stallsAbove10Us=" + Latencies.above(claimToCommit, 10));
        out.flush();
    }

    private void note(final Result result, final MemoryUse before, final MemoryUse after)
    {
        Latencies.note(result, "claimToCommit", claimToCommit);
        Latencies.noteStalls(result, "claimToCommit", claimToCommit);
        result
            .histogram("claimToCommit", claimToCommit)
            .figure("messages", sequence)
            .figure("channelsBegun", rolls.getTotalCount())
            .figure("longestChangeOfChannelNs", rolls.getMaxValue())
            .figure("heapBytesBefore", before.heapBytes())
            .figure("heapBytesAfter", after.heapBytes())
            .figure("anonymousBytesBefore", before.anonymousBytes())
            .figure("anonymousBytesAfter", after.anonymousBytes())
            .figure("mappingsBefore", before.mappings())
            .figure("mappingsAfter", after.mappings());
    }

    private List<String> complaints(final MemoryUse before, final MemoryUse after)
    {
        final List<String> complaints = new ArrayList<>();
        compare(complaints, "heapBytes", before.heapBytes(), after.heapBytes(), maxHeapGrowthMib * MIB);
        compare(
            complaints, "anonymousBytes", before.anonymousBytes(), after.anonymousBytes(), maxMemoryGrowthMib * MIB);
        compare(complaints, "mappings", before.mappings(), after.mappings(), MAX_MAPPINGS_GROWTH);

        return complaints;
    }

    static void compare(
        final List<String> complaints, final String name, final long before, final long after, final long maxGrowth)
    {
        if (before >= 0 && after - before > maxGrowth)
        {
            complaints.add("has grown: " + name + " before=" + before + " after=" + after + " maxGrowth=" + maxGrowth);
        }
    }
}
