package io.kekbit.benchmarks.stream.peers;

/**
 * One way of carrying messages, set up in this process. Channels are known by number; each has one sender and one
 * receiver, in this process or another that was set up on the same folder. Every page of a channel has been touched
 * when the sender or receiver is there, unless the peer is one that is to be measured cold.
 * <p>
 * Thread-safe, but for what it makes.
 */
public interface Peer extends AutoCloseable
{
    /**
     * Make a channel, and send on it.
     *
     * @param channel  a number that was not used before.
     * @param length   of every message in bytes, a multiple of 8, at least 16.
     * @param messages the most that will be sent on it: there is room for all of them, or they are taken in turn.
     * @return the sender.
     */
    Sender sender(int channel, int length, long messages);

    /**
     * Receive on a channel that was made.
     *
     * @param channel  the number of it.
     * @param length   of every message in bytes, as the sender was told.
     * @param messages the most that will be sent, as the sender was told.
     * @param handler  to hand messages to.
     * @return the receiver.
     */
    Receiver receiver(int channel, int length, long messages, MessageHandler handler);

    /**
     * Whether a sender has to wait for its receiver when that does not take what was sent.
     *
     * @return true if messages are not kept.
     */
    boolean isBounded();

    /**
     * Let go of the sender and receiver that this process has on a channel, when this is closed at the latest. Its
     * files are left.
     *
     * @param channel the number of it.
     */
    void release(int channel);

    /**
     * Let go of everything. Files are left.
     */
    @Override
    void close();
}
