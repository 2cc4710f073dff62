package io.kekbit.benchmarks.stream;

import io.kekbit.benchmarks.stream.peers.MessageHandler;
import io.kekbit.benchmarks.stream.peers.Receiver;
import io.kekbit.core.ProportionalIdleStrategy;

/**
 * Counts the messages of one channel, and ends the measurement at one that is lost, comes twice, out of order or with
 * another length.
 */
final class Arrivals implements MessageHandler
{
    private static final int LIMIT = 256;

    private final int length;
    private long count;
    private long lastTime;

    Arrivals(final int length)
    {
        this.length = length;
    }

    @Override
    public void onMessage(final long sequence, final long time, final int bytes)
    {
        if (sequence != count || bytes != length)
        {
            throw unexpected(sequence, count, bytes);
        }
        count++;
        lastTime = time;
    }

    static IllegalStateException unexpected(final long sequence, final long expected, final int length)
    {
        return new IllegalStateException(
            "lost or out of order: sequence=" + sequence + " expected=" + expected + " length=" + length);
    }

    /**
     * The time in the last message: without a use of it, the load could be left out.
     */
    long lastTime()
    {
        return lastTime;
    }

    void await(final Receiver receiver, final long messages, final int maxSpins)
    {
        final Patience patience = new Patience("message " + messages);
        final ProportionalIdleStrategy idleStrategy = new ProportionalIdleStrategy(maxSpins);
        while (count < messages)
        {
            final int received = receiver.poll(LIMIT);
            idleStrategy.idle(received);
            if (received > 0)
            {
                patience.onProgress();
            }
            else
            {
                patience.onNothing();
            }
        }
    }
}
