package io.kekbit.aeron.replication;

/**
 * How long to wait before the next attempt: twice as long after each one that failed, up to a bound.
 */
final class BackOff
{
    private final long shortestNs;
    private final long longestNs;
    private long nextNs;

    BackOff(final long shortestNs, final long longestNs)
    {
        this.shortestNs = shortestNs;
        this.longestNs = Math.max(shortestNs, longestNs);
        nextNs = shortestNs;
    }

    long shortestNs()
    {
        return shortestNs;
    }

    long longestNs()
    {
        return longestNs;
    }

    /**
     * Another attempt failed.
     *
     * @return how long to wait before the next one.
     */
    long nextNs()
    {
        final long waitedNs = nextNs;
        nextNs = Math.min(nextNs * 2, longestNs);

        return waitedNs;
    }

    /**
     * An attempt led to something.
     */
    void reset()
    {
        nextNs = shortestNs;
    }
}
