package io.kekbit.examples.support;

import org.agrona.IoUtil;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A folder for channels that nobody needs afterwards.
 */
public final class ScratchFolder implements AutoCloseable
{
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    private final Path path;

    /**
     * A folder in shared memory where there is any, since that is faster than any disk.
     *
     * @param example that it is for.
     * @throws IOException where it cannot be made.
     */
    public ScratchFolder(final String example) throws IOException
    {
        this(example, null);
    }

    /**
     * A folder below one that is given, which is kept.
     *
     * @param example that it is for.
     * @param parent  of the folder; null for shared memory where there is any.
     * @throws IOException where it cannot be made.
     */
    public ScratchFolder(final String example, final Path parent) throws IOException
    {
        final String prefix = "kekbit-" + example + "-";
        final boolean hasSharedMemory = Files.isDirectory(SHARED_MEMORY) && Files.isWritable(SHARED_MEMORY);
        if (parent != null)
        {
            path = Files.createTempDirectory(Files.createDirectories(parent), prefix);
        }
        else
        {
            path = hasSharedMemory ?
                Files.createTempDirectory(SHARED_MEMORY, prefix) : Files.createTempDirectory(prefix);
        }
    }

    /**
     * Where it is.
     *
     * @return the path.
     */
    public Path path()
    {
        return path;
    }

    /**
     * Remove the folder with all that is in it.
     */
    @Override
    public void close()
    {
        IoUtil.delete(path.toFile(), true);
    }
}
