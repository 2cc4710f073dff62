package io.kekbit.core;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.ArrayList;
import java.util.List;

/**
 * What was published to a channel, in order, kept where no power loss reaches it. The content follows from a seed, so
 * that a record which was given up and written anew can be told from the one that stood in its place.
 */
final class PublishedRecords
{
    private final List<Entry> entries = new ArrayList<>();
    private final UnsafeBuffer expected = new UnsafeBuffer(new byte[8192]);

    /**
     * A record.
     *
     * @param position     at which it stands.
     * @param nextPosition behind it.
     * @param seed         of its payload.
     * @param length       of its payload.
     */
    record Entry(long position, long nextPosition, long seed, int length)
    {
    }

    void add(final Entry entry)
    {
        entries.add(entry);
    }

    /**
     * Forget what stood at a position and behind it.
     */
    void cutAt(final long position)
    {
        entries.subList(countBelow(position), entries.size()).clear();
    }

    int size()
    {
        return entries.size();
    }

    Entry get(final int index)
    {
        return entries.get(index);
    }

    /**
     * How many stand whole below a position.
     */
    int countBelow(final long position)
    {
        int count = entries.size();
        while (count > 0 && entries.get(count - 1).nextPosition > position)
        {
            count--;
        }

        return count;
    }

    /**
     * Whether a payload is the one that was published as the record of that index, at that place.
     */
    boolean isRight(
        final int index, final long position, final DirectBuffer buffer, final int offset, final int length)
    {
        if (index < 0 || index >= entries.size())
        {
            return false;
        }
        final Entry entry = entries.get(index);
        if (entry.position != position || entry.length != length)
        {
            return false;
        }
        NumberedRecords.fill(entry.seed, expected, 0, length);
        for (int i = 0; i < length; i++)
        {
            if (expected.getByte(i) != buffer.getByte(offset + i))
            {
                return false;
            }
        }

        return true;
    }
}
