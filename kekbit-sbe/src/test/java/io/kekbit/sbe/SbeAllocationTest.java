package io.kekbit.sbe;

import com.sun.management.ThreadMXBean;
import io.kekbit.core.ShmReader;
import io.kekbit.core.ShmWriter;
import io.kekbit.marketdata.BookUpdateDecoder;
import io.kekbit.marketdata.BookUpdateEncoder;
import io.kekbit.marketdata.MessageHeaderEncoder;
import io.kekbit.marketdata.TradeDecoder;
import io.kekbit.marketdata.TradeEncoder;
import io.kekbit.sbe.TestMessages.Numbered;
import org.agrona.MutableDirectBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Measured twice: early, while the interpreter runs the code and no escape analysis hides an allocation, and late, when
 * it is compiled.
 */
class SbeAllocationTest
{
    private static final ThreadMXBean THREADS = (ThreadMXBean)ManagementFactory.getThreadMXBean();
    private static final int ROUNDS = 5;
    private static final int FIRST_CALLS = 20;
    private static final int EARLY_CALLS = 100;
    private static final int LATE_CALLS = 20_000;
    private static final long CAPACITY = 32L << 20;

    @TempDir
    private Path root;
    private final TradeEncoder trade = new TradeEncoder();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final BookUpdateEncoder update = new BookUpdateEncoder();
    private final Numbered numbered = new Numbered(2);
    private ShmWriter<SbeDataFormat> writer;
    private ShmReader reader;
    private SbeWriter sbe;
    private SbeClaim<TradeEncoder> trades;
    private SbeDispatcher<Numbered> dispatcher;
    private Object escaped;

    @BeforeEach
    void create()
    {
        writer = TestFormats.create(root, TestFormats.MARKET_DATA, CAPACITY, TestFormats.MAX_MESSAGE);
        reader = ShmReader.open(root, TestFormats.CHANNEL_ID, TestFormats.MARKET_DATA);
        sbe = new SbeWriter(writer);
        trades = sbe.claimFor(new TradeEncoder());
        dispatcher = new SbeDispatcher<>(TestFormats.MARKET_DATA, numbered)
            .on(new TradeDecoder(), SbeAllocationTest::onTrade)
            .on(new BookUpdateDecoder(), SbeAllocationTest::onBookUpdate)
            .otherwise((context, reason, buffer, offset, length, frame) -> context.number = frame.position());
    }

    @AfterEach
    void close()
    {
        reader.close();
        writer.close();
    }

    @Test
    void shouldMeasureAllocationWhenThereIsOne()
    {
        assertTrue(allocated(() -> escaped = new Object(), EARLY_CALLS) >= 16L * EARLY_CALLS, "control");
        assertTrue(allocated(() -> escaped = new Object(), LATE_CALLS) >= 16L * LATE_CALLS, "control");
        assertTrue(escaped != null);
    }

    @Test
    void shouldAllocateNothingWhenFillWrites()
    {
        assertNoAllocation(() -> sbe.write(trade, numbered, TestMessages::trade));
    }

    @Test
    void shouldAllocateNothingWhenFillWritesGroups()
    {
        assertNoAllocation(() -> sbe.tryWrite(update, numbered, SbeAllocationTest::fillUpdate));
    }

    @Test
    void shouldAllocateNothingWhenClaimWrites()
    {
        assertNoAllocation(this::writeByClaim);
    }

    @Test
    void shouldAllocateNothingWhenSlotIsFilled()
    {
        assertNoAllocation(() -> sbe.writeSlot(200, this, SbeAllocationTest::fillSlot));
    }

    @Test
    void shouldAllocateNothingWhenMessagesAreDispatched()
    {
        final int messages = FIRST_CALLS + ROUNDS * (EARLY_CALLS + LATE_CALLS);
        for (int i = 0; i < messages; i++)
        {
            if (i % 2 == 0)
            {
                sbe.write(trade, numbered, TestMessages::trade);
            }
            else
            {
                sbe.write(update, numbered, SbeAllocationTest::fillUpdate);
            }
        }

        assertNoAllocation(() -> reader.read(dispatcher, 1));
        assertEquals(0, dispatcher.malformedRecords());
    }

    @Test
    void shouldAllocateNothingWhenRecordsFallBack()
    {
        final MutableDirectBuffer record = new org.agrona.concurrent.UnsafeBuffer(new byte[64]);
        assertNoAllocation(() ->
        {
            dispatcher.onRecord(record, 0, 4, 0, 16);
            dispatcher.onRecord(record, 0, 64, 0, 72);
        });
        assertTrue(dispatcher.malformedRecords() > 0);
        assertTrue(dispatcher.foreignSchemas() > 0);
    }

    private void writeByClaim()
    {
        try (SbeClaim<TradeEncoder> claim = trades.claim())
        {
            TestMessages.trade(claim.encoder(), numbered);
            claim.commit();
        }
    }

    private static void fillUpdate(final BookUpdateEncoder update, final Numbered numbered)
    {
        update.sendingTime(numbered.number).instrumentId(1);
        update.bidsCount(1).next().orderCount(1).price().mantissa(1).exponent((byte)0);
        update.asksCount(0);
    }

    private static int fillSlot(final MutableDirectBuffer slot, final int offset, final SbeAllocationTest test)
    {
        test.trade.wrapAndApplyHeader(slot, offset, test.header);
        TestMessages.trade(test.trade, test.numbered);

        return MessageHeaderEncoder.ENCODED_LENGTH + test.trade.encodedLength();
    }

    private static void onTrade(final Numbered numbered, final TradeDecoder trade, final SbeFrame frame)
    {
        numbered.number = trade.price().mantissa() + frame.position();
    }

    private static void onBookUpdate(final Numbered numbered, final BookUpdateDecoder update, final SbeFrame frame)
    {
        final BookUpdateDecoder.BidsDecoder bids = update.bids();
        while (bids.hasNext())
        {
            numbered.number = bids.next().price().mantissa();
        }
    }

    private static void assertNoAllocation(final Runnable operation)
    {
        for (int i = 0; i < FIRST_CALLS; i++)
        {
            operation.run();
        }

        assertEquals(0, allocated(operation, EARLY_CALLS), "before compilation");
        assertEquals(0, allocated(operation, LATE_CALLS), "after compilation");
    }

    private static long allocated(final Runnable operation, final int calls)
    {
        final long threadId = Thread.currentThread().getId();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++)
        {
            final long before = THREADS.getThreadAllocatedBytes(threadId);
            for (int i = 0; i < calls; i++)
            {
                operation.run();
            }
            least = Math.min(least, THREADS.getThreadAllocatedBytes(threadId) - before);
        }

        return least;
    }
}
