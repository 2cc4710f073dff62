package io.kekbit.cli.records;

import io.kekbit.cli.support.ChannelArgument;
import io.kekbit.cli.support.CliException;
import io.kekbit.cli.support.ExitCodes;
import io.kekbit.cli.support.StreamTarget;
import io.kekbit.core.ChannelState;
import io.kekbit.core.ChannelStatus;
import io.kekbit.core.ReaderState;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Prints the last records of a channel or series, and those that follow.
 */
@Command(
    name = "tail",
    description = {
        "Prints the last records of a channel or series; with -f also those that are written from then on, as soon " +
            "as they are. Of a series, -f goes on in the next channel by itself.",
        "-f ends when the channel or series is closed, or its writer is gone for longer than the channel's timeout."},
    footer = {
        "%nExamples:",
        "  kekbit tail -f /dev/shm/channels trades",
        "  kekbit tail -n 3 trades.kekbit --where 'quantity>=1.5'",
        "  kekbit tail -f -n 0 trades.kekbit --fields price | jq .fields.price",
        "  kekbit tail -f trades.kekbit --from 2026-11-25T10:00 --format text"})
public final class TailCommand implements Callable<Integer>
{
    private static final int DEFAULT_COUNT = 10;
    private static final int MAX_COUNT = 10_000_000;

    /** Between looks while records come, and when they have not come for a while: well below 10 milliseconds. */
    private static final long BUSY_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long IDLE_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(4);
    private static final long BUSY_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long STATE_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long STATUS_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    @Mixin
    private ChannelArgument channel;

    @Option(
        names = {"-f", "--follow"},
        description = "Go on with what is written from now on.")
    private boolean isFollowing;

    @Option(
        names = {"-n", "--lines"},
        paramLabel = "N",
        description = "Begin with the last N records, of those that are chosen; " + DEFAULT_COUNT + " unless given.")
    private Integer count;

    @Mixin
    private RecordOptions records;

    @Mixin
    private PrintOptions print;

    @Spec
    private CommandSpec command;

    /**
     * Prints them.
     *
     * @return the status.
     * @throws IOException where they cannot be printed.
     */
    @Override
    public Integer call() throws IOException
    {
        if (count != null && (count < 0 || count > MAX_COUNT))
        {
            throw new ParameterException(command.commandLine(), "-n=" + count + " is not in 0.." + MAX_COUNT);
        }
        if (count != null && records.from() != null)
        {
            throw new ParameterException(command.commandLine(), "-n and --from both say where to begin: give one");
        }

        final Notes notes = new Notes(command);
        final Place end = isFollowing ? Place.NEVER : Place.END;
        final StreamTarget target = channel.target();
        try (PrintJob job = new PrintJob(target, records, print, Place.START, end, notes))
        {
            if (records.from() == null)
            {
                new LastRecords(job.walk(), job::isSought, print.context())
                    .goTo(count == null ? DEFAULT_COUNT : count, records(target));
            }
            job.printAvailable();

            return isFollowing && !job.isDone() ? follow(job, notes) : job.endStatus();
        }
    }

    /**
     * How many records a stream has, those that were deleted included, where it is known.
     */
    private static OptionalLong records(final StreamTarget target) throws IOException
    {
        final ChannelStatus status = ChannelStatus.of(target.lastFile());
        final OptionalLong records = status.records();

        return target.isSeries() && records.isPresent() ?
            OptionalLong.of(status.extension().firstRecordNumber() + records.getAsLong()) : records;
    }

    private int follow(final PrintJob job, final Notes notes) throws IOException
    {
        final Silence silence = new Silence(job.walk().reader(), notes);
        long lastNs = System.nanoTime();
        long stateNs = lastNs - STATE_INTERVAL_NS;
        while (!job.isDone())
        {
            final long nowNs = System.nanoTime();
            if (job.printAvailable())
            {
                lastNs = nowNs;
                silence.end();
            }
            else if (nowNs - stateNs >= STATE_INTERVAL_NS)
            {
                stateNs = nowNs;
                final int status = silence.statusAt(nowNs);
                if (status != Silence.GO_ON)
                {
                    return status == ExitCodes.OK ? job.endStatus() : status;
                }
            }
            LockSupport.parkNanos(nowNs - lastNs < BUSY_NS ? BUSY_PAUSE_NS : IDLE_PAUSE_NS);
        }

        return ExitCodes.OK;
    }

    /**
     * Finds out why nothing comes, and tells the user once.
     */
    private static final class Silence
    {
        private static final int GO_ON = -1;

        private final StreamReader reader;
        private final Notes notes;
        private final String what;
        private final Object fileKey;
        private final long timeoutNs;
        private long beganNs;
        private long lookedNs;
        private boolean isOn;
        private boolean isTold;

        Silence(final StreamReader reader, final Notes notes) throws IOException
        {
            fileKey = reader.isSeries() ? null : fileKey(reader.file());
            this.reader = reader;
            this.notes = notes;
            what = reader.isSeries() ? "series" : "channel";
            timeoutNs = reader.header().tickUnit().toNanos(reader.header().timeout());
        }

        void end()
        {
            isOn = false;
            isTold = false;
        }

        int statusAt(final long nowNs) throws IOException
        {
            final ReaderState state = reader.state();
            switch (state)
            {
                case CLOSED ->
                {
                    notes.accept("the writer closed the " + what + ": position=" + reader.position());
                    return ExitCodes.OK;
                }
                case CORRUPT, SUSPECT ->
                {
                    return ExitCodes.OK;
                }
                default ->
                {
                    return statusOfOpen(state, nowNs);
                }
            }
        }

        /**
         * What tells a file from another of the same name.
         */
        private static Object fileKey(final Path file) throws IOException
        {
            return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey();
        }

        /**
         * Whether there is a writer. Those of the Rust crate have no lock by which to tell.
         */
        private ChannelState channelState(final ReaderState state) throws IOException
        {
            if (!reader.isSeries() && !fileKey.equals(fileKey(reader.file())))
            {
                throw new CliException(
                    ExitCodes.NO_CHANNEL,
                    "another file has taken the place of the one that was followed: file=" + reader.file() +
                        ". Start again to follow that one");
            }
            if (reader.extension().isPresent())
            {
                final ChannelStatus status = ChannelStatus.of(reader.file());
                // A channel of a series that is full is left behind by a writer that lives.
                return reader.isSeries() && status.state() == ChannelState.FULL && status.writerProcess().isEmpty() ?
                    ChannelState.ABANDONED : status.state();
            }

            return state == ReaderState.TIMED_OUT ? ChannelState.ABANDONED : ChannelState.LIVE;
        }

        /**
         * The channel itself may have nothing more to say: whether its writer lives is asked now and then.
         */
        private int statusOfOpen(final ReaderState state, final long nowNs) throws IOException
        {
            if (!isOn)
            {
                isOn = true;
                beganNs = nowNs;
            }
            else if (nowNs - lookedNs < STATUS_INTERVAL_NS)
            {
                return GO_ON;
            }
            lookedNs = nowNs;

            final ChannelState channel = channelState(state);
            final boolean isTooLong = nowNs - beganNs > timeoutNs;
            if (channel == ChannelState.ABANDONED || state == ReaderState.FULL)
            {
                if (isTooLong)
                {
                    notes.accept(
                        (state == ReaderState.FULL ? "the channel is full, and was not closed" :
                            "the writer is gone, and did not close the " + what) + ": position=" + reader.position());
                    return ExitCodes.FAILED;
                }
                if (!isTold && channel == ChannelState.ABANDONED)
                {
                    notes.accept(
                        "nobody writes this " + what + ": waiting " +
                            TimeUnit.NANOSECONDS.toMillis(timeoutNs - (nowNs - beganNs)) +
                            " ms for a writer to take it over");
                    isTold = true;
                }
            }
            else if (!isTold && channel == ChannelState.IDLE && isTooLong)
            {
                notes.accept("the writer lives, but has been silent for longer than the channel's timeout");
                isTold = true;
            }

            return GO_ON;
        }
    }
}
