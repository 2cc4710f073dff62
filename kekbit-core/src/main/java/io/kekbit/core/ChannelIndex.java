package io.kekbit.core;

import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.IndexDescriptor;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.List;
import java.util.function.IntPredicate;

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

    // What timeAt() answered last: the same for all positions from one entry to the next.
    private int knownEntry = -1;
    private int knownFrom;
    private int knownTo;
    private long knownTime;

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
     * The last entry of which a field is at most what is wanted. A damaged entry is taken for one that is too far,
     * which costs time only.
     * <p>
     * It is looked for around where it would be if the field grew evenly, so that few pages of a long index are
     * touched.
     *
     * @param fieldOffset  of a field that grows from entry to entry.
     * @param wanted       the most that the field may be.
     * @param lastPosition the most that the position in the entry may be.
     * @return the number of the entry, or -1 where there is none.
     */
    int lastEntry(final int fieldOffset, final long wanted, final long lastPosition)
    {
        final int last = count() - 1;

        return last < 0 ? -1 : lastEntry(
            (entry) -> isWithin(entry, fieldOffset, wanted, lastPosition), guess(fieldOffset, wanted, last), last);
    }

    /**
     * The last entry whose record keeps a rule, other than the times in the index, that records keep up to some point
     * of the channel and none does behind it. A damaged entry is taken for one that is too far.
     *
     * @param near         an entry near the one looked for; any number will do.
     * @param lastPosition the most that the position in the entry may be.
     * @param rule         for the position of a record.
     * @return the number of the entry, or -1 where there is none.
     */
    int lastEntryWith(final int near, final int lastPosition, final IntPredicate rule)
    {
        final int last = count() - 1;
        final IntPredicate isWithin = (entry) ->
        {
            final int position = position(entry);

            return position >= 0 && position <= lastPosition && rule.test(position);
        };

        return last < 0 ? -1 : lastEntry(isWithin, Math.max(0, Math.min(near, last)), last);
    }

    /**
     * The last entry that is within what is wanted, looked for around a guess.
     */
    private static int lastEntry(final IntPredicate isWithin, final int guess, final int last)
    {
        if (!isWithin.test(0))
        {
            return -1;
        }
        if (isWithin.test(last))
        {
            return last;
        }

        // From here on entry `low` is within what is wanted, and entry `high` is not.
        int low = 0;
        int high = last;
        if (isWithin.test(guess))
        {
            low = guess;
            int step = 1;
            while (low + step < high && isWithin.test(low + step))
            {
                low += step;
                step <<= 1;
            }
            high = Math.min(high, low + step);
        }
        else
        {
            high = guess;
            int step = 1;
            while (high - step > low && !isWithin.test(high - step))
            {
                high -= step;
                step <<= 1;
            }
            low = Math.max(low, high - step);
        }
        while (high - low > 1)
        {
            final int middle = (low + high) >>> 1;
            if (isWithin.test(middle))
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /**
     * The number of records before the position in an entry that {@link #lastEntry} found.
     */
    long recordsBefore(final int entry)
    {
        return field(entry, IndexDescriptor.RECORD_COUNT_OFFSET);
    }

    /**
     * The time in the last entry at or before a position. Positions that grow take no more than a look at the next
     * entry, and none before it is reached.
     *
     * @return the time in ticks, or {@link Reader#NOT_TOLD} where there is no such entry.
     */
    long timeAt(final int position)
    {
        if (position >= knownFrom && position < knownTo)
        {
            return knownTime;
        }

        final int count = count();
        int entry = knownEntry;
        if (entry < 0 || entry >= count || position < knownFrom || position(entry) != knownFrom)
        {
            entry = lastEntry(IndexDescriptor.POSITION_OFFSET, position, position);
        }
        while (entry >= 0 && entry + 1 < count &&
            isWithin(entry + 1, IndexDescriptor.POSITION_OFFSET, position, position))
        {
            entry++;
        }
        // Where the next entry is not there yet, or damaged, it is looked for again.
        knownEntry = entry;
        knownFrom = entry < 0 ? 0 : Math.max(0, position(entry));
        knownTo = entry >= 0 && entry + 1 < count ? position(entry + 1) : 0;
        knownTime = entry < 0 ? Reader.NOT_TOLD : time(entry);

        return knownTime;
    }

    /**
     * The time in an entry that {@link #lastEntry} found.
     */
    long time(final int entry)
    {
        return field(entry, IndexDescriptor.TIME_OFFSET);
    }

    /**
     * Tell what is wrong with the index, as far as its count and its last entry show it.
     *
     * @param problems to add sentences to.
     */
    void report(final List<String> problems)
    {
        final long stored = buffer.getLongAcquire(ExtensionDescriptor.INDEX_COUNT_OFFSET);
        final int count = count();
        if (stored != count)
        {
            problems.add("index: " + Long.toUnsignedString(stored) + " entries are more than it has room for");
        }
        else if (count > 0 && position(count - 1) < 0)
        {
            problems.add("index: entry " + (count - 1) + " is damaged, which costs time");
        }
    }

    /**
     * The number of entries written, as far as they can be there at all.
     */
    int count()
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
     * The position in an entry, or -1 where the entry is damaged, or tells of more records than fit before it.
     */
    int position(final int entry)
    {
        final int offset = entry * IndexDescriptor.ENTRY_LENGTH;
        if (!IndexDescriptor.isValid(indexBuffer, offset, header.creationTime()))
        {
            return -1;
        }
        final long position = field(entry, IndexDescriptor.POSITION_OFFSET);
        final long records = recordsBefore(entry);

        return position >= 0 && position < header.capacity() &&
            BitUtil.isAligned(position, RecordDescriptor.ALIGNMENT) &&
            records >= 0 && records <= position / RecordDescriptor.MIN_ALIGNED_LENGTH ? (int)position : -1;
    }

    /**
     * Where an entry would be if a field grew evenly from the first entry to the last one.
     *
     * @return the number of an entry between these two, or of the first.
     */
    private int guess(final int fieldOffset, final long wanted, final int last)
    {
        final double first = field(0, fieldOffset);
        final double share = (wanted - first) / (field(last, fieldOffset) - first);

        // Not a number where nothing grew, and anything where an entry is damaged.
        return share >= 0 && share < 1 ? (int)(share * last) : last >>> 1;
    }

    private boolean isWithin(final int entry, final int fieldOffset, final long wanted, final long lastPosition)
    {
        final int position = position(entry);

        return position >= 0 && position <= lastPosition && field(entry, fieldOffset) <= wanted;
    }

    private long field(final int entry, final int fieldOffset)
    {
        return indexBuffer.getLong(entry * IndexDescriptor.ENTRY_LENGTH + fieldOffset, LITTLE_ENDIAN);
    }
}
