package io.kekbit.sbe.ir;

import io.kekbit.marketdata.MessageHeaderEncoder;
import io.kekbit.marketdata.Side;
import io.kekbit.marketdata.TradeDecoder;
import io.kekbit.marketdata.TradeEncoder;
import io.kekbit.sbe.SbeDataFormat;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * Messages of random bits mean to a visitor what they mean to the generated decoder.
 */
class AgainstCodecsTest
{
    private static final SchemaDecoder DECODER = SchemaDecoder.of(
        SbeDataFormat.fromResource(SbeDataFormat.class, "META-INF/sbe/market-data.sbeir"));
    private static final int MESSAGES = 2_000;

    @Test
    void shouldTellWhatTheGeneratedDecoderTellsWhenTradeIsOfRandomBits()
    {
        final long seed = System.nanoTime();
        final SplittableRandom random = new SplittableRandom(seed);
        final byte[] bytes = new byte[MessageHeaderEncoder.ENCODED_LENGTH + TradeEncoder.BLOCK_LENGTH];
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        final TradeDecoder trade = new TradeDecoder();
        for (int i = 0; i < MESSAGES; i++)
        {
            random.nextBytes(bytes);
            final TradeEncoder encoder = new TradeEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
            encoder.price().exponent((byte)random.nextInt(-20, 20));
            encoder.quantity().exponent((byte)random.nextInt(-20, 20));
            if (random.nextBoolean())
            {
                encoder.transactTime(TradeEncoder.transactTimeNullValue()).buyOrderId(7);
            }

            trade.wrap(
                buffer,
                MessageHeaderEncoder.ENCODED_LENGTH,
                TradeDecoder.BLOCK_LENGTH,
                TradeDecoder.SCHEMA_VERSION);
            final Values values = new Values();

            assertEquals(DecodeResult.DECODED, DECODER.decode(buffer, 0, bytes.length, values));
            assertEquals(expected(trade), values.lines, "seed=" + seed);
        }
    }

    private static List<String> expected(final TradeDecoder trade)
    {
        final List<String> lines = new ArrayList<>();
        lines.add("sendingTime " + Long.toUnsignedString(trade.sendingTime()));
        lines.add("transactTime " + optional(trade.transactTime()));
        lines.add("instrumentId " + trade.instrumentId());
        lines.add("aggressorSide " + side(trade));
        lines.add("conditions " + conditions(trade));
        lines.add("tradeId " + optional(trade.tradeId()));
        lines.add("price " + BigDecimal.valueOf(trade.price().mantissa(), -trade.price().exponent()));
        lines.add("quantity " + BigDecimal.valueOf(trade.quantity().mantissa(), -trade.quantity().exponent()));
        lines.add("receiveTime " + optional(trade.receiveTime()));
        lines.add("buyOrderId " + optional(trade.buyOrderId()));
        lines.add("sellOrderId " + optional(trade.sellOrderId()));

        return lines;
    }

    private static String side(final TradeDecoder trade)
    {
        final int raw = trade.aggressorSideRaw();

        return raw == Side.NULL_VAL.value() ? "null" :
            trade.aggressorSide() == Side.SBE_UNKNOWN ? String.valueOf(raw) : trade.aggressorSide().name();
    }

    private static String conditions(final TradeDecoder trade)
    {
        final StringBuilder names = new StringBuilder();
        trade.conditions().appendTo(names);

        return names.toString();
    }

    private static String optional(final long value)
    {
        return value == TradeDecoder.transactTimeNullValue() ? "null" : Long.toUnsignedString(value);
    }

    private static final class Values implements MessageVisitor
    {
        private final List<String> lines = new ArrayList<>();

        @Override
        public void onNull(final String name)
        {
            lines.add(name + " null");
        }

        @Override
        public void onLong(final String name, final long value)
        {
            lines.add(name + " " + value);
        }

        @Override
        public void onUnsignedLong(final String name, final long value)
        {
            lines.add(name + " " + Long.toUnsignedString(value));
        }

        @Override
        public void onDecimal(final String name, final BigDecimal value)
        {
            lines.add(name + " " + value);
        }

        @Override
        public void onEnum(final String name, final String value, final long number)
        {
            lines.add(name + " " + value);
        }

        @Override
        public void onSet(final String name, final List<String> choices, final long unknownBits)
        {
            lines.add(name + " {" + String.join(",", choices) + "}");
        }
    }
}
