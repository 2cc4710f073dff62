package io.kekbit.cli.demo;

import io.kekbit.cli.support.CliException;
import io.kekbit.cli.support.ExitCodes;
import org.agrona.IoUtil;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A folder for channels that nobody needs afterwards.
 */
final class ScratchFolder implements AutoCloseable
{
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

    private final Path path;

    /**
     * A folder in shared memory where there is enough of it, since that is faster than any disk.
     *
     * @param bytes that must fit into it.
     * @throws IOException where it cannot be made.
     */
    ScratchFolder(final long bytes) throws IOException
    {
        final Path parent = hasRoom(SHARED_MEMORY, bytes) ? SHARED_MEMORY : TEMPORARY;
        if (!hasRoom(parent, bytes))
        {
            throw new CliException(
                ExitCodes.FAILED,
                "no room for the demonstration: required=" + bytes + " folder=" + parent + ". Ask for fewer --trades");
        }
        path = Files.createTempDirectory(parent, "kekbit-demo-");
    }

    /**
     * Where it is.
     */
    Path path()
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

    private static boolean hasRoom(final Path folder, final long bytes) throws IOException
    {
        return Files.isDirectory(folder) && Files.isWritable(folder) &&
            Files.getFileStore(folder).getUsableSpace() > bytes;
    }
}
