package io.kekbit.cli.channels;

/**
 * How many records and bytes there were in each interval of time, in one pass, for times that are not known before: the
 * intervals become twice as long whenever they do not reach any further. Not thread-safe.
 */
final class RateHistogram
{
    /**
     * The most intervals there are.
     */
    static final int MAX_INTERVALS = 16;

    private final long[] records = new long[MAX_INTERVALS];
    private final long[] bytes = new long[MAX_INTERVALS];
    private long firstTicks;
    private long lastTicks;
    private long width;
    private long total;

    /**
     * @param width of an interval to begin with, in ticks, more than 0.
     */
    RateHistogram(final long width)
    {
        this.width = width;
    }

    /**
     * Count a record. One with an earlier time than the first counts as the first.
     *
     * @param ticks of the record, not negative.
     * @param size  of the record in bytes.
     */
    void add(final long ticks, final long size)
    {
        if (total++ == 0)
        {
            firstTicks = ticks;
            lastTicks = ticks;
        }
        lastTicks = Math.max(lastTicks, ticks);
        final long since = Math.max(0, ticks - firstTicks);
        while (since / width >= MAX_INTERVALS)
        {
            widen();
        }
        records[(int)(since / width)]++;
        bytes[(int)(since / width)] += size;
    }

    boolean isEmpty()
    {
        return total == 0;
    }

    /**
     * The first time, in ticks.
     */
    long firstTicks()
    {
        return firstTicks;
    }

    /**
     * The latest time, in ticks.
     */
    long lastTicks()
    {
        return lastTicks;
    }

    /**
     * How long an interval is, in ticks.
     */
    long width()
    {
        return width;
    }

    /**
     * How many intervals there are up to the latest time.
     */
    int intervals()
    {
        return total == 0 ? 0 : (int)((lastTicks - firstTicks) / width) + 1;
    }

    /**
     * Records in an interval.
     */
    long records(final int interval)
    {
        return records[interval];
    }

    /**
     * Bytes in an interval.
     */
    long bytes(final int interval)
    {
        return bytes[interval];
    }

    private void widen()
    {
        for (int i = 0; i < MAX_INTERVALS / 2; i++)
        {
            records[i] = records[2 * i] + records[2 * i + 1];
            bytes[i] = bytes[2 * i] + bytes[2 * i + 1];
        }
        for (int i = MAX_INTERVALS / 2; i < MAX_INTERVALS; i++)
        {
            records[i] = 0;
            bytes[i] = 0;
        }
        // Times span less than 2^63 ticks, so a width that would overflow is never needed.
        width = width > Long.MAX_VALUE / 2 ? Long.MAX_VALUE : 2 * width;
    }
}
