package io.kekbit.benchmarks.operations;

import io.kekbit.benchmarks.floor.Floor;
import io.kekbit.benchmarks.floor.FloorChannel;
import io.kekbit.core.DataFormat;
import io.kekbit.core.Header;
import io.kekbit.core.Prefault;
import io.kekbit.core.ShmReader;
import io.kekbit.core.ShmWriter;
import io.kekbit.core.layout.ChannelPath;
import org.agrona.IoUtil;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Makes the channels that are measured, of all subjects in the same shape: no heartbeat first, so that the record areas
 * are equal byte by byte, and every page touched, unless the subject is {@link #KEKBIT_COLD}.
 */
public final class Channels
{
    /**
     * The subject that everything is about.
     */
    public static final String KEKBIT = "kekbit";

    /**
     * The same, but no page is touched before it is used.
     */
    public static final String KEKBIT_COLD = "kekbit-cold";

    /**
     * The longest content that is written.
     */
    public static final int MAX_LENGTH = 1024;

    private Channels()
    {
    }

    /**
     * Whether a subject is kekbit, touched or not.
     *
     * @param subject its name.
     * @return true if it is.
     */
    public static boolean isKekbit(final String subject)
    {
        return subject.startsWith(KEKBIT);
    }

    /**
     * The way of writing and reading by hand that a subject stands for.
     *
     * @param subject its name.
     * @return the way.
     */
    public static Floor floor(final String subject)
    {
        final Floor floor = Floor.of(subject);
        if (floor == null)
        {
            throw new IllegalArgumentException("no such subject here: " + subject);
        }

        return floor;
    }

    /**
     * Make a channel of kekbit's.
     *
     * @param subject   whose channels are touched or not.
     * @param root      folder of the channels.
     * @param channelId of the channel.
     * @param capacity  in bytes.
     * @param format    of the content.
     * @param <D>       the format of the content.
     * @return its writer.
     */
    public static <D extends DataFormat> ShmWriter<D> create(
        final String subject, final Path root, final long channelId, final long capacity, final D format)
    {
        final Header header =
            Header.builder().channelId(channelId).capacity(capacity).maxMessageLength(MAX_LENGTH).build();

        return ShmWriter.builder(root, header, format).initialHeartbeat(false).prefault(prefault(subject)).create();
    }

    /**
     * Open a channel of kekbit's.
     *
     * @param subject   whose channels are touched or not.
     * @param root      folder of the channels.
     * @param channelId of the channel.
     * @return a reader at its start.
     */
    public static ShmReader open(final String subject, final Path root, final long channelId)
    {
        return ShmReader.builder(root, channelId).prefault(prefault(subject)).open();
    }

    /**
     * Make a channel to be written by hand, in the file where a channel of kekbit's would be.
     *
     * @param root      folder of the channels.
     * @param channelId of the channel.
     * @param capacity  in bytes.
     * @return the channel.
     */
    public static FloorChannel createFloor(final Path root, final long channelId, final long capacity)
    {
        final Path file = ChannelPath.file(root, channelId);
        try
        {
            Files.createDirectories(file.getParent());
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }

        return FloorChannel.create(file, Math.toIntExact(capacity));
    }

    /**
     * Remove everything that a measurement left behind.
     *
     * @param folder to remove with all that is in it.
     */
    public static void delete(final Path folder)
    {
        IoUtil.delete(folder.toFile(), true);
    }

    private static Prefault prefault(final String subject)
    {
        return KEKBIT_COLD.equals(subject) ? Prefault.NONE : Prefault.NOW;
    }
}
