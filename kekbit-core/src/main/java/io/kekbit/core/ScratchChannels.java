package io.kekbit.core;

import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.HeaderDescriptor;
import io.kekbit.core.layout.IndexDescriptor;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.BitUtil;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.file.Path;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * For kekbit's own use: channels in memory that nobody reads, to try out what is done with channels. Two pieces of
 * memory serve all of them by turns, so of the channels only the last two can be written to. Not thread-safe.
 *
 * @param <D> the format of the content.
 */
public final class ScratchChannels<D extends DataFormat>
{
    private static final int CAPACITY = 1024 * 1024;
    private static final int SHORT_CAPACITY = 4096;
    private static final int SHORT_STRIDE = SHORT_CAPACITY / 4;
    private static final int MAX_MESSAGE_LENGTH = 120;
    private static final Path FILE = Path.of("scratch.kekbit");

    private final D format;
    private final EpochNanoClock[] clocks;
    private final WriteHandler[] handlers;
    private final Header header;
    private final Extension extension;
    private int made;
    private MappedByteBuffer memory;
    private MappedByteBuffer otherMemory;
    private MappedByteBuffer indexMemory;
    private MappedByteBuffer otherIndexMemory;

    /**
     * @param format   of the content, which is asked for nothing.
     * @param clocks   of the indexes, by turns.
     * @param handlers around every payload; none for channels without envelope.
     * @param isShort  whether they are to be shorter than files may be, so that many are filled in a short time.
     */
    public ScratchChannels(
        final D format, final EpochNanoClock[] clocks, final WriteHandler[] handlers, final boolean isShort)
    {
        this.format = format;
        this.clocks = clocks.clone();
        this.handlers = handlers;
        header = new Header(0, 1, isShort ? SHORT_CAPACITY : CAPACITY, MAX_MESSAGE_LENGTH, 1, 0, TickUnit.NANOS);
        final int stride = isShort ? SHORT_STRIDE : IndexDescriptor.defaultStride(CAPACITY);
        final int entries = IndexDescriptor.entryCapacity(header.capacity(), stride);
        final int indexLength = IndexDescriptor.ENTRY_LENGTH * entries;
        final int indexOffset = (int)BitUtil.align(
            RecordDescriptor.wholeFileLength(header.capacity()), (long)ExtensionDescriptor.SECTION_ALIGNMENT);
        memory = memory(indexOffset);
        otherMemory = memory(indexOffset);
        indexMemory = memory(indexLength);
        otherIndexMemory = memory(indexLength);
        final UnsafeBuffer buffer = new UnsafeBuffer(memory);
        buffer.putInt(HeaderDescriptor.CAPACITY_OFFSET, header.capacity(), LITTLE_ENDIAN);
        buffer.putLong(ExtensionDescriptor.SIGNATURE_OFFSET, ExtensionDescriptor.SIGNATURE, LITTLE_ENDIAN);
        buffer.putLong(ExtensionDescriptor.INDEX_SECTION_OFFSET, indexOffset, LITTLE_ENDIAN);
        buffer.putInt(ExtensionDescriptor.INDEX_CAPACITY_OFFSET, entries, LITTLE_ENDIAN);
        buffer.putInt(ExtensionDescriptor.INDEX_STRIDE_OFFSET, stride, LITTLE_ENDIAN);
        extension = new Extension(buffer, indexOffset + (long)indexLength);
    }

    /**
     * Make another channel, which is empty.
     *
     * @return the channel, of the ordinal 0.
     */
    public SeriesChannel<D> next()
    {
        final MappedByteBuffer nextMemory = otherMemory;
        otherMemory = memory;
        memory = nextMemory;
        final MappedByteBuffer nextIndexMemory = otherIndexMemory;
        otherIndexMemory = indexMemory;
        indexMemory = nextIndexMemory;
        final ChannelMapping mapping = ChannelMapping.inMemory(FILE, nextMemory, nextIndexMemory);
        final EpochNanoClock clock = clocks[made % clocks.length];
        final ShmWriter<D> writer =
            new ShmWriter<>(format, new WritableChannel(header, extension, mapping, null, 0, 0, 0, 0, 0), clock);
        made++;

        return SeriesChannel.over(writer, handlers);
    }

    private static MappedByteBuffer memory(final int length)
    {
        return (MappedByteBuffer)ByteBuffer.allocateDirect(length);
    }
}
