package io.kekbit.cli.aeron;

import io.kekbit.cli.support.Amounts;
import io.kekbit.cli.support.ChannelArgument;
import io.kekbit.core.DataFormat;
import io.kekbit.core.EnvelopeWriter;
import io.kekbit.core.Header;
import io.kekbit.core.ShmWriter;
import io.kekbit.core.ShmWriterBuilder;
import io.kekbit.core.TickUnit;
import io.kekbit.core.WriteHandler;
import io.kekbit.core.handlers.ChecksumHandler;
import io.kekbit.core.handlers.SequenceHandler;
import io.kekbit.core.handlers.TimestampHandler;
import io.kekbit.core.layout.ChannelPath;
import io.kekbit.core.layout.HeaderDescriptor;
import io.kekbit.core.series.RollCycle;
import io.kekbit.core.series.SeriesWriter;
import io.kekbit.core.series.SeriesWriterBuilder;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Which channel or series to write to, that is there already or is to be made, and what it is to be like. To be mixed
 * into commands.
 */
public final class TargetArgument
{
    /**
     * What can stand around every payload.
     */
    enum Around
    {
        /** When it was recorded. */
        TIME,
        /** A number. */
        SEQUENCE,
        /** A checksum. */
        CRC32C,
        /** Nothing. */
        NONE
    }

    @Parameters(
        index = "0",
        paramLabel = "ROOT",
        description = "The root folder of channels, made where it does not exist. With --series it may be the folder " +
            "of the series itself.")
    private Path root;

    @Parameters(
        index = "1",
        arity = "0..1",
        paramLabel = "ID",
        description = "The id of the channel, decimal or 0x and hexadecimal; with --series the name of the series. " +
            "What exists is gone on with, unless it is a channel that was closed.")
    private String id;

    @Option(names = "--series", description = "Into a series, which goes on in another channel when one is full.")
    private boolean isSeries;

    @Option(
        names = "--roll",
        paramLabel = "WHEN",
        description = "Of a series: when_full, hourly or daily (UTC).")
    private RollCycle rollCycle;

    @Option(
        names = "--capacity",
        paramLabel = "SIZE",
        converter = Amounts.SizeConverter.class,
        defaultValue = "256m",
        description = "Bytes for records, in each channel: 256m unless given. The disk space is taken at once.")
    private long capacity;

    @Option(
        names = "--max-message-length",
        paramLabel = "SIZE",
        converter = Amounts.SizeConverter.class,
        description = "The longest message; at most about the 128th part of the capacity, 64k or that unless given.")
    private Long maxMessageLength;

    @Option(names = "--label", paramLabel = "TEXT", defaultValue = "", description = "What people call the channel.")
    private String label;

    @Option(
        names = "--envelope",
        paramLabel = "WHAT",
        split = ",",
        description = "What to record beside each message: time (when it was recorded, which kekbit replay needs for " +
            "the pace; this unless given), sequence, crc32c; none for nothing.")
    private List<Around> envelope = new ArrayList<>(List.of(Around.TIME));

    @Option(
        names = "--discard-suspect",
        description = "Where the machine was restarted since: give up what was never forced to the device, and go on.")
    private boolean isDiscardingSuspect;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /**
     * Create the channel or series, or go on with it.
     *
     * @param format of the content.
     * @param notes  takes what the user should know.
     * @return what to write with.
     * @throws ParameterException                         where the command line makes no sense.
     * @throws io.kekbit.core.exceptions.ChannelException where it can neither be created nor gone on with.
     */
    TargetWriter open(final DataFormat format, final Consumer<String> notes)
    {
        return isSeries ? openSeries(format, notes) : openChannel(format, notes);
    }

    private TargetWriter openChannel(final DataFormat format, final Consumer<String> notes)
    {
        final OptionalLong channelId = id == null ? OptionalLong.empty() : ChannelArgument.parseId(id);
        if (channelId.isEmpty())
        {
            throw usage(
                id == null ? "the id of the channel is missing" :
                    "\"" + id + "\" is no id of a channel, which is a number. For a series of that name add --series");
        }
        if (rollCycle != null)
        {
            throw usage("--roll is for a series: add --series");
        }
        final Path file = ChannelPath.file(root, channelId.getAsLong());
        final Header header = Header.builder()
            .channelId(channelId.getAsLong())
            .capacity(capacity)
            .maxMessageLength(maxLength())
            .build();
        final boolean isThere = Files.exists(file, LinkOption.NOFOLLOW_LINKS);
        final ShmWriterBuilder<DataFormat> builder = ShmWriter
            .builder(root, header, format)
            .label(label)
            .discardSuspect(isDiscardingSuspect);
        final WriteHandler[] handlers = handlers();
        final TargetWriter opened = handlers.length == 0 ?
            new TargetWriter(builder.createOrResume(), file, null) :
            new TargetWriter(EnvelopeWriter.createOrResume(builder, handlers), file, null);
        if (isThere)
        {
            notes.accept("going on with the channel as it is: " + file);
        }

        return opened;
    }

    private TargetWriter openSeries(final DataFormat format, final Consumer<String> notes)
    {
        if (id != null && (id.isEmpty() || id.contains("/")))
        {
            throw usage("\"" + id + "\" cannot be the name of a series");
        }
        final Path folder = (id == null ? root : root.resolve(id)).toAbsolutePath().normalize();
        if (folder.getParent() == null)
        {
            throw usage("the name of the series is missing");
        }
        final boolean isThere = Files.exists(folder, LinkOption.NOFOLLOW_LINKS);
        final SeriesWriterBuilder<DataFormat> builder = SeriesWriter
            .builder(folder.getParent(), folder.getFileName().toString(), format)
            .capacity(capacity)
            .maxMessageLength(maxLength())
            .label(label)
            .handlers(handlers())
            .discardSuspect(isDiscardingSuspect);
        if (rollCycle != null)
        {
            builder.rollCycle(rollCycle);
        }
        final SeriesWriter<DataFormat> writer = builder.open();
        if (isThere)
        {
            notes.accept("going on with the series, at record #" + writer.nextRecordNumber() + ": " + folder);
        }

        return new TargetWriter(writer, folder, writer.agent());
    }

    private long maxLength()
    {
        if (maxMessageLength != null)
        {
            // The user thinks of his messages.
            return maxMessageLength + around().stream().mapToInt(TargetArgument::length).sum();
        }
        final long alignedCapacity = Math.max(HeaderDescriptor.MIN_CAPACITY, capacity);

        return Math.min(
            SeriesWriterBuilder.DEFAULT_MAX_MESSAGE_LENGTH,
            HeaderDescriptor.greatestMaxRecordLength((int)Math.min(alignedCapacity, HeaderDescriptor.MAX_CAPACITY)));
    }

    private WriteHandler[] handlers()
    {
        return around().stream()
            .map((one) -> switch (one)
            {
                case TIME -> new TimestampHandler(TickUnit.NANOS);
                case SEQUENCE -> new SequenceHandler();
                default -> new ChecksumHandler();
            })
            .toArray(WriteHandler[]::new);
    }

    private Set<Around> around()
    {
        final Set<Around> around = EnumSet.copyOf(envelope);
        if (around.remove(Around.NONE) && !around.isEmpty())
        {
            throw usage("--envelope=none goes with nothing else");
        }

        return around;
    }

    private static int length(final Around one)
    {
        return one == Around.CRC32C ? Integer.BYTES : Long.BYTES;
    }

    private ParameterException usage(final String text)
    {
        return new ParameterException(command.commandLine(), text);
    }
}
