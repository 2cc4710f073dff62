package io.kekbit.cli.support;

import io.kekbit.core.TerminalText;
import io.kekbit.core.layout.ChannelPath;
import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.concurrent.UnsafeBuffer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * Which channel or series a command is about: a channel's file, or the root folder and an id or label; the folder of a
 * series, or the root folder and its name. To be mixed into commands.
 */
public final class ChannelArgument
{
    private static final int MAX_IDS_SHOWN = 5;

    @Parameters(
        index = "0",
        paramLabel = "CHANNEL",
        description = {
            "The channel: its file; or the root folder of channels, followed by an id.",
            "Or a series of channels: its folder; or the root folder, followed by its name.",
            "kekbit list ROOT shows what is there."})
    private Path place;

    @Parameters(
        index = "1",
        arity = "0..1",
        paramLabel = "ID",
        description = "With a root folder: the channel's id, decimal or 0x and hexadecimal, or its label; or the " +
            "name of a series.")
    private String id;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /**
     * Find the file of a single channel. It need not be one that can be read.
     *
     * @return the file.
     * @throws CliException       where there is none, or a series was named.
     * @throws ParameterException where what was given cannot name a channel.
     * @throws IOException        where the root cannot be read.
     */
    public Path file() throws IOException
    {
        final StreamTarget target = target();
        if (target.isSeries())
        {
            throw new CliException(
                ExitCodes.USAGE,
                "a series, and this is for single channels: " + target.path() + ". Add the id of one of its " +
                    "channels to that folder; kekbit list " + target.path() + " shows them");
        }

        return target.path();
    }

    /**
     * Find the channel's file or the folder of the series. It need not be one that can be read.
     *
     * @return the channel or series.
     * @throws CliException       where there is none.
     * @throws ParameterException where what was given cannot name one.
     * @throws IOException        where the root cannot be read.
     */
    public StreamTarget target() throws IOException
    {
        if (place.toString().isEmpty())
        {
            // As of a shell's variable that is not set; to Java it is the current folder.
            throw new ParameterException(command.commandLine(), "the name of the channel is empty");
        }
        if (id == null)
        {
            return SeriesTree.isSeries(place) ? StreamTarget.series(place) : StreamTarget.channel(fileItself());
        }
        if (!Files.isDirectory(place))
        {
            if (Files.exists(place, LinkOption.NOFOLLOW_LINKS))
            {
                throw new ParameterException(
                    command.commandLine(), "an id needs a root folder before it, and " + place + " is a file");
            }
            throw new CliException(ExitCodes.NO_CHANNEL, "no such folder: " + place + ". Check its name");
        }

        final OptionalLong number = parseId(id);
        if (number.isPresent())
        {
            final Path file = ChannelPath.file(place, number.getAsLong());
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS))
            {
                return StreamTarget.channel(file);
            }
        }
        if (isName(id) && SeriesTree.isSeries(place.resolve(id)))
        {
            return StreamTarget.series(place.resolve(id));
        }

        return StreamTarget.channel(labelled());
    }

    /**
     * A channel's id as people may write it.
     *
     * @param text decimal, or 0x and hexadecimal.
     * @return the id, unsigned; empty where the text is no such number.
     */
    public static OptionalLong parseId(final String text)
    {
        try
        {
            return OptionalLong.of(text.startsWith("0x") || text.startsWith("0X") ?
                Long.parseUnsignedLong(text.substring(2).replace("_", ""), 16) : Long.parseUnsignedLong(text));
        }
        catch (final NumberFormatException ex)
        {
            return OptionalLong.empty();
        }
    }

    private static boolean isName(final String text)
    {
        // A label can hold what a path cannot.
        return !text.isEmpty() && text.indexOf('/') < 0 && text.indexOf('\0') < 0;
    }

    private Path fileItself()
    {
        if (Files.isDirectory(place))
        {
            throw new CliException(
                ExitCodes.NO_CHANNEL,
                "a folder, and neither a channel nor a series: " + place + ". Add the id or label of a channel in " +
                    "it; kekbit list " + place + " shows them");
        }
        if (Files.notExists(place, LinkOption.NOFOLLOW_LINKS))
        {
            throw new CliException(ExitCodes.NO_CHANNEL, "no such file: " + place + ". Check its name");
        }

        return place;
    }

    private Path labelled() throws IOException
    {
        final List<Path> found = new ArrayList<>();
        final List<IOException> problems = new ArrayList<>();
        for (final Path file : ChannelTree.files(place, problems::add))
        {
            if (id.equals(label(file)))
            {
                found.add(file);
            }
        }
        if (found.isEmpty() && !problems.isEmpty())
        {
            throw problems.get(0);
        }
        if (found.isEmpty())
        {
            throw new CliException(
                ExitCodes.NO_CHANNEL,
                "no channel with id or label '" + id + "' below " + place + ", and no series of that name. kekbit " +
                    "list " + place + " shows those that are there");
        }
        if (found.size() > 1)
        {
            final String ids = found.stream()
                .limit(MAX_IDS_SHOWN)
                .map((file) -> Long.toUnsignedString(ChannelTree.channelId(file).orElse(0)))
                .collect(Collectors.joining(", "));
            throw new CliException(
                ExitCodes.USAGE,
                found.size() + " channels have the label '" + TerminalText.escape(id) + "': ids " + ids +
                    (found.size() > MAX_IDS_SHOWN ? ", ..." : "") + ". Say which by its id");
        }

        return found.get(0);
    }

    /**
     * The label of a channel, without opening the channel; empty where it has none or the file cannot be read.
     */
    private static String label(final Path file)
    {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
        {
            return "";
        }
        try (InputStream in = Files.newInputStream(file))
        {
            final byte[] start = in.readNBytes(RecordDescriptor.RECORD_AREA_OFFSET);
            final UnsafeBuffer buffer = new UnsafeBuffer(start);
            return start.length < RecordDescriptor.RECORD_AREA_OFFSET || !ExtensionDescriptor.isPresent(buffer) ? "" :
                ExtensionDescriptor.text(
                    buffer, ExtensionDescriptor.LABEL_OFFSET, ExtensionDescriptor.LABEL_LENGTH);
        }
        catch (final IOException ex)
        {
            // Another channel may still have the label that is looked for.
            return "";
        }
    }
}
