package io.kekbit.cli.channels;

import io.kekbit.cli.support.ChannelTree;
import io.kekbit.cli.support.CliException;
import io.kekbit.cli.support.ErrorPrinter;
import io.kekbit.cli.support.ExitCodes;
import io.kekbit.cli.support.JsonObject;
import io.kekbit.cli.support.JsonOption;
import io.kekbit.cli.support.SeriesTree;
import io.kekbit.cli.support.Table;
import io.kekbit.cli.support.Units;
import io.kekbit.core.ChannelStatus;
import io.kekbit.core.TerminalText;
import io.kekbit.core.exceptions.ChannelException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;

/**
 * Shows the channels and series below a root, one in a line.
 */
@Command(
    name = "list",
    description = {
        "Shows the channels and series below a root folder: what they are, how full, and who writes them; and with " +
            "--positions how far named readers are behind.",
        "States: live (a writer is at work), idle (it is silent for longer than the timeout), closed, full, " +
            "abandoned (open, but its writer is gone), suspect (the machine was restarted, the end may be damaged), " +
            "corrupt, unreadable. Nothing is scanned where a channel has an index."},
    footer = {
        "%nExamples:",
        "  kekbit list /dev/shm/channels",
        "  kekbit list /data/channels --positions /data/positions",
        "  kekbit list --json /dev/shm/channels | jq -r 'select(.state == \"abandoned\").file'"})
public final class ListCommand implements Callable<Integer>
{
    private static final String UNKNOWN = "-";

    @Mixin
    private JsonOption json;

    @Parameters(
        paramLabel = "ROOT",
        description = "The folder that the channels' folders and those of series lie in; or the folder of a series, " +
            "for its channels.")
    private Path root;

    @Option(
        names = "--positions",
        paramLabel = "FOLDER",
        description = "Also show the named readers that store their positions in this folder.")
    private Path positions;

    @Spec
    private CommandSpec command;

    /**
     * Prints the list.
     *
     * @return 0, or 1 where a channel or a folder of channels cannot be read.
     * @throws IOException where the root cannot be read.
     */
    @Override
    public Integer call() throws IOException
    {
        final List<IOException> problems = new ArrayList<>();
        final List<Path> files = ChannelTree.files(root, problems::add);
        final PrintWriter out = command.commandLine().getOut();
        final Table table = new Table()
            .text("ID")
            .text("LABEL")
            .coloured("STATE", States::coloured)
            .text("CONTENT")
            .number("CAPACITY")
            .number("USED")
            .number("RECORDS")
            .number("WRITER")
            .number("PID")
            .text("LAST ACTIVITY");
        final Instant now = Instant.now();
        int unreadable = 0;
        for (final Path file : files)
        {
            try
            {
                add(table, out, file, now);
            }
            catch (final ChannelException | IOException ex)
            {
                unreadable++;
                addUnreadable(table, out, file, ex);
            }
        }

        final List<Path> folders = SeriesTree.below(root, problems::add);
        if (!json.isJson())
        {
            if (!files.isEmpty())
            {
                table.print(out);
                out.print(folders.isEmpty() ? "" : System.lineSeparator());
            }
            else if (folders.isEmpty() && problems.isEmpty())
            {
                out.println("no channels below " + root);
            }
        }
        final List<SeriesStatus> series = new ArrayList<>();
        unreadable += problems.size() + showSeries(out, folders, series, now);
        problems.forEach((ex) -> ErrorPrinter.print(command.commandLine().getErr(), ErrorPrinter.message(ex)));
        final boolean isAllTold = positions == null ||
            new ReaderLags(root, series, command.commandLine().getErr()).print(out, positions, json.isJson());

        return unreadable == 0 && isAllTold ? ExitCodes.OK : ExitCodes.FAILED;
    }

    /**
     * Print the series.
     *
     * @param found takes those that can be read.
     * @return how many cannot.
     */
    private int showSeries(
        final PrintWriter out, final List<Path> folders, final List<SeriesStatus> found, final Instant now)
    {
        final Table table = new Table()
            .text("SERIES")
            .coloured("STATE", States::coloured)
            .text("CONTENT")
            .number("CHANNELS")
            .number("SIZE")
            .number("RECORDS")
            .number("ROLLS")
            .number("PID")
            .text("LAST ACTIVITY");
        int unreadable = 0;
        for (final Path folder : folders)
        {
            try
            {
                final SeriesStatus series = SeriesStatus.of(folder);
                found.add(series);
                add(table, out, series, now);
            }
            catch (final ChannelException | CliException | IOException ex)
            {
                unreadable++;
                addUnreadableSeries(table, out, folder, ex);
            }
        }
        if (!json.isJson() && !folders.isEmpty())
        {
            table.print(out);
        }

        return unreadable;
    }

    private void add(final Table table, final PrintWriter out, final SeriesStatus series, final Instant now)
    {
        if (json.isJson())
        {
            out.println(series.json());
            return;
        }
        final OptionalLong process = series.last().writerProcess();
        table.row(
            TerminalText.escape(series.name()),
            States.name(series.state()),
            series.content().summary(),
            Units.count(series.channels().size()),
            Units.bytes(series.bytes()),
            series.records().isPresent() ? Units.count(series.records().getAsLong()) : UNKNOWN,
            Units.count(series.rolls()),
            process.isPresent() ? Long.toString(process.getAsLong()) : UNKNOWN,
            Units.age(series.lastActivity(), now));
    }

    private void addUnreadableSeries(
        final Table table, final PrintWriter out, final Path folder, final Exception ex)
    {
        final String name = folder.getFileName().toString();
        if (json.isJson())
        {
            out.println(new JsonObject()
                .text("series", name)
                .text("folder", folder.toString())
                .text("state", States.UNREADABLE)
                .text("error", ErrorPrinter.message(ex)));
        }
        else
        {
            table.row(
                TerminalText.escape(name),
                States.UNREADABLE,
                UNKNOWN,
                UNKNOWN,
                UNKNOWN,
                UNKNOWN,
                UNKNOWN,
                UNKNOWN,
                UNKNOWN);
        }
        ErrorPrinter.print(command.commandLine().getErr(), ErrorPrinter.message(ex));
    }

    private void add(final Table table, final PrintWriter out, final Path file, final Instant now) throws IOException
    {
        final ChannelStatus status = ChannelStatus.of(file);
        final Content content = Content.of(file, status.extension());
        if (json.isJson())
        {
            out.println(StatusJson.of(status, content));
            return;
        }

        final int capacity = status.header().capacity();
        table.row(
            Long.toUnsignedString(status.header().channelId()),
            status.extension().label().isEmpty() ? UNKNOWN : TerminalText.escape(status.extension().label()),
            States.name(status.state()),
            content.summary(),
            Units.bytes(capacity),
            Units.percent(status.used(), capacity),
            status.records().isPresent() ? Units.count(status.records().getAsLong()) : UNKNOWN,
            Long.toUnsignedString(status.header().writerId()),
            status.writerProcess().isPresent() ? Long.toString(status.writerProcess().getAsLong()) : UNKNOWN,
            Units.age(status.lastActivity(), now));
    }

    private void addUnreadable(final Table table, final PrintWriter out, final Path file, final Exception ex)
    {
        final String id = Long.toUnsignedString(ChannelTree.channelId(file).orElse(0));
        if (json.isJson())
        {
            out.println(new JsonObject()
                .text("file", file.toString())
                .raw("id", id)
                .text("state", States.UNREADABLE)
                .text("error", ErrorPrinter.message(ex)));
        }
        else
        {
            table.row(
                id,
                UNKNOWN,
                States.UNREADABLE,
                UNKNOWN,
                UNKNOWN,
                UNKNOWN,
                UNKNOWN,
                UNKNOWN,
                UNKNOWN,
                UNKNOWN);
        }
        ErrorPrinter.print(command.commandLine().getErr(), ErrorPrinter.message(ex));
    }
}
