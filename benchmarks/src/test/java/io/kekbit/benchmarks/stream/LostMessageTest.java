package io.kekbit.benchmarks.stream;

import io.kekbit.benchmarks.stream.peers.MessageHandler;
import io.kekbit.benchmarks.stream.peers.Peer;
import io.kekbit.benchmarks.stream.peers.Receiver;
import io.kekbit.benchmarks.stream.peers.Sender;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.SystemNanoClock;
import org.junit.jupiter.api.Test;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LostMessageTest
{
    private static final int LENGTH = 64;
    private static final long MESSAGES = 10;

    @Test
    void shouldFailWhenCountedMessageIsMissing()
    {
        assertFails(Job.receive(1, LENGTH, MESSAGES));
    }

    @Test
    void shouldFailWhenMeasuredMessageIsMissing()
    {
        assertFails(Job.recordLatency(1, LENGTH, MESSAGES));
    }

    @Test
    void shouldFailWhenPingIsMissing()
    {
        assertFails(Job.echo(1, 2, LENGTH, MESSAGES));
    }

    @Test
    void shouldFailWhenMessageComesTwice()
    {
        final Arrivals arrivals = new Arrivals(LENGTH);
        arrivals.onMessage(0, 0, LENGTH);

        assertThrows(IllegalStateException.class, () -> arrivals.onMessage(0, 0, LENGTH));
    }

    @Test
    void shouldFailWhenMessageIsCutShort()
    {
        final LatencyArrivals arrivals = new LatencyArrivals(LENGTH, SystemNanoClock.INSTANCE);

        assertThrows(IllegalStateException.class, () -> arrivals.onMessage(0, 0, LENGTH - 8));
    }

    @Test
    void shouldGiveUpWhenNothingComes()
    {
        final Patience patience = new Patience("message", 0);

        assertThrows(
            IllegalStateException.class,
            () ->
            {
                while (true)
                {
                    patience.idle();
                }
            });
    }

    @Test
    void shouldRefuseMessagesWhenTooShortForNumberAndTime()
    {
        assertThrows(IllegalArgumentException.class, () -> new Messages(new LossyPeer(), 8));
    }

    private static void assertFails(final Job job)
    {
        final LossyPeer peer = new LossyPeer();
        try (FarThread farSide = new FarThread(peer, null))
        {
            final Messages sending = new Messages(peer.sender(1, LENGTH, MESSAGES), LENGTH);
            farSide.begin(job);
            for (long i = 0; i < MESSAGES; i++)
            {
                sending.send(i, i);
            }

            final IllegalStateException failure = assertThrows(IllegalStateException.class, farSide::end);

            final String reason = failure.getCause().getMessage();
            assertTrue(reason.startsWith("lost or out of order: sequence=6 expected=5"), reason);
            assertEquals(MESSAGES - 1, peer.sent);
        }
    }

    private static final class LossyPeer implements Peer, Sender
    {
        private static final long LOST = 5;

        private final Queue<Long> messages = new ConcurrentLinkedQueue<>();
        private int sent;

        @Override
        public Sender sender(final int channel, final int length, final long count)
        {
            return this;
        }

        @Override
        public Receiver receiver(
            final int channel, final int length, final long count, final MessageHandler handler)
        {
            return (limit) ->
            {
                final Long message = messages.poll();
                if (message == null)
                {
                    return 0;
                }
                handler.onMessage(message, System.nanoTime(), length);

                return 1;
            };
        }

        @Override
        public boolean trySend(final DirectBuffer source, final int offset, final int length)
        {
            final boolean isPing = !"far side".equals(Thread.currentThread().getName());
            if (isPing && source.getLong(offset) != LOST)
            {
                messages.add(source.getLong(offset));
                sent++;
            }

            return true;
        }

        @Override
        public boolean isBounded()
        {
            return false;
        }

        @Override
        public void release(final int channel)
        {
        }

        @Override
        public void close()
        {
        }
    }
}
