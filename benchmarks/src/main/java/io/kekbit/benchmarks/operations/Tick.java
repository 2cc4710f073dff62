package io.kekbit.benchmarks.operations;

import io.kekbit.marketdata.BestBidOfferEncoder;
import io.kekbit.marketdata.MessageHeaderEncoder;
import io.kekbit.marketdata.Side;
import io.kekbit.marketdata.TradeEncoder;
import io.kekbit.sbe.SbeDataFormat;
import org.agrona.MutableDirectBuffer;

/**
 * A trade as an application has it at hand, from which messages are encoded: one object, which changes from message to
 * message.
 */
final class Tick
{
    static final SbeDataFormat FORMAT =
        SbeDataFormat.fromResource(TradeEncoder.class, "META-INF/sbe/market-data.sbeir");

    /**
     * Length of the message in bytes: its header, and its one block.
     */
    static final int LENGTH = MessageHeaderEncoder.ENCODED_LENGTH + TradeEncoder.BLOCK_LENGTH;

    private static final byte EXPONENT = -8;
    private static final int INSTRUMENTS = 64;
    private static final long FIRST_PRICE = 6_500_000_000_000L;
    private static final long FIRST_TIME = 1_700_000_000_000_000_000L;
    private static final int STEP_NS = 1_000;

    private long number;

    Tick next()
    {
        number++;
        return this;
    }

    /**
     * Set all fields of the message. That this is a static method is what {@link io.kekbit.sbe.SbeFill} asks for.
     */
    static void fill(final TradeEncoder trade, final Tick tick)
    {
        final long number = tick.number;
        final long time = FIRST_TIME + number * STEP_NS;
        trade.sendingTime(time)
            .transactTime(time - STEP_NS)
            .instrumentId((int)(number & (INSTRUMENTS - 1)))
            .aggressorSide((number & 1) == 0 ? Side.BUY : Side.SELL)
            .tradeId(number);
        trade.conditions().clear();
        trade.price().mantissa(FIRST_PRICE + number).exponent(EXPONENT);
        trade.quantity().mantissa(number).exponent(EXPONENT);
        trade.receiveTime(time)
            .buyOrderId(number)
            .sellOrderId(TradeEncoder.sellOrderIdNullValue());
    }

    /**
     * Set all fields of another message about the same market.
     */
    static void fillBestPrice(final BestBidOfferEncoder bestPrice, final Tick tick)
    {
        final long number = tick.number;
        final long time = FIRST_TIME + number * STEP_NS;
        bestPrice.sendingTime(time)
            .transactTime(time - STEP_NS)
            .instrumentId((int)(number & (INSTRUMENTS - 1)))
            .updateId(number);
        bestPrice.bidPrice().mantissa(FIRST_PRICE + number).exponent(EXPONENT);
        bestPrice.bidQuantity().mantissa(number).exponent(EXPONENT);
        bestPrice.askPrice().mantissa(FIRST_PRICE + number + 1).exponent(EXPONENT);
        bestPrice.askQuantity().mantissa(number).exponent(EXPONENT);
        bestPrice.bidOrderCount(1)
            .askOrderCount(1)
            .receiveTime(time);
    }

    /**
     * Encode the whole message where code that knows nothing of kekbit would.
     */
    static int encode(
        final TradeEncoder trade,
        final MessageHeaderEncoder header,
        final MutableDirectBuffer buffer,
        final int offset,
        final Tick tick)
    {
        fill(trade.wrapAndApplyHeader(buffer, offset, header), tick);

        return MessageHeaderEncoder.ENCODED_LENGTH + trade.encodedLength();
    }
}
