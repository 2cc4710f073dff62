package io.kekbit.cli.channels;

import io.kekbit.cli.support.ChannelTree;
import io.kekbit.cli.support.CliException;
import io.kekbit.cli.support.ErrorPrinter;
import io.kekbit.cli.support.ExitCodes;
import io.kekbit.cli.support.JsonObject;
import io.kekbit.cli.support.Table;
import io.kekbit.cli.support.Units;
import io.kekbit.core.Lag;
import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.PositionDeletedException;
import io.kekbit.core.layout.ChannelPath;
import io.kekbit.core.positions.NamedPosition;
import io.kekbit.core.positions.NamedPositions;
import io.kekbit.core.positions.StreamIdentity;
import io.kekbit.core.series.SeriesReader;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/**
 * How far named readers are behind the channels and series of a root.
 */
final class ReaderLags
{
    private static final String UNKNOWN = "-";

    private final Path root;
    private final List<SeriesStatus> series;
    private final PrintWriter err;
    private boolean isAllTold = true;

    /**
     * @param root   of the channels.
     * @param series of the root.
     * @param err    takes what is wrong.
     */
    ReaderLags(final Path root, final List<SeriesStatus> series, final PrintWriter err)
    {
        this.root = root;
        this.series = series;
        this.err = err;
    }

    /**
     * All names in a folder.
     *
     * @throws CliException where there is no such folder.
     */
    static NamedPositions namesIn(final Path folder)
    {
        if (!Files.isDirectory(folder))
        {
            throw new CliException(
                ExitCodes.FAILED, "no such folder of named readers: " + folder + ". Check its name");
        }

        return NamedPositions.in(folder);
    }

    /**
     * Print what the readers of a folder have and have not read. What cannot be told goes to standard error.
     *
     * @param out    to print to.
     * @param folder of the names.
     * @param isJson whether to print an object for each.
     * @return whether all could be told.
     */
    boolean print(final PrintWriter out, final Path folder, final boolean isJson)
    {
        final NamedPositions names = namesIn(folder);
        final Table table = new Table()
            .text("READER")
            .text("STREAM")
            .number("BEHIND")
            .number("RECORDS")
            .number("TIME")
            .text("IN USE")
            .text("STORED");
        final Instant now = Instant.now();
        for (final NamedPosition name : names.positions())
        {
            final Lag lag = lag(name);
            if (isJson)
            {
                out.println(json(name, lag));
            }
            else
            {
                table.row(
                    name.name(),
                    stream(name.stream()),
                    lag == null ? UNKNOWN : Units.bytes(lag.bytes()),
                    lag == null || lag.records().isEmpty() ? UNKNOWN : Units.count(lag.records().getAsLong()),
                    lag == null || lag.time().isEmpty() ? UNKNOWN : Units.duration(lag.time().get().toNanos()),
                    name.isInUse() ? "yes" : "no",
                    Units.age(name.storedAt(), now));
            }
        }
        for (final ChannelException problem : names.problems())
        {
            tell(ErrorPrinter.message(problem));
        }
        if (!isJson)
        {
            out.println();
            if (names.positions().isEmpty())
            {
                out.println("no named readers in " + folder);
            }
            else
            {
                table.print(out);
            }
        }

        return isAllTold;
    }

    /**
     * How far a reader is behind; null where its stream is none of this root, or the lag cannot be told.
     */
    private Lag lag(final NamedPosition name)
    {
        try
        {
            if (!name.stream().isSeries())
            {
                final long id = name.stream().id();

                return ChannelTree.hasChannel(root, id) ? name.lag(ChannelPath.file(root, id)) : null;
            }
            final SeriesStatus of = seriesOf(name.stream());
            if (of == null)
            {
                return null;
            }
            try (SeriesReader reader = SeriesReader.open(of.series().root(), of.name()))
            {
                return reader.lag(name.position());
            }
        }
        catch (final PositionDeletedException ex)
        {
            tell("reader " + name.name() + " fell behind what the series keeps: " + ErrorPrinter.message(ex));
        }
        catch (final ChannelException ex)
        {
            tell("reader " + name.name() + ": " + ErrorPrinter.message(ex));
        }

        return null;
    }

    private SeriesStatus seriesOf(final StreamIdentity stream)
    {
        for (final SeriesStatus one : series)
        {
            if (StreamIdentity.ofSeries(one.streamId()).equals(stream))
            {
                return one;
            }
        }

        return null;
    }

    private String stream(final StreamIdentity stream)
    {
        if (stream.isSeries())
        {
            final SeriesStatus of = seriesOf(stream);

            return of == null ? "a series elsewhere" : of.name();
        }

        return ChannelTree.hasChannel(root, stream.id()) ?
            "channel " + Long.toUnsignedString(stream.id()) : "a channel elsewhere";
    }

    private JsonObject json(final NamedPosition name, final Lag lag)
    {
        final SeriesStatus of = name.stream().isSeries() ? seriesOf(name.stream()) : null;

        return new JsonObject()
            .text("reader", name.name())
            .text("series", of == null ? null : of.name())
            .text("stream", name.stream().toString())
            .number("position", name.position())
            .number("records", name.records())
            .number("lagBytes", lag == null ? OptionalLong.empty() : OptionalLong.of(lag.bytes()))
            .number("lagRecords", lag == null ? OptionalLong.empty() : lag.records())
            .number("lagNs", lag == null ? OptionalLong.empty() :
                lag.time().map(Duration::toNanos).map(OptionalLong::of).orElse(OptionalLong.empty()))
            .bool("isInUse", name.isInUse())
            .text("storedAt", name.storedAt().toString());
    }

    private void tell(final String problem)
    {
        isAllTold = false;
        ErrorPrinter.print(err, problem);
    }
}
