package io.kekbit.examples.marketdata;

import org.agrona.IoUtil;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A folder for channels that nobody needs afterwards. In shared memory where there is any, since that is faster than
 * any disk.
 */
final class ScratchFolder implements AutoCloseable
{
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final String PREFIX = "kekbit-market-data-";

    private final Path path;

    ScratchFolder() throws IOException
    {
        final boolean hasSharedMemory = Files.isDirectory(SHARED_MEMORY) && Files.isWritable(SHARED_MEMORY);
        path = hasSharedMemory ?
            Files.createTempDirectory(SHARED_MEMORY, PREFIX) : Files.createTempDirectory(PREFIX);
    }

    Path path()
    {
        return path;
    }

    @Override
    public void close()
    {
        IoUtil.delete(path.toFile(), true);
    }
}
