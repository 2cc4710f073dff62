package io.kekbit.cli.support;

import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.HeaderDescriptor;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * The series below a root folder, and the channels of each, by what the files say of themselves.
 */
public final class SeriesTree
{
    private static final Pattern FOLDER_OF_CHANNELS = Pattern.compile("[0-9a-f]{4}_[0-9a-f]{4}");

    /**
     * A channel of a series.
     *
     * @param file              of the channel.
     * @param ordinal           of the channel in its series, from 0.
     * @param streamId          of the series; 0 where the channel is made ready and not used yet.
     * @param firstRecordNumber how many records the channels before it had.
     * @param length            of the file in bytes.
     */
    public record Channel(Path file, long ordinal, long streamId, long firstRecordNumber, long length)
    {
        /**
         * Whether the channel is part of the stream, and not only made ready.
         *
         * @return true if it is.
         */
        public boolean isPublished()
        {
            return streamId != 0;
        }
    }

    private SeriesTree()
    {
    }

    /**
     * Whether a folder is that of a series.
     *
     * @param folder that may be one.
     * @return true where one of its channels says that it belongs to a series.
     * @throws IOException where the folder cannot be read.
     */
    public static boolean isSeries(final Path folder) throws IOException
    {
        final Path name = folder.toAbsolutePath().normalize().getFileName();

        return name != null && !name.toString().startsWith(".") &&
            !FOLDER_OF_CHANNELS.matcher(name.toString()).matches() && Files.isDirectory(folder) &&
            channels(folder).stream().anyMatch(Channel::isPublished);
    }

    /**
     * All series below a root.
     *
     * @param root     folder of series.
     * @param problems takes what is wrong with a folder in it that cannot be read: it is left out.
     * @return their folders, by name.
     * @throws IOException where the root cannot be read.
     */
    public static List<Path> below(final Path root, final Consumer<IOException> problems) throws IOException
    {
        final List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root))
        {
            for (final Path entry : entries)
            {
                try
                {
                    if (isSeries(entry))
                    {
                        found.add(entry);
                    }
                }
                catch (final IOException ex)
                {
                    problems.accept(ex);
                }
            }
        }
        catch (final DirectoryIteratorException ex)
        {
            throw ex.getCause();
        }
        found.sort(null);

        return found;
    }

    /**
     * The channels of a series, and the one that is made ready. What is no channel of a series is left out.
     *
     * @param series folder of the series.
     * @return the channels by their ordinals.
     * @throws IOException where the folder cannot be read.
     */
    public static List<Channel> channels(final Path series) throws IOException
    {
        final List<Channel> channels = new ArrayList<>();
        final List<IOException> problems = new ArrayList<>();
        for (final Path file : ChannelTree.files(series, problems::add))
        {
            final Channel channel = channel(file);
            if (channel != null && channel.ordinal() + 1 == ChannelTree.channelId(file).orElse(0))
            {
                channels.add(channel);
            }
        }

        if (!problems.isEmpty())
        {
            throw problems.get(0);
        }

        return channels;
    }

    /**
     * The channels of a series that are part of the stream.
     *
     * @param series folder of the series.
     * @return the channels by their ordinals.
     * @throws CliException where there is none.
     * @throws IOException  where the folder cannot be read.
     */
    public static List<Channel> published(final Path series) throws IOException
    {
        final List<Channel> published = channels(series).stream().filter(Channel::isPublished).toList();
        if (published.isEmpty())
        {
            throw new CliException(ExitCodes.NO_CHANNEL, "no channel of a series below " + series);
        }

        return published;
    }

    private static Channel channel(final Path file) throws IOException
    {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
        {
            return null;
        }
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS))
        {
            final byte[] start = in.readNBytes(RecordDescriptor.RECORD_AREA_OFFSET);
            final UnsafeBuffer buffer = new UnsafeBuffer(start);
            if (start.length < RecordDescriptor.RECORD_AREA_OFFSET || !ExtensionDescriptor.isPresent(buffer) ||
                buffer.getLong(HeaderDescriptor.SIGNATURE_OFFSET, LITTLE_ENDIAN) != HeaderDescriptor.SIGNATURE)
            {
                return null;
            }

            return new Channel(
                file,
                buffer.getLong(ExtensionDescriptor.ORDINAL_OFFSET, LITTLE_ENDIAN),
                buffer.getLong(ExtensionDescriptor.STREAM_ID_OFFSET, LITTLE_ENDIAN),
                buffer.getLong(ExtensionDescriptor.FIRST_RECORD_NUMBER_OFFSET, LITTLE_ENDIAN),
                Files.size(file));
        }
        catch (final NoSuchFileException ex)
        {
            // Deleted meanwhile, to keep the series within its bounds.
            return null;
        }
    }
}
