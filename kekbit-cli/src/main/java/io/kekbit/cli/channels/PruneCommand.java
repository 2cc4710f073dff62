package io.kekbit.cli.channels;

import io.kekbit.cli.support.Amounts;
import io.kekbit.cli.support.CliException;
import io.kekbit.cli.support.ErrorPrinter;
import io.kekbit.cli.support.ExitCodes;
import io.kekbit.cli.support.JsonObject;
import io.kekbit.cli.support.JsonOption;
import io.kekbit.cli.support.SeriesArgument;
import io.kekbit.cli.support.SeriesTree;
import io.kekbit.cli.support.StreamTarget;
import io.kekbit.cli.support.Units;
import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.positions.NamedPositions;
import io.kekbit.core.series.Pruned;
import io.kekbit.core.series.Retention;
import io.kekbit.core.series.Seal;
import io.kekbit.core.series.SeriesListener;
import io.kekbit.core.series.SeriesPosition;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Deletes the oldest channels of a series.
 */
@Command(
    name = "prune",
    description = {
        "Tells which channels of a series are beyond the bounds that are given, the oldest first; with --delete, " +
            "deletes them. Without --delete nothing is changed.",
        "Only closed channels are deleted, never the last one, and none of a sealed series. The series may be " +
            "written and read meanwhile. What the named readers in --positions still need is kept, whatever the " +
            "bounds say."},
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
        "0:the series is within its bounds, or would be",
        "1:named readers need what is beyond the bounds, or it was refused",
        "2:the command line is not right",
        "3:there is no such series",
        "4:a channel is damaged",
        "5:a defect of this command; --debug shows where"},
    footer = {
        "%nExamples:",
        "  kekbit prune /data/channels ticks --max-age 7d --positions /data/positions",
        "  kekbit prune /data/channels/ticks --max-bytes 100g --positions /data/positions --delete",
        "  kekbit prune /data/channels/ticks --max-channels 5 --ignore-readers --delete"})
public final class PruneCommand implements Callable<Integer>
{
    @Mixin
    private SeriesArgument argument;

    @Option(
        names = "--max-age",
        paramLabel = "AGE",
        converter = Amounts.DurationConverter.class,
        description = "Keep what was closed less than this ago: 90m, 36h, 7d.")
    private Duration maxAge;

    @Option(
        names = "--max-bytes",
        paramLabel = "SIZE",
        converter = Amounts.SizeConverter.class,
        description = "Keep no more than this, all channels together: a number of bytes, or with k, m, g, t.")
    private Long maxBytes;

    @Option(
        names = "--max-channels",
        paramLabel = "N",
        description = "Keep no more than N channels, the one that is written included.")
    private Long maxChannels;

    @Option(
        names = "--positions",
        paramLabel = "FOLDER",
        description = "Keep what the named readers need that store their positions here. May be given more than once.")
    private List<Path> positions = new ArrayList<>();

    @Option(
        names = "--readers-expire",
        paramLabel = "AGE",
        converter = Amounts.DurationConverter.class,
        description = "A named reader that has not stored a position for so long counts no more; 7d unless given.")
    private Duration readersExpire;

    @Option(
        names = "--ignore-readers",
        description = "Keep within the bounds whoever needs what. A reader that fell behind is told so.")
    private boolean isIgnoringReaders;

    @Option(names = "--delete", description = "Delete, and do not only tell.")
    private boolean isDeleting;

    @Option(names = "--dry-run", description = "Only tell, as without --delete.")
    private boolean isDryRun;

    @Mixin
    private JsonOption json;

    @Spec
    private CommandSpec command;

    /**
     * Deletes them, or tells which ones.
     *
     * @return 0, or 1 where named readers hold what is beyond the bounds.
     * @throws IOException where a folder cannot be read.
     */
    @Override
    public Integer call() throws IOException
    {
        requireSense();
        final StreamTarget series = argument.target();
        if (Seal.isOn(series.path()))
        {
            throw new CliException(
                ExitCodes.FAILED, "sealed: " + series.path() + ". If part of it is to go, delete " +
                    Seal.manifest(series.path()) + " first, and seal it again afterwards");
        }
        final Retention retention = retention();
        final List<SeriesTree.Channel> channels = SeriesTree.channels(series.path());
        final List<RuntimeException> failures = new ArrayList<>();
        final Pruned pruned = isDeleting ?
            retention.prune(series.root(), series.name(), new Listener(failures)) :
            retention.tryOut(series.root(), series.name());
        print(series, channels, pruned);
        for (final RuntimeException failure : failures)
        {
            ErrorPrinter.print(command.commandLine().getErr(), ErrorPrinter.message(failure));
        }

        return pruned.isHeld() || !failures.isEmpty() ? ExitCodes.FAILED : ExitCodes.OK;
    }

    private void requireSense()
    {
        if (maxAge == null && maxBytes == null && maxChannels == null)
        {
            throw new ParameterException(
                command.commandLine(), "no bound is given: add --max-age, --max-bytes or --max-channels");
        }
        if (positions.isEmpty() && !isIgnoringReaders)
        {
            throw new ParameterException(
                command.commandLine(),
                "who reads the series is not told: add --positions=FOLDER of the named readers, or --ignore-readers");
        }
        if (!positions.isEmpty() && isIgnoringReaders)
        {
            throw new ParameterException(
                command.commandLine(), "--positions keeps what readers need, --ignore-readers does not: give one");
        }
        if (isDeleting && isDryRun)
        {
            throw new ParameterException(command.commandLine(), "--delete and --dry-run exclude each other: give one");
        }
    }

    private Retention retention()
    {
        final Retention.Builder builder = Retention.builder().withinBounds(isIgnoringReaders);
        try
        {
            if (maxAge != null)
            {
                builder.maxAge(maxAge);
            }
            if (maxBytes != null)
            {
                builder.maxBytes(maxBytes);
            }
            if (maxChannels != null)
            {
                builder.maxChannels(maxChannels);
            }
            if (readersExpire != null)
            {
                builder.readersExpireAfter(readersExpire);
            }
        }
        catch (final IllegalArgumentException ex)
        {
            throw new ParameterException(command.commandLine(), ex.getMessage());
        }
        for (final Path folder : positions)
        {
            // A name that was mistyped must not stand for "nobody reads".
            final NamedPositions names = ReaderLags.namesIn(folder);
            for (final ChannelException problem : names.problems())
            {
                ErrorPrinter.print(
                    command.commandLine().getErr(),
                    "everything is kept, since a reader's needs are not known: " + ErrorPrinter.message(problem));
            }
            builder.readers(folder);
        }

        return builder.build();
    }

    private void print(
        final StreamTarget series, final List<SeriesTree.Channel> channels, final Pruned pruned)
    {
        final PrintWriter out = command.commandLine().getOut();
        final long first = SeriesPosition.ordinal(pruned.firstPosition());
        final List<Path> files = channels.stream()
            .filter((one) -> one.ordinal() < first)
            .map(SeriesTree.Channel::file)
            .toList();
        if (json.isJson())
        {
            out.println(new JsonObject()
                .text("series", series.name())
                .bool("isDeleted", isDeleting)
                .number("channels", pruned.channels())
                .number("bytes", pruned.bytes())
                .number("firstPosition", pruned.firstPosition())
                .bool("isHeld", pruned.isHeld())
                .texts("files", files.stream().map(Path::toString).toList()));
            return;
        }

        for (final Path file : files)
        {
            out.println((isDeleting ? "deleted " : "would delete ") + file);
        }
        out.println(Units.count(pruned.channels()) + (pruned.channels() == 1 ? " channel" : " channels") + " of " +
            Units.bytes(pruned.bytes()) + (isDeleting ? " deleted" : " would be deleted; --delete does it") +
            "; the series begins at position " + pruned.firstPosition() + (isDeleting ? "" : " then"));
        if (pruned.isHeld())
        {
            out.println("more is beyond the bounds, and named readers need it: kekbit list " + series.root() +
                " --positions=" + positions.get(0) + " shows them");
        }
    }

    /**
     * Keeps what went wrong.
     */
    private static final class Listener implements SeriesListener
    {
        private final List<RuntimeException> failures;

        private Listener(final List<RuntimeException> failures)
        {
            this.failures = failures;
        }

        @Override
        public void onPruningFailed(final RuntimeException cause)
        {
            failures.add(cause);
        }
    }
}
