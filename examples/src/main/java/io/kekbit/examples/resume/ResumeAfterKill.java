package io.kekbit.examples.resume;

import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.ReaderState;
import io.kekbit.core.ShmReader;
import io.kekbit.core.ShmReaderBuilder;
import io.kekbit.examples.ExampleException;
import io.kekbit.examples.support.ExampleProcess;
import io.kekbit.examples.support.ExitStatus;
import io.kekbit.examples.support.Interruption;
import io.kekbit.examples.support.ScratchFolder;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * Kills a writer in the middle of its work, lets another one take the channel over, and shows that a reader sees no gap
 * and nothing twice. The reader is there all the time and need not know.
 */
@Command(
    name = "resume-after-kill",
    description = "Kills writers of a channel in the middle of their work, and shows that the next goes on properly.",
    exitCodeListHeading = "%nExit status:%n",
    footer = "",
    exitCodeList = {
        "0:every record came once and in order",
        "1:it did not, or it failed, for the reason told",
        "2:the options are not right",
        "130, 143:interrupted (Ctrl-C, kill)"})
public final class ResumeAfterKill implements Callable<Integer>
{
    static final long CHANNEL_ID = 1;

    /**
     * Records that each writer is granted before it is killed, and that the last one writes.
     */
    private static final int RECORDS = 10_000;
    private static final int MAX_KILLS = 50;
    private static final int READ_LIMIT = 256;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);

    private final IdleStrategy idleStrategy = new SleepingMillisIdleStrategy(1);
    private Interruption interruption;

    @Option(
        names = "--kills",
        paramLabel = "N",
        defaultValue = "3",
        description = "How many writers to kill; ${DEFAULT-VALUE} unless given.")
    private int kills;

    @Spec
    private CommandSpec command;

    /**
     * Runs one writer after the other.
     *
     * @return the exit status.
     * @throws IOException where there is no place for the channel, or a process cannot be started.
     */
    @Override
    public Integer call() throws IOException
    {
        if (kills < 1 || kills > MAX_KILLS)
        {
            throw new ParameterException(command.commandLine(), "--kills=" + kills + " is not in 1.." + MAX_KILLS);
        }

        try (Interruption signals = new Interruption(); ScratchFolder folder = new ScratchFolder("resume-after-kill"))
        {
            interruption = signals;
            final boolean isRight = isUnharmed(folder.path());

            return isRight ? ExitStatus.OK : ExitStatus.FAILED;
        }
    }

    private boolean isUnharmed(final Path root) throws IOException
    {
        final Numbers seen = new Numbers();
        ShmReader reader = null;
        try
        {
            for (int i = 1; i <= kills; i++)
            {
                try (ExampleProcess writer = start("writer " + i, root))
                {
                    reader = reader == null ? open(root) : reader;
                    awaitRecords(reader, seen, seen.count + RECORDS, writer);
                    writer.kill();
                }
                // What it published before it died is read, too.
                readOn(reader, seen);
                println("writer " + i + " killed, records so far: " + seen.count);
            }
            try (ExampleProcess writer = start("writer " + (kills + 1), root, "--records=" + RECORDS))
            {
                awaitRecords(reader, seen, Long.MAX_VALUE, writer);
            }
        }
        finally
        {
            if (reader != null)
            {
                reader.close();
            }
        }

        println("reader from the start:  " + seen);
        final Numbers all = new Numbers();
        try (ShmReader late = open(root))
        {
            readOn(late, all);
            println("reader after the end:   " + all + " state=" + late.state());

            return seen.isRight() && all.isRight() && seen.count == all.count && late.state() == ReaderState.CLOSED;
        }
    }

    private ExampleProcess start(final String name, final Path root, final String... options) throws IOException
    {
        final List<String> args = new ArrayList<>(List.of("resume-after-kill-writer", "--root=" + root));
        args.addAll(List.of(options));

        return new ExampleProcess(name, args, command.commandLine().getOut(), command.commandLine().getErr());
    }

    private ShmReader open(final Path root)
    {
        final ShmReaderBuilder builder = ShmReader.builder(root, CHANNEL_ID).format(RawBinDataFormat.INSTANCE);

        return builder.tryOpen(PATIENCE_NS, idleStrategy);
    }

    /**
     * Reads until so many records were seen, or the channel is closed.
     */
    private void awaitRecords(
        final ShmReader reader, final Numbers numbers, final long count, final ExampleProcess writer)
    {
        final long startNs = System.nanoTime();
        while (numbers.count < count && reader.state() != ReaderState.CLOSED)
        {
            if (reader.state() == ReaderState.CORRUPT)
            {
                throw new ExampleException("channel is corrupt: position=" + reader.position());
            }
            if (interruption.isPending())
            {
                throw new ExampleException("interrupted");
            }
            if (writer.hasFailed() || System.nanoTime() - startNs > PATIENCE_NS)
            {
                throw new ExampleException(writer + " does not write: records=" + numbers.count);
            }
            if (readOn(reader, numbers) == 0)
            {
                idleStrategy.idle();
            }
        }
    }

    private static int readOn(final ShmReader reader, final Numbers numbers)
    {
        int total = 0;
        int records;
        do
        {
            records = reader.read(
                (buffer, offset, length, position, nextPosition) ->
                    numbers.add(reader.sequence(), buffer.getLong(offset, LITTLE_ENDIAN)),
                READ_LIMIT);
            total += records;
        }
        while (records > 0);

        return total;
    }

    private void println(final String line)
    {
        command.commandLine().getOut().println(line);
    }

    /**
     * What was read, and whether it was what had to come.
     */
    private static final class Numbers
    {
        private long count;
        private long last;
        private long missing;
        private long repeated;
        private long different;

        void add(final long sequence, final long payload)
        {
            count++;
            missing += Math.max(0, sequence - last - 1);
            repeated += sequence <= last ? 1 : 0;
            different += payload == sequence ? 0 : 1;
            last = Math.max(last, sequence);
        }

        boolean isRight()
        {
            return missing == 0 && repeated == 0 && different == 0 && last == count;
        }

        @Override
        public String toString()
        {
            return "records=" + count + " last=" + last + " missing=" + missing + " repeated=" + repeated +
                " different=" + different;
        }
    }
}
