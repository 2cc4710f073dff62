package io.kekbit.core.layout;

import java.nio.file.Path;

/**
 * Where a channel lives below its root: {@code HHHH_HHHH/LLLL_LLLL.kekbit}, from the four groups of 16 bits of its id,
 * most significant first, in lower-case hexadecimal.
 */
public final class ChannelPath
{
    private static final String FILE_SUFFIX = ".kekbit";
    private static final String LOCK_SUFFIX = ".lock";
    private static final String WRITER_SUFFIX = ".writer";

    private ChannelPath()
    {
    }

    /**
     * The channel's file, relative to its root.
     *
     * @param channelId of the channel, unsigned.
     * @return the relative path.
     */
    public static Path relative(final long channelId)
    {
        return Path.of(folder(channelId), stem(channelId) + FILE_SUFFIX);
    }

    /**
     * The channel's file.
     *
     * @param root      folder of all channels.
     * @param channelId of the channel, unsigned.
     * @return the path.
     */
    public static Path file(final Path root, final long channelId)
    {
        return root.resolve(relative(channelId));
    }

    /**
     * The file that exists while another program, the Rust crate, initialises the channel's file.
     *
     * @param root      folder of all channels.
     * @param channelId of the channel, unsigned.
     * @return the path.
     */
    public static Path lockFile(final Path root, final long channelId)
    {
        return root.resolve(folder(channelId)).resolve(stem(channelId) + LOCK_SUFFIX);
    }

    /**
     * The file that the living writer holds an operating-system lock on. It is empty and stays.
     *
     * @param root      folder of all channels.
     * @param channelId of the channel, unsigned.
     * @return the path.
     */
    public static Path writerFile(final Path root, final long channelId)
    {
        return root.resolve(folder(channelId)).resolve(stem(channelId) + WRITER_SUFFIX);
    }

    /**
     * The lock file of {@link #lockFile(Path, long)}, of a channel's file that can have any name.
     *
     * @param file of the channel.
     * @return the path beside it.
     */
    public static Path lockFile(final Path file)
    {
        return file.resolveSibling(stem(file) + LOCK_SUFFIX);
    }

    /**
     * The file of {@link #writerFile(Path, long)}, of a channel's file that can have any name.
     *
     * @param file of the channel.
     * @return the path beside it.
     */
    public static Path writerFile(final Path file)
    {
        return file.resolveSibling(stem(file) + WRITER_SUFFIX);
    }

    private static String stem(final Path file)
    {
        final String name = String.valueOf(file.getFileName());

        return name.endsWith(FILE_SUFFIX) ? name.substring(0, name.length() - FILE_SUFFIX.length()) : name;
    }

    private static String folder(final long channelId)
    {
        return group(channelId >>> 48) + '_' + group(channelId >>> 32);
    }

    private static String stem(final long channelId)
    {
        return group(channelId >>> 16) + '_' + group(channelId);
    }

    private static String group(final long bits)
    {
        // The 17th bit keeps the leading zeros.
        return Integer.toHexString((int)(bits & 0xFFFF) | 0x1_0000).substring(1);
    }
}
