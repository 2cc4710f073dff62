package io.kekbit.core.positions;

import io.kekbit.core.FileLease;
import io.kekbit.core.exceptions.ChannelAccessException;
import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.ChannelNotFoundException;
import io.kekbit.core.exceptions.PositionInUseException;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * All names in a folder, at the moment they were looked at. Looking disturbs no reader. Immutable.
 */
public final class NamedPositions
{
    private final List<NamedPosition> positions;
    private final List<ChannelException> problems;

    private NamedPositions(final List<NamedPosition> positions, final List<ChannelException> problems)
    {
        this.positions = List.copyOf(positions);
        this.problems = List.copyOf(problems);
    }

    /**
     * Look at all names in a folder.
     *
     * @param folder of the names.
     * @return the names; none where there is no such folder.
     * @throws ChannelAccessException where the folder cannot be read.
     */
    public static NamedPositions in(final Path folder)
    {
        final List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*" + PositionPath.SUFFIX))
        {
            found.forEach(files::add);
        }
        catch (final NoSuchFileException ex)
        {
            return new NamedPositions(List.of(), List.of());
        }
        catch (final IOException ex)
        {
            throw new ChannelAccessException(folder, "list the named positions", ex);
        }
        catch (final DirectoryIteratorException ex)
        {
            throw new ChannelAccessException(folder, "list the named positions", ex.getCause());
        }

        files.sort(null);
        final List<NamedPosition> positions = new ArrayList<>();
        final List<ChannelException> problems = new ArrayList<>();
        for (final Path file : files)
        {
            look(file, positions, problems);
        }

        return new NamedPositions(positions, problems);
    }

    private static void look(
        final Path file, final List<NamedPosition> positions, final List<ChannelException> problems)
    {
        if (PositionPath.name(file) == null)
        {
            return;
        }
        try
        {
            positions.add(NamedPosition.of(file));
        }
        catch (final ChannelNotFoundException ex)
        {
            // Deleted meanwhile.
            return;
        }
        catch (final ChannelException ex)
        {
            problems.add(ex);
        }
    }

    /**
     * Let a name be one that was never used. What its reader still needed may then be deleted from the stream.
     *
     * @param folder of the names.
     * @param name   to forget.
     * @return false where there is no such name.
     * @throws IllegalArgumentException where the name is none.
     * @throws PositionInUseException   where a living reader has the name.
     * @throws ChannelAccessException   where the operating system refused.
     */
    public static boolean delete(final Path folder, final String name)
    {
        final Path file = PositionPath.file(folder, name);
        final Path lockFile = PositionPath.lockFile(file);
        if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS) && Files.notExists(lockFile, LinkOption.NOFOLLOW_LINKS))
        {
            return false;
        }
        final FileLease lease = FileLease.tryAcquire(lockFile);
        if (lease == null)
        {
            throw new PositionInUseException(file);
        }
        try
        {
            Files.deleteIfExists(PositionPath.temporaryFile(file));

            return Files.deleteIfExists(file);
        }
        catch (final IOException ex)
        {
            throw new ChannelAccessException(file, "delete the named position", ex);
        }
        finally
        {
            lease.closeAndDelete();
        }
    }

    /**
     * The names whose files are whole, in alphabetical order.
     *
     * @return the positions.
     */
    public List<NamedPosition> positions()
    {
        return positions;
    }

    /**
     * What is wrong with the others: they have a name, but where their readers are cannot be told. Whoever deletes what
     * nobody needs must take it that they need everything.
     *
     * @return one exception for each, not thrown; {@link ChannelException#file()} is the file that it is about.
     */
    public List<ChannelException> problems()
    {
        return problems;
    }

    /**
     * The first position of a stream that one of its named readers still needs.
     *
     * @param stream      that they read.
     * @param storedSince names whose position was stored last before this are not asked any more, though one of them
     *                    may have a living reader; {@link Instant#MIN} asks all of them.
     * @return the lowest position; empty where no name is asked.
     */
    public OptionalLong lowest(final StreamIdentity stream, final Instant storedSince)
    {
        return positions.stream()
            .filter((position) -> position.stream().equals(stream) && !position.storedAt().isBefore(storedSince))
            .mapToLong(NamedPosition::position)
            .min();
    }
}
