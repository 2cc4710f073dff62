package io.kekbit.cli.records;

import io.kekbit.cli.support.ChannelArgument;
import io.kekbit.cli.support.CliException;
import io.kekbit.cli.support.ExitCodes;
import io.kekbit.cli.support.Progress;
import io.kekbit.cli.support.StreamTarget;
import io.kekbit.core.layout.ChannelPath;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Takes the records of a channel elsewhere: to JSON lines, to a table, or to another channel.
 */
@Command(
    name = "export",
    description = {
        "Writes the records of a channel as JSON lines, as CSV, or as a channel of their own that is no larger than " +
            "it has to be.",
        "CSV has one row for each innermost entry of a message's groups, with the values around it repeated; null is " +
            "an empty value, an empty text is \"\". Messages that cannot be decoded are left out, and counted.",
        "The copy of a channel keeps every record's bytes with its time, sequence number and checksum, and the " +
            "channel's format, schema, label, writer id, tick unit, timeout and creation time. Heartbeats and room " +
            "are left out, so positions are others. It is closed."},
    footer = {
        "%nExamples:",
        "  kekbit export trades.kekbit --format csv --template Trade --fields price,quantity -o trades.csv",
        "  kekbit export /dev/shm/channels trades --channel /data/archive",
        "  kekbit export trades.kekbit --from 2026-11-25 --to 2026-11-26 --channel /data --id 20261125"})
public final class ExportCommand implements Callable<Integer>
{
    private static final int RECORDS_PER_LOOK = 256;

    /**
     * What to write.
     */
    enum Format
    {
        /** An object in a line for each record. */
        JSON,
        /** A table. */
        CSV
    }

    /**
     * A file or a channel.
     */
    static final class Target
    {
        @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Write to this new file; standard output unless given.")
        private Path output;

        @Option(
            names = "--channel",
            paramLabel = "ROOT",
            description = "Write a new channel below this folder.")
        private Path root;
    }

    @Mixin
    private ChannelArgument channel;

    @Option(
        names = "--format",
        paramLabel = "FORMAT",
        description = "json: an object in a line for each record, as kekbit cat prints them (the default). csv: a " +
            "table.")
    private Format format;

    @ArgGroup
    private Target target = new Target();

    @Option(
        names = "--id",
        paramLabel = "ID",
        description = "The new channel's id, decimal or 0x and hexadecimal; the same as before unless given.")
    private String id;

    @Mixin
    private RecordOptions records;

    @Spec
    private CommandSpec command;

    private final Record record = new Record();
    private Notes notes;

    /**
     * Writes them.
     *
     * @return the status.
     * @throws IOException where that cannot be done.
     */
    @Override
    public Integer call() throws IOException
    {
        if (target.root != null && (format != null || !records.fields().isEmpty()))
        {
            throw new ParameterException(
                command.commandLine(), "--channel keeps records as they are: leave out --format and --fields");
        }
        if (target.root == null && id != null)
        {
            throw new ParameterException(command.commandLine(), "--id is for a new channel: add --channel=ROOT");
        }

        notes = new Notes(command);
        try (Interruption interruption = new Interruption();
            RecordWalk walk = new RecordWalk(
                StreamTarget.channel(channel.file()),
                records.from() == null ? Place.START : records.from(),
                records.to() == null ? Place.END : records.to(),
                records.isSuspectRead()))
        {
            final ChannelContent content = ChannelContent.of(walk.reader());
            final RecordFilter filter = new RecordFilter(content, records);
            if (target.root != null)
            {
                copy(walk, filter, interruption);
            }
            else
            {
                print(walk, content, filter, interruption);
            }
            // What could be read was written; that it is not all must not go unnoticed.
            walk.requireReadable();

            return ExitCodes.OK;
        }
    }

    private void print(
        final RecordWalk walk,
        final ChannelContent content,
        final RecordFilter filter,
        final Interruption interruption) throws IOException
    {
        if (content.problem() != null)
        {
            notes.accept(content.problem() + "; records are written as bytes");
        }
        final SchemaFields fields = new SchemaFields(filter.messages());
        final CsvPrinter table = format == Format.CSV ?
            new CsvPrinter(walk.reader(), content, fields.leaves(chosenFields(content))) : null;
        final RecordPrinter printer = table != null ? table : Printers.of(
            RecordFormat.JSON, content, fields, records.fields(), walk.reader().header().tickUnit());

        boolean isComplete = false;
        try (RecordOutput out = open())
        {
            if (table != null)
            {
                table.printHeader(out);
            }
            final Visit visit = () -> printer.print(record, out);
            isComplete = forEach(walk, filter, interruption, "export", visit, out);
        }
        finally
        {
            if (!isComplete && target.output != null)
            {
                // What is half written must not be taken for the whole.
                Files.deleteIfExists(target.output);
            }
        }
        if (table != null && table.leftOut() > 0)
        {
            notes.accept(
                table.leftOut() + " records cannot be decoded, and are not in the table. kekbit cat shows their bytes");
        }
    }

    private List<List<String>> chosenFields(final ChannelContent content)
    {
        if (!records.fields().isEmpty())
        {
            content.requireDecoder("--fields");
        }

        return records.fields();
    }

    private RecordOutput open() throws IOException
    {
        if (target.output == null)
        {
            return RecordOutput.standard();
        }
        try
        {
            return RecordOutput.to(
                Files.newOutputStream(target.output, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        }
        catch (final FileAlreadyExistsException ex)
        {
            // Not to be deleted when this fails.
            final Path existing = target.output;
            target.output = null;
            throw new CliException(
                ExitCodes.FAILED, "the file exists: " + existing + ". Name another, or remove it");
        }
    }

    private void copy(final RecordWalk walk, final RecordFilter filter, final Interruption interruption)
        throws IOException
    {
        final StreamReader reader = walk.reader();
        final long copyId = id == null ? reader.header().channelId() : parsedId();
        final long start = reader.position();
        final long end = walk.endNow();
        final ChannelCopy.Size size = new ChannelCopy.Size();
        final boolean isCounted = forEach(
            walk, filter, interruption, "measure", () -> size.add(ChannelCopy.contentLength(reader)), null);
        // What is written meanwhile is not in the size.
        final long measuredTo = Math.min(end, reader.position());
        final Path file = ChannelPath.file(target.root, copyId);
        boolean isComplete = false;
        boolean isCreated = false;
        if (!isCounted)
        {
            return;
        }
        try (ChannelCopy copy = new ChannelCopy(reader, target.root, copyId, size))
        {
            isCreated = true;
            walk.goTo(Place.at(start));
            walk.endBefore(measuredTo);
            isComplete = forEach(walk, filter, interruption, "copy", copy::append, null);
        }
        finally
        {
            if (isCreated && !isComplete)
            {
                Files.deleteIfExists(file);
            }
        }
        if (isComplete)
        {
            command.commandLine().getOut().println(
                size.records() + " records: channel=" + Long.toUnsignedString(copyId) + " file=" + file);
        }
    }

    /**
     * Do something for each record that is chosen.
     *
     * @return false where it was ended before all were seen.
     */
    private boolean forEach(
        final RecordWalk walk,
        final RecordFilter filter,
        final Interruption interruption,
        final String task,
        final Visit visit,
        final RecordOutput out) throws IOException
    {
        final long start = walk.reader().position();
        final long end = walk.endNow();
        long count = 0;
        try (Progress progress = new Progress(task, Math.max(1, end - start)))
        {
            while (walk.next())
            {
                if (filter.matches(record.set(walk.reader())))
                {
                    visit.accept();
                }
                if (++count % RECORDS_PER_LOOK == 0)
                {
                    progress.at(walk.reader().position() - start);
                    if (interruption.isPending() || out != null && out.isGone())
                    {
                        return false;
                    }
                }
            }
        }

        return true;
    }

    private long parsedId()
    {
        return ChannelArgument.parseId(id).orElseThrow(() -> new ParameterException(
            command.commandLine(), "--id=" + id + " is no id: a decimal number, or 0x and a hexadecimal one"));
    }

    /**
     * What to do for a record.
     */
    @FunctionalInterface
    private interface Visit
    {
        void accept() throws IOException;
    }
}
