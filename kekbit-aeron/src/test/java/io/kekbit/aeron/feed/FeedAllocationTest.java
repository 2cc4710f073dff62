package io.kekbit.aeron.feed;

import com.sun.management.ThreadMXBean;
import io.aeron.FragmentAssembler;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.logbuffer.FragmentHandler;
import io.kekbit.core.Header;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.ShmReader;
import io.kekbit.core.ShmWriter;
import io.kekbit.core.replay.ReplayerBuilder;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.function.LongSupplier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * That recording and replaying allocate nothing for a message, by the JVM's own count for the thread.
 */
class FeedAllocationTest
{
    private static final int ROUNDS = 5;
    private static final int MESSAGES = 10_000;
    private static final int LONG_LENGTH = 3_000;

    private final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
    private final UnsafeBuffer message = new UnsafeBuffer(new byte[LONG_LENGTH]);
    private long received;
    private final FragmentHandler receiving =
        new FragmentAssembler((buffer, offset, length, header) -> received += length);

    @TempDir
    private Path root;

    @Test
    void shouldAllocateNothingWhenRecordingAndReplaying()
    {
        final Header header =
            Header.builder().channelId(1).capacity(128L << 20).maxMessageLength(LONG_LENGTH).build();
        try (Loopback loopback = new Loopback(root);
            ShmWriter<RawBinDataFormat> writer = ShmWriter.create(root, header, RawBinDataFormat.INSTANCE);
            RecordingAgent recording =
                RecordingAgent.builder(loopback.aeron(), Loopback.IPC, Loopback.STREAM, writer).open();
            Publication publication = loopback.aeron().addPublication(Loopback.IPC, Loopback.STREAM))
        {
            Loopback.await("publisher", () -> recording.doWork() > 0);
            assertEquals(0, leastAllocated(() -> record(publication, recording)));
            assertEquals(MESSAGES * ROUNDS, recording.messages());

            try (ShmReader reader = ShmReader.open(root, 1);
                ReplayingAgent replaying =
                    ReplayingAgent.builder(loopback.aeron(), Loopback.IPC, Loopback.STREAM + 1, reader)
                        .pace(ReplayerBuilder::fullSpeed).open();
                Subscription subscription = loopback.aeron().addSubscription(Loopback.IPC, Loopback.STREAM + 1))
            {
                // Not quite all of it: at its end the agent closes the publication.
                Loopback.await("subscriber", () -> replaying.doWork() > 0);
                assertEquals(0, leastAllocated(() -> replay(replaying, subscription)));
                assertTrue(replaying.records() > MESSAGES);
            }
        }
    }

    private long record(final Publication publication, final RecordingAgent agent)
    {
        for (int i = 0; i < MESSAGES; i++)
        {
            final int length = i % 10 == 0 ? LONG_LENGTH : 50;
            while (publication.offer(message, 0, length) < 0)
            {
                agent.doWork();
            }
        }
        int work = 1;
        while (work > 0)
        {
            work = agent.doWork();
        }

        return agent.messages();
    }

    private long replay(final ReplayingAgent agent, final Subscription subscription)
    {
        final long end = agent.records() + MESSAGES / 2;
        while (agent.records() < end)
        {
            agent.doWork();
            subscription.poll(receiving, 100);
        }

        return received;
    }

    /**
     * What the JVM itself allocates now and then, when it compiles, is not in every round.
     */
    private long leastAllocated(final LongSupplier operation)
    {
        final long thread = Thread.currentThread().getId();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++)
        {
            final long before = threads.getThreadAllocatedBytes(thread);
            operation.getAsLong();
            least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
        }

        return least;
    }
}
