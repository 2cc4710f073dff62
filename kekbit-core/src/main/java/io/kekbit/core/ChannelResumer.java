package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelAccessException;
import io.kekbit.core.exceptions.ChannelClosedException;
import io.kekbit.core.exceptions.ChannelCorruptException;
import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.ChannelNotFoundException;
import io.kekbit.core.exceptions.ChannelNotResumableException;
import io.kekbit.core.exceptions.ChannelSuspectException;
import io.kekbit.core.layout.ChannelPath;
import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.IndexDescriptor;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;

import static io.kekbit.core.layout.RecordDescriptor.LENGTH_WORD_LENGTH;
import static io.kekbit.core.layout.RecordDescriptor.RECORD_AREA_OFFSET;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * Takes over a channel whose writer died.
 * <p>
 * Under the writer lock, the channel is walked record by record from its start to the watermark, since nothing that a
 * dead writer left as a hint is trusted for writing. What that writer may have left behind the watermark is zeroed.
 * Each step leaves a channel that can be resumed again, so this may die at any instant, too.
 */
final class ChannelResumer
{
    private static final int PAGE_LENGTH = 4096;

    private final ChannelFiles files;
    private final ChannelPlace place;
    private final DataFormat format;
    private final byte[] envelope;
    private final boolean discardsSuspect;
    private final ChannelBlueprint blueprint;
    private final Path file;

    /**
     * @param files           to work on.
     * @param place           of the channel.
     * @param format          that has to accept what the channel stores of its own, or null where any will do.
     * @param envelope        that the channel has to have, or null where any will do.
     * @param discardsSuspect whether to give up what was never forced before the machine was restarted.
     */
    ChannelResumer(
        final ChannelFiles files,
        final ChannelPlace place,
        final DataFormat format,
        final byte[] envelope,
        final boolean discardsSuspect)
    {
        this(files, place, format, envelope, discardsSuspect, null);
    }

    private ChannelResumer(
        final ChannelFiles files,
        final ChannelPlace place,
        final DataFormat format,
        final byte[] envelope,
        final boolean discardsSuspect,
        final ChannelBlueprint blueprint)
    {
        this.files = files;
        this.place = place;
        this.format = format;
        this.envelope = envelope;
        this.discardsSuspect = discardsSuspect;
        this.blueprint = blueprint;
        file = place.file();
    }

    /**
     * To go on with a copy, of which whatever was never forced before the machine was restarted is given up: whoever
     * has the channel can give it again.
     *
     * @param files     to work on.
     * @param place     of the copy.
     * @param blueprint that it has to have.
     */
    static ChannelResumer ofCopy(final ChannelFiles files, final ChannelPlace place, final ChannelBlueprint blueprint)
    {
        return new ChannelResumer(files, place, null, null, true, blueprint);
    }

    /**
     * Take the channel over.
     *
     * @return the channel, mapped and locked.
     * @throws ChannelException where it cannot be written to; it is unchanged then.
     */
    WritableChannel resume()
    {
        if (!files.mayExist(file))
        {
            throw new ChannelNotFoundException(file);
        }

        final boolean wasInterrupted = Thread.interrupted();
        try
        {
            FolderRules.check(files, file, place.rootFolder(), place.folder());
            // The crate's channels, and copies, have none: where they are refused, they get none either.
            final boolean hadLockFile = files.mayExist(ChannelPath.writerFile(file));
            final WriterLock lock = WriterLock.acquire(files, file);
            try
            {
                return resumeLocked(lock);
            }
            catch (final Throwable ex)
            {
                if (hadLockFile)
                {
                    lock.release();
                }
                else
                {
                    lock.releaseAndDelete(files);
                }
                throw ex;
            }
        }
        catch (final IOException ex)
        {
            throw new ChannelAccessException(file, "resume the channel", ex);
        }
        catch (final UncheckedIOException ex)
        {
            throw new ChannelAccessException(file, "resume the channel", ex.getCause());
        }
        finally
        {
            if (wasInterrupted)
            {
                Thread.currentThread().interrupt();
            }
        }
    }

    private WritableChannel resumeLocked(final WriterLock lock) throws IOException
    {
        final ChannelOpener.Opened opened = new ChannelOpener(files, place).open(format);
        final Header header = opened.header();
        final Extension extension = opened.extension();
        try
        {
            if (!extension.isPresent())
            {
                throw new ChannelNotResumableException(file, "no extension: the Rust crate made it");
            }
            if (blueprint != null)
            {
                if (!extension.isCopy())
                {
                    throw new ChannelNotResumableException(file, "no copy, or gone on with as a channel of its own");
                }
                blueprint.requireEqual(file, ChannelBlueprint.of(file, opened));
            }
        }
        finally
        {
            opened.mapping().unmap();
        }
        if (envelope != null && !Arrays.equals(envelope, extension.envelope()))
        {
            throw new ChannelNotResumableException(
                file,
                "envelope=" + Arrays.toString(extension.envelope()) + " handlers=" + Arrays.toString(envelope));
        }

        final ChannelMapping mapping = ChannelMapping.readWrite(
            files,
            file,
            file,
            RecordDescriptor.wholeFileLength(header.capacity()),
            extension.indexOffset(),
            extension.indexCapacity());
        try
        {
            final Walk walk = new Walk(header, extension, mapping);
            if (BootId.isCurrent(extension.bootId()))
            {
                walk.toWatermark();
                clear(
                    mapping,
                    walk.position,
                    RecordDescriptor.MIN_ALIGNED_LENGTH +
                        Math.max(header.maxMessageLength(), ChannelCopy.MAX_BLOCK_LENGTH));
            }
            else
            {
                walk.toDurablePosition();
                cutBehind(mapping, walk.position);
            }

            final WritableChannel resumed = adopt(header, extension, mapping, lock, walk);
            sweep(header.channelId());

            return resumed;
        }
        catch (final Throwable ex)
        {
            mapping.unmap();
            throw ex;
        }
    }

    /**
     * Take away the second name that a creator left which died right after it had given the file its name. Where that
     * fails, it costs a place in the folder and nothing else. No creator made a file of another name than the id's.
     */
    private void sweep(final long channelId)
    {
        final Path name = ChannelPath.relative(channelId).getFileName();
        if (!name.equals(file.getFileName()))
        {
            return;
        }
        try
        {
            ChannelCreator.sweep(files, place.folder().resolve(name));
        }
        catch (final IOException ex)
        {
            // Not worth refusing a channel that is whole.
        }
    }

    /**
     * Zero what stands behind the watermark.
     */
    private static void clear(final ChannelMapping mapping, final int watermark, final int length)
    {
        final UnsafeBuffer buffer = mapping.buffer();
        final int start = RECORD_AREA_OFFSET + watermark + LENGTH_WORD_LENGTH;
        buffer.setMemory(start, Math.min(length, buffer.capacity() - start), (byte)0);
    }

    /**
     * After a restart of the machine: give up what was never forced to the device, and see to it that this is on the
     * device before anything says that the channel was written on this run of the machine.
     */
    private void cutBehind(final ChannelMapping mapping, final int durablePosition)
    {
        final UnsafeBuffer buffer = mapping.buffer();
        if (!discardsSuspect && !isEmptyBehind(buffer, RECORD_AREA_OFFSET + durablePosition))
        {
            throw new ChannelSuspectException(file, durablePosition);
        }

        buffer.putLongRelease(RECORD_AREA_OFFSET + durablePosition, RecordDescriptor.WATERMARK);
        clear(mapping, durablePosition, buffer.capacity());
        mapping.force(RECORD_AREA_OFFSET + durablePosition, buffer.capacity() - RECORD_AREA_OFFSET - durablePosition);
    }

    private static boolean isEmptyBehind(final UnsafeBuffer buffer, final int watermarkOffset)
    {
        if (buffer.getLong(watermarkOffset, LITTLE_ENDIAN) != RecordDescriptor.WATERMARK)
        {
            return false;
        }
        for (int offset = watermarkOffset + LENGTH_WORD_LENGTH; offset < buffer.capacity(); offset += Long.BYTES)
        {
            if (buffer.getLong(offset) != 0)
            {
                return false;
            }
        }

        return true;
    }

    private WritableChannel adopt(
        final Header header,
        final Extension extension,
        final ChannelMapping mapping,
        final WriterLock lock,
        final Walk walk)
    {
        final UnsafeBuffer buffer = mapping.buffer();
        buffer.putLongRelease(ExtensionDescriptor.INDEX_COUNT_OFFSET, walk.indexCount);
        final int indexEnd = walk.indexCount * IndexDescriptor.ENTRY_LENGTH;
        mapping.indexBuffer().setMemory(indexEnd, mapping.indexBuffer().capacity() - indexEnd, (byte)0);
        if (!BootId.isCurrent(extension.bootId()))
        {
            // An entry of what was given up is valid for ever. After another loss of power it must not be back on the
            // device and count again, when other records stand where it points.
            mapping.forceIndex();
        }
        buffer.putLongRelease(ExtensionDescriptor.TAIL_HINT_OFFSET, walk.position);
        final int durablePosition = Math.min(walk.durablePosition, walk.position);
        buffer.putLongRelease(ExtensionDescriptor.DURABLE_POSITION_OFFSET, durablePosition);
        markUnflushed(buffer, RECORD_AREA_OFFSET + durablePosition, RECORD_AREA_OFFSET + walk.position);
        Extension.putCopy(buffer, blueprint != null);
        Extension.putWriter(buffer, extension.writerEpoch() + 1);
        mapping.forceDurablePosition();

        return new WritableChannel(
            header,
            new Extension(buffer, extension.fileLength()),
            mapping,
            lock,
            walk.position,
            walk.recordCount,
            durablePosition,
            walk.indexCount,
            walk.lastContentOffset);
    }

    /**
     * Make the operating system write every page again that the last writer did not flush. Where forcing a page has
     * failed, the system may take it for written, and the next flush would vouch for what is not on the device.
     */
    private static void markUnflushed(final UnsafeBuffer buffer, final int start, final int end)
    {
        for (long offset = start; offset < end; offset += PAGE_LENGTH)
        {
            buffer.getAndAddLong((int)offset, 0);
        }
        buffer.getAndAddLong(end, 0);
    }

    /**
     * A walk along the records from the start, which counts them and checks the index against them.
     */
    private final class Walk
    {
        private final Header header;
        private final UnsafeBuffer buffer;
        private final UnsafeBuffer indexBuffer;
        private final int indexEntries;
        private final int lastBoundary;
        private final int durablePosition;
        private final boolean isDurablePossible;
        private int position;
        private long recordCount;
        private int indexCount;
        private int lastContentOffset;
        private long indexTime;

        private Walk(final Header header, final Extension extension, final ChannelMapping mapping)
        {
            this.header = header;
            buffer = mapping.buffer();
            indexBuffer = mapping.indexBuffer();
            final long storedCount = buffer.getLong(ExtensionDescriptor.INDEX_COUNT_OFFSET, LITTLE_ENDIAN);
            indexEntries = (int)Math.max(0, Math.min(storedCount, extension.indexCapacity()));
            lastBoundary = extension.recordsEnd(header.capacity());
            final long storedDurable = buffer.getLong(ExtensionDescriptor.DURABLE_POSITION_OFFSET, LITTLE_ENDIAN);
            isDurablePossible = storedDurable >= 0 && storedDurable <= lastBoundary &&
                BitUtil.isAligned(storedDurable, RecordDescriptor.ALIGNMENT);
            durablePosition = isDurablePossible ? (int)storedDurable : 0;
        }

        private void toWatermark()
        {
            while (word() != RecordDescriptor.WATERMARK)
            {
                step();
            }
            checkIndexEntry();
        }

        private void toDurablePosition()
        {
            if (!isDurablePossible)
            {
                // Else all would be given up that a damaged bit no longer vouches for.
                throw new ChannelCorruptException(file, durablePosition);
            }
            while (position < durablePosition)
            {
                step();
            }
            if (position > durablePosition)
            {
                throw new ChannelCorruptException(file, durablePosition);
            }
            if (word() == RecordDescriptor.CLOSE)
            {
                throw new ChannelClosedException(file);
            }
            checkIndexEntry();
        }

        private long word()
        {
            return buffer.getLongAcquire(RECORD_AREA_OFFSET + position);
        }

        private void step()
        {
            final long word = word();
            if (word == RecordDescriptor.CLOSE)
            {
                throw new ChannelClosedException(file);
            }

            checkIndexEntry();
            final int next;
            if (word == RecordDescriptor.HEARTBEAT)
            {
                next = position + LENGTH_WORD_LENGTH;
            }
            else if (word > 0 && word <= header.maxMessageLength())
            {
                next = position + RecordDescriptor.alignedLength((int)word);
                recordCount++;
                lastContentOffset = RECORD_AREA_OFFSET + position + LENGTH_WORD_LENGTH;
            }
            else
            {
                throw new ChannelCorruptException(file, position);
            }

            // A word has to follow, and no record reaches beyond that word's place.
            if (next > lastBoundary)
            {
                throw new ChannelCorruptException(file, position);
            }
            position = next;
        }

        /**
         * Keep the index as far as it says what the walk finds.
         */
        private void checkIndexEntry()
        {
            if (indexCount < indexEntries)
            {
                final int offset = indexCount * IndexDescriptor.ENTRY_LENGTH;
                final long time = indexBuffer.getLong(offset + IndexDescriptor.TIME_OFFSET, LITTLE_ENDIAN);
                if (indexBuffer.getLong(offset + IndexDescriptor.POSITION_OFFSET, LITTLE_ENDIAN) == position &&
                    indexBuffer.getLong(offset + IndexDescriptor.RECORD_COUNT_OFFSET, LITTLE_ENDIAN) == recordCount &&
                    time >= indexTime &&
                    IndexDescriptor.isValid(indexBuffer, offset, header.creationTime()))
                {
                    indexCount++;
                    indexTime = time;
                }
            }
        }
    }
}
