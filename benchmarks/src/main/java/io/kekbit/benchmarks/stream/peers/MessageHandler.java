package io.kekbit.benchmarks.stream.peers;

/**
 * Takes the messages that arrive. What a receiver reads of a message is the same whatever carried it: its first 16
 * bytes, in place, by the means of the peer, and its length.
 */
@FunctionalInterface
public interface MessageHandler
{
    /**
     * One message.
     *
     * @param sequence the number of the message in its channel, from 0.
     * @param time     that the sender put into it.
     * @param length   of the whole message in bytes.
     */
    void onMessage(long sequence, long time, int length);
}
