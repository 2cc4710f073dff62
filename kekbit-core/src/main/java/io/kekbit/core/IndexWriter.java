package io.kekbit.core;

import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.IndexDescriptor;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Keeps up what helps readers and tools to find their way: the index and the tail hint. Both are touched at index
 * strides, heartbeats, flushes and closing, never per record.
 */
final class IndexWriter
{
    private final UnsafeBuffer buffer;
    private final UnsafeBuffer indexBuffer;
    private final Header header;
    private final EpochNanoClock clock;
    private final int stride;
    private final int capacity;
    private int count;
    private long lastTime;

    IndexWriter(
        final ChannelMapping mapping, final Header header, final Extension extension, final EpochNanoClock clock)
    {
        this.buffer = mapping.buffer();
        this.indexBuffer = mapping.indexBuffer();
        this.header = header;
        this.clock = clock;
        stride = (int)extension.indexStride();
        capacity = extension.indexCapacity();
        lastTime = header.creationTime();
    }

    /**
     * Note the first record in its stride. Called after the record was published.
     *
     * @param position    of the record.
     * @param recordCount number of records before it.
     * @param tail        position behind it.
     * @return the position from which on a record is the first in another stride.
     */
    int onStride(final int position, final long recordCount, final int tail)
    {
        storeTailHint(tail);
        if (count < capacity)
        {
            IndexDescriptor.putEntry(
                indexBuffer,
                count * IndexDescriptor.ENTRY_LENGTH,
                position,
                recordCount,
                lastTime,
                header.creationTime());
            count++;
            buffer.putLongRelease(ExtensionDescriptor.INDEX_COUNT_OFFSET, count);
        }

        return (int)Math.min(Integer.MAX_VALUE, (position / stride + 1L) * stride);
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
}
