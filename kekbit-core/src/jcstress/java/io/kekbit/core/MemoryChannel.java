package io.kekbit.core;

import io.kekbit.core.layout.ChannelPath;
import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.HeaderDescriptor;
import io.kekbit.core.layout.IndexDescriptor;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * A tiny channel in plain memory, since a race takes millions of channels and the file system makes some thousands. Its
 * writer and readers are the real ones; each has views of its own, so that they share memory and no object.
 */
final class MemoryChannel
{
    /**
     * Up to here a reader that was let loose walks, which stops at the end of what is mapped.
     */
    static final int END = 288;

    private static final int CAPACITY = 256;
    private static final int MAX_MESSAGE_LENGTH = 64;
    private static final int INDEX_ENTRIES = 4;
    private static final int INDEX_STRIDE = 8;
    private static final int INDEX_OFFSET = BitUtil.align(
        (int)RecordDescriptor.wholeFileLength(CAPACITY), ExtensionDescriptor.SECTION_ALIGNMENT);
    private static final int LENGTH = 1536;
    private static final int CHANNELS_AT_ONCE = 32;

    private static final Path FILE = Path.of("in", "memory");
    private static final Header HEADER =
        new Header(1, 2, CAPACITY, MAX_MESSAGE_LENGTH, Long.MAX_VALUE, 3, TickUnit.NANOS);
    private static final Extension PLAIN = new Extension(new UnsafeBuffer(new byte[LENGTH]), LENGTH);
    private static final Extension INDEXED = extensionWithIndex();
    private static final UnsafeBuffer NO_SCHEMA = new UnsafeBuffer(new byte[0]);
    private static final BasicFileAttributes ANY_ATTRIBUTES = anyAttributes();

    /**
     * Many channels are taken out of one allocation, which is the slow part. The garbage collector frees it when the
     * last of them is gone.
     */
    private static final ThreadLocal<ByteBuffer> ROOM = ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(0));

    private final MemoryFiles files = new MemoryFiles(takeRoom());
    private final Extension extension;

    private MemoryChannel(final Extension extension)
    {
        this.extension = extension;
        view().putLong(RecordDescriptor.RECORD_AREA_OFFSET, RecordDescriptor.WATERMARK);
    }

    /**
     * An empty channel as the Rust crate would make it.
     */
    static MemoryChannel plain()
    {
        return new MemoryChannel(PLAIN);
    }

    /**
     * An empty channel with an index that has an entry for each of the first records.
     */
    static MemoryChannel indexed()
    {
        return new MemoryChannel(INDEXED);
    }

    ShmWriter<RawBinDataFormat> writer()
    {
        return writer(null);
    }

    /**
     * A writer that can be closed, again and again without a file.
     */
    ShmWriter<RawBinDataFormat> closableWriter()
    {
        return writer(ReleasedLock.INSTANCE);
    }

    private ShmWriter<RawBinDataFormat> writer(final WriterLock lock)
    {
        final WritableChannel channel = new WritableChannel(HEADER, extension, mapping(), lock, 0, 0, 0, 0, 0);

        return new ShmWriter<>(RawBinDataFormat.INSTANCE, channel, () -> HEADER.creationTime());
    }

    ShmReader reader()
    {
        return new ShmReader(
            new ChannelOpener.Opened(HEADER, extension, NO_SCHEMA, mapping()), () -> 0, true, null);
    }

    /**
     * All of the channel, without anybody in between.
     */
    UnsafeBuffer view()
    {
        return new UnsafeBuffer(files.memory);
    }

    /**
     * Where an index entry stands in {@link #view()}.
     */
    static int indexEntry(final int number)
    {
        return INDEX_OFFSET + number * IndexDescriptor.ENTRY_LENGTH;
    }

    static long creationTime()
    {
        return HEADER.creationTime();
    }

    private ChannelMapping mapping()
    {
        try
        {
            return ChannelMapping.readWrite(
                files,
                FILE,
                FILE,
                RecordDescriptor.wholeFileLength(CAPACITY),
                extension.indexOffset(),
                extension.indexCapacity());
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    private static ByteBuffer takeRoom()
    {
        ByteBuffer room = ROOM.get();
        if (room.remaining() < LENGTH)
        {
            room = BufferUtil.allocateDirectAligned(
                CHANNELS_AT_ONCE * LENGTH, ExtensionDescriptor.SECTION_ALIGNMENT);
            ROOM.set(room);
        }
        final int start = room.position();
        room.position(start + LENGTH);

        return room.slice(start, LENGTH);
    }

    private static Extension extensionWithIndex()
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[LENGTH]);
        HeaderDescriptor.putFields(buffer, 1, 2, CAPACITY, MAX_MESSAGE_LENGTH, 0, 0, TickUnit.NANOS.code());
        buffer.putLong(ExtensionDescriptor.SIGNATURE_OFFSET, ExtensionDescriptor.SIGNATURE, LITTLE_ENDIAN);
        buffer.putLong(ExtensionDescriptor.INDEX_SECTION_OFFSET, INDEX_OFFSET, LITTLE_ENDIAN);
        buffer.putInt(ExtensionDescriptor.INDEX_CAPACITY_OFFSET, INDEX_ENTRIES, LITTLE_ENDIAN);
        buffer.putInt(ExtensionDescriptor.INDEX_STRIDE_OFFSET, INDEX_STRIDE, LITTLE_ENDIAN);

        return new Extension(buffer, LENGTH);
    }

    private static BasicFileAttributes anyAttributes()
    {
        try
        {
            return Files.readAttributes(Path.of(""), BasicFileAttributes.class);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    /**
     * Memory instead of a file, for which forcing and unmapping are nothing.
     */
    private static final class MemoryFiles extends ChannelFiles
    {
        private final ByteBuffer memory;

        private MemoryFiles(final ByteBuffer memory)
        {
            this.memory = memory;
        }

        @Override
        MappedByteBuffer map(final Path file, final FileChannel.MapMode mode, final long offset, final long length)
        {
            return (MappedByteBuffer)memory.slice((int)offset, (int)length);
        }

        @Override
        BasicFileAttributes attributes(final Path file)
        {
            return ANY_ATTRIBUTES;
        }

        @Override
        void force(final MappedByteBuffer mapped, final int offset, final int length)
        {
            // Memory is as durable as it gets.
        }

        @Override
        void unmap(final MappedByteBuffer mapped)
        {
            // The garbage collector does.
        }
    }

    /**
     * A lock that was released before: doing so again does nothing, however many writers share it.
     */
    private static final class ReleasedLock
    {
        private static final WriterLock INSTANCE = acquireAndRelease();

        private static WriterLock acquireAndRelease()
        {
            try
            {
                final Path root = Files.createTempDirectory("kekbit-jcstress");
                final Path folder = ChannelPath.file(root, HEADER.channelId()).getParent();
                Files.createDirectories(folder);
                final WriterLock lock = WriterLock.acquire(ChannelFiles.SYSTEM, root, HEADER.channelId());
                lock.releaseAndDelete(ChannelFiles.SYSTEM);
                Files.delete(folder);
                Files.delete(root);

                return lock;
            }
            catch (final IOException ex)
            {
                throw new UncheckedIOException(ex);
            }
        }
    }
}
