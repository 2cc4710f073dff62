package io.kekbit.cli.records;

import io.kekbit.cli.aeron.AeronOptions;
import io.kekbit.cli.aeron.PublishJob;
import io.kekbit.cli.support.ChannelArgument;
import io.kekbit.cli.support.ExitCodes;
import io.kekbit.core.replay.Replayer;
import io.kekbit.core.replay.ReplayerBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Prints the records of a channel or series when they are due.
 */
@Command(
    name = "replay",
    description = {
        "Prints the records of a channel or series as kekbit cat does, each as long after the one before as it came: " +
            "at the original pace, faster, or at full speed.",
        "Goes by the times that records are stamped with; where they are not, by the index, which knows the time of " +
            "one record in every 64 KiB or so: all up to the next one come at once then.",
        "With --aeron, publishes them over Aeron instead."},
    footer = {
        "%nExamples:",
        "  kekbit replay /dev/shm/channels trades --speed 60",
        "  kekbit replay /data/channels/ticks --from 2026-11-25T14:30 --to 2026-11-25T14:35 --format text",
        "  kekbit replay /data/channels/ticks --speed 100 --max-gap 60 --fields price,quantity",
        "  kekbit replay /data/channels/ticks --aeron aeron:udp?endpoint=10.0.0.2:20121 --stream 10"})
public final class ReplayCommand implements Callable<Integer>
{
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final String FULL_SPEED = "max";
    private static final List<String> PRINT_OPTIONS =
        List.of("--format", "--context", "--template", "--where", "--fields");

    @Mixin
    private ChannelArgument channel;

    @Option(
        names = "--speed",
        paramLabel = "N",
        defaultValue = "1",
        converter = SpeedConverter.class,
        description = "So many times faster than the records came; 0.5 is half as fast, max does not wait at all.")
    private double speed;

    @Option(
        names = "--max-gap",
        paramLabel = "SECONDS",
        description = "Where records lie further apart, nights for instance, take it as so many seconds.")
    private Double maxGap;

    @Option(
        names = {"-f", "--follow"},
        description = "At the end go on with what is written, until the channel or series is closed; a writer that " +
            "is silent or gone is waited for.")
    private boolean isFollowing;

    @Option(
        names = "--aeron",
        paramLabel = "URI",
        description = {
            "Do not print the records, but publish each as a message to this channel of Aeron's: its content, " +
                "without the envelope.",
            "Waits until there is a subscriber, and whenever there is none any more."})
    private String uri;

    @Option(names = "--stream", paramLabel = "N", description = "With --aeron: the id of the stream in it.")
    private Integer streamId;

    @Mixin
    private AeronOptions driver;

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
        if (maxGap != null && !(maxGap >= 0 && maxGap <= TimeUnit.DAYS.toSeconds(36_500)))
        {
            throw new ParameterException(command.commandLine(), "--max-gap=" + maxGap + " is no number of seconds");
        }
        requireSense();
        final Place to = records.to() != null ? records.to() : isFollowing ? Place.NEVER : Place.END;
        final Notes notes = new Notes(command);
        if (uri != null)
        {
            return publish(to, notes);
        }
        try (PrintJob job = new PrintJob(channel.target(), records, print, Place.START, to, notes))
        {
            replay(job, to, notes);

            return job.endStatus();
        }
        catch (final UncheckedIOException ex)
        {
            throw ex.getCause();
        }
    }

    private void requireSense()
    {
        if ((uri == null) != (streamId == null) || uri == null && driver.areGiven())
        {
            throw new ParameterException(
                command.commandLine(), "--aeron and --stream go together, and the media driver with them");
        }
        if (uri != null)
        {
            for (final String option : PRINT_OPTIONS)
            {
                if (command.commandLine().getParseResult().hasMatchedOption(option))
                {
                    throw new ParameterException(
                        command.commandLine(),
                        option + " is for records that are printed: --aeron publishes all of them as they are");
                }
            }
        }
    }

    private int publish(final Place to, final Notes notes) throws IOException
    {
        final PublishJob job = new PublishJob(driver, uri, streamId, notes);
        final Place from = records.from() == null ? Place.START : records.from();
        try (Interruption interruption = new Interruption();
            RecordWalk walk = new RecordWalk(channel.target(), from, to, records.isSuspectRead()))
        {
            if (speed != Double.POSITIVE_INFINITY)
            {
                walk.requireTimes();
            }
            final boolean isEndLookedFor = to.kind() != Place.Kind.TIME;
            final String done = job.run(
                interruption,
                walk.reader().reader(),
                (builder) -> pace(builder, to),
                (position) -> isEndLookedFor && !walk.isWanted(),
                (replayer) -> tell(replayer, notes));
            walk.requireReadable();
            final PrintWriter out = command.commandLine().getOut();
            out.println(done);
            // After a signal nobody else does.
            out.flush();
        }

        return ExitCodes.OK;
    }

    private void replay(final PrintJob job, final Place to, final Notes notes) throws IOException
    {
        final RecordWalk walk = job.walk();
        walk.requireTimes();
        final ReplayerBuilder builder = Replayer.builder(walk.reader().reader());
        pace(builder, to);

        final Replayer[] replayer = new Replayer[1];
        final boolean isEndLookedFor = to.kind() != Place.Kind.TIME;
        replayer[0] = builder.into((buffer, offset, length, position, next) ->
        {
            if (isEndLookedFor && !walk.isWanted())
            {
                replayer[0].stop();
                return;
            }
            try
            {
                job.take();
            }
            catch (final IOException ex)
            {
                throw new UncheckedIOException(ex);
            }
        });
        run(replayer[0], job);
        tell(replayer[0], notes);
    }

    private void pace(final ReplayerBuilder builder, final Place to)
    {
        builder.speed(speed);
        if (maxGap != null)
        {
            builder.maxGap((long)(maxGap * TimeUnit.SECONDS.toNanos(1)));
        }
        if (isFollowing)
        {
            builder.follow();
        }
        if (records.from() != null && records.from().kind() == Place.Kind.TIME)
        {
            builder.from(records.from().time());
        }
        if (to.kind() == Place.Kind.TIME)
        {
            builder.to(to.time());
        }
    }

    private static void run(final Replayer replayer, final PrintJob job) throws IOException
    {
        // Not what the walk thinks: the replay decides where it ends.
        while (!replayer.state().isFinal() && !job.isUnwanted())
        {
            if (replayer.doWork() == 0 && !replayer.state().isFinal())
            {
                job.flush();
                LockSupport.parkNanos(PAUSE_NS);
            }
        }
        job.flush();
    }

    private void tell(final Replayer replayer, final Notes notes)
    {
        if (speed == Double.POSITIVE_INFINITY)
        {
            return;
        }
        if (replayer.untimedRecords() > 0)
        {
            notes.accept(replayer.untimedRecords() + " records have no time, and came with the one before");
        }
        if (replayer.backwardRecords() > 0)
        {
            notes.accept(replayer.backwardRecords() + " records have an earlier time than one " +
                "before, and came with it");
        }
    }

    /**
     * For {@code --speed}.
     */
    static final class SpeedConverter implements ITypeConverter<Double>
    {
        @Override
        public Double convert(final String text)
        {
            if (text.equals(FULL_SPEED))
            {
                return Double.POSITIVE_INFINITY;
            }
            try
            {
                final double speed = Double.parseDouble(text);
                if (speed > 0)
                {
                    return speed;
                }
            }
            catch (final NumberFormatException ex)
            {
                throw new TypeConversionException("\"" + text + "\" is no speed: a number above 0, or max");
            }

            throw new TypeConversionException("\"" + text + "\" is no speed: a number above 0, or max");
        }
    }
}
