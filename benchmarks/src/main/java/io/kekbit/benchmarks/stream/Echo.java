package io.kekbit.benchmarks.stream;

import io.kekbit.benchmarks.stream.peers.MessageHandler;
import io.kekbit.benchmarks.stream.peers.Receiver;
import io.kekbit.benchmarks.stream.peers.Sender;

/**
 * Sends back every message of one channel on another.
 */
final class Echo implements MessageHandler
{
    private final int length;
    private final Messages back;
    private long count;

    Echo(final Sender sender, final int length)
    {
        this.length = length;
        back = new Messages(sender, length);
    }

    @Override
    public void onMessage(final long sequence, final long time, final int bytes)
    {
        if (sequence != count || bytes != length)
        {
            throw Arrivals.unexpected(sequence, count, bytes);
        }
        count++;
        back.send(sequence, time);
    }

    void await(final Receiver receiver, final long messages)
    {
        back.awaitConnection();
        final Patience patience = new Patience("ping " + messages);
        while (count < messages)
        {
            if (receiver.poll(1) > 0)
            {
                patience.onProgress();
            }
            else
            {
                patience.idle();
            }
        }
    }
}
