package io.kekbit.core.series;

/**
 * What else is to be done in the background.
 */
@FunctionalInterface
interface Housekeeping
{
    /**
     * There is nothing to be done.
     */
    Housekeeping NONE = (nowNs, isChanged) -> 0;

    /**
     * Do what is due.
     *
     * @param nowNs     the time.
     * @param isChanged whether a channel was made or closed, so that more may be due than before.
     * @return how much that was.
     */
    int doWork(long nowNs, boolean isChanged);
}
