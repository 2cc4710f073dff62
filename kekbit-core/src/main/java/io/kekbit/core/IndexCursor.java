package io.kekbit.core;

import io.kekbit.core.layout.IndexDescriptor;
import org.agrona.concurrent.NanoClock;

import java.util.concurrent.TimeUnit;

/**
 * Goes along the entries of a channel's index beside a reader that goes along its records, while both are written.
 * <p>
 * A writer publishes a record first, and writes its entry then, if one is due. So a record for which one is due is
 * waited for until its entry is there: that takes as long as a few stores, or as long as the writer is kept from
 * running. If it died between the two, there never will be one; so this is given up after a while. Where it has to be
 * given up again and again, since that channel's writer keeps its index by other rules, the while gets ever shorter.
 */
final class IndexCursor
{
    /**
     * There is no such entry.
     */
    static final int NOWHERE = Integer.MAX_VALUE;

    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(1);

    private final ChannelIndex index;
    private final NanoClock clock;
    private final int capacity;
    private final long spacing;
    // The first entry that may be at or behind the reader's position, and what the one before it says.
    private int entry;
    private int boundary;
    private long lastTime;
    private boolean isEnded;

    private int awaited = NOWHERE;
    private boolean isGivenUp;
    private long deadlineNs;
    private long patienceNs = PATIENCE_NS;

    /**
     * @param mapping   of the channel.
     * @param header    of the channel.
     * @param extension of the channel.
     * @param clock     that never steps back, to wait by.
     */
    IndexCursor(
        final ChannelMapping mapping, final Header header, final Extension extension, final NanoClock clock)
    {
        this.clock = clock;
        index = new ChannelIndex(mapping, header);
        capacity = extension.indexCapacity();
        spacing = IndexWriter.spacing(header, extension);
    }

    /**
     * Go to a position, of which nothing is known.
     */
    void goTo(final int position)
    {
        entry = 0;
        boundary = 0;
        lastTime = 0;
        isEnded = false;
        final int before = index.lastEntry(IndexDescriptor.POSITION_OFFSET, position - 1, position - 1);
        if (before >= 0)
        {
            entry = before;
            pass(index.position(before));
        }
    }

    /**
     * The position of the next entry.
     *
     * @param from a boundary, never before one that was asked for earlier.
     * @return the first at or behind it, or {@link #NOWHERE} where there is none yet.
     */
    int next(final int from)
    {
        while (!isEnded && entry < index.count())
        {
            final int position = index.position(entry);
            // An entry that cannot be one ends the index.
            if (position < 0 || index.time(entry) < lastTime)
            {
                isEnded = true;
            }
            else if (position >= from)
            {
                return position;
            }
            else
            {
                pass(position);
            }
        }

        return NOWHERE;
    }

    /**
     * The time in the entry that {@link #next} has just found.
     */
    long time()
    {
        return index.time(entry);
    }

    /**
     * Whether a record gets an entry, if its writer lives and keeps to the rules, where {@link #next} finds none yet.
     */
    boolean isDue(final int position)
    {
        return position >= boundary && entry < capacity && patienceNs > 0 && !isEnded;
    }

    /**
     * Whether to wait for the entry of a record longer.
     *
     * @return true if it is worth waiting.
     */
    boolean isAwaited(final int position)
    {
        if (awaited != position)
        {
            awaited = position;
            isGivenUp = false;
            deadlineNs = clock.nanoTime() + patienceNs;
        }
        if (!isGivenUp && clock.nanoTime() - deadlineNs >= 0)
        {
            isGivenUp = true;
            patienceNs >>= 1;
        }

        return !isGivenUp;
    }

    private void pass(final int position)
    {
        lastTime = index.time(entry);
        boundary = IndexWriter.boundaryAfter(position, spacing);
        entry++;
        patienceNs = PATIENCE_NS;
    }
}
