package io.kekbit.core;

import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.IndexDescriptor;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.UnsafeBuffer;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * Keeps up what helps readers and tools to find their way: the index and the tail hint. Both are touched where an
 * entry of the index is due, and by heartbeats, flushes and closing, never per record.
 */
final class IndexWriter
{
    // An entry takes as long as some ten records. So that this is not felt, strides are skipped, but only so many that
    // walking over them still takes no time, and that the index of a short channel has some entries. Both this and the
    // stride are powers of two, so that where an entry is due a stride begins.
    private static final int MAX_SPACING = 1 << 16;
    private static final int MIN_ENTRIES = 16;
    private final UnsafeBuffer buffer;
    private final UnsafeBuffer indexBuffer;
    private final Header header;
    private final EpochNanoClock clock;
    private final long spacing;
    private final int capacity;
    private int count;
    private long lastTime;
    private int nearEnd = Integer.MAX_VALUE;
    private Runnable nearEndAlarm;

    IndexWriter(final WritableChannel channel, final EpochNanoClock clock)
    {
        this.clock = clock;
        buffer = channel.mapping().buffer();
        indexBuffer = channel.mapping().indexBuffer();
        header = channel.header();
        capacity = channel.extension().indexCapacity();
        // Without an index the tail hint is still kept up.
        spacing = spacing(header, channel.extension());
        count = channel.indexCount();
        lastTime = count == 0 ? header.creationTime() : lastEntry(IndexDescriptor.TIME_OFFSET);
    }

    /**
     * The bytes of record area for each entry that is written, a multiple of the stride; 0 where there is no index.
     */
    long spacing()
    {
        return capacity == 0 ? 0 : spacing;
    }

    /**
     * Have the last entries announced that will be written, each of them.
     *
     * @param entries how many.
     * @param alarm   to run; it neither throws nor writes to the channel.
     */
    void nearEndAlarm(final int entries, final Runnable alarm)
    {
        nearEndAlarm = alarm;
        nearEnd = (int)Math.max(0, header.capacity() - entries * spacing);
    }

    /**
     * Load what an entry takes.
     *
     * @return a number without meaning.
     */
    long look()
    {
        return capacity + lastTime + header.creationTime() + buffer.capacity() +
            (indexBuffer.capacity() > 0 ? indexBuffer.getLongVolatile(0) : 0);
    }

    /**
     * The index itself, of capacity 0 where there is none.
     */
    UnsafeBuffer buffer()
    {
        return indexBuffer;
    }

    /**
     * The position from which on the next record gets an entry.
     */
    int nextBoundary()
    {
        return count == 0 ? 0 : boundaryAfter((int)lastEntry(IndexDescriptor.POSITION_OFFSET), spacing);
    }

    /**
     * Write the entry that is due, and the tail hint. Called after the record was published.
     *
     * @param position    of the record.
     * @param recordCount number of records before it.
     * @param tail        position behind it.
     * @return the position from which on the next record gets an entry.
     */
    int onStride(final int position, final long recordCount, final int tail)
    {
        storeTailHint(tail);
        if (count < capacity)
        {
            putEntry(position, recordCount, lastTime);
        }
        if (position >= nearEnd)
        {
            nearEndAlarm.run();
        }

        return boundaryAfter(position, spacing);
    }

    /**
     * Write the entry of a copied record, as it stands in the index that is copied, before the record is published: so
     * a process that dies in between leaves a copy that lacks none. Until then the entry tells of the end, which is a
     * boundary as well. Nothing happens where that was done before, or the index is full.
     *
     * @param position    at which the writer is.
     * @param recordCount number of records before it.
     * @param time        in ticks.
     */
    void copyEntry(final int position, final long recordCount, final long time)
    {
        if (count < capacity && (count == 0 || lastEntry(IndexDescriptor.POSITION_OFFSET) < position))
        {
            putEntry(position, recordCount, time);
            lastTime = Math.max(lastTime, time);
        }
    }

    /**
     * The time in the last entry, before which no further one can be.
     */
    long lastEntryTime()
    {
        return count == 0 ? 0 : lastEntry(IndexDescriptor.TIME_OFFSET);
    }

    /**
     * Tell readers a position from which the end is not far.
     *
     * @param tail the position at which the writer is.
     */
    void storeTailHint(final int tail)
    {
        // The clock may step back; times in a channel do not.
        lastTime = Math.max(lastTime, header.tickUnit().now(clock));
        buffer.putLongRelease(ExtensionDescriptor.TAIL_HINT_TIME_OFFSET, lastTime);
        buffer.putLongRelease(ExtensionDescriptor.TAIL_HINT_OFFSET, tail);
    }

    /**
     * The bytes of record area for each entry that is written: of the tail hint's, where there is no index.
     */
    static long spacing(final Header header, final Extension extension)
    {
        final long stride = extension.indexCapacity() == 0 ? IndexDescriptor.defaultStride(header.capacity()) :
            extension.indexStride();

        return Math.max(stride, Math.min(MAX_SPACING, Integer.highestOneBit(header.capacity() / MIN_ENTRIES)));
    }

    /**
     * The position from which on the next record gets an entry, when one at a position has one.
     */
    static int boundaryAfter(final int position, final long spacing)
    {
        return (int)Math.min(Integer.MAX_VALUE, (position / spacing + 1) * spacing);
    }

    private void putEntry(final int position, final long recordCount, final long time)
    {
        IndexDescriptor.putEntry(
            indexBuffer,
            count * IndexDescriptor.ENTRY_LENGTH,
            position,
            recordCount,
            time,
            header.creationTime());
        count++;
        buffer.putLongRelease(ExtensionDescriptor.INDEX_COUNT_OFFSET, count);
    }

    private long lastEntry(final int fieldOffset)
    {
        return indexBuffer.getLong((count - 1) * IndexDescriptor.ENTRY_LENGTH + fieldOffset, LITTLE_ENDIAN);
    }
}
