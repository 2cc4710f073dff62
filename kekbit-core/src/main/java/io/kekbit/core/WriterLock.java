package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelAccessException;
import io.kekbit.core.exceptions.NotAChannelFileException;
import io.kekbit.core.exceptions.WriterActiveException;
import io.kekbit.core.layout.ChannelPath;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.SleepingMillisIdleStrategy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Sees to it that a channel has one living writer on this machine: an operating-system lock on the file beside the
 * channel, which the death of the process releases, whatever it died of.
 * <p>
 * POSIX takes all locks of a process on a file away as soon as the process closes any descriptor of that file. So no
 * descriptor of a file that this JVM has locked is ever opened: a registry of the locked files, by the identity that
 * the file system gives them and not by their names, is asked first. Readers never open this file.
 */
final class WriterLock
{
    /**
     * How long a lock is tried for, since a monitor that probes it holds it for a moment.
     */
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(1);

    /**
     * The channels that hold a lock, by the identity of their file. They are kept from the garbage collector, which
     * would close the channel of a writer that was forgotten instead of closed: its file's identity could then be
     * given to another file, and be found here.
     */
    private static final Map<Object, FileChannel> CHANNEL_BY_LOCKED_FILE_KEY = new HashMap<>();

    /**
     * Channels on files that were locked by a copy of this class in another class loader. Closing one of them would
     * release that lock, and so would its collection, so they are kept.
     */
    private static final List<FileChannel> NEVER_CLOSED = new ArrayList<>();

    /**
     * Those among them that can be asked again, by the identity of their file.
     */
    private static final Map<Object, FileChannel> PROBE_BY_FILE_KEY = new HashMap<>();

    private final Path writerFile;
    private final Object fileKey;
    private final FileChannel channel;

    private WriterLock(final Path writerFile, final Object fileKey, final FileChannel channel)
    {
        this.writerFile = writerFile;
        this.fileKey = fileKey;
        this.channel = channel;
    }

    /**
     * Become the one writer of a channel. The channel's folder has to exist.
     *
     * @param files     to work on.
     * @param root      folder of all channels.
     * @param channelId of the channel.
     * @return the lock, to be released.
     * @throws WriterActiveException where the channel has a living writer.
     */
    static WriterLock acquire(final ChannelFiles files, final Path root, final long channelId)
    {
        return acquire(files, ChannelPath.file(root, channelId));
    }

    /**
     * Become the one writer of a channel.
     *
     * @param files to work on.
     * @param file  of the channel. Its folder has to exist.
     * @return the lock, to be released.
     * @throws WriterActiveException where the channel has a living writer.
     */
    static WriterLock acquire(final ChannelFiles files, final Path file)
    {
        return acquire(files, file, ChannelPath.writerFile(file));
    }

    /**
     * Become the one owner of a file by the lock on another.
     *
     * @param files      to work on.
     * @param file       to own, for messages.
     * @param writerFile to lock. Its folder has to exist.
     * @return the lock, to be released.
     * @throws WriterActiveException where it has an owner.
     */
    static WriterLock acquire(final ChannelFiles files, final Path file, final Path writerFile)
    {
        final long deadlineNs = System.nanoTime() + PATIENCE_NS;
        final IdleStrategy idleStrategy = new SleepingMillisIdleStrategy(1);
        NoSuchFileException missing = null;
        do
        {
            try
            {
                final WriterLock lock = tryAcquire(files, file, writerFile);
                if (lock != null)
                {
                    return lock;
                }
            }
            catch (final NoSuchFileException ex)
            {
                // Deleted by a creator that failed, just before it was opened here; or the folder is gone.
                missing = ex;
            }
            catch (final IOException ex)
            {
                throw new ChannelAccessException(file, "lock " + writerFile, ex);
            }

            idleStrategy.idle();
        }
        while (System.nanoTime() - deadlineNs < 0 && !Thread.currentThread().isInterrupted());

        if (missing != null)
        {
            throw new ChannelAccessException(file, "lock " + writerFile, missing);
        }

        throw new WriterActiveException(file);
    }

    /**
     * Look whether a channel has a living writer, and disturb none: one that comes at this moment tries again.
     *
     * @param files to work on.
     * @param file  of the channel.
     * @return true if somebody holds the lock.
     * @throws IOException where this cannot be found out.
     */
    static boolean isHeld(final ChannelFiles files, final Path file) throws IOException
    {
        return isLocked(files, ChannelPath.writerFile(file));
    }

    /**
     * Look whether somebody holds a lock, and disturb none.
     *
     * @param files      to work on.
     * @param writerFile that is locked, if it exists.
     * @return true if somebody does.
     * @throws IOException where this cannot be found out.
     */
    static boolean isLocked(final ChannelFiles files, final Path writerFile) throws IOException
    {
        // As for acquiring it: any descriptor that is closed takes the locks of this process away.
        synchronized (CHANNEL_BY_LOCKED_FILE_KEY)
        {
            if (!files.mayExist(writerFile))
            {
                return false;
            }

            final Object fileKey = fileKey(files, writerFile);
            if (CHANNEL_BY_LOCKED_FILE_KEY.containsKey(fileKey))
            {
                return true;
            }

            final FileChannel known = PROBE_BY_FILE_KEY.get(fileKey);
            final FileChannel channel = known == null ? files.open(writerFile, StandardOpenOption.READ) : known;
            boolean isToBeKept = known != null;
            try
            {
                final FileLock lock = files.tryLockShared(channel);
                if (lock != null)
                {
                    lock.release();
                }

                return lock == null;
            }
            catch (final OverlappingFileLockException ex)
            {
                PROBE_BY_FILE_KEY.put(fileKey, channel);
                isToBeKept = true;

                return true;
            }
            finally
            {
                if (!isToBeKept)
                {
                    channel.close();
                }
            }
        }
    }

    /**
     * Let another writer in, and leave no file behind. Only where there was none before.
     */
    void releaseAndDelete(final ChannelFiles files) throws IOException
    {
        try
        {
            // While it is locked: whoever locks the file later sees that its name is gone.
            files.delete(writerFile);
        }
        finally
        {
            release();
        }
    }

    /**
     * Let another writer in.
     */
    void release() throws IOException
    {
        // The registry last: whoever does not find the file in it may open it.
        synchronized (CHANNEL_BY_LOCKED_FILE_KEY)
        {
            try
            {
                channel.close();
            }
            finally
            {
                CHANNEL_BY_LOCKED_FILE_KEY.remove(fileKey);
            }
        }
    }

    /**
     * One try.
     *
     * @return the lock, or null where it is worth trying again.
     */
    private static WriterLock tryAcquire(final ChannelFiles files, final Path file, final Path writerFile)
        throws IOException
    {
        // Held whenever the file is opened or closed: closing any descriptor of it, the one that made it included,
        // would take the lock of another thread away.
        synchronized (CHANNEL_BY_LOCKED_FILE_KEY)
        {
            if (!files.mayExist(writerFile))
            {
                try
                {
                    files.close(files.createNew(writerFile));
                }
                catch (final FileAlreadyExistsException ex)
                {
                    // Another process made it first, and either will do.
                    return null;
                }
            }

            final Object fileKey = fileKey(files, writerFile);
            if (CHANNEL_BY_LOCKED_FILE_KEY.containsKey(fileKey))
            {
                throw new WriterActiveException(file);
            }

            final FileChannel channel = files.open(writerFile, StandardOpenOption.WRITE);
            final FileLock lock;
            try
            {
                lock = files.tryLock(channel);
            }
            catch (final OverlappingFileLockException ex)
            {
                NEVER_CLOSED.add(channel);
                throw new WriterActiveException(file);
            }
            catch (final Throwable ex)
            {
                // Now, and not when the garbage collector would: a later lock of this process would go with it.
                channel.close();
                throw ex;
            }

            boolean isLocked = false;
            try
            {
                // A lock on a file that somebody has removed or replaced meanwhile keeps nobody out.
                isLocked = lock != null && fileKey.equals(fileKey(files, writerFile));
            }
            finally
            {
                if (!isLocked)
                {
                    channel.close();
                }
            }

            if (!isLocked)
            {
                return null;
            }

            CHANNEL_BY_LOCKED_FILE_KEY.put(fileKey, channel);

            return new WriterLock(writerFile, fileKey, channel);
        }
    }

    private static Object fileKey(final ChannelFiles files, final Path writerFile) throws IOException
    {
        final BasicFileAttributes attributes = files.attributes(writerFile);
        if (!attributes.isRegularFile())
        {
            throw new NotAChannelFileException(writerFile);
        }

        return attributes.fileKey();
    }
}
