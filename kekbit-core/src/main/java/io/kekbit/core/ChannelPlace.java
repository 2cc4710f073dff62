package io.kekbit.core;

import io.kekbit.core.layout.ChannelPath;

import java.nio.file.Path;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * Which file is to be opened as a channel: the one that an id leads to, or one that is named itself.
 *
 * @param file      of the channel.
 * @param root      folder of all channels, or null where the file was named.
 * @param channelId that the file has to hold, if any.
 */
record ChannelPlace(Path file, Path root, OptionalLong channelId)
{
    static ChannelPlace of(final Path root, final long channelId)
    {
        Objects.requireNonNull(root, "root");

        return new ChannelPlace(ChannelPath.file(root, channelId), root, OptionalLong.of(channelId));
    }

    static ChannelPlace of(final Path file)
    {
        return new ChannelPlace(Objects.requireNonNull(file, "file"), null, OptionalLong.empty());
    }

    /**
     * The folder that the file lies in.
     */
    Path folder()
    {
        final Path parent = root == null ? file.toAbsolutePath().getParent() : file.getParent();

        return parent == null ? file : parent;
    }

    /**
     * The folder whose rules are those of a root: where the file was named, the one above that which it lies in.
     */
    Path rootFolder()
    {
        if (root != null)
        {
            return root;
        }
        final Path above = folder().getParent();

        return above == null ? folder() : above;
    }
}
