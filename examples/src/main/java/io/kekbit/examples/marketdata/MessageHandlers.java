package io.kekbit.examples.marketdata;

import io.kekbit.marketdata.BestBidOfferDecoder;
import io.kekbit.marketdata.BookUpdateDecoder;
import io.kekbit.marketdata.InstrumentDefinitionDecoder;
import io.kekbit.marketdata.OptionalDecimalDecoder;
import io.kekbit.marketdata.RequiredDecimalDecoder;
import io.kekbit.marketdata.Side;
import io.kekbit.marketdata.TradeDecoder;
import io.kekbit.marketdata.UpdateAction;
import io.kekbit.sbe.SbeDataFormat;
import io.kekbit.sbe.SbeDispatcher;
import io.kekbit.sbe.SbeFrame;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.concurrent.EpochNanoClock;

/**
 * What the subscriber does with each message: take its latency, count it, and add its values to the digest. Allocates
 * nothing but for instruments.
 */
final class MessageHandlers
{
    private static final Symbol UNKNOWN_SYMBOL = new Symbol(0, 0);

    private final EpochNanoClock clock;
    private final Latency latency;
    private final MessageCounts counts = new MessageCounts();
    private final ValueDigest digest = new ValueDigest();
    private final CanonicalForm form = new CanonicalForm(digest::update);
    private final Int2ObjectHashMap<Symbol> symbolByInstrumentId = new Int2ObjectHashMap<>();

    /**
     * Handle messages from now on.
     *
     * @param clock that gives the time of handling.
     */
    MessageHandlers(final EpochNanoClock clock)
    {
        this.clock = clock;
        latency = new Latency(clock.nanoTime());
    }

    /**
     * What a reader is to call for each record.
     *
     * @param format of the messages.
     * @return a dispatcher to these handlers.
     */
    SbeDispatcher<MessageHandlers> dispatcher(final SbeDataFormat format)
    {
        return new SbeDispatcher<>(format, this)
            .on(new TradeDecoder(), MessageHandlers::onTrade)
            .on(new BestBidOfferDecoder(), MessageHandlers::onBestBidOffer)
            .on(new BookUpdateDecoder(), MessageHandlers::onBookUpdate)
            .on(new InstrumentDefinitionDecoder(), MessageHandlers::onDefinition);
    }

    MessageCounts counts()
    {
        return counts;
    }

    Latency latency()
    {
        return latency;
    }

    /**
     * The digest of all messages in hexadecimal. Ends this object's life.
     */
    String digest()
    {
        form.flush();

        return digest.hex();
    }

    private void onDefinition(final InstrumentDefinitionDecoder message, final SbeFrame frame)
    {
        counts.add(MessageKind.INSTRUMENT_DEFINITION, frame.nextPosition() - frame.position());
        symbolByInstrumentId.put((int)message.instrumentId(), Symbol.of(message.symbol()));
    }

    private void onTrade(final TradeDecoder message, final SbeFrame frame)
    {
        received(MessageKind.TRADE, message.sendingTime(), frame);
        final Symbol symbol = symbol(message.instrumentId());
        final long tradeId = orAbsent(message.tradeId(), TradeDecoder.tradeIdNullValue());
        form.head(
            MessageKind.TRADE,
            symbol.head(),
            symbol.tail(),
            orAbsent(message.transactTime(), TradeDecoder.transactTimeNullValue()),
            orAbsent(message.receiveTime(), TradeDecoder.receiveTimeNullValue()),
            tradeId,
            tradeId,
            side(message.aggressorSide()));
        add(message.price());
        add(message.quantity());
    }

    private void onBestBidOffer(final BestBidOfferDecoder message, final SbeFrame frame)
    {
        received(MessageKind.BEST_BID_OFFER, message.sendingTime(), frame);
        final Symbol symbol = symbol(message.instrumentId());
        final long updateId = orAbsent(message.updateId(), BestBidOfferDecoder.updateIdNullValue());
        form.head(
            MessageKind.BEST_BID_OFFER,
            symbol.head(),
            symbol.tail(),
            orAbsent(message.transactTime(), BestBidOfferDecoder.transactTimeNullValue()),
            orAbsent(message.receiveTime(), BestBidOfferDecoder.receiveTimeNullValue()),
            updateId,
            updateId,
            InputMessage.SIDE_ABSENT);
        add(message.bidPrice());
        add(message.bidQuantity());
        add(message.askPrice());
        add(message.askQuantity());
    }

    private void onBookUpdate(final BookUpdateDecoder message, final SbeFrame frame)
    {
        received(MessageKind.BOOK_UPDATE, message.sendingTime(), frame);
        final Symbol symbol = symbol(message.instrumentId());
        form.head(
            MessageKind.BOOK_UPDATE,
            symbol.head(),
            symbol.tail(),
            orAbsent(message.transactTime(), BookUpdateDecoder.transactTimeNullValue()),
            orAbsent(message.receiveTime(), BookUpdateDecoder.receiveTimeNullValue()),
            orAbsent(message.firstUpdateId(), BookUpdateDecoder.firstUpdateIdNullValue()),
            orAbsent(message.lastUpdateId(), BookUpdateDecoder.lastUpdateIdNullValue()),
            InputMessage.SIDE_ABSENT);

        final BookUpdateDecoder.BidsDecoder bids = message.bids();
        form.levelCount(bids.count());
        while (bids.hasNext())
        {
            bids.next();
            form.action(bids.action() == UpdateAction.REMOVE);
            add(bids.price());
            add(bids.quantity());
        }
        final BookUpdateDecoder.AsksDecoder asks = message.asks();
        form.levelCount(asks.count());
        while (asks.hasNext())
        {
            asks.next();
            form.action(asks.action() == UpdateAction.REMOVE);
            add(asks.price());
            add(asks.quantity());
        }
    }

    private void received(final MessageKind kind, final long sendingTime, final SbeFrame frame)
    {
        final long now = clock.nanoTime();
        latency.record(sendingTime, now);
        counts.addAt(now, kind, frame.nextPosition() - frame.position());
    }

    private Symbol symbol(final long instrumentId)
    {
        final Symbol symbol = symbolByInstrumentId.get((int)instrumentId);

        return symbol == null ? UNKNOWN_SYMBOL : symbol;
    }

    private void add(final RequiredDecimalDecoder decimal)
    {
        add(decimal.mantissa(), decimal.exponent());
    }

    private void add(final OptionalDecimalDecoder decimal)
    {
        add(decimal.mantissa(), decimal.exponent());
    }

    /**
     * A decimal without the zeros at its end, which mean nothing.
     */
    private void add(final long mantissa, final int exponent)
    {
        long unscaled = mantissa;
        int scale = exponent;
        if (unscaled == 0)
        {
            scale = 0;
        }
        else
        {
            while (unscaled % 10 == 0)
            {
                unscaled /= 10;
                scale++;
            }
        }
        form.decimal(unscaled, scale);
    }

    private static int side(final Side side)
    {
        return switch (side)
        {
            case BUY -> InputMessage.SIDE_BUY;
            case SELL -> InputMessage.SIDE_SELL;
            default -> InputMessage.SIDE_ABSENT;
        };
    }

    private static long orAbsent(final long value, final long nullValue)
    {
        return value == nullValue ? InputMessage.ABSENT : value;
    }
}
