package io.kekbit.core;

import org.agrona.UnsafeApi;

/**
 * The load that finds a record, by address and without bounds, since the reader's one check has seen to it that the
 * word lies within the record area.
 * <p>
 * Not final, so that a test can watch what is loaded. Where no other class is loaded the call is inlined.
 */
class RecordLoads
{
    private static final RecordLoads PLAIN = new RecordLoads();

    /**
     * Loads that somebody watches, or plain ones: those are a constant to the compiler.
     *
     * @param watched the loads; null for plain ones.
     * @return the loads to use.
     */
    static RecordLoads orPlain(final RecordLoads watched)
    {
        return watched == null ? PLAIN : watched;
    }

    /**
     * Load a length word with acquire.
     *
     * @param address of the word.
     * @return the word.
     */
    long word(final long address)
    {
        return UnsafeApi.getLongAcquire(null, address);
    }
}
