package io.kekbit.core;

/**
 * Told by a reader when a record does not carry the sequence number that follows the one before it: records between
 * them are missing, or the same records come again. In a channel that lost nothing this never happens.
 */
@FunctionalInterface
public interface SequenceGapListener
{
    /**
     * A record with another number than the next one is about to be handed over. Called by the reader's thread. It must
     * not call the reader, and should not throw: the reader's caller then gets what was thrown, and the record with
     * the next call.
     *
     * @param expected the number after that of the record before.
     * @param actual   the number of this record: greater where {@code actual - expected} records are missing.
     * @param position of this record in the channel.
     */
    void onGap(long expected, long actual, long position);
}
