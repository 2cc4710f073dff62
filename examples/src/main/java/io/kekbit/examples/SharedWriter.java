package io.kekbit.examples;

import io.kekbit.core.ConcurrentWriter;
import io.kekbit.core.Header;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.ShmReader;
import io.kekbit.core.ShmWriter;
import io.kekbit.core.Writer;
import io.kekbit.core.layout.HeaderDescriptor;
import io.kekbit.core.layout.RecordDescriptor;
import io.kekbit.examples.support.ScratchFolder;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.YieldingIdleStrategy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * Several threads write one channel; afterwards nothing is lost, and the records of each thread are in its order. A
 * record is the number of its thread and its own number among that thread's.
 */
@Command(
    name = "shared-writer",
    description = "Writes one channel from several threads, and checks that nothing is lost and each one's order kept.",
    exitCodeListHeading = "%nExit status:%n",
    footer = "",
    exitCodeList = {
        "0:nothing was lost, and the order of each thread kept",
        "1:it was not, or it failed, for the reason told",
        "2:the options are not right"})
public final class SharedWriter implements Callable<Integer>
{
    private static final long CHANNEL_ID = 1;
    private static final int THREAD_OFFSET = 0;
    private static final int NUMBER_OFFSET = 8;
    private static final int LENGTH = 16;
    private static final int MAX_THREADS = 256;

    /**
     * How often to try before giving up: a thread that holds the writer can lose its processor for some milliseconds,
     * and a try takes a microsecond or less.
     */
    private static final int MAX_TRIES = 100_000_000;

    @Option(
        names = "--threads",
        paramLabel = "N",
        defaultValue = "8",
        description = "How many threads; ${DEFAULT-VALUE} unless given.")
    private int threads;

    @Option(
        names = "--records",
        paramLabel = "N",
        defaultValue = "125000",
        description = "How many records each of them writes; ${DEFAULT-VALUE} unless given.")
    private long records;

    @Spec
    private CommandSpec command;

    /**
     * Writes with all threads, then reads.
     *
     * @return the exit status.
     * @throws IOException          where there is no place for the channel.
     * @throws InterruptedException where this thread is interrupted.
     * @throws ExecutionException   where a thread failed.
     */
    @Override
    public Integer call() throws IOException, InterruptedException, ExecutionException
    {
        if (threads < 1 || threads > MAX_THREADS)
        {
            throw new ParameterException(
                command.commandLine(), "--threads=" + threads + " is not in 1.." + MAX_THREADS);
        }
        final long maxRecords = HeaderDescriptor.MAX_CAPACITY / RecordDescriptor.alignedLength(LENGTH) / threads - 1;
        if (records < 1 || records > maxRecords)
        {
            throw new ParameterException(command.commandLine(), "--records=" + records + " is not in 1.." + maxRecords);
        }

        try (ScratchFolder folder = new ScratchFolder("shared-writer"))
        {
            writeAll(folder.path());

            return isComplete(folder.path()) ? 0 : 1;
        }
    }

    private void writeAll(final Path root) throws InterruptedException, ExecutionException
    {
        final long capacity =
            HeaderDescriptor.MIN_CAPACITY + threads * (records + 1) * RecordDescriptor.alignedLength(LENGTH);
        final Header header = Header.builder()
            .channelId(CHANNEL_ID)
            .capacity(Math.min(capacity, HeaderDescriptor.MAX_CAPACITY))
            .maxMessageLength(LENGTH)
            .build();
        final ExecutorService executor = Executors.newFixedThreadPool(threads);
        // Whoever makes the writer hands it over: from then on the threads use it, each through a handle of its own.
        try (ConcurrentWriter<RawBinDataFormat> shared =
            new ConcurrentWriter<>(ShmWriter.create(root, header, RawBinDataFormat.INSTANCE)))
        {
            final List<Future<?>> ends = new ArrayList<>();
            for (int i = 0; i < threads; i++)
            {
                final long thread = i;
                ends.add(executor.submit(() -> write(shared, thread)));
            }
            for (final Future<?> end : ends)
            {
                end.get();
            }
        }
        finally
        {
            executor.shutdownNow();
        }
        println("written: threads=" + threads + " recordsOfEach=" + records);
    }

    private void write(final ConcurrentWriter<RawBinDataFormat> shared, final long thread)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[LENGTH]);
        buffer.putLong(THREAD_OFFSET, thread, LITTLE_ENDIAN);
        try (Writer<RawBinDataFormat> handle = shared.handle(new YieldingIdleStrategy(), MAX_TRIES))
        {
            for (long number = 0; number < records; number++)
            {
                buffer.putLong(NUMBER_OFFSET, number, LITTLE_ENDIAN);
                handle.write(buffer, 0, LENGTH);
            }
        }
    }

    private boolean isComplete(final Path root)
    {
        final long[] next = new long[threads];
        long outOfOrder = 0;
        long changes = 0;
        try (ShmReader reader = ShmReader.open(root, CHANNEL_ID, RawBinDataFormat.INSTANCE))
        {
            int previous = 0;
            while (reader.next())
            {
                final int thread = (int)reader.buffer().getLong(reader.offset() + THREAD_OFFSET, LITTLE_ENDIAN);
                final long number = reader.buffer().getLong(reader.offset() + NUMBER_OFFSET, LITTLE_ENDIAN);
                if (number != next[thread]++)
                {
                    outOfOrder++;
                }
                if (thread != previous)
                {
                    changes++;
                }
                previous = thread;
            }
            println("read: state=" + reader.state());
        }

        long lost = 0;
        for (int i = 0; i < threads; i++)
        {
            println("thread " + i + ": " + next[i] + " records");
            lost += records - next[i];
        }
        println(String.format(
            Locale.ROOT, "lost=%d outOfOrder=%d, threads took turns %,d times", lost, outOfOrder, changes));

        return lost == 0 && outOfOrder == 0;
    }

    private void println(final String line)
    {
        command.commandLine().getOut().println(line);
    }
}
