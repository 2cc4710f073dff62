package io.kekbit.core.series;

import io.kekbit.core.TickUnit;
import io.kekbit.core.exceptions.ChannelAccessException;
import io.kekbit.core.exceptions.SeriesSealedException;
import io.kekbit.core.layout.ChannelPath;
import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.HeaderDescriptor;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the channels of a series lie. A channel is found by its ordinal without a list; which ones there are is listed
 * only to find the first and the last.
 */
class SeriesFolder
{
    private static final Pattern CHANNEL_FILE = Pattern.compile("([0-9a-f]{4})_([0-9a-f]{4})\\.kekbit");
    private static final Pattern WRITER_FILE = Pattern.compile("([0-9a-f]{4})_([0-9a-f]{4})\\.writer");
    private static final Pattern FOLDER_OF_CHANNELS = Pattern.compile("[0-9a-f]{4}_[0-9a-f]{4}");
    private static final int HEX = 16;
    private static final int MAX_TRIES = 100;
    private static final int BLOCK_LENGTH = 8 * 1024;

    /**
     * What a channel says of its place in a series.
     *
     * @param streamId          of the series; 0 where the channel is made ready only.
     * @param ordinal           in the series.
     * @param firstRecordNumber number of records in the channels before it.
     * @param length            of the file in bytes.
     * @param isClosed          whether its writer closed it.
     * @param lastTimeMs        when its writer was last known to be alive, in milliseconds since 1970-01-01T00:00Z; of
     *                          a closed channel, when it was closed.
     */
    record Head(
        long streamId, long ordinal, long firstRecordNumber, long length, boolean isClosed, long lastTimeMs)
    {
        boolean isPublished()
        {
            return streamId != 0;
        }
    }

    private final Path root;
    private final Path path;
    private final Path channels;

    SeriesFolder(final Path root, final String name)
    {
        this.root = Objects.requireNonNull(root, "root");
        final Path relative = Path.of(name);
        if (name.isEmpty() || name.startsWith(".") || relative.isAbsolute() || relative.getNameCount() != 1 ||
            !relative.toString().equals(name) || FOLDER_OF_CHANNELS.matcher(name).matches())
        {
            throw new IllegalArgumentException(
                "name=\"" + name + "\". A series has the name of its folder: one name, which does not begin with a " +
                    "dot, and is not one of those that folders of channels have.");
        }
        path = root.resolve(name);
        channels = file(0).getParent();
    }

    Path root()
    {
        return root;
    }

    /**
     * The folder of the series, which is the root of its channels.
     */
    Path path()
    {
        return path;
    }

    static long channelId(final long ordinal)
    {
        return ordinal + 1;
    }

    Path file(final long ordinal)
    {
        return ChannelPath.file(path, channelId(ordinal));
    }

    /**
     * The ordinals of all channels there are, be they published or made ready.
     *
     * @return them in ascending order.
     */
    long[] ordinals()
    {
        return ordinals(CHANNEL_FILE);
    }

    /**
     * The first channel that there is. The oldest ones may be deleted at any moment, also between being listed and
     * being looked at.
     *
     * @return its ordinal, or -1 where there is none.
     */
    long first()
    {
        long[] ordinals = ordinals();
        for (int tries = 0; tries < MAX_TRIES && ordinals.length > 0; tries++)
        {
            for (final long ordinal : ordinals)
            {
                final Head head = head(ordinal);
                if (head != null)
                {
                    return head.isPublished() ? ordinal : -1;
                }
            }
            // All of them were deleted meanwhile, and others made.
            ordinals = ordinals();
        }

        return -1;
    }

    /**
     * The last channel that is published.
     *
     * @return its ordinal, or -1 where there is none.
     */
    long last()
    {
        final long[] ordinals = ordinals();
        int i = ordinals.length - 1;
        while (i >= 0 && !isPublished(ordinals[i]))
        {
            i--;
        }

        return i < 0 ? -1 : ordinals[i];
    }

    /**
     * What a channel says of its place. Nothing is mapped.
     *
     * @return that, or null where there is no such channel, or none with an extension.
     */
    Head head(final long ordinal)
    {
        final Path file = file(ordinal);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
        {
            return null;
        }

        final ByteBuffer bytes = ByteBuffer.allocate(RecordDescriptor.RECORD_AREA_OFFSET);
        final long length;
        final ByteBuffer tail = ByteBuffer.allocate(Long.BYTES);
        // Else an interrupt that was pending would close the file.
        final boolean wasInterrupted = Thread.interrupted();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))
        {
            length = channel.size();
            while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) > 0)
            {
                // A read may be short.
                continue;
            }
            // A writer that closes a channel leaves the hint at its very end.
            final long tailHint =
                bytes.hasRemaining() ? -1 : getLong(new UnsafeBuffer(bytes), ExtensionDescriptor.TAIL_HINT_OFFSET);
            if (tailHint >= 0 && tailHint < length)
            {
                channel.read(tail, RecordDescriptor.RECORD_AREA_OFFSET + tailHint);
            }
        }
        catch (final NoSuchFileException ex)
        {
            return null;
        }
        catch (final IOException ex)
        {
            throw new ChannelAccessException(file, "look at the channel", ex);
        }
        finally
        {
            if (wasInterrupted)
            {
                Thread.currentThread().interrupt();
            }
        }

        final UnsafeBuffer buffer = new UnsafeBuffer(bytes.array());
        if (bytes.hasRemaining() || !ExtensionDescriptor.isPresent(buffer) ||
            getLong(buffer, HeaderDescriptor.SIGNATURE_OFFSET) != HeaderDescriptor.SIGNATURE)
        {
            return null;
        }

        final TickUnit tickUnit = TickUnit.fromCode(HeaderDescriptor.tickUnit(buffer));
        final long lastTime = getLong(buffer, ExtensionDescriptor.TAIL_HINT_TIME_OFFSET);

        return new Head(
            getLong(buffer, ExtensionDescriptor.STREAM_ID_OFFSET),
            getLong(buffer, ExtensionDescriptor.ORDINAL_OFFSET),
            getLong(buffer, ExtensionDescriptor.FIRST_RECORD_NUMBER_OFFSET),
            length,
            getLong(new UnsafeBuffer(tail.array()), 0) == RecordDescriptor.CLOSE,
            tickUnit == null ? Long.MAX_VALUE : TimeUnit.NANOSECONDS.toMillis(tickUnit.toNanos(lastTime)));
    }

    /**
     * Tell anew how many records there are before a channel. The caller holds the lock of the series, and the channel's
     * writer is dead.
     */
    void putFirstRecordNumber(final long ordinal, final long number)
    {
        final Path file = file(ordinal);
        final ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(0, number);
        final boolean wasInterrupted = Thread.interrupted();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS))
        {
            channel.write(bytes, ExtensionDescriptor.FIRST_RECORD_NUMBER_OFFSET);
        }
        catch (final IOException ex)
        {
            throw new ChannelAccessException(file, "number the channel", ex);
        }
        finally
        {
            if (wasInterrupted)
            {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * The bytes that a channel's file takes.
     *
     * @return them, or 0 where there is none.
     */
    long length(final long ordinal)
    {
        // Answers 0 as well.
        return file(ordinal).toFile().length();
    }

    /**
     * The bytes of the file system that nothing stands in, also those that not everybody may use.
     *
     * @return them, or 0 where that is not known.
     */
    long freeSpace()
    {
        return channels.toFile().getFreeSpace();
    }

    boolean isPublished(final long ordinal)
    {
        final Head head = head(ordinal);

        return head != null && head.isPublished();
    }

    /**
     * Whether there is anything but heartbeats in a channel, whatever its header says. Nothing is mapped.
     */
    boolean holdsRecord(final long ordinal)
    {
        final Path file = file(ordinal);
        final ByteBuffer bytes = ByteBuffer.allocate(BLOCK_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        final boolean wasInterrupted = Thread.interrupted();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))
        {
            long position = RecordDescriptor.RECORD_AREA_OFFSET;
            while (channel.read(bytes.clear(), position) >= Long.BYTES)
            {
                for (bytes.flip(); bytes.remaining() >= Long.BYTES;)
                {
                    final long word = bytes.getLong();
                    if (word != RecordDescriptor.HEARTBEAT)
                    {
                        return word != RecordDescriptor.WATERMARK && word != RecordDescriptor.CLOSE;
                    }
                }
                position += bytes.position();
            }

            return false;
        }
        catch (final NoSuchFileException ex)
        {
            return false;
        }
        catch (final IOException ex)
        {
            throw new ChannelAccessException(file, "look at the channel", ex);
        }
        finally
        {
            if (wasInterrupted)
            {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Delete a channel and the file of its writers' lock. Readers that have it open keep it.
     *
     * @return the bytes that the file had.
     */
    long delete(final long ordinal)
    {
        final Path file = file(ordinal);
        try
        {
            final long length = Files.exists(file, LinkOption.NOFOLLOW_LINKS) ? Files.size(file) : 0;
            Files.deleteIfExists(file);
            Files.deleteIfExists(ChannelPath.writerFile(file));

            return length;
        }
        catch (final IOException ex)
        {
            throw new ChannelAccessException(file, "delete the channel", ex);
        }
    }

    /**
     * See to it that a channel may be deleted for want of space or to keep the series within its bounds.
     *
     * @throws SeriesSealedException where the series is sealed.
     */
    void requireUnsealed(final long ordinal)
    {
        if (Seal.isOn(path))
        {
            throw new SeriesSealedException(file(ordinal), Seal.manifest(path));
        }
    }

    /**
     * Delete what is of no use to anybody, since a process died that was making or deleting a channel. The caller holds
     * the lock of the series.
     */
    void sweep()
    {
        try
        {
            for (final Path litter : list("." + "*.kekbit.*.tmp"))
            {
                Files.deleteIfExists(litter);
            }
            for (final long ordinal : ordinals(WRITER_FILE))
            {
                if (!Files.exists(file(ordinal), LinkOption.NOFOLLOW_LINKS))
                {
                    Files.deleteIfExists(ChannelPath.writerFile(file(ordinal)));
                }
            }
        }
        catch (final IOException ex)
        {
            throw new ChannelAccessException(path, "sweep the folder", ex);
        }
    }

    private long[] ordinals(final Pattern name)
    {
        try
        {
            final long[] ordinals = list("*").stream()
                .map((file) -> name.matcher(file.getFileName().toString()))
                .filter(Matcher::matches)
                .mapToLong((match) -> (Long.parseLong(match.group(1), HEX) << 16 | Long.parseLong(match.group(2), HEX)))
                .map((id) -> id - channelId(0))
                .filter((ordinal) -> ordinal >= 0 && ordinal <= SeriesPosition.MAX_ORDINAL)
                .toArray();
            Arrays.sort(ordinals);

            return ordinals;
        }
        catch (final IOException ex)
        {
            throw new ChannelAccessException(path, "list the channels", ex);
        }
    }

    private List<Path> list(final String glob) throws IOException
    {
        final List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(channels, glob))
        {
            files.forEach(found::add);
        }
        catch (final NoSuchFileException ex)
        {
            return List.of();
        }
        catch (final DirectoryIteratorException ex)
        {
            throw ex.getCause();
        }

        return found;
    }

    private static long getLong(final UnsafeBuffer buffer, final int offset)
    {
        return buffer.getLong(offset, ByteOrder.LITTLE_ENDIAN);
    }
}
