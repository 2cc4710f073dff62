package io.kekbit.cli.support;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What a command is about: a channel, or a series of them. Immutable.
 *
 * @param path     file of the channel, or folder of the series.
 * @param isSeries whether it is a series.
 */
public record StreamTarget(Path path, boolean isSeries)
{
    /**
     * A single channel.
     *
     * @param file of the channel.
     * @return the target.
     */
    public static StreamTarget channel(final Path file)
    {
        return new StreamTarget(file, false);
    }

    /**
     * A series.
     *
     * @param folder of the series.
     * @return the target.
     */
    public static StreamTarget series(final Path folder)
    {
        return new StreamTarget(folder, true);
    }

    /**
     * The folder that a series lies in.
     *
     * @return the root of the series.
     */
    public Path root()
    {
        return path.toAbsolutePath().normalize().getParent();
    }

    /**
     * The name of a series.
     *
     * @return the name, which is that of its folder.
     */
    public String name()
    {
        return path.toAbsolutePath().normalize().getFileName().toString();
    }

    /**
     * The file of the channel, or of the last one of the series.
     *
     * @return the file.
     * @throws IOException where the folder cannot be read.
     */
    public Path lastFile() throws IOException
    {
        if (!isSeries)
        {
            return path;
        }
        final List<SeriesTree.Channel> channels = SeriesTree.published(path);

        return channels.get(channels.size() - 1).file();
    }

    /**
     * What to call it in a sentence.
     *
     * @return {@code channel} or {@code series}.
     */
    public String kind()
    {
        return isSeries ? "series" : "channel";
    }
}
