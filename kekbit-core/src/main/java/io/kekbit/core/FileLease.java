package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelAccessException;
import io.kekbit.core.exceptions.NotAChannelFileException;
import io.kekbit.core.exceptions.WriterActiveException;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The right to be the only one who changes something, in this process and on this machine: an operating-system lock on
 * an empty file, which ends with the process, whatever it died of. For kekbit's own packages.
 * <p>
 * It is kept in the same registry as the locks of writers, which sees to it that no descriptor of a locked file is ever
 * closed by this process. Thread-safe.
 */
public final class FileLease implements AutoCloseable
{
    private final Path lockFile;
    private WriterLock lock;

    private FileLease(final Path lockFile, final WriterLock lock)
    {
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /**
     * Take the lease, if nobody has it. Tries for about a second where another process does.
     *
     * @param lockFile to lock, which is made if need be. Its folder has to exist.
     * @return the lease, or null where somebody else has it.
     * @throws ChannelAccessException   where the operating system refused.
     * @throws NotAChannelFileException where it is no regular file.
     */
    public static FileLease tryAcquire(final Path lockFile)
    {
        try
        {
            return new FileLease(lockFile, WriterLock.acquire(ChannelFiles.SYSTEM, lockFile, lockFile));
        }
        catch (final WriterActiveException ex)
        {
            return null;
        }
    }

    /**
     * Look whether somebody has the lease, and disturb nobody.
     *
     * @param lockFile that is locked, if it exists.
     * @return true if somebody does.
     * @throws ChannelAccessException where this cannot be found out.
     */
    public static boolean isHeld(final Path lockFile)
    {
        try
        {
            return WriterLock.isLocked(ChannelFiles.SYSTEM, lockFile);
        }
        catch (final IOException ex)
        {
            throw new ChannelAccessException(lockFile, "look who holds the lock", ex);
        }
    }

    /**
     * Give the lease back, and delete the file that was locked. Nothing happens where it was given back before.
     *
     * @throws ChannelAccessException where the file cannot be deleted; the lease is given back all the same.
     */
    public synchronized void closeAndDelete()
    {
        if (lock != null)
        {
            final WriterLock held = lock;
            lock = null;
            try
            {
                held.releaseAndDelete(ChannelFiles.SYSTEM);
            }
            catch (final IOException ex)
            {
                throw new ChannelAccessException(lockFile, "delete the file", ex);
            }
        }
    }

    /**
     * Give the lease back. Further calls do nothing.
     */
    @Override
    public synchronized void close()
    {
        if (lock != null)
        {
            final WriterLock held = lock;
            lock = null;
            try
            {
                held.release();
            }
            catch (final IOException ex)
            {
                throw new ChannelAccessException(lockFile, "release the lock", ex);
            }
        }
    }
}
