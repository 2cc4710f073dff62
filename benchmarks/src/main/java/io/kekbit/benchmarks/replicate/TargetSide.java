package io.kekbit.benchmarks.replicate;

import org.agrona.DirectBuffer;

/**
 * Where messages arrive. For one thread.
 */
interface TargetSide extends AutoCloseable
{
    /**
     * Looks at a message.
     */
    @FunctionalInterface
    interface MessageHandler
    {
        /**
         * One message, where it stands.
         *
         * @param buffer it is in.
         * @param offset of its first byte.
         * @param length of it in bytes.
         */
        void onMessage(DirectBuffer buffer, int offset, int length);
    }

    /**
     * Take messages.
     *
     * @param handler to hand them to.
     * @param limit   the most.
     * @return how many there were.
     */
    int poll(MessageHandler handler, int limit);

    /**
     * Do what no other thread does: the media driver's work, and the agent's.
     *
     * @return how much was done.
     */
    int doWork();

    @Override
    void close();
}
