package io.kekbit.core.series;

/**
 * What else is to be done in the background.
 */
@FunctionalInterface
interface Housekeeping
{
    /**
     * Do what is due.
     *
     * @param nowNs the time.
     * @return how much that was.
     */
    int doWork(long nowNs);
}
