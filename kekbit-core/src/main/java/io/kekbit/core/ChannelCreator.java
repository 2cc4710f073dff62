package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelAccessException;
import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.ChannelExistsException;
import io.kekbit.core.exceptions.NotEnoughSpaceException;
import io.kekbit.core.exceptions.StorageNotReadyException;
import io.kekbit.core.layout.ChannelPath;
import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.HeaderDescriptor;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Makes a channel's file: readers see none, or a whole one, whenever the creator is killed.
 * <p>
 * The file is made under a temporary name, filled with zeros to its last byte, mapped, completed, forced to the device,
 * and then given its name by a hard link, which refuses a name that is taken. All this happens under the writer lock,
 * so that any other temporary file of the channel is the litter of a creator that died, and is swept away.
 * <p>
 * Where the file system knows no hard links, the file is made under its own name, with the crate's lock file beside it
 * until it is complete. The lock file then has content, which the crate's never has: so the litter of a creator
 * that died is told from a creation of the crate's that is under way. One that dies between making its lock file and
 * writing into it leaves a lock file that has to be deleted by hand, as the crate's.
 */
final class ChannelCreator
{
    private static final String TEMPORARY_SUFFIX = ".tmp";
    private static final byte[] LOCK_CONTENT = "kekbit-java".getBytes(StandardCharsets.US_ASCII);

    private final ChannelFiles files;
    private final Path root;
    private final ChannelBlueprint blueprint;
    private final boolean initialHeartbeat;
    private final boolean isCopy;
    private final Path file;
    private final Path lockFile;
    private final Path folder;

    /**
     * @param files            to work on.
     * @param root             folder of all channels.
     * @param blueprint        of the channel.
     * @param initialHeartbeat whether it begins with a heartbeat.
     */
    ChannelCreator(
        final ChannelFiles files, final Path root, final ChannelBlueprint blueprint, final boolean initialHeartbeat)
    {
        this(files, root, blueprint, initialHeartbeat, false);
    }

    private ChannelCreator(
        final ChannelFiles files,
        final Path root,
        final ChannelBlueprint blueprint,
        final boolean initialHeartbeat,
        final boolean isCopy)
    {
        this.files = files;
        this.root = root;
        this.blueprint = blueprint;
        this.initialHeartbeat = initialHeartbeat;
        this.isCopy = isCopy;
        file = ChannelPath.file(root, blueprint.header().channelId());
        lockFile = ChannelPath.lockFile(root, blueprint.header().channelId());
        folder = file.getParent();
    }

    /**
     * To make a copy, which begins empty and says that it is one.
     *
     * @param files     to work on.
     * @param root      folder of all channels.
     * @param blueprint of the channel.
     */
    static ChannelCreator ofCopy(final ChannelFiles files, final Path root, final ChannelBlueprint blueprint)
    {
        return new ChannelCreator(files, root, blueprint, false, true);
    }

    /**
     * Create the channel. An interrupt that was pending stays pending and does not disturb; one that comes meanwhile
     * makes it fail cleanly.
     *
     * @return the channel, mapped and locked.
     * @throws ChannelException where it cannot be created; nothing is left behind then but empty folders and,
     *                          where the writer lock could not be taken, its empty file, which others may be locking.
     */
    WritableChannel create()
    {
        final boolean wasInterrupted = Thread.interrupted();
        try
        {
            files.createFolders(folder);
            FolderRules.check(files, file, root, folder);
            if (!files.mayExist(lockFile))
            {
                // Before the lock, so as not to wait for a living writer only to say that its channel exists.
                requireAbsent();
            }
            final WriterLock lock = WriterLock.acquire(files, file);
            try
            {
                final ChannelMapping mapping = createLocked();
                final int offset = firstPosition();
                return new WritableChannel(
                    blueprint.header(),
                    new Extension(mapping.buffer(), blueprint.fileLength()),
                    mapping,
                    lock,
                    offset,
                    0,
                    offset,
                    0,
                    0);
            }
            catch (final Throwable ex)
            {
                abandon(lock, ex);
                throw ex;
            }
        }
        catch (final IOException ex)
        {
            throw new ChannelAccessException(file, "create the channel", ex);
        }
        catch (final UncheckedIOException ex)
        {
            throw new ChannelAccessException(file, "create the channel", ex.getCause());
        }
        finally
        {
            if (wasInterrupted)
            {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Delete the temporary files of a channel, be they unfinished or the second name of the channel itself. The caller
     * holds the writer lock, and so knows that whoever made them is dead.
     */
    static void sweep(final ChannelFiles files, final Path file) throws IOException
    {
        for (final Path litter : files.list(file.getParent(), temporaryPrefix(file) + "*" + TEMPORARY_SUFFIX))
        {
            files.delete(litter);
        }
    }

    private static String temporaryPrefix(final Path file)
    {
        return "." + file.getFileName() + ".";
    }

    private void requireAbsent()
    {
        if (files.mayExist(file))
        {
            throw new ChannelExistsException(file);
        }
    }

    /**
     * Whether there is a channel that the crate's lock file, which stands beside it, says nothing about.
     */
    private boolean isWhole()
    {
        try
        {
            new ChannelOpener(files, root, blueprint.header().channelId()).open(null).mapping().unmap();

            return true;
        }
        catch (final ChannelException ex)
        {
            return false;
        }
    }

    private void abandon(final WriterLock lock, final Throwable cause)
    {
        try
        {
            if (files.mayExist(file))
            {
                lock.release();
            }
            else
            {
                lock.releaseAndDelete(files);
            }
        }
        catch (final IOException ex)
        {
            cause.addSuppressed(ex);
        }
    }

    private ChannelMapping createLocked() throws IOException
    {
        clearOwnLockFile();
        if (files.mayExist(lockFile) && !isWhole())
        {
            throw new StorageNotReadyException(file, lockFile);
        }
        requireAbsent();

        sweep(files, file);

        // Unpredictable, so that nobody can prepare a file of this name.
        final Path temporary = folder.resolve(temporaryPrefix(file) + UUID.randomUUID() + TEMPORARY_SUFFIX);
        ChannelMapping mapping = null;
        boolean isMade = false;
        boolean isLinked = false;
        try
        {
            mapping = make(temporary);
            isMade = true;
            try
            {
                files.link(file, temporary);
                isLinked = true;
            }
            catch (final FileAlreadyExistsException ex)
            {
                throw new ChannelExistsException(file);
            }
            catch (final UnsupportedOperationException | FileSystemException ex)
            {
                // The reason is told in words only. Where it was another than a file system without links, the other
                // way fails as well, and both reasons are reported.
                mapping.unmap();
                files.delete(temporary);
                return createWithoutLinks(ex);
            }
            files.delete(temporary);
            files.forceFolder(folder);

            return mapping;
        }
        catch (final Throwable ex)
        {
            if (mapping != null)
            {
                mapping.unmap();
            }
            if (isMade)
            {
                deleteAfter(ex, temporary);
            }
            if (isLinked)
            {
                deleteAfter(ex, file);
            }
            throw ex;
        }
    }

    private void deleteAfter(final Throwable cause, final Path path)
    {
        try
        {
            files.delete(path);
        }
        catch (final IOException ex)
        {
            cause.addSuppressed(ex);
        }
    }

    /**
     * Take away what a creator without hard links left when it died. Only a holder of the writer lock makes such a lock
     * file, so its maker is dead; the file beside it is incomplete.
     */
    private void clearOwnLockFile() throws IOException
    {
        if (files.isRegularFileWith(lockFile, LOCK_CONTENT))
        {
            files.delete(file);
            files.delete(lockFile);
        }
    }

    private ChannelMapping createWithoutLinks(final Exception linkFailure) throws IOException
    {
        final FileChannel lockChannel;
        try
        {
            lockChannel = files.createNew(lockFile);
        }
        catch (final FileAlreadyExistsException ex)
        {
            // The crate was faster.
            throw new StorageNotReadyException(file, lockFile);
        }

        ChannelMapping mapping = null;
        boolean isMade = false;
        try
        {
            try (lockChannel)
            {
                files.write(lockChannel, 0, new UnsafeBuffer(LOCK_CONTENT));
                files.force(lockChannel);
            }
            files.forceFolder(folder);
            requireAbsent();
            mapping = make(file);
            isMade = true;
            files.delete(lockFile);
            files.forceFolder(folder);

            return mapping;
        }
        catch (final FileAlreadyExistsException ex)
        {
            // The crate made its own meanwhile, without looking at the lock file.
            deleteAfter(ex, lockFile);
            throw new ChannelExistsException(file);
        }
        catch (final Throwable ex)
        {
            ex.addSuppressed(linkFailure);
            if (mapping != null)
            {
                mapping.unmap();
            }
            if (isMade)
            {
                deleteAfter(ex, file);
            }
            deleteAfter(ex, lockFile);
            throw ex;
        }
    }

    /**
     * Make the whole file under a name. Where that fails, what was made is deleted; a file that somebody else made
     * under that name stays.
     */
    private ChannelMapping make(final Path path) throws IOException
    {
        final FileChannel created = files.createNew(path);
        try
        {
            return fill(path, created);
        }
        catch (final Throwable ex)
        {
            deleteAfter(ex, path);
            throw ex;
        }
    }

    private ChannelMapping fill(final Path path, final FileChannel created) throws IOException
    {
        try (FileChannel channel = created)
        {
            reserve(channel);
            final Extension extension = blueprint.extension();
            if (extension.schemaLength() > 0)
            {
                files.write(channel, extension.schemaOffset(), blueprint.schema());
            }

            final int channelLength = (int)RecordDescriptor.wholeFileLength(blueprint.header().capacity());
            final ChannelMapping mapping = ChannelMapping.readWrite(
                files, file, path, channelLength, extension.indexOffset(), extension.indexCapacity());
            try
            {
                complete(mapping.buffer());
                mapping.force(0, channelLength);
                files.force(channel);

                return mapping;
            }
            catch (final Throwable ex)
            {
                mapping.unmap();
                throw ex;
            }
        }
    }

    /**
     * Make a full disk show itself here, as an error, and not later, as a fault on a mapped page.
     */
    private void reserve(final FileChannel channel) throws IOException
    {
        final long fileLength = blueprint.fileLength();
        final long available = files.usableSpace(folder);
        if (available < fileLength)
        {
            throw new NotEnoughSpaceException(file, fileLength, available, null);
        }

        try
        {
            files.fillWithZeros(channel, fileLength);
        }
        catch (final IOException ex)
        {
            // Others took the space meanwhile, or a quota holds; the operating system tells only in words, and in the
            // language of the machine.
            final long availableNow = files.usableSpace(folder) + channel.size();
            final String message = String.valueOf(ex.getMessage());
            if (availableNow < fileLength || message.contains("No space left") || message.contains("uota exceeded"))
            {
                throw new NotEnoughSpaceException(file, fileLength, availableNow, ex);
            }
            throw ex;
        }
    }

    private int firstPosition()
    {
        return initialHeartbeat ? RecordDescriptor.LENGTH_WORD_LENGTH : 0;
    }

    private void complete(final UnsafeBuffer buffer)
    {
        blueprint.putIn(buffer);
        Extension.putCopy(buffer, isCopy);

        final int firstPosition = firstPosition();
        Extension.putWriter(buffer, 1);
        ExtensionDescriptor.putLong(buffer, ExtensionDescriptor.TAIL_HINT_OFFSET, firstPosition);
        ExtensionDescriptor.putLong(
            buffer, ExtensionDescriptor.TAIL_HINT_TIME_OFFSET, blueprint.header().creationTime());
        ExtensionDescriptor.putLong(buffer, ExtensionDescriptor.DURABLE_POSITION_OFFSET, firstPosition);

        // The heartbeat is zero already.
        buffer.putLongRelease(
            RecordDescriptor.RECORD_AREA_OFFSET + firstPosition, RecordDescriptor.WATERMARK);
        buffer.putLongRelease(ExtensionDescriptor.SIGNATURE_OFFSET, ExtensionDescriptor.SIGNATURE);
        buffer.putLongRelease(HeaderDescriptor.SIGNATURE_OFFSET, HeaderDescriptor.SIGNATURE);
    }
}
