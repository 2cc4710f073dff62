package io.kekbit.cli.support;

import io.kekbit.core.layout.ChannelPath;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The channels below a root folder, by the names of their files.
 */
public final class ChannelTree
{
    private static final Pattern FOLDER = Pattern.compile("([0-9a-f]{4})_([0-9a-f]{4})");
    private static final Pattern FILE = Pattern.compile("([0-9a-f]{4})_([0-9a-f]{4})\\.kekbit");

    private ChannelTree()
    {
    }

    /**
     * All files below a root that are named as channels are.
     *
     * @param root     folder of channels.
     * @param problems takes what is wrong with a folder in it that cannot be read: its channels are left out.
     * @return the files, by ascending unsigned id.
     * @throws NoSuchFileException   where there is no root.
     * @throws NotDirectoryException where the root is a file.
     * @throws IOException           where the root cannot be read.
     */
    public static List<Path> files(final Path root, final Consumer<IOException> problems) throws IOException
    {
        if (Files.exists(root) && !Files.isDirectory(root))
        {
            throw new NotDirectoryException(root.toString());
        }

        final List<Path> files = new ArrayList<>();
        for (final Path folder : matches(root, FOLDER))
        {
            if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS))
            {
                try
                {
                    files.addAll(matches(folder, FILE));
                }
                catch (final IOException ex)
                {
                    problems.accept(ex);
                }
            }
        }

        return files;
    }

    /**
     * Whether there is a file where the channel of an id has to be.
     *
     * @param root folder of channels.
     * @param id   of the channel.
     * @return true if there is.
     */
    public static boolean hasChannel(final Path root, final long id)
    {
        return Files.exists(ChannelPath.file(root, id), LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * The id that the name of a file stands for.
     *
     * @param file of a channel.
     * @return the id; empty where the file is not named as channels are.
     */
    public static OptionalLong channelId(final Path file)
    {
        final Path absolute = file.toAbsolutePath().normalize();
        final Path folder = absolute.getParent();
        if (folder == null || folder.getFileName() == null)
        {
            return OptionalLong.empty();
        }
        final Matcher upper = FOLDER.matcher(folder.getFileName().toString());
        final Matcher lower = FILE.matcher(absolute.getFileName().toString());
        if (!upper.matches() || !lower.matches())
        {
            return OptionalLong.empty();
        }

        return OptionalLong.of(
            Long.parseUnsignedLong(upper.group(1) + upper.group(2) + lower.group(1) + lower.group(2), 16));
    }

    /**
     * The root folder that a channel's file lies in, as far as its name tells.
     *
     * @param file of a channel.
     * @return the root, or null where the file is not named as channels are.
     */
    public static Path root(final Path file)
    {
        final OptionalLong id = channelId(file);
        if (id.isEmpty())
        {
            return null;
        }
        final Path root = file.toAbsolutePath().normalize().getParent().getParent();

        return ChannelPath.file(root, id.getAsLong()).equals(file.toAbsolutePath().normalize()) ? root : null;
    }

    private static List<Path> matches(final Path folder, final Pattern name) throws IOException
    {
        final List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(
            folder, (path) -> name.matcher(path.getFileName().toString()).matches()))
        {
            entries.forEach(found::add);
        }
        catch (final DirectoryIteratorException ex)
        {
            throw ex.getCause();
        }
        found.sort(null);

        return found;
    }
}
