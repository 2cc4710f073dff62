package io.kekbit.benchmarks.stream.peers;

import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class PeersTest
{
    private static final int CHANNEL = 7;
    private static final int LENGTH = 48;
    private static final long MESSAGES = 200_000;
    private static final long DEADLINE_S = 30;

    @TempDir
    private Path folder;

    private long next;

    @ParameterizedTest
    @ValueSource(strings = {
        "kekbit", "kekbit-cold", "floor-buffer", "floor-slot-view", "floor-address", "floor-words", "floor-byte-buffer",
        "agrona-ring", "aeron-ipc", "chronicle-queue"})
    void shouldDeliverEveryMessageInOrderToAnotherThread(final String subject) throws Exception
    {
        try (Peer peer = Peers.of(subject, folder, true))
        {
            final Sender sender = peer.sender(CHANNEL, LENGTH, MESSAGES);
            final FutureTask<Long> receiving = new FutureTask<>(() -> receive(peer));
            final Thread thread = new Thread(receiving);
            thread.start();

            send(sender, receiving);

            assertEquals(MESSAGES, receiving.get(DEADLINE_S, TimeUnit.SECONDS));
            thread.join();
            peer.release(CHANNEL);
        }
    }

    @Test
    void shouldRefuseSubjectWhenThereIsNoSuch()
    {
        assertThrows(IllegalArgumentException.class, () -> Peers.of("kafka", folder, true));
    }

    private static void send(final Sender sender, final FutureTask<Long> receiving)
    {
        final UnsafeBuffer source = new UnsafeBuffer(BufferUtil.allocateDirectAligned(LENGTH, 64));
        while (!sender.isConnected() && !receiving.isDone())
        {
            Thread.yield();
        }
        for (long i = 0; i < MESSAGES; i++)
        {
            source.putLong(0, i);
            source.putLong(Long.BYTES, -i);
            while (!sender.trySend(source, 0, LENGTH) && !receiving.isDone())
            {
                Thread.yield();
            }
        }
    }

    private long receive(final Peer peer)
    {
        final Receiver receiver = peer.receiver(CHANNEL, LENGTH, MESSAGES, this::onMessage);
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_S);
        while (next < MESSAGES && System.nanoTime() - deadlineNs < 0)
        {
            if (receiver.poll(10) == 0)
            {
                Thread.yield();
            }
        }

        return next;
    }

    private void onMessage(final long sequence, final long time, final int length)
    {
        assertEquals(next, sequence);
        assertEquals(-next, time);
        assertEquals(LENGTH, length);
        next++;
    }
}
