package io.kekbit.core.replay;

import java.util.Arrays;

/**
 * Streams ordered by the time of the record that each has next, those of the same time by their numbers: a binary heap
 * over arrays, which allocates nothing once it is made.
 */
final class TimeHeap
{
    private final int[] sources;
    private final long[] timeBySource;
    private int size;

    /**
     * @param capacity number of streams, of which each can be in it once.
     */
    TimeHeap(final int capacity)
    {
        sources = new int[capacity];
        timeBySource = new long[capacity];
        Arrays.fill(timeBySource, RecordTime.NONE);
    }

    int size()
    {
        return size;
    }

    /**
     * The stream that is first. There has to be one.
     */
    int first()
    {
        return sources[0];
    }

    /**
     * The time that a stream was put in with last, also where it is not in it now; {@link RecordTime#NONE} before.
     */
    long time(final int source)
    {
        return timeBySource[source];
    }

    /**
     * Put a stream in that is not in it.
     */
    void add(final int source, final long time)
    {
        timeBySource[source] = time;
        siftUp(size++, source, time);
    }

    /**
     * The stream that is first goes on to a record of another time.
     */
    void replaceFirst(final long time)
    {
        final int source = sources[0];
        timeBySource[source] = time;
        siftDown(0, source, time);
    }

    /**
     * The stream that is first has no further record.
     */
    void removeFirst()
    {
        final int last = sources[--size];
        if (size > 0)
        {
            siftDown(0, last, timeBySource[last]);
        }
    }

    /**
     * Take a stream out, wherever it is.
     *
     * @return false where it is not in it.
     */
    boolean remove(final int source)
    {
        int index = 0;
        while (index < size && sources[index] != source)
        {
            index++;
        }
        if (index == size)
        {
            return false;
        }

        final int last = sources[--size];
        if (index < size)
        {
            siftDown(index, last, timeBySource[last]);
            if (sources[index] == last)
            {
                siftUp(index, last, timeBySource[last]);
            }
        }

        return true;
    }

    /**
     * The time that a stream was put in with last does not count any more. It must not be in it.
     */
    void forget(final int source)
    {
        timeBySource[source] = RecordTime.NONE;
    }

    private void siftUp(final int start, final int source, final long time)
    {
        int index = start;
        while (index > 0)
        {
            final int parent = (index - 1) >>> 1;
            if (!isBefore(source, time, sources[parent]))
            {
                break;
            }
            sources[index] = sources[parent];
            index = parent;
        }
        sources[index] = source;
    }

    private void siftDown(final int start, final int source, final long time)
    {
        int index = start;
        while (true)
        {
            int child = 2 * index + 1;
            if (child >= size)
            {
                break;
            }
            if (child + 1 < size && isBefore(sources[child + 1], timeBySource[sources[child + 1]], sources[child]))
            {
                child++;
            }
            if (isBefore(source, time, sources[child]))
            {
                break;
            }
            sources[index] = sources[child];
            index = child;
        }
        sources[index] = source;
    }

    private boolean isBefore(final int source, final long time, final int other)
    {
        final long otherTime = timeBySource[other];

        return time < otherTime || time == otherTime && source < other;
    }
}
