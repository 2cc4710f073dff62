package io.kekbit.sbe;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.kekbit.marketdata.BestBidOfferDecoder;
import io.kekbit.marketdata.BestBidOfferEncoder;
import io.kekbit.marketdata.BookSnapshotDecoder;
import io.kekbit.marketdata.BookSnapshotEncoder;
import io.kekbit.marketdata.BookUpdateDecoder;
import io.kekbit.marketdata.BookUpdateEncoder;
import io.kekbit.marketdata.InstrumentDefinitionDecoder;
import io.kekbit.marketdata.InstrumentDefinitionEncoder;
import io.kekbit.marketdata.TradeDecoder;
import io.kekbit.marketdata.TradeEncoder;
import io.kekbit.marketdata.TradingStatusDecoder;
import io.kekbit.marketdata.TradingStatusEncoder;
import io.kekbit.test.nested.BasketDecoder;
import io.kekbit.test.nested.BasketEncoder;
import io.kekbit.test.nested.PingDecoder;
import io.kekbit.test.nested.PingEncoder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.sbe.MessageEncoderFlyweight;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Whatever stands in a record, a dispatcher hands it to a handler or counts it, and never throws for its sake; whatever
 * stands in a channel's schema section is a schema, or is refused with the one exception there is for that.
 * <p>
 * A build runs the seeds, and the inputs that once made it fail, from {@code src/test/resources}. With {@code
 * JAZZER_FUZZ=1} in the environment the fuzzer looks for further ones; {@code .ci/fuzz} does that.
 */
@Tag("fuzz")
class SbeFuzzTest
{
    private static final int TEMPLATE_IDS = 10;
    private static final int RECORD_OFFSET = 16;
    private static final byte[] TEXT = {'t', 'e', 'x', 't'};

    private final Outcome outcome = new Outcome();
    private final SbeDispatcher<Outcome> marketData = new SbeDispatcher<>(TestFormats.MARKET_DATA, outcome)
        .on(new InstrumentDefinitionDecoder(), SbeFuzzTest::onInstrument)
        .on(new TradeDecoder(), (seen, trade, frame) -> seen.handled(trade.appendTo(seen.text())))
        .on(new BestBidOfferDecoder(), (seen, best, frame) -> seen.handled(best.appendTo(seen.text())))
        .on(new BookSnapshotDecoder(), (seen, book, frame) -> seen.handled(book.appendTo(seen.text())))
        .on(new BookUpdateDecoder(), SbeFuzzTest::onBookUpdate)
        .on(new TradingStatusDecoder(), (seen, status, frame) -> seen.handled(status.appendTo(seen.text())))
        .otherwise((seen, reason, buffer, offset, length, frame) -> seen.others++);
    private final SbeDispatcher<Outcome> nested = new SbeDispatcher<>(TestFormats.NESTED, outcome)
        .on(new BasketDecoder(), SbeFuzzTest::onBasket)
        .on(new PingDecoder(), (seen, ping, frame) -> seen.handled(ping.appendTo(seen.text())))
        .otherwise((seen, reason, buffer, offset, length, frame) -> seen.others++);

    static List<byte[]> records()
    {
        final List<byte[]> records = new ArrayList<>();
        records.add(marketData(new InstrumentDefinitionEncoder(), encoder -> encoder
            .putLongName(TEXT, 0, TEXT.length).putVenueData(TEXT, 0, TEXT.length).encodedLength()));
        records.add(marketData(new TradeEncoder(), encoder ->
        {
            TestMessages.trade(encoder, new TestMessages.Numbered(3));
            return encoder.encodedLength();
        }));
        records.add(marketData(new BestBidOfferEncoder(), BestBidOfferEncoder::encodedLength));
        records.add(marketData(new BookSnapshotEncoder(), encoder ->
        {
            encoder.bidsCount(1).next().orderCount(1);
            encoder.asksCount(2).next().next();
            return encoder.encodedLength();
        }));
        records.add(marketData(new BookUpdateEncoder(), encoder ->
        {
            TestMessages.bookUpdate(encoder, new TestMessages.Numbered(2));
            return encoder.encodedLength();
        }));
        records.add(marketData(new TradingStatusEncoder(), TradingStatusEncoder::encodedLength));
        records.add(record(1, TestFormats.NESTED, new BasketEncoder(), encoder ->
        {
            TestMessages.basket(encoder, new TestMessages.Numbered(2));
            return encoder.encodedLength();
        }));
        records.add(record(1, TestFormats.NESTED, new PingEncoder(), PingEncoder::encodedLength));

        return records;
    }

    @MethodSource("records")
    @FuzzTest(maxDuration = "5m")
    void shouldHandOverOrCountWhenRecordHoldsAnything(final byte[] input)
    {
        if (input.length < 2)
        {
            return;
        }
        // The record stands in the middle of others, as in a channel: what is behind it must not show.
        final int length = input.length - 1;
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[RECORD_OFFSET + length + RECORD_OFFSET]);
        buffer.putBytes(RECORD_OFFSET, input, 1, length);
        final SbeDispatcher<Outcome> dispatcher = (input[0] & 1) == 0 ? marketData : nested;

        outcome.reset();
        final long countedBefore = counted(dispatcher);
        dispatcher.onRecord(buffer, RECORD_OFFSET, length, 0, length);
        final long counted = counted(dispatcher) - countedBefore;

        assertEquals(1, outcome.handled + outcome.others);
        assertEquals(outcome.others, counted);
    }

    static List<byte[]> schemas()
    {
        final List<byte[]> schemas = new ArrayList<>();
        for (final SbeDataFormat format : List.of(TestFormats.NESTED, TestFormats.EXTRA, TestFormats.WIDE))
        {
            schemas.add(bytes(format.schema()));
        }
        schemas.add(bytes(TestIr.withHeader().message(1).group().group().endGroup().endGroup().endMessage().bytes()));

        return schemas;
    }

    @MethodSource("schemas")
    @FuzzTest(maxDuration = "5m")
    void shouldAnswerOrThrowOneExceptionWhenSchemaHoldsAnything(final byte[] input)
    {
        final UnsafeBuffer ir = new UnsafeBuffer(input);
        TestFormats.MARKET_DATA.accepts(TestFormats.MARKET_DATA.id(), ir);
        TestFormats.NESTED.accepts(TestFormats.NESTED.id(), ir);
        final SbeDataFormat format;
        try
        {
            format = SbeDataFormat.fromIr(ir);
        }
        catch (final InvalidSchemaException ex)
        {
            assertTrue(ex.getMessage().startsWith("invalid SBE schema: "), ex.getMessage());
            return;
        }

        assertEquals(SbeDataFormat.ID_PREFIX, format.id() & SbeDataFormat.ID_PREFIX);
        assertTrue(format.headerLayout().length() > 0, format.toString());
        for (int templateId = 0; templateId < TEMPLATE_IDS; templateId++)
        {
            final MessageLayout message = format.message(templateId);
            if (message != null)
            {
                assertTrue(format.maxLength(templateId) >= 0);
                // The schema once more, as a message of its own.
                for (int version = 0; version < 2; version++)
                {
                    final int end = message.root().end(ir, 0, input.length, message.root().blockLength(), version);
                    assertTrue(end == BlockLayout.MALFORMED || end >= 0 && end <= input.length, "end=" + end);
                }
            }
        }
    }

    private static void onInstrument(
        final Outcome seen, final InstrumentDefinitionDecoder instrument, final SbeFrame frame)
    {
        final UnsafeBuffer view = new UnsafeBuffer();
        seen.text().append(instrument.symbol()).append(instrument.priceIncrement().mantissa());
        instrument.wrapLongName(view);
        final int length = instrument.venueDataLength();
        assertEquals(length, instrument.getVenueData(new byte[length], 0, length));
        instrument.sbeRewind();
        seen.handled(instrument.appendTo(seen.text()));
    }

    private static void onBookUpdate(final Outcome seen, final BookUpdateDecoder update, final SbeFrame frame)
    {
        for (final BookUpdateDecoder.BidsDecoder bid : update.bids())
        {
            seen.text().append(bid.price().mantissa()).append(bid.action()).append(bid.orderCount());
        }
        for (final BookUpdateDecoder.AsksDecoder ask : update.asks())
        {
            seen.text().append(ask.quantity().exponent());
        }
        update.sbeRewind();
        seen.handled(update.appendTo(seen.text()));
    }

    private static void onBasket(final Outcome seen, final BasketDecoder basket, final SbeFrame frame)
    {
        for (final BasketDecoder.OrdersDecoder order : basket.orders())
        {
            for (final BasketDecoder.OrdersDecoder.LegsDecoder leg : order.legs())
            {
                for (final BasketDecoder.OrdersDecoder.LegsDecoder.FillsDecoder fill : leg.fills())
                {
                    seen.text().append(fill.shares()).append(fill.note());
                }
                seen.text().append(leg.ratio()).append(leg.label());
            }
        }
        basket.sbeRewind();
        seen.handled(basket.appendTo(seen.text()));
    }

    private static long counted(final SbeDispatcher<?> dispatcher)
    {
        return dispatcher.foreignSchemas() + dispatcher.unknownTemplates() + dispatcher.malformedRecords();
    }

    private static <E extends MessageEncoderFlyweight> byte[] marketData(final E encoder, final Filler<E> filler)
    {
        return record(0, TestFormats.MARKET_DATA, encoder, filler);
    }

    private static <E extends MessageEncoderFlyweight> byte[] record(
        final int dispatcher, final SbeDataFormat format, final E encoder, final Filler<E> filler)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1024]);
        final int headerLength = format.headerLayout().length();
        encoder.wrap(buffer, 1 + headerLength);
        format.headerLayout().write(
            buffer,
            1,
            encoder.sbeBlockLength(),
            encoder.sbeTemplateId(),
            encoder.sbeSchemaId(),
            encoder.sbeSchemaVersion());
        final int length = filler.fill(encoder);
        buffer.putByte(0, (byte)dispatcher);

        return bytes(new UnsafeBuffer(buffer, 0, 1 + headerLength + length));
    }

    private static byte[] bytes(final DirectBuffer buffer)
    {
        final byte[] bytes = new byte[buffer.capacity()];
        buffer.getBytes(0, bytes);

        return bytes;
    }

    /**
     * Fills a message, and tells its length.
     */
    private interface Filler<E>
    {
        int fill(E encoder);
    }

    /**
     * What became of a record.
     */
    private static final class Outcome
    {
        private final StringBuilder text = new StringBuilder();
        private int handled;
        private int others;

        private void reset()
        {
            handled = 0;
            others = 0;
        }

        private StringBuilder text()
        {
            text.setLength(0);
            return text;
        }

        /**
         * The message was decoded to its end.
         */
        private void handled(final StringBuilder decoded)
        {
            assertTrue(decoded.length() > 0);
            handled++;
        }
    }
}
