package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelAccessException;

import java.io.IOException;
import java.nio.file.Path;

/**
 * For kekbit's own use: sees to it that a series has one living writer on this machine, by an operating-system lock on
 * the file {@code series.writer} in its folder, which is empty and stays. The death of the process releases it.
 */
public final class SeriesLock implements AutoCloseable
{
    private static final String NAME = "series";

    private final Path file;
    private final WriterLock lock;

    private SeriesLock(final Path file, final WriterLock lock)
    {
        this.file = file;
        this.lock = lock;
    }

    /**
     * Become the one writer of a series. Its folder is made where it does not exist.
     *
     * @param root   folder of all series.
     * @param folder of this one, directly below the root.
     * @return the lock.
     * @throws io.kekbit.core.exceptions.ChannelException where the series has a living writer, its folder cannot be
     *                                                    made, or others may replace files there.
     */
    public static SeriesLock acquire(final Path root, final Path folder)
    {
        Platform.check();

        final Path file = folder.resolve(NAME);
        try
        {
            ChannelFiles.SYSTEM.createFolders(folder);
            FolderRules.check(ChannelFiles.SYSTEM, file, root, folder);
        }
        catch (final IOException ex)
        {
            throw new ChannelAccessException(file, "open the series", ex);
        }

        return new SeriesLock(file, WriterLock.acquire(ChannelFiles.SYSTEM, file));
    }

    /**
     * Let another writer in.
     */
    @Override
    public void close()
    {
        try
        {
            lock.release();
        }
        catch (final IOException ex)
        {
            throw new ChannelAccessException(file, "release the series", ex);
        }
    }
}
