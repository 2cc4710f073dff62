package io.kekbit.benchmarks.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * The folders that measurements fill: made under a base, and always deleted.
 */
public final class Folders
{
    private static final String PREFIX = "kekbit-benchmark-";

    private Folders()
    {
    }

    /**
     * Make a folder of an unpredictable name.
     *
     * @param base the folder it is made in.
     * @return the new folder.
     */
    public static Path create(final Path base)
    {
        try
        {
            return Files.createTempDirectory(base, PREFIX);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    /**
     * Delete a folder and all in it, or a file. What somebody else deletes at the same time is no error.
     *
     * @param folder that may be gone already.
     */
    public static void delete(final Path folder)
    {
        try
        {
            if (Files.exists(folder))
            {
                Files.walkFileTree(folder, new Deletion());
            }
        }
        catch (final NoSuchFileException ignored)
        {
            // Gone, as wanted.
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    private static final class Deletion extends SimpleFileVisitor<Path>
    {
        @Override
        public FileVisitResult visitFile(final Path file, final BasicFileAttributes attributes) throws IOException
        {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(final Path file, final IOException ex) throws IOException
        {
            if (ex instanceof NoSuchFileException)
            {
                return FileVisitResult.CONTINUE;
            }
            throw ex;
        }

        @Override
        public FileVisitResult postVisitDirectory(final Path folder, final IOException ex) throws IOException
        {
            Files.deleteIfExists(folder);
            return FileVisitResult.CONTINUE;
        }
    }
}
