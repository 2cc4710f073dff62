package io.kekbit.core;

import org.agrona.ErrorHandler;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.NoOpIdleStrategy;
import org.agrona.concurrent.SystemNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A channel is closed while its agent works in another thread. A page that is touched after it was unmapped ends the
 * JVM, so all of it is survived or this one dies.
 */
@Tag("race")
class PrefaultRaceTest
{
    private static final int ROUNDS = Evidence.times("kekbit.prefault.rounds", 1_000);
    private static final int WRITER_ROUNDS = Math.max(20, ROUNDS / 30);
    private static final int CAPACITY = 1024 * 1024;

    private final AtomicReference<Agent> current = new AtomicReference<>();
    private final AtomicBoolean isRunning = new AtomicBoolean(true);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final AtomicLong pages = new AtomicLong();

    @TempDir
    private Path root;

    @Test
    @Timeout(120)
    void shouldLiveWhenReadersAreClosedWhileAgentWorks() throws InterruptedException
    {
        builder(1).create().close();
        final Thread worker = startWorker();
        for (int round = 0; round < ROUNDS; round++)
        {
            try (ShmReader reader = ShmReader.open(root, 1))
            {
                work(reader.prefaultAgent(CAPACITY, 1));
            }
        }
        end(worker);
        Evidence.print("reader closed while agent works", "rounds", ROUNDS, "pages", pages);
    }

    @Test
    @Timeout(120)
    void shouldLiveWhenWritersAreClosedOrAbandonedWhileAgentWorks() throws InterruptedException
    {
        builder(1).create().abandon();
        final UnsafeBuffer source = new UnsafeBuffer(new byte[8]);
        final Thread worker = startWorker();
        for (int round = 0; round < WRITER_ROUNDS; round++)
        {
            final ShmWriter<RawBinDataFormat> writer = builder(1).resume();
            work(writer.prefaultAgent(CAPACITY, 1));
            writer.write(source, 0, 8);
            writer.abandon();
        }
        final ShmWriter<RawBinDataFormat> writer = builder(1).resume();
        work(writer.prefaultAgent(CAPACITY, 1));
        writer.flush();
        writer.close();
        end(worker);

        try (ShmReader reader = ShmReader.open(root, 1))
        {
            assertEquals(WRITER_ROUNDS, TestChannels.readAll(reader).size());
            assertEquals(ReaderState.CLOSED, reader.state());
        }
        Evidence.print("writer ended while agent works", "rounds", WRITER_ROUNDS, "pages", pages);
    }

    @Test
    @Timeout(120)
    void shouldWriteEverythingRightWhenAgentTouchesTheSamePages() throws InterruptedException
    {
        final int records = CAPACITY / 16 - 128;
        final UnsafeBuffer source = new UnsafeBuffer(new byte[8]);
        final Thread worker = startWorker();
        try (ShmWriter<RawBinDataFormat> writer = builder(1).create())
        {
            current.set(writer.prefaultAgent(CAPACITY, 1));
            for (int i = 0; i < records; i++)
            {
                source.putLong(0, i);
                writer.write(source, 0, 8);
            }
        }
        end(worker);

        final AtomicInteger read = new AtomicInteger();
        try (ShmReader reader = ShmReader.open(root, 1))
        {
            reader.read(
                (buffer, offset, length, position, nextPosition) ->
                    assertEquals(read.getAndIncrement(), buffer.getLong(offset)),
                Integer.MAX_VALUE);
        }
        assertEquals(records, read.get());
    }

    /**
     * The close begins while the agent is at work, and is not over before that is.
     */
    @Test
    @Timeout(60)
    void shouldWaitForWorkWhenItIsUnderWay() throws Exception
    {
        builder(1).create().abandon();
        final ChannelMapping mapping =
            ChannelMapping.readOnly(ChannelFiles.SYSTEM, TestChannels.file(root), CAPACITY, 0, 0);
        final Thread closer = new Thread(mapping::unmap, "closer");
        final Agent agent = mapping.prefaultAgent(
            () ->
            {
                closer.start();
                for (int i = 0; i < 1_000; i++)
                {
                    Thread.yield();
                    assertTrue(closer.isAlive());
                    assertEquals(CAPACITY, mapping.buffer().capacity());
                }

                return 0;
            }, 0, PrefaultAgent.DEFAULT_WINDOW_LENGTH, 1, SystemNanoClock.INSTANCE);

        assertEquals(PrefaultAgent.MAX_PAGES, agent.doWork());

        closer.join();
        assertEquals(0, mapping.buffer().capacity());
        assertEquals(0, agent.doWork());
    }

    @Test
    @Timeout(60)
    void shouldRunInThreadOfItsOwnWhenRunnerIsGivenIt()
    {
        final ErrorHandler onError = (ex) -> failure.compareAndSet(null, ex);
        final ShmWriter<RawBinDataFormat> writer = builder(1).create();
        final Counted counted = new Counted(writer.prefaultAgent());
        try (AgentRunner runner = new AgentRunner(NoOpIdleStrategy.INSTANCE, onError, null, counted))
        {
            AgentRunner.startOnThread(runner);
            while (counted.pages.get() < CAPACITY / 4096)
            {
                Thread.yield();
            }
            writer.close();
        }
        assertEquals(null, failure.get());
    }

    private ShmWriterBuilder<RawBinDataFormat> builder(final long channelId)
    {
        final Header header = Header.builder().channelId(channelId).capacity(CAPACITY).maxMessageLength(8).build();

        return ShmWriter.builder(root, header, RawBinDataFormat.INSTANCE);
    }

    /**
     * Hand an agent to the worker, and go on when it has begun.
     */
    private void work(final Agent agent)
    {
        final long before = pages.get();
        current.set(agent);
        while (pages.get() == before && failure.get() == null)
        {
            Thread.yield();
        }
    }

    private Thread startWorker()
    {
        final Thread worker = new Thread(this::runCurrent, "worker");
        worker.start();

        return worker;
    }

    private void runCurrent()
    {
        try
        {
            while (isRunning.get())
            {
                final Agent agent = current.get();
                if (agent != null)
                {
                    pages.addAndGet(agent.doWork());
                }
            }
        }
        catch (final Throwable ex)
        {
            failure.set(ex);
        }
    }

    private void end(final Thread worker) throws InterruptedException
    {
        isRunning.set(false);
        worker.join();
        assertEquals(null, failure.get());
    }

    /**
     * An agent whose work can be watched.
     */
    private static final class Counted implements Agent
    {
        private final Agent agent;
        private final AtomicLong pages = new AtomicLong();

        Counted(final Agent agent)
        {
            this.agent = agent;
        }

        @Override
        public int doWork() throws Exception
        {
            final int touched = agent.doWork();
            pages.addAndGet(touched);

            return touched;
        }

        @Override
        public String roleName()
        {
            return agent.roleName();
        }
    }
}
