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
