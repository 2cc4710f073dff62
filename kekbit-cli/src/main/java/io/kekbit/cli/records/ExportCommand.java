package io.kekbit.cli.records;

import io.kekbit.cli.support.ChannelArgument;
import io.kekbit.cli.support.CliException;
import io.kekbit.cli.support.ExitCodes;
import io.kekbit.cli.support.Progress;
import io.kekbit.cli.support.StreamTarget;
import io.kekbit.core.TickUnit;
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
import java.util.function.Consumer;

/**
 * Takes the records of a channel or series elsewhere: to JSON lines, to a table, or to another channel.
 */
@Command(
    name = "export",
    description = {
        "Writes the records of a channel or series as JSON lines, as CSV, or as a channel of their own that is no " +
            "larger than it has to be.",
        "CSV has one row for each innermost entry of a message's groups, with the values around it repeated; null is " +
            "an empty value, an empty text is \"\". Messages that cannot be decoded are left out, and counted.",
        "The copy of a channel keeps every record's bytes with its time, sequence number and checksum, and the " +
            "channel's format, schema, label, writer id, tick unit, timeout and creation time. Heartbeats and room " +
            "are left out, so positions are others. It is closed. Of a series, all channels have to be of one schema."},
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
        final StreamTarget source = channel.target();
        final StreamContents contents = StreamContents.of(source, records.isSuspectRead());
        try (Interruption interruption = new Interruption();
            RecordWalk walk = new RecordWalk(
                source,
                records.from() == null ? Place.START : records.from(),
                records.to() == null ? Place.END : records.to(),
                records.isSuspectRead()))
        {
            final Selection selection = new Selection(walk.reader(), contents, records);
            if (target.root != null)
            {
                requireOneContent(source, contents);
                copy(walk, selection, interruption);
            }
            else
            {
                print(walk, contents, selection, interruption);
            }
            // What could be read was written; that it is not all must not go unnoticed.
            walk.requireReadable();

            return ExitCodes.OK;
        }
    }

    private static void requireOneContent(final StreamTarget source, final StreamContents contents)
    {
        if (!contents.areSame())
        {
            throw new CliException(
                ExitCodes.FAILED,
                "the channels of the series differ in their schema or envelope, and a channel has one: " +
                    source.path() + ". Add the id of one of its channels to that folder; kekbit list " +
                    source.path() + " shows them");
        }
    }

    private void print(
        final RecordWalk walk,
        final StreamContents contents,
        final Selection selection,
        final Interruption interruption) throws IOException
    {
        final SchemaFields fields = new SchemaFields(selection.filter.messages());
        final TickUnit unit = walk.reader().header().tickUnit();
        final CsvPrinter table = format == Format.CSV ?
            new CsvPrinter(unit, contents, fields.leaves(chosenFields(selection.content))) : null;
        final RecordPrinter[] printer = {table};
        selection.onContent((content) ->
        {
            if (content.problem() != null)
            {
                notes.accept(content.problem() + "; records are written as bytes");
            }
            if (table == null)
            {
                printer[0] = Printers.of(RecordFormat.JSON, content, fields, records.fields(), unit);
            }
            else
            {
                table.content(content);
            }
        });

        boolean isComplete = false;
        try (RecordOutput out = open())
        {
            if (table != null)
            {
                table.printHeader(out);
            }
            final Visit visit = () -> printer[0].print(record, out);
            isComplete = forEach(walk, selection, interruption, "export", visit, out);
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

    private void copy(final RecordWalk walk, final Selection selection, final Interruption interruption)
        throws IOException
    {
        final StreamReader reader = walk.reader();
        final long copyId = id == null ? reader.header().channelId() : parsedId();
        final long start = reader.position();
        final long end = walk.endNow();
        final VerbatimWriter.Size size = new VerbatimWriter.Size();
        final boolean isCounted = forEach(
            walk, selection, interruption, "measure", () -> size.add(VerbatimWriter.contentLength(reader)), null);
        // What is written meanwhile is not in the size.
        final long measuredTo = Math.min(end, reader.position());
        final Path file = ChannelPath.file(target.root, copyId);
        boolean isComplete = false;
        boolean isCreated = false;
        if (!isCounted)
        {
            return;
        }
        walk.goTo(Place.at(start));
        walk.endBefore(measuredTo);
        try (VerbatimWriter copy = new VerbatimWriter(reader, target.root, copyId, size))
        {
            isCreated = true;
            isComplete = forEach(walk, selection, interruption, "copy", copy::append, null);
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
        final Selection selection,
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
                if (selection.matches(record.set(walk.reader())))
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
     * Says which records are chosen, in every channel as that describes them.
     */
    private static final class Selection
    {
        private final StreamReader reader;
        private final StreamContents contents;
        private final RecordOptions options;
        private Consumer<ChannelContent> onContent = (content) -> {};
        private ChannelContent content;
        private RecordFilter filter;
        private long ordinal;

        Selection(final StreamReader reader, final StreamContents contents, final RecordOptions options)
        {
            this.reader = reader;
            this.contents = contents;
            this.options = options;
            understand();
        }

        /**
         * Say who is to know what the records are: now, and whenever they are something else.
         */
        void onContent(final Consumer<ChannelContent> listener)
        {
            onContent = listener;
            listener.accept(content);
        }

        boolean matches(final Record stoodOn)
        {
            if (reader.ordinal() != ordinal)
            {
                final ChannelContent before = content;
                understand();
                if (content != before)
                {
                    onContent.accept(content);
                }
            }

            return filter.matches(stoodOn);
        }

        private void understand()
        {
            ordinal = reader.ordinal();
            final ChannelContent here = contents.of(reader);
            if (here != content)
            {
                content = here;
                filter = new RecordFilter(here, contents, options);
            }
        }
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
