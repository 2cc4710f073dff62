package io.kekbit.benchmarks.stream.peers;

import org.agrona.DirectBuffer;

/**
 * Sends messages on one channel. Belongs to one thread.
 */
public interface Sender
{
    /**
     * Send a message by copying it.
     *
     * @param source that holds the message: the same buffer at every call.
     * @param offset of the message in the source.
     * @param length of the message in bytes, a multiple of 8.
     * @return false where the receiver has to make room first.
     * @throws IllegalStateException where there will never be room again.
     */
    boolean trySend(DirectBuffer source, int offset, int length);

    /**
     * Whether the receiver would get what is sent now.
     *
     * @return true once it would.
     */
    default boolean isConnected()
    {
        return true;
    }
}
