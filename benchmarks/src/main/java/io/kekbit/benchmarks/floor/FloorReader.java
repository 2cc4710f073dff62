package io.kekbit.benchmarks.floor;

import io.kekbit.core.RecordHandler;

/**
 * Polls records by hand. Belongs to one thread.
 */
public interface FloorReader
{
    /**
     * Hand over the records that are there.
     *
     * @param handler to hand them to.
     * @param limit   the most of them.
     * @return how many there were.
     */
    int poll(RecordHandler handler, int limit);
}
