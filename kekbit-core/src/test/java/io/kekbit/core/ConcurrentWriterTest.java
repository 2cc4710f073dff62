package io.kekbit.core;

import io.kekbit.core.exceptions.EncodingException;
import io.kekbit.core.exceptions.WriterBusyException;
import io.kekbit.core.exceptions.WriterClosedException;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NoOpIdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ConcurrentWriterTest
{
    private static final int THREADS = 8;
    private static final int RECORDS_PER_THREAD = 125_000;
    private static final int MAX_LENGTH = 64;
    private static final int HEADER = 16;

    @TempDir
    private Path root;
    private ConcurrentWriter<RawBinDataFormat> shared;
    private Writer<RawBinDataFormat> first;
    private Writer<RawBinDataFormat> second;

    @BeforeEach
    void share()
    {
        final Header header = Header.builder()
            .channelId(1)
            .capacity(THREADS * RECORDS_PER_THREAD * (MAX_LENGTH + 8L))
            .maxMessageLength(MAX_LENGTH)
            .build();
        shared = new ConcurrentWriter<>(ShmWriter.create(root, header, RawBinDataFormat.INSTANCE));
        first = shared.handle(NoOpIdleStrategy.INSTANCE, 3);
        second = shared.handle(NoOpIdleStrategy.INSTANCE, 3);
    }

    @AfterEach
    void close()
    {
        first.close();
        second.close();
        shared.close();
    }

    @Test
    @Timeout(120)
    void shouldLoseAndTearNothingAndKeepOrderWhenEightThreadsWrite() throws ExecutionException, InterruptedException
    {
        final List<FutureTask<Void>> tasks = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++)
        {
            final int number = thread;
            final FutureTask<Void> task = new FutureTask<>(() -> writeAll(number), null);
            tasks.add(task);
            new Thread(task, "writer-" + thread).start();
        }
        for (final FutureTask<Void> task : tasks)
        {
            task.get();
        }
        shared.close();

        final int[] next = new int[THREADS];
        try (ShmReader reader = ShmReader.open(root, 1))
        {
            while (reader.next())
            {
                final int offset = reader.offset();
                final int thread = reader.buffer().getInt(offset);
                assertEquals(next[thread]++, reader.buffer().getInt(offset + 4), "thread " + thread);
                assertEquals(length(next[thread] - 1), reader.length());
                for (int i = HEADER; i < reader.length(); i++)
                {
                    if (reader.buffer().getByte(offset + i) != (byte)thread)
                    {
                        throw new AssertionError("torn record at position " + reader.recordPosition());
                    }
                }
            }
            assertEquals(ReaderState.CLOSED, reader.state());
        }
        for (int thread = 0; thread < THREADS; thread++)
        {
            assertEquals(RECORDS_PER_THREAD, next[thread], "thread " + thread);
        }
    }

    @Test
    void shouldAnswerWaitWhenAnotherThreadHasClaimed()
    {
        final UnsafeBuffer source = TestChannels.bytes(8);
        first.claim(8);

        assertEquals(Writer.WAIT, second.tryWrite(source, 0, 8));
        assertEquals(Writer.WAIT, second.tryWrite((format, slot, offset, maxLength) -> 1));
        assertEquals(Writer.WAIT, second.tryClaim(8));
        assertEquals(Writer.WAIT, second.tryHeartbeat());
        final WriterBusyException ex =
            assertThrows(WriterBusyException.class, () -> second.write(source, 0, 8));
        assertEquals(3, ex.tries());
        assertTrue(ex.getMessage().contains("0000_0001.kekbit"), ex.getMessage());
        assertThrows(WriterBusyException.class, () -> second.claim(8));
        assertThrows(WriterBusyException.class, () -> second.heartbeat());
        assertThrows(WriterBusyException.class, second::flush);

        first.commit(8);
        assertEquals(16, second.write(source, 0, 8));
    }

    @Test
    void shouldIdleBetweenTriesWhenAnotherThreadHasClaimed()
    {
        final int[] idled = new int[1];
        final IdleStrategy counting = TestChannels.onIdle(() ->
        {
            idled[0]++;
            if (idled[0] == 4)
            {
                first.abort();
            }
        });
        first.claim(8);

        assertEquals(8, shared.handle(counting, 100).tryHeartbeat());
        assertEquals(4, idled[0]);
    }

    @Test
    void shouldLetOthersWriteWhenIdleStrategyThrows()
    {
        final IdleStrategy throwing = TestChannels.onIdle(() ->
        {
            throw new IllegalStateException("idle");
        });
        first.claim(8);
        assertThrows(IllegalStateException.class, () -> shared.handle(throwing, 5).tryHeartbeat());
        first.abort();

        assertEquals(8, second.tryHeartbeat());
    }

    @Test
    void shouldLetOthersWriteWhenCallFails()
    {
        assertEquals(Writer.TOO_LONG, first.tryClaim(10_000));
        assertEquals(Writer.EMPTY, first.tryWrite(TestChannels.bytes(1), 0, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> first.write(TestChannels.bytes(1), 1, 1));
        first.claim(8);
        assertThrows(EncodingException.class, () -> first.commit(9));

        assertEquals(8, second.heartbeat());
    }

    @Test
    void shouldAbortClaimWhenHandleIsClosed()
    {
        first.claim(8);
        first.close();

        assertEquals(16, second.write(TestChannels.bytes(1), 0, 1));
        assertEquals(Writer.CLOSED, first.tryClaim(8));
        assertThrows(WriterClosedException.class, () -> first.claim(8));
    }

    @Test
    void shouldRefuseWhenClaimIsNotItsOwn()
    {
        first.claim(8);

        assertThrows(IllegalStateException.class, () -> second.commit(8));
        assertThrows(IllegalStateException.class, second::slot);
        second.abort();
        assertThrows(IllegalStateException.class, () -> first.tryClaim(8));
        assertEquals(16, first.commit(8));
    }

    @Test
    void shouldAnswerClosedWhenSharedWriterIsClosed()
    {
        shared.close();

        assertEquals(Writer.CLOSED, first.tryWrite(TestChannels.bytes(1), 0, 1));
        assertThrows(WriterClosedException.class, () -> first.write(TestChannels.bytes(1), 0, 1));
    }

    @Test
    void shouldRefuseToCloseWhenClaimStaysOpen()
    {
        first.claim(8);

        assertThrows(WriterBusyException.class, shared::close);
        first.commit(8);
    }

    @Test
    void shouldDescribeSharedWriterWhenAsked()
    {
        assertEquals(1, first.header().channelId());
        assertEquals(8, first.writeOffset());
        assertEquals(MAX_LENGTH + 8, first.longestContent());
        assertTrue(first.available() > 0);
        assertEquals(RawBinDataFormat.INSTANCE, first.dataFormat());
    }

    @Test
    void shouldRefuseHandleWhenItMayNotTry()
    {
        assertThrows(IllegalArgumentException.class, () -> shared.handle(NoOpIdleStrategy.INSTANCE, 0));
    }

    private static int length(final int record)
    {
        return HEADER + record % (MAX_LENGTH - HEADER);
    }

    private void writeAll(final int thread)
    {
        final Writer<RawBinDataFormat> writer = shared.handle(new BackoffIdleStrategy(), Integer.MAX_VALUE);
        final UnsafeBuffer source = new UnsafeBuffer(new byte[MAX_LENGTH]);
        source.setMemory(0, MAX_LENGTH, (byte)thread);
        source.putInt(0, thread);
        for (int record = 0; record < RECORDS_PER_THREAD; record++)
        {
            source.putInt(4, record);
            final int length = length(record);
            if (record % 3 == 0)
            {
                writer.write(source, 0, length);
            }
            else if (record % 3 == 1)
            {
                writer.claim(MAX_LENGTH);
                writer.slot().putBytes(0, source, 0, length);
                writer.commit(length);
            }
            else
            {
                writer.write((format, slot, offset, maxLength) ->
                {
                    slot.putBytes(offset, source, 0, length);
                    return length;
                });
            }
        }
    }
}
