package io.kekbit.core;

import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.IndexDescriptor;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * Finds record boundaries by a channel's index, without walking along the records. An index may be damaged: an answer
 * is always inside the record area, and where the index is of no use it is the start of the channel, from which walking
 * leads anywhere.
 */
final class ChannelIndex
{
    private final UnsafeBuffer buffer;
    private final UnsafeBuffer indexBuffer;
    private final Header header;

    /**
     * @param mapping of the channel, its index included where there is one.
     * @param header  of the channel.
     */
    ChannelIndex(final ChannelMapping mapping, final Header header)
    {
        buffer = mapping.buffer();
        indexBuffer = mapping.indexBuffer();
        this.header = header;
    }

    /**
     * The last boundary that the index knows at or before a position.
     */
    int boundaryAtOrBefore(final long wanted)
    {
        final int entry = lastEntry(IndexDescriptor.POSITION_OFFSET, wanted, wanted);

        return entry < 0 ? 0 : Math.max(0, position(entry));
    }

    /**
     * The last entry of which a field is at most what is wanted.
     *
     * @param fieldOffset  of a field that grows from entry to entry.
     * @param wanted       the most that the field may be.
     * @param lastPosition the most that the position in the entry may be.
     * @return the number of the entry, or -1 where there is none.
     */
    int lastEntry(final int fieldOffset, final long wanted, final long lastPosition)
    {
        int found = -1;
        int low = 0;
        int high = count() - 1;
        while (low <= high)
        {
            final int middle = (low + high) >>> 1;
            final int position = position(middle);
            if (position >= 0 && position <= lastPosition && field(middle, fieldOffset) <= wanted)
            {
                found = middle;
                low = middle + 1;
            }
            else
            {
                // A damaged entry is taken for one that is too far, which costs time only.
                high = middle - 1;
            }
        }

        return found;
    }

    /**
     * The number of records before the position in an entry that {@link #lastEntry} found.
     */
    long recordsBefore(final int entry)
    {
        return field(entry, IndexDescriptor.RECORD_COUNT_OFFSET);
    }

    /**
     * The number of entries written, as far as they can be there at all.
     */
    private int count()
    {
        final int capacity = indexBuffer.capacity() / IndexDescriptor.ENTRY_LENGTH;
        if (capacity == 0)
        {
            return 0;
        }
        final long count = buffer.getLongAcquire(ExtensionDescriptor.INDEX_COUNT_OFFSET);

        return (int)Math.max(0, Math.min(capacity, count));
    }

    /**
     * The position in an entry, or -1 where the entry is damaged.
     */
    int position(final int entry)
    {
        final int offset = entry * IndexDescriptor.ENTRY_LENGTH;
        if (!IndexDescriptor.isValid(indexBuffer, offset, header.creationTime()))
        {
            return -1;
        }
        final long position = field(entry, IndexDescriptor.POSITION_OFFSET);

        return position >= 0 && position < header.capacity() &&
            BitUtil.isAligned(position, RecordDescriptor.ALIGNMENT) ? (int)position : -1;
    }

    private long field(final int entry, final int fieldOffset)
    {
        return indexBuffer.getLong(entry * IndexDescriptor.ENTRY_LENGTH + fieldOffset, LITTLE_ENDIAN);
    }
}
