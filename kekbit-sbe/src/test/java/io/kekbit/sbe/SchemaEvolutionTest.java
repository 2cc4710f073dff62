package io.kekbit.sbe;

import io.kekbit.core.ShmReader;
import io.kekbit.core.ShmWriter;
import io.kekbit.marketdata.BookUpdateDecoder;
import io.kekbit.marketdata.BookUpdateEncoder;
import io.kekbit.marketdata.TradeDecoder;
import io.kekbit.marketdata.TradeEncoder;
import io.kekbit.sbe.TestMessages.Numbered;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * Version 0 of the market data schema against version 1. The old codecs and the new ones have the same names, so the
 * old ones are written out.
 */
class SchemaEvolutionTest
{
    @TempDir
    private Path root;
    private final List<String> log = new ArrayList<>();

    @Test
    void shouldReadNullForAddedFieldsWhenWriterIsOld()
    {
        try (ShmWriter<SbeDataFormat> writer = TestFormats.create(root, TestFormats.MARKET_DATA_V0);
            ShmReader reader = ShmReader.open(root, TestFormats.CHANNEL_ID, TestFormats.MARKET_DATA))
        {
            new SbeWriter(writer).write(
                new io.kekbit.marketdata.v0.TradeEncoder(), new Numbered(4), SchemaEvolutionTest::oldTrade);
            final SbeDispatcher<List<String>> dispatcher = new SbeDispatcher<>(TestFormats.MARKET_DATA, log)
                .on(new TradeDecoder(), (context, trade, frame) -> context.add(
                    "trade " + trade.tradeId() +
                    " version " + frame.actingVersion() +
                    " block " + frame.actingBlockLength() +
                    " null " + (trade.receiveTime() == TradeDecoder.receiveTimeNullValue()) +
                    " " + (trade.sellOrderId() == TradeDecoder.sellOrderIdNullValue())));

            assertEquals(1, reader.read(dispatcher, 10));
        }

        assertEquals(List.of("trade 4 version 0 block 57 null true true"), log);
    }

    @Test
    void shouldReadEntriesOfOldLengthWhenWriterIsOld()
    {
        try (ShmWriter<SbeDataFormat> writer = TestFormats.create(root, TestFormats.MARKET_DATA_V0);
            ShmReader reader = ShmReader.open(root, TestFormats.CHANNEL_ID, TestFormats.MARKET_DATA))
        {
            new SbeWriter(writer).write(
                new io.kekbit.marketdata.v0.BookUpdateEncoder(), new Numbered(3), SchemaEvolutionTest::oldUpdate);
            final SbeDispatcher<List<String>> dispatcher = new SbeDispatcher<>(TestFormats.MARKET_DATA, log)
                .on(new BookUpdateDecoder(), SchemaEvolutionTest::logUpdate);

            assertEquals(1, reader.read(dispatcher, 10));
        }

        final long nothing = BookUpdateDecoder.BidsDecoder.orderCountNullValue();
        assertEquals(List.of("bid 0 " + nothing, "bid 1 " + nothing, "bid 2 " + nothing), log);
    }

    @Test
    void shouldStepOverAddedFieldsWhenReaderIsOld()
    {
        try (ShmWriter<SbeDataFormat> writer = TestFormats.create(root, TestFormats.MARKET_DATA);
            ShmReader reader = ShmReader.open(root, TestFormats.CHANNEL_ID, TestFormats.MARKET_DATA_V0))
        {
            final SbeWriter sbe = new SbeWriter(writer);
            sbe.write(new TradeEncoder(), new Numbered(4), TestMessages::trade);
            sbe.write(new BookUpdateEncoder(), new Numbered(2), TestMessages::bookUpdate);
            final SbeDispatcher<List<String>> dispatcher = new SbeDispatcher<>(TestFormats.MARKET_DATA_V0, log)
                .on(new io.kekbit.marketdata.v0.TradeDecoder(), (context, trade, frame) -> context.add(
                    "trade " + trade.tradeId() + " version " + frame.actingVersion()))
                .on(new io.kekbit.marketdata.v0.BookUpdateDecoder(), SchemaEvolutionTest::logOldUpdate);

            assertEquals(2, reader.read(dispatcher, 10));
        }

        assertEquals(List.of("trade 4 version 1", "bid 0", "bid 1", "ask -1"), log);
    }

    @Test
    void shouldTakeOldCodecsWhenFormatIsNew()
    {
        try (ShmWriter<SbeDataFormat> writer = TestFormats.create(root, TestFormats.MARKET_DATA);
            ShmReader reader = ShmReader.open(root, TestFormats.CHANNEL_ID, TestFormats.MARKET_DATA))
        {
            new SbeWriter(writer).write(
                new io.kekbit.marketdata.v0.TradeEncoder(), new Numbered(4), SchemaEvolutionTest::oldTrade);
            final SbeDispatcher<List<String>> dispatcher = new SbeDispatcher<>(TestFormats.MARKET_DATA, log)
                .on(new io.kekbit.marketdata.v0.TradeDecoder(), (context, trade, frame) -> context.add(
                    "trade " + trade.tradeId() + " length " + frame.length()));

            reader.read(dispatcher, 10);
        }

        assertEquals(List.of("trade 4 length 65"), log);
    }

    private static void oldTrade(final io.kekbit.marketdata.v0.TradeEncoder trade, final Numbered numbered)
    {
        trade.tradeId(numbered.number).sendingTime(1).instrumentId(1);
    }

    private static void oldUpdate(final io.kekbit.marketdata.v0.BookUpdateEncoder update, final Numbered numbered)
    {
        final io.kekbit.marketdata.v0.BookUpdateEncoder.BidsEncoder bids = update.bidsCount((int)numbered.number);
        for (int i = 0; i < numbered.number; i++)
        {
            bids.next().price().mantissa(i).exponent((byte)0);
            bids.quantity().mantissa(0).exponent((byte)0);
        }

        update.asksCount(0);
    }

    private static void logUpdate(final List<String> log, final BookUpdateDecoder update, final SbeFrame frame)
    {
        for (final BookUpdateDecoder.BidsDecoder bid : update.bids())
        {
            log.add("bid " + bid.price().mantissa() + " " + bid.orderCount());
        }
    }

    private static void logOldUpdate(
        final List<String> log, final io.kekbit.marketdata.v0.BookUpdateDecoder update, final SbeFrame frame)
    {
        for (final io.kekbit.marketdata.v0.BookUpdateDecoder.BidsDecoder bid : update.bids())
        {
            log.add("bid " + bid.price().mantissa());
        }

        for (final io.kekbit.marketdata.v0.BookUpdateDecoder.AsksDecoder ask : update.asks())
        {
            log.add("ask " + ask.price().mantissa());
        }
    }
}
