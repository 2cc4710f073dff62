package io.kekbit.benchmarks.stream.peers;

/**
 * Receives the messages of one channel. Belongs to one thread.
 */
@FunctionalInterface
public interface Receiver
{
    /**
     * Hand over messages that are there.
     *
     * @param limit the most of them.
     * @return how many there were.
     */
    int poll(int limit);
}
