package io.kekbit.cli.channels;

import io.kekbit.cli.support.ChannelArgument;
import io.kekbit.cli.support.ChannelTree;
import io.kekbit.cli.support.Colors;
import io.kekbit.cli.support.ExitCodes;
import io.kekbit.cli.support.JsonOption;
import io.kekbit.cli.support.StreamTarget;
import io.kekbit.cli.support.Units;
import io.kekbit.core.ChannelStatus;
import io.kekbit.core.Extension;
import io.kekbit.core.Header;
import io.kekbit.core.TerminalText;
import io.kekbit.core.layout.EnvelopeDescriptor;
import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.HeaderDescriptor;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.concurrent.UnsafeBuffer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * Shows everything that a channel or series says of itself.
 */
@Command(
    name = "info",
    description = {
        "Shows what a channel says of itself: header, extension, envelope, sections, index, and who holds its lock. " +
            "Of a series: its channels, record numbers, positions.",
        "Reads the file only, and scans at most what the index leaves open."},
    footer = {
        "%nExamples:",
        "  kekbit info /dev/shm/channels trades",
        "  kekbit info /dev/shm/channels/0000_0000/0000_002a.kekbit",
        "  kekbit info /data/channels ticks                          a series",
        "  kekbit info --json /dev/shm/channels 42 | jq .index"})
public final class InfoCommand implements Callable<Integer>
{
    private static final int NAME_WIDTH = 20;
    private static final UUID UNKNOWN_BOOT = new UUID(0, 0);

    @Mixin
    private ChannelArgument channel;

    @Mixin
    private JsonOption json;

    @Spec
    private CommandSpec command;

    private PrintWriter out;

    /**
     * Prints it.
     *
     * @return 0.
     * @throws IOException where the file cannot be read.
     */
    @Override
    public Integer call() throws IOException
    {
        final StreamTarget target = channel.target();
        if (target.isSeries())
        {
            SeriesInfo.print(command.commandLine().getOut(), target.path(), json.isJson());
            return ExitCodes.OK;
        }
        final Path file = target.path();
        final ChannelStatus status = ChannelStatus.of(file);
        final Content content = Content.of(file, status.extension());
        final UnsafeBuffer start = Content.bytes(file, 0, RecordDescriptor.RECORD_AREA_OFFSET);
        out = command.commandLine().getOut();
        if (json.isJson())
        {
            out.println(InfoJson.of(status, content, start, Files.size(file), isOfThisBoot(status.extension())));
            return ExitCodes.OK;
        }

        printState(status, content);
        printHeader(status, start);
        if (status.extension().isPresent())
        {
            printExtension(status, start);
            printSections(status, content, start);
        }
        else
        {
            heading("Extension");
            line("present", "no: made by the Rust crate, or by another program that keeps to its format");
        }

        return ExitCodes.OK;
    }

    private void printState(final ChannelStatus status, final Content content) throws IOException
    {
        final Header header = status.header();
        heading("Channel");
        line("file", status.file() + ", " + Units.count(Files.size(status.file())) + " bytes");
        line("state", States.coloured(States.name(status.state())) + ": " + States.meaning(status.state()));
        line("content", content.summary() + (content.problem() == null ?
            "" : ": " + Colors.out().alarm(TerminalText.escape(content.problem()))));
        line("used", Units.count(status.used()) + " of " + Units.count(header.capacity()) + " bytes, " +
            Units.percent(status.used(), header.capacity()));
        line("records", status.records().isPresent() ?
            Units.count(status.records().getAsLong()) : "not known without an index; kekbit stats counts them");
        line("last activity", Units.instant(status.lastActivity()) + ", " +
            Units.age(status.lastActivity(), Instant.now()));
        line("lock held by", lockHolder(status));
        for (final String problem : problems(status))
        {
            line("problem", Colors.out().alarm(TerminalText.escape(problem)));
        }
        out.println();
    }

    private void printHeader(final ChannelStatus status, final UnsafeBuffer start)
    {
        final Header header = status.header();
        final long version = start.getLong(HeaderDescriptor.VERSION_OFFSET, LITTLE_ENDIAN);
        heading("Header");
        line("format version", InfoJson.version(version));
        line("channel id", Long.toUnsignedString(header.channelId()) + ", 0x" +
            Long.toHexString(header.channelId()));
        line("writer id", Long.toUnsignedString(header.writerId()));
        line("capacity", Units.count(header.capacity()) + " bytes, " + Units.bytes(header.capacity()));
        line("longest record", Units.count(header.maxMessageLength()) + " bytes of content");
        line("timeout", Units.duration(header.tickUnit().toNanos(header.timeout())));
        line("created", Units.instant(header.tickUnit().toInstant(header.creationTime())));
        line("tick unit", header.tickUnit().name().toLowerCase(Locale.ROOT));
        out.println();
    }

    private void printExtension(final ChannelStatus status, final UnsafeBuffer start)
    {
        final Extension extension = status.extension();
        heading("Extension");
        line("label", extension.label().isEmpty() ? "none" : TerminalText.escape(extension.label()));
        line("format", "0x" + Long.toHexString(extension.formatId()) + ", " +
            (extension.mediaType().isEmpty() ? "no media type" : TerminalText.escape(extension.mediaType())));
        line("envelope", envelope(extension));
        line("writers so far", Long.toUnsignedString(extension.writerEpoch()));
        line("last writer", "process " + extension.processId() + (extension.processStartMs() <= 0 ?
            "" : ", started " + Units.instant(Instant.ofEpochMilli(extension.processStartMs()))));
        line("its boot", extension.bootId().equals(UNKNOWN_BOOT) ? "not known" :
            extension.bootId() + (isOfThisBoot(extension) ? ", this one" : ", not this one"));
        line("durable position", status.durablePosition().isPresent() ?
            Units.count(status.durablePosition().getAsLong()) + ": all below it was forced to the device" :
            "not known");
        final long streamId = start.getLong(ExtensionDescriptor.STREAM_ID_OFFSET, LITTLE_ENDIAN);
        if (streamId != 0)
        {
            line("series", "stream " + Long.toUnsignedString(streamId) + ", channel " +
                Long.toUnsignedString(start.getLong(ExtensionDescriptor.ORDINAL_OFFSET, LITTLE_ENDIAN)) + " of it, " +
                Long.toUnsignedString(start.getLong(ExtensionDescriptor.FIRST_RECORD_NUMBER_OFFSET, LITTLE_ENDIAN)) +
                " records before");
        }
        out.println();
    }

    private void printSections(final ChannelStatus status, final Content content, final UnsafeBuffer start)
    {
        final Extension extension = status.extension();
        heading("Sections");
        line("schema", extension.schemaLength() == 0 ? "none" :
            Units.count(extension.schemaLength()) + " bytes at " + Units.count(extension.schemaOffset()) +
                " of the file" + (content.sbe() == null ? "" : "; kekbit schema shows it"));
        line("index", extension.indexCapacity() == 0 ? "none" :
            Units.count(start.getLong(ExtensionDescriptor.INDEX_COUNT_OFFSET, LITTLE_ENDIAN)) + " of " +
                Units.count(extension.indexCapacity()) + " entries, " + Units.count(extension.indexStride()) +
                " bytes of records to an entry at the least, at " + Units.count(extension.indexOffset()) +
                " of the file");
        if (extension.indexCapacity() > 0)
        {
            final long time = start.getLong(ExtensionDescriptor.TAIL_HINT_TIME_OFFSET, LITTLE_ENDIAN);
            line("tail hint", "position " +
                Units.count(start.getLong(ExtensionDescriptor.TAIL_HINT_OFFSET, LITTLE_ENDIAN)) + " at " +
                Units.instant(status.header().tickUnit().toInstant(time)));
        }
    }

    private static List<String> problems(final ChannelStatus status)
    {
        final List<String> problems = new ArrayList<>(status.problems());
        final OptionalLong named = ChannelTree.channelId(status.file());
        if (named.isPresent() && named.getAsLong() != status.header().channelId())
        {
            problems.add("the file is named as channel " + Long.toUnsignedString(named.getAsLong()) +
                ": it was moved or copied, and programs that open it by id refuse it");
        }

        return problems;
    }

    private static String lockHolder(final ChannelStatus status)
    {
        if (status.writerProcess().isEmpty())
        {
            return "nobody";
        }
        final long pid = status.writerProcess().getAsLong();

        return "process " + pid + ProcessHandle.of(pid)
            .flatMap((process) -> process.info().command())
            .map((name) -> ", " + TerminalText.escape(name))
            .orElse(", which cannot be seen from here");
    }

    private static String envelope(final Extension extension)
    {
        final String names = InfoJson.envelope(extension).stream().collect(Collectors.joining(", "));
        if (names.isEmpty())
        {
            return "none";
        }
        for (final byte code : extension.envelope())
        {
            if (code == (byte)EnvelopeDescriptor.APPLICATION)
            {
                return names + "; what an application added cannot be seen through";
            }
        }

        return names;
    }

    private static boolean isOfThisBoot(final Extension extension)
    {
        try
        {
            return extension.bootId().toString().equals(
                Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).trim());
        }
        catch (final IOException ex)
        {
            // Not Linux: the state tells it.
            return false;
        }
    }

    private void heading(final String text)
    {
        out.println(Colors.out().heading(text));
    }

    private void line(final String name, final String value)
    {
        out.println("  " + Colors.out().faint(name) + " ".repeat(NAME_WIDTH - name.length()) + value);
    }
}
