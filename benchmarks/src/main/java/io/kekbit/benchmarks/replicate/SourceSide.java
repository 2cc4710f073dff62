package io.kekbit.benchmarks.replicate;

import org.agrona.DirectBuffer;

/**
 * Where messages are sent. For one thread.
 */
interface SourceSide extends AutoCloseable
{
    /**
     * Whether somebody receives.
     */
    boolean isConnected();

    /**
     * Send a message.
     *
     * @return false where there is no room as of now.
     */
    boolean trySend(DirectBuffer source, int offset, int length);

    /**
     * Do what no other thread does: the media driver's work, and the agent's.
     *
     * @return how much was done.
     */
    int doWork();

    @Override
    void close();
}
