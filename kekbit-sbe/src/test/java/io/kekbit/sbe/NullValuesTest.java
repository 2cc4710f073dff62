package io.kekbit.sbe;

import io.kekbit.core.ShmWriter;
import io.kekbit.marketdata.BestBidOfferDecoder;
import io.kekbit.marketdata.BestBidOfferEncoder;
import io.kekbit.marketdata.OptionalDecimalDecoder;
import io.kekbit.marketdata.OptionalDecimalEncoder;
import io.kekbit.marketdata.Side;
import io.kekbit.marketdata.TradeDecoder;
import io.kekbit.marketdata.TradeEncoder;
import io.kekbit.test.extra.MessageHeaderDecoder;
import io.kekbit.test.extra.NullsDecoder;
import io.kekbit.test.extra.NullsEncoder;
import io.kekbit.test.extra.Switch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

class NullValuesTest
{
    @TempDir
    private Path root;

    @Test
    void shouldSurviveWhenFieldIsOfAnyType()
    {
        try (ShmWriter<SbeDataFormat> writer = TestFormats.create(root, TestFormats.EXTRA))
        {
            new SbeWriter(writer).write(new NullsEncoder(), this, NullValuesTest::setNulls);
        }

        final NullsDecoder decoder = new NullsDecoder()
            .wrapAndApplyHeader(TestFormats.records(root).get(0), 0, new MessageHeaderDecoder());
        assertEquals(Byte.MIN_VALUE, decoder.signed8());
        assertEquals(Short.MIN_VALUE, decoder.signed16());
        assertEquals(Integer.MIN_VALUE, decoder.signed32());
        assertEquals(Long.MIN_VALUE, decoder.signed64());
        assertEquals(0xFF, decoder.unsigned8());
        assertEquals(0xFFFF, decoder.unsigned16());
        assertEquals(0xFFFF_FFFFL, decoder.unsigned32());
        assertEquals(-1L, decoder.unsigned64());
        assertTrue(Float.isNaN(decoder.floating32()));
        assertTrue(Double.isNaN(decoder.floating64()));
        assertEquals(0, decoder.letter());
        assertSame(Switch.NULL_VAL, decoder.state());
    }

    @Test
    void shouldSurviveWhenSideOfBookIsEmpty()
    {
        try (ShmWriter<SbeDataFormat> writer = TestFormats.create(root, TestFormats.MARKET_DATA))
        {
            new SbeWriter(writer).write(new BestBidOfferEncoder(), this, NullValuesTest::setNoBid);
        }

        final BestBidOfferDecoder decoder = new BestBidOfferDecoder().wrapAndApplyHeader(
            TestFormats.records(root).get(0), 0, new io.kekbit.marketdata.MessageHeaderDecoder());
        assertEquals(OptionalDecimalDecoder.mantissaNullValue(), decoder.bidPrice().mantissa());
        assertEquals(12345, decoder.askPrice().mantissa());
        assertEquals(BestBidOfferDecoder.transactTimeNullValue(), decoder.transactTime());
    }

    @Test
    void shouldNotBeWhatSlotHoldsWhenFieldIsNotSet()
    {
        try (ShmWriter<SbeDataFormat> writer = TestFormats.create(root, TestFormats.MARKET_DATA))
        {
            new SbeWriter(writer).write(new TradeEncoder(), this, (trade, context) -> trade.sendingTime(1));
        }

        final TradeDecoder decoder = new TradeDecoder().wrapAndApplyHeader(
            TestFormats.records(root).get(0), 0, new io.kekbit.marketdata.MessageHeaderDecoder());
        assertEquals(0, decoder.transactTime());
        assertSame(Side.SBE_UNKNOWN, decoder.aggressorSide());
    }

    private static void setNulls(final NullsEncoder encoder, final Object context)
    {
        encoder
            .signed8(NullsEncoder.signed8NullValue())
            .signed16(NullsEncoder.signed16NullValue())
            .signed32(NullsEncoder.signed32NullValue())
            .signed64(NullsEncoder.signed64NullValue())
            .unsigned8(NullsEncoder.unsigned8NullValue())
            .unsigned16(NullsEncoder.unsigned16NullValue())
            .unsigned32(NullsEncoder.unsigned32NullValue())
            .unsigned64(NullsEncoder.unsigned64NullValue())
            .floating32(NullsEncoder.floating32NullValue())
            .floating64(NullsEncoder.floating64NullValue())
            .letter(NullsEncoder.letterNullValue())
            .state(Switch.NULL_VAL);
    }

    private static void setNoBid(final BestBidOfferEncoder encoder, final Object context)
    {
        encoder.sendingTime(1).transactTime(BestBidOfferEncoder.transactTimeNullValue());
        encoder.bidPrice().mantissa(OptionalDecimalEncoder.mantissaNullValue()).exponent((byte)0);
        encoder.askPrice().mantissa(12345).exponent((byte)-2);
    }
}
