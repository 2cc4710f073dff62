package io.kekbit.benchmarks.stream;

import io.kekbit.benchmarks.stream.peers.Sender;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Sends messages, the same for all peers: a number from 0 and a time, 8 bytes each, then filler, copied from one
 * prepared buffer outside the heap. Belongs to one thread.
 */
final class Messages
{
    static final int MIN_LENGTH = 2 * Long.BYTES;

    private final Sender sender;
    private final int length;
    private final UnsafeBuffer source;
    private final Patience patience = new Patience("room for a message");
    private long sequence;

    Messages(final Sender sender, final int length)
    {
        if (length < MIN_LENGTH || length % Long.BYTES != 0)
        {
            throw new IllegalArgumentException(
                "not a multiple of 8, or too short: length=" + length + " min=" + MIN_LENGTH);
        }
        this.sender = sender;
        this.length = length;
        source = new UnsafeBuffer(BufferUtil.allocateDirectAligned(length, 64));
        source.setMemory(0, length, (byte)'k');
    }

    void awaitConnection()
    {
        final Patience connecting = new Patience("the receiver to connect");
        while (!sender.isConnected())
        {
            connecting.idle();
        }
    }

    /**
     * Send messages that are numbered from 0 on, with the number for a time as well, until there were so many. The
     * number is a field, as the state of an application that sends is.
     */
    void sendUntil(final long count)
    {
        while (sequence < count)
        {
            send(sequence, sequence);
            sequence++;
        }
    }

    void send(final long sequence, final long time)
    {
        source.putLong(0, sequence);
        source.putLong(Long.BYTES, time);
        if (!sender.trySend(source, 0, length))
        {
            sendLater();
        }
    }

    private void sendLater()
    {
        do
        {
            patience.idle();
        }
        while (!sender.trySend(source, 0, length));
        patience.onProgress();
    }
}
