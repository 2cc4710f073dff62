package io.kekbit.sbe;

import io.kekbit.core.EnvelopeWriter;
import io.kekbit.core.Header;
import io.kekbit.core.ShmReader;
import io.kekbit.core.ShmWriter;
import io.kekbit.core.TickUnit;
import io.kekbit.core.handlers.ChecksumHandler;
import io.kekbit.core.handlers.SequenceHandler;
import io.kekbit.core.handlers.TimestampHandler;
import io.kekbit.marketdata.BestBidOfferDecoder;
import io.kekbit.marketdata.BestBidOfferEncoder;
import io.kekbit.marketdata.BookUpdateDecoder;
import io.kekbit.marketdata.BookUpdateEncoder;
import io.kekbit.marketdata.MessageHeaderEncoder;
import io.kekbit.marketdata.TradeDecoder;
import io.kekbit.marketdata.TradeEncoder;
import io.kekbit.sbe.TestMessages.Numbered;
import io.kekbit.test.extra.BlobDecoder;
import io.kekbit.test.extra.BlobEncoder;
import io.kekbit.test.nested.BasketDecoder;
import io.kekbit.test.nested.BasketEncoder;
import io.kekbit.test.nested.PingDecoder;
import io.kekbit.test.nested.PingEncoder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class SbeDispatcherTest
{
    private static final int OFFSET = 24;
    private static final int RANDOM_RECORDS = 20_000;

    @TempDir
    private Path root;
    private final List<String> log = new ArrayList<>();
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[4096]);
    private final SbeDispatcher<List<String>> dispatcher = new SbeDispatcher<>(TestFormats.MARKET_DATA, log)
        .on(new TradeDecoder(), SbeDispatcherTest::onTrade)
        .on(new BookUpdateDecoder(), SbeDispatcherTest::onBookUpdate)
        .otherwise(SbeDispatcherTest::onOther);

    @Test
    void shouldHandMessagesToTheirHandlersWhenReadFromChannel()
    {
        try (ShmWriter<SbeDataFormat> writer = TestFormats.create(root, TestFormats.MARKET_DATA);
            ShmReader reader = ShmReader.open(root, TestFormats.CHANNEL_ID, TestFormats.MARKET_DATA))
        {
            final SbeWriter sbe = new SbeWriter(writer);
            sbe.write(new TradeEncoder(), new Numbered(5), TestMessages::trade);
            sbe.write(new BookUpdateEncoder(), new Numbered(2), TestMessages::bookUpdate);

            reader.read(dispatcher, 10);
        }

        assertEquals(List.of("trade 5 at 8 to 112 length 96", "update 0 1 ask -1"), log);
    }

    @Test
    void shouldTakeDecoderOffChannelWhenMessageWasHandled()
    {
        final TradeDecoder kept = new TradeDecoder();
        final SbeDispatcher<List<String>> keeping = new SbeDispatcher<>(TestFormats.MARKET_DATA, log)
            .on(kept, SbeDispatcherTest::onTrade);
        try (ShmWriter<SbeDataFormat> writer = TestFormats.create(root, TestFormats.MARKET_DATA);
            ShmReader reader = ShmReader.open(root, TestFormats.CHANNEL_ID, TestFormats.MARKET_DATA))
        {
            new SbeWriter(writer).write(new TradeEncoder(), new Numbered(5), TestMessages::trade);
            assertEquals(1, reader.read(keeping, 10));
        }

        assertThrows(IndexOutOfBoundsException.class, kept::tradeId);
    }

    @Test
    void shouldTellSequenceAndTimeWhenEnvelopeHasThem()
    {
        final Header header = Header.builder().channelId(7).capacity(1 << 20).maxMessageLength(1000).build();
        try (EnvelopeWriter<SbeDataFormat> writer = EnvelopeWriter.create(
            ShmWriter.builder(root, header, TestFormats.MARKET_DATA),
            new TimestampHandler(TickUnit.NANOS, () -> 4711), new SequenceHandler(99), new ChecksumHandler());
            ShmReader reader = ShmReader.open(root, 7, TestFormats.MARKET_DATA))
        {
            new SbeWriter(writer).write(new TradeEncoder(), new Numbered(5), TestMessages::trade);
            final SbeDispatcher<List<String>> telling = new SbeDispatcher<>(TestFormats.MARKET_DATA, log)
                .on(new TradeDecoder(), (context, trade, frame) ->
                    context.add(trade.tradeId() + " " + frame.sequence() + " " + frame.time()));

            reader.read(telling, 10);
            reader.moveTo(0);
            reader.read(telling.envelopeFrom(reader), 10);
        }

        assertEquals(List.of("5 -1 -1", "5 100 4711"), log);
    }

    @Test
    void shouldHandMessagesToTheirHandlersWhenHeaderIsUnusual()
    {
        final SbeDispatcher<List<String>> nested = new SbeDispatcher<>(TestFormats.NESTED, log)
            .on(new BasketDecoder(), SbeDispatcherTest::onBasket)
            .on(new PingDecoder(), (context, ping, frame) -> context.add("ping " + ping.stamp()));
        try (ShmWriter<SbeDataFormat> writer = TestFormats.create(root, TestFormats.NESTED);
            ShmReader reader = ShmReader.open(root, TestFormats.CHANNEL_ID, TestFormats.NESTED))
        {
            final SbeWriter sbe = new SbeWriter(writer);
            sbe.write(new PingEncoder(), new Numbered(9), (ping, context) -> ping.stamp(context.number));
            sbe.write(new BasketEncoder(), new Numbered(3), TestMessages::basket);

            reader.read(nested, 10);
        }

        assertEquals(List.of("ping 9", "basket 3 version 2 comment note"), log);
    }

    @Test
    void shouldHandOverMessagesWhenMoreTemplatesThanCallSitesAreRegistered()
    {
        final List<String> calls = new ArrayList<>();
        final TestIr ir = TestIr.withHeader();
        for (int templateId = 0; templateId < 12; templateId++)
        {
            ir.message(templateId).endMessage();
        }

        final SbeDispatcher<List<String>> many = new SbeDispatcher<>(SbeDataFormat.fromIr(ir.bytes()), calls);
        for (int templateId = 0; templateId < 12; templateId++)
        {
            many.on(new EmptyDecoder(templateId), (context, decoder, frame) -> context.add(
                decoder.sbeTemplateId() + "=" + frame.templateId()));
        }

        for (int templateId = 0; templateId < 12; templateId++)
        {
            new MessageHeaderEncoder().wrap(buffer, OFFSET)
                .blockLength(0).templateId(templateId).schemaId(1).version(0);
            many.onRecord(buffer, OFFSET, 8, 0, 16);
        }

        assertEquals(
            List.of("0=0", "1=1", "2=2", "3=3", "4=4", "5=5", "6=6", "7=7", "8=8", "9=9", "10=10", "11=11"), calls);
    }

    @Test
    void shouldCountAndFallBackWhenTemplateHasNoHandler()
    {
        new BestBidOfferEncoder().wrapAndApplyHeader(buffer, OFFSET, new MessageHeaderEncoder());

        dispatch(8 + BestBidOfferEncoder.BLOCK_LENGTH);

        assertEquals(List.of("UNKNOWN_TEMPLATE template 3"), log);
        assertEquals(1, dispatcher.unknownTemplates());
    }

    @Test
    void shouldCountAndFallBackWhenSchemaIsForeign()
    {
        final int length = encodeTrade();
        new MessageHeaderEncoder().wrap(buffer, OFFSET).schemaId(1);

        dispatch(length);

        assertEquals(List.of("FOREIGN_SCHEMA template 2"), log);
        assertEquals(1, dispatcher.foreignSchemas());
    }

    @Test
    void shouldCountAndFallBackWhenRecordIsShorterThanHeader()
    {
        encodeTrade();

        dispatch(7);

        assertEquals(List.of("MALFORMED template -1"), log);
        assertEquals(1, dispatcher.malformedRecords());
    }

    @Test
    void shouldCountAndFallBackWhenRecordIsShorterThanBlock()
    {
        final int length = encodeTrade();

        dispatch(length - 1);

        assertEquals(List.of("MALFORMED template 2"), log);
    }

    @Test
    void shouldCountAndFallBackWhenBlockIsShorterThanItsVersionSays()
    {
        final int length = encodeTrade();
        new MessageHeaderEncoder().wrap(buffer, OFFSET).blockLength(87);

        dispatch(length);

        assertEquals(List.of("MALFORMED template 2"), log);
    }

    @Test
    void shouldCountAndFallBackWhenGroupExceedsRecord()
    {
        final int length = encodeBookUpdate(2);
        buffer.putShort(OFFSET + 8 + 56 + 2, (short)1000, ByteOrder.LITTLE_ENDIAN);

        dispatch(length);

        assertEquals("MALFORMED template 5", log.get(log.size() - 1));
        assertEquals(1, dispatcher.malformedRecords());
    }

    @Test
    void shouldCountAndFallBackWhenVarDataIsLongerThanAnInt()
    {
        final SbeDispatcher<List<String>> blobs = new SbeDispatcher<>(TestFormats.EXTRA, log)
            .on(new BlobDecoder(), (context, blob, frame) -> blob.wrapBytes(new UnsafeBuffer(new byte[0])))
            .otherwise(SbeDispatcherTest::onOther);
        final BlobEncoder blob = new BlobEncoder()
            .wrapAndApplyHeader(buffer, OFFSET, new io.kekbit.test.extra.MessageHeaderEncoder());
        blob.putBytes(new byte[10], 0, 10);
        for (final int length : new int[]{11, Integer.MAX_VALUE, -1})
        {
            buffer.putInt(OFFSET + 20, length, ByteOrder.LITTLE_ENDIAN);
            blobs.onRecord(buffer, OFFSET, 34, 0, 48);
        }

        assertEquals(3, blobs.malformedRecords());
    }

    @Test
    void shouldOnlyCountWhenThereIsNoFallback()
    {
        final SbeDispatcher<Void> silent = new SbeDispatcher<>(TestFormats.MARKET_DATA, null);
        final int length = encodeTrade();

        silent.onRecord(buffer, OFFSET, length, 0, 0);
        silent.onRecord(buffer, OFFSET, 3, 0, 0);

        assertEquals(1, silent.unknownTemplates());
        assertEquals(1, silent.malformedRecords());
    }

    @Test
    void shouldRethrowWhenHandlerItselfIsOutOfBounds()
    {
        final IndexOutOfBoundsException fault = new IndexOutOfBoundsException("the handler's own");
        final SbeDispatcher<RuntimeException> faulty = faulty(fault);
        final int length = encodeBookUpdate(2);

        assertSame(fault, assertThrows(
            IndexOutOfBoundsException.class, () -> faulty.onRecord(buffer, OFFSET, length, 0, 0)));
        assertEquals(0, faulty.malformedRecords());
    }

    @Test
    void shouldRethrowWhenHandlerThrows()
    {
        final IllegalStateException fault = new IllegalStateException("the handler's own");
        final SbeDispatcher<RuntimeException> faulty = faulty(fault);
        final int length = encodeBookUpdate(2);
        buffer.putShort(OFFSET + 8 + 56 + 2, (short)1000, ByteOrder.LITTLE_ENDIAN);

        assertSame(fault, assertThrows(
            IllegalStateException.class, () -> faulty.onRecord(buffer, OFFSET, length, 0, 0)));
    }

    @Test
    void shouldConfineDecoderToRecordWhenAnotherFollows()
    {
        final int length = encodeBookUpdate(0);
        buffer.setMemory(OFFSET + length, 100, (byte)1);
        buffer.putShort(OFFSET + length - 32 - 8 + 2, (short)2, ByteOrder.LITTLE_ENDIAN);

        dispatch(length);

        assertEquals("MALFORMED template 5", log.get(log.size() - 1));
    }

    @Test
    void shouldThrowNothingWhenRecordsAreRandom()
    {
        final SbeDispatcher<List<String>> nested = new SbeDispatcher<>(TestFormats.NESTED, log)
            .on(new BasketDecoder(), SbeDispatcherTest::onBasket);
        final long seed = System.nanoTime();
        final SplittableRandom random = new SplittableRandom(seed);
        final byte[] bytes = new byte[300];
        for (int i = 0; i < RANDOM_RECORDS; i++)
        {
            random.nextBytes(bytes);
            for (int j = 0; j < bytes.length; j++)
            {
                bytes[j] &= (byte)(random.nextInt(4) == 0 ? 0xFF : 3);
            }

            buffer.putBytes(OFFSET, bytes);
            TestFormats.NESTED.headerLayout().write(
                buffer, OFFSET, random.nextInt(10, 30), BasketEncoder.TEMPLATE_ID, 0, random.nextInt(4));
            try
            {
                nested.onRecord(buffer, OFFSET, random.nextInt(bytes.length), 0, 0);
            }
            catch (final RuntimeException ex)
            {
                throw new AssertionError("seed=" + seed + " record=" + i, ex);
            }
        }

        assertTrue(nested.malformedRecords() > 0, "seed=" + seed);
        assertTrue(!log.isEmpty(), "seed=" + seed);
    }

    @Test
    void shouldRefuseDecoderWhenItsSchemaIsAnother()
    {
        assertThrows(
            IllegalArgumentException.class,
            () -> dispatcher.on(new PingDecoder(), (context, decoder, frame) -> context.clear()));
    }

    @Test
    void shouldRefuseDecoderWhenItIsNewerThanFormat()
    {
        final SbeDispatcher<Void> old = new SbeDispatcher<>(TestFormats.MARKET_DATA_V0, null);

        assertThrows(
            IllegalArgumentException.class,
            () -> old.on(new BestBidOfferDecoder(), (context, decoder, frame) -> decoder.instrumentId()));
    }

    @Test
    void shouldRefuseDecoderWhenTemplateHasHandler()
    {
        assertThrows(
            IllegalArgumentException.class,
            () -> dispatcher.on(new TradeDecoder(), SbeDispatcherTest::onTrade));
    }

    private void dispatch(final int length)
    {
        dispatcher.onRecord(buffer, OFFSET, length, 0, 8 + length);
    }

    private int encodeTrade()
    {
        TestMessages.trade(
            new TradeEncoder().wrapAndApplyHeader(buffer, OFFSET, new MessageHeaderEncoder()), new Numbered(1));

        return MessageHeaderEncoder.ENCODED_LENGTH + TradeEncoder.BLOCK_LENGTH;
    }

    private int encodeBookUpdate(final int bids)
    {
        final BookUpdateEncoder encoder = new BookUpdateEncoder()
            .wrapAndApplyHeader(buffer, OFFSET, new MessageHeaderEncoder());
        TestMessages.bookUpdate(encoder, new Numbered(bids));

        return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
    }

    private static SbeDispatcher<RuntimeException> faulty(final RuntimeException fault)
    {
        return new SbeDispatcher<>(TestFormats.MARKET_DATA, fault).on(
            new BookUpdateDecoder(),
            (context, decoder, frame) ->
            {
                throw context;
            });
    }

    private static void onTrade(final List<String> log, final TradeDecoder trade, final SbeFrame frame)
    {
        log.add("trade " + trade.tradeId() + " at " + frame.position() + " to " + frame.nextPosition() +
            " length " + frame.length());
    }

    private static void onBookUpdate(final List<String> log, final BookUpdateDecoder update, final SbeFrame frame)
    {
        final StringBuilder text = new StringBuilder("update");
        for (final BookUpdateDecoder.BidsDecoder bid : update.bids())
        {
            text.append(' ').append(bid.price().mantissa());
        }

        for (final BookUpdateDecoder.AsksDecoder ask : update.asks())
        {
            text.append(" ask ").append(ask.price().mantissa());
        }

        log.add(text.toString());
    }

    private static void onBasket(final List<String> log, final BasketDecoder basket, final SbeFrame frame)
    {
        for (final BasketDecoder.OrdersDecoder order : basket.orders())
        {
            for (final BasketDecoder.OrdersDecoder.LegsDecoder leg : order.legs())
            {
                for (final BasketDecoder.OrdersDecoder.LegsDecoder.FillsDecoder fill : leg.fills())
                {
                    fill.note();
                }
                leg.label();
            }
        }

        for (final BasketDecoder.TagsDecoder tag : basket.tags())
        {
            tag.tag();
        }

        log.add("basket " + basket.stamp() + " version " + frame.actingVersion() + " comment " + basket.comment());
    }

    private static void onOther(
        final List<String> log,
        final SbeFallback.Reason reason,
        final DirectBuffer buffer,
        final int offset,
        final int length,
        final SbeFrame frame)
    {
        log.add(reason + " template " + frame.templateId());
    }
}
