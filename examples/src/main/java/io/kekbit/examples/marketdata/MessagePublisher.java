package io.kekbit.examples.marketdata;

import io.kekbit.marketdata.BestBidOfferEncoder;
import io.kekbit.marketdata.BookUpdateEncoder;
import io.kekbit.marketdata.InstrumentDefinitionEncoder;
import io.kekbit.marketdata.InstrumentKind;
import io.kekbit.marketdata.OptionalDecimalEncoder;
import io.kekbit.marketdata.RequiredDecimalEncoder;
import io.kekbit.marketdata.Side;
import io.kekbit.marketdata.TradeEncoder;
import io.kekbit.marketdata.TradingState;
import io.kekbit.marketdata.UpdateAction;
import io.kekbit.sbe.SbeClaim;
import io.kekbit.sbe.SbeWriter;
import org.agrona.collections.ArrayUtil;
import org.agrona.concurrent.EpochNanoClock;

/**
 * Encodes the messages of a recording straight into the channel. Allocates nothing but for instruments.
 * <p>
 * Encoders do not clear what they are not told, and a channel's fresh bytes are zero, which in SBE is a value: so every
 * optional field is set, if only to its null value.
 */
final class MessagePublisher
{
    private final SbeWriter sbe;
    private final Recording.Cursor cursor;
    private final EpochNanoClock clock;
    private final SbeClaim<InstrumentDefinitionEncoder> definition;
    private final TradeEncoder trade = new TradeEncoder();
    private final BestBidOfferEncoder bestBidOffer = new BestBidOfferEncoder();
    private final BookUpdateEncoder bookUpdate = new BookUpdateEncoder();

    /**
     * Publish messages.
     *
     * @param sbe    to write them with.
     * @param cursor that stands on the message to be published.
     * @param clock  that gives the time of encoding.
     */
    MessagePublisher(final SbeWriter sbe, final Recording.Cursor cursor, final EpochNanoClock clock)
    {
        this.sbe = sbe;
        this.cursor = cursor;
        this.clock = clock;
        definition = sbe.claimFor(new InstrumentDefinitionEncoder());
    }

    /**
     * Publish what an instrument's number stands for. This is how a claim is used, by code that would rather not encode
     * in a callback.
     *
     * @return the bytes the record takes in the channel.
     */
    long publishDefinition(final Instrument instrument)
    {
        try (SbeClaim<InstrumentDefinitionEncoder> claim = definition.claim())
        {
            // The currencies are left empty: no input tells them.
            final InstrumentDefinitionEncoder encoder = claim.encoder()
                .sendingTime(clock.nanoTime())
                .transactTime(InstrumentDefinitionEncoder.transactTimeNullValue())
                .instrumentId(instrument.id())
                .kind(InstrumentKind.SPOT)
                .state(TradingState.TRADING)
                .symbol(instrument.symbol())
                .venue(instrument.venue())
                .expiryTime(InstrumentDefinitionEncoder.expiryTimeNullValue())
                .listingTime(InstrumentDefinitionEncoder.listingTimeNullValue());
            put(encoder.priceIncrement(), 1, instrument.priceExponent());
            put(encoder.quantityIncrement(), 1, instrument.quantityExponent());
            encoder.contractSize()
                .mantissa(OptionalDecimalEncoder.mantissaNullValue())
                .exponent((byte)0);
            encoder
                .longName(instrument.symbol() + " at " + instrument.venue())
                .putVenueData(ArrayUtil.EMPTY_BYTE_ARRAY, 0, 0);

            return claim.commit();
        }
    }

    /**
     * Publish the message that the cursor stands on.
     *
     * @return the bytes the record takes in the channel.
     */
    long publish()
    {
        return switch (cursor.kind())
        {
            case TRADE -> sbe.write(trade, this, MessagePublisher::fillTrade);
            case BEST_BID_OFFER -> sbe.write(bestBidOffer, this, MessagePublisher::fillBestBidOffer);
            // Its length is known, so that no more is claimed than that.
            case BOOK_UPDATE -> sbe.write(
                bookUpdate,
                ChannelSize.messageLength(MessageKind.BOOK_UPDATE, cursor.decimalCount()),
                this,
                MessagePublisher::fillBookUpdate);
            case INSTRUMENT_DEFINITION -> throw new IllegalStateException("a recording has no definitions");
        };
    }

    private static void fillTrade(final TradeEncoder encoder, final MessagePublisher publisher)
    {
        final Recording.Cursor message = publisher.cursor;
        encoder
            .sendingTime(publisher.clock.nanoTime())
            .transactTime(orNull(message.transactTime(), TradeEncoder.transactTimeNullValue()))
            .instrumentId(message.instrumentId())
            .aggressorSide(side(message.aggressorSide()))
            .tradeId(orNull(message.firstId(), TradeEncoder.tradeIdNullValue()))
            .receiveTime(orNull(message.receiveTime(), TradeEncoder.receiveTimeNullValue()))
            .buyOrderId(TradeEncoder.buyOrderIdNullValue())
            .sellOrderId(TradeEncoder.sellOrderIdNullValue());
        encoder.conditions().clear();
        put(encoder.price(), message.mantissa(0), message.exponent(0));
        put(encoder.quantity(), message.mantissa(1), message.exponent(1));
    }

    private static void fillBestBidOffer(final BestBidOfferEncoder encoder, final MessagePublisher publisher)
    {
        final Recording.Cursor message = publisher.cursor;
        encoder
            .sendingTime(publisher.clock.nanoTime())
            .transactTime(orNull(message.transactTime(), BestBidOfferEncoder.transactTimeNullValue()))
            .instrumentId(message.instrumentId())
            .updateId(orNull(message.firstId(), BestBidOfferEncoder.updateIdNullValue()))
            .bidOrderCount(BestBidOfferEncoder.bidOrderCountNullValue())
            .askOrderCount(BestBidOfferEncoder.askOrderCountNullValue())
            .receiveTime(orNull(message.receiveTime(), BestBidOfferEncoder.receiveTimeNullValue()));
        encoder.bidPrice().mantissa(message.mantissa(0)).exponent(message.exponent(0));
        encoder.bidQuantity().mantissa(message.mantissa(1)).exponent(message.exponent(1));
        encoder.askPrice().mantissa(message.mantissa(2)).exponent(message.exponent(2));
        encoder.askQuantity().mantissa(message.mantissa(3)).exponent(message.exponent(3));
    }

    private static void fillBookUpdate(final BookUpdateEncoder encoder, final MessagePublisher publisher)
    {
        final Recording.Cursor message = publisher.cursor;
        encoder
            .sendingTime(publisher.clock.nanoTime())
            .transactTime(orNull(message.transactTime(), BookUpdateEncoder.transactTimeNullValue()))
            .instrumentId(message.instrumentId())
            .firstUpdateId(orNull(message.firstId(), BookUpdateEncoder.firstUpdateIdNullValue()))
            .lastUpdateId(orNull(message.lastId(), BookUpdateEncoder.lastUpdateIdNullValue()))
            .receiveTime(orNull(message.receiveTime(), BookUpdateEncoder.receiveTimeNullValue()))
            .previousUpdateId(BookUpdateEncoder.previousUpdateIdNullValue());

        final int bids = message.bidLevels();
        final int levels = message.decimalCount() / 2;
        final BookUpdateEncoder.BidsEncoder bid = encoder.bidsCount(bids);
        for (int i = 0; i < bids; i++)
        {
            bid.next().action(action(message, i)).orderCount(BookUpdateEncoder.BidsEncoder.orderCountNullValue());
            put(bid.price(), message.mantissa(2 * i), message.exponent(2 * i));
            put(bid.quantity(), message.mantissa(2 * i + 1), message.exponent(2 * i + 1));
        }
        final BookUpdateEncoder.AsksEncoder ask = encoder.asksCount(levels - bids);
        for (int i = bids; i < levels; i++)
        {
            ask.next().action(action(message, i)).orderCount(BookUpdateEncoder.AsksEncoder.orderCountNullValue());
            put(ask.price(), message.mantissa(2 * i), message.exponent(2 * i));
            put(ask.quantity(), message.mantissa(2 * i + 1), message.exponent(2 * i + 1));
        }
    }

    private static UpdateAction action(final Recording.Cursor message, final int level)
    {
        return message.mantissa(2 * level + 1) == 0 ? UpdateAction.REMOVE : UpdateAction.SET;
    }

    private static Side side(final int aggressorSide)
    {
        return switch (aggressorSide)
        {
            case InputMessage.SIDE_BUY -> Side.BUY;
            case InputMessage.SIDE_SELL -> Side.SELL;
            default -> Side.NULL_VAL;
        };
    }

    private static long orNull(final long value, final long nullValue)
    {
        return value == InputMessage.ABSENT ? nullValue : value;
    }

    private static void put(final RequiredDecimalEncoder decimal, final long mantissa, final byte exponent)
    {
        decimal.mantissa(mantissa).exponent(exponent);
    }
}
