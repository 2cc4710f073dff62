package io.kekbit.sbe;

import io.kekbit.marketdata.BookUpdateEncoder;
import io.kekbit.marketdata.Side;
import io.kekbit.marketdata.TradeEncoder;
import io.kekbit.marketdata.UpdateAction;
import io.kekbit.test.nested.BasketEncoder;
import io.kekbit.test.nested.Colour;

import java.nio.charset.StandardCharsets;

/**
 * Fills that the tests share. Each takes a number, so that messages differ.
 */
final class TestMessages
{
    static final byte[] NOTE = "note".getBytes(StandardCharsets.UTF_8);

    private TestMessages()
    {
    }

    static void trade(final TradeEncoder trade, final Numbered numbered)
    {
        final long number = numbered.number;
        trade
            .sendingTime(number)
            .transactTime(TradeEncoder.transactTimeNullValue())
            .instrumentId(1)
            .aggressorSide(Side.SELL)
            .tradeId(number)
            .receiveTime(TradeEncoder.receiveTimeNullValue())
            .buyOrderId(TradeEncoder.buyOrderIdNullValue())
            .sellOrderId(TradeEncoder.sellOrderIdNullValue());
        trade.conditions().clear().block(true);
        trade.price().mantissa(number * 100).exponent((byte)-2);
        trade.quantity().mantissa(number).exponent((byte)-8);
    }

    /**
     * As many bids as the number says, and one ask.
     */
    static void bookUpdate(final BookUpdateEncoder update, final Numbered numbered)
    {
        final int bidCount = (int)numbered.number;
        update.sendingTime(numbered.number).instrumentId(1);
        final BookUpdateEncoder.BidsEncoder bids = update.bidsCount(bidCount);
        for (int i = 0; i < bidCount; i++)
        {
            bids.next().action(UpdateAction.SET).orderCount(i);
            bids.price().mantissa(i).exponent((byte)0);
            bids.quantity().mantissa(i).exponent((byte)0);
        }

        final BookUpdateEncoder.AsksEncoder asks = update.asksCount(1);
        asks.next().action(UpdateAction.REMOVE).orderCount(0);
        asks.price().mantissa(-1).exponent((byte)0);
        asks.quantity().mantissa(0).exponent((byte)0);
    }

    /**
     * Two orders with two legs each, each of these with two fills.
     */
    static void basket(final BasketEncoder basket, final Numbered numbered)
    {
        basket.stamp(numbered.number).colour(Colour.RED).added(5);
        basket.reach().low((short)-1).high((short)1);
        final BasketEncoder.OrdersEncoder orders = basket.ordersCount(2);
        for (int i = 0; i < 2; i++)
        {
            orders.next().number(i);
            final BasketEncoder.OrdersEncoder.LegsEncoder legs = orders.legsCount(2);
            for (int j = 0; j < 2; j++)
            {
                legs.next().ratio((byte)j);
                final BasketEncoder.OrdersEncoder.LegsEncoder.FillsEncoder fills = legs.fillsCount(2);
                for (int k = 0; k < 2; k++)
                {
                    fills.next().shares(k);
                    fills.putNote(NOTE, 0, NOTE.length);
                }

                legs.putLabel(NOTE, 0, NOTE.length);
            }
        }

        basket.tagsCount(3).next().tag((short)1).next().tag((short)2).next().tag((short)3);
        basket.putComment(NOTE, 0, NOTE.length);
    }

    /**
     * A context object that is reused, as hot paths do.
     */
    static final class Numbered
    {
        long number;

        Numbered(final long number)
        {
            this.number = number;
        }
    }
}
