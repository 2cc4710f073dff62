package io.kekbit.sbe;

import io.kekbit.core.ConcurrentWriter;
import io.kekbit.core.ShmReader;
import io.kekbit.core.Writer;
import io.kekbit.marketdata.BookUpdateDecoder;
import io.kekbit.marketdata.BookUpdateEncoder;
import io.kekbit.marketdata.TradeDecoder;
import io.kekbit.marketdata.TradeEncoder;
import io.kekbit.sbe.TestMessages.Numbered;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.NoOpIdleStrategy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * SBE messages from several threads through one writer.
 */
class SharedSbeWriterTest
{
    private static final int THREADS = 4;
    private static final int MESSAGES_PER_THREAD = 5_000;

    @TempDir
    private Path root;

    @Test
    @Timeout(60)
    void shouldKeepMessagesWholeAndInOrderWhenThreadsShareWriter() throws ExecutionException, InterruptedException
    {
        final List<FutureTask<Void>> tasks = new ArrayList<>();
        try (ConcurrentWriter<SbeDataFormat> shared =
            new ConcurrentWriter<>(TestFormats.create(root, TestFormats.MARKET_DATA, 1 << 23, 8000)))
        {
            for (int thread = 0; thread < THREADS; thread++)
            {
                final long first = (long)thread * MESSAGES_PER_THREAD;
                final SbeWriter sbe = new SbeWriter(shared.handle(new BackoffIdleStrategy(), Integer.MAX_VALUE));
                final FutureTask<Void> task = new FutureTask<>(() -> writeAll(sbe, first), null);
                tasks.add(task);
                new Thread(task, "writer-" + thread).start();
            }
            for (final FutureTask<Void> task : tasks)
            {
                task.get();
            }
        }

        final long[] next = new long[THREADS];
        final SbeDispatcher<long[]> dispatcher = new SbeDispatcher<>(TestFormats.MARKET_DATA, next)
            .on(new TradeDecoder(), SharedSbeWriterTest::onTrade);
        try (ShmReader reader = ShmReader.open(root, TestFormats.CHANNEL_ID, TestFormats.MARKET_DATA))
        {
            reader.read(dispatcher, Integer.MAX_VALUE);
        }
        for (final long count : next)
        {
            assertEquals(MESSAGES_PER_THREAD, count);
        }
    }

    @Test
    void shouldAnswerWaitWhenAnotherThreadHasClaimed()
    {
        try (ConcurrentWriter<SbeDataFormat> shared =
            new ConcurrentWriter<>(TestFormats.create(root, TestFormats.MARKET_DATA)))
        {
            final Writer<SbeDataFormat> other = shared.handle(NoOpIdleStrategy.INSTANCE, 1);
            final SbeWriter sbe = new SbeWriter(shared.handle(NoOpIdleStrategy.INSTANCE, 1));
            other.claim(8);

            assertEquals(Writer.WAIT, sbe.tryWrite(new TradeEncoder(), new Numbered(1), TestMessages::trade));
            assertEquals(Writer.WAIT, sbe.tryWrite(new BookUpdateEncoder(), new Numbered(1), TestMessages::bookUpdate));
            assertEquals(Writer.WAIT, sbe.claimFor(new BookUpdateEncoder()).tryClaim());
            other.abort();
        }
    }

    @Test
    void shouldDecodeWhatWasSharedWhenMessagesHaveGroups()
    {
        final List<Integer> bids = new ArrayList<>();
        try (ConcurrentWriter<SbeDataFormat> shared =
            new ConcurrentWriter<>(TestFormats.create(root, TestFormats.MARKET_DATA));
            ShmReader reader = ShmReader.open(root, TestFormats.CHANNEL_ID, TestFormats.MARKET_DATA))
        {
            final SbeWriter sbe = new SbeWriter(shared.handle(NoOpIdleStrategy.INSTANCE, 1));
            sbe.write(new BookUpdateEncoder(), new Numbered(7), TestMessages::bookUpdate);

            reader.read(
                new SbeDispatcher<>(TestFormats.MARKET_DATA, bids)
                    .on(new BookUpdateDecoder(), (context, update, frame) -> context.add(update.bids().count())),
                10);
        }

        assertEquals(List.of(7), bids);
    }

    private static void writeAll(final SbeWriter sbe, final long first)
    {
        final TradeEncoder trade = new TradeEncoder();
        final Numbered numbered = new Numbered(first);
        for (int i = 0; i < MESSAGES_PER_THREAD; i++)
        {
            numbered.number = first + i;
            sbe.write(trade, numbered, TestMessages::trade);
        }
    }

    private static void onTrade(final long[] next, final TradeDecoder trade, final SbeFrame frame)
    {
        final int thread = (int)(trade.tradeId() / MESSAGES_PER_THREAD);
        assertEquals(next[thread]++, trade.tradeId() % MESSAGES_PER_THREAD);
        assertEquals(trade.tradeId() * 100, trade.price().mantissa());
    }
}
