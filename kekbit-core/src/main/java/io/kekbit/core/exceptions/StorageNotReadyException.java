package io.kekbit.core.exceptions;

import java.nio.file.Path;

/**
 * A channel is being created, or whoever did so died half-way: its lock file exists.
 */
public final class StorageNotReadyException extends ChannelException
{
    private static final long serialVersionUID = 1L;

    /**
     * For kekbit's own use.
     *
     * @param file     the file it is about.
     * @param lockFile the lock file.
     */
    public StorageNotReadyException(final Path file, final Path lockFile)
    {
        super(
            file,
            "storage not ready",
            "lockFile=" + lockFile,
            "Wait until the channel is created; if no process is creating it, delete the lock file and the " +
                "channel file",
            null);
    }
}
