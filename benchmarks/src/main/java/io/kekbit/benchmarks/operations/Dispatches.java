package io.kekbit.benchmarks.operations;

import io.kekbit.core.RecordHandler;
import io.kekbit.core.ShmReader;
import io.kekbit.core.ShmWriter;
import io.kekbit.marketdata.BestBidOfferDecoder;
import io.kekbit.marketdata.BestBidOfferEncoder;
import io.kekbit.marketdata.MessageHeaderDecoder;
import io.kekbit.marketdata.TradeDecoder;
import io.kekbit.marketdata.TradeEncoder;
import io.kekbit.marketdata.TradingStatusDecoder;
import io.kekbit.sbe.SbeDataFormat;
import io.kekbit.sbe.SbeDispatcher;
import io.kekbit.sbe.SbeFrame;
import io.kekbit.sbe.SbeWriter;
import org.agrona.DirectBuffer;

/**
 * Messages handed to a handler for each template: trades, and among every eight messages a best price of the same
 * market.
 */
final class Dispatches
{
    /**
     * By hand: a switch over the template, and the generated decoders on the channel's buffer. Trusts the writer.
     */
    static final String SWITCH = "switch";

    private static final int CHANNEL_ID = 1;
    private static final int MESSAGES_PER_BEST_PRICE = 8;
    /**
     * The longer of the two messages, which says how many have room.
     */
    private static final int MAX_LENGTH = MessageHeaderDecoder.ENCODED_LENGTH + BestBidOfferDecoder.BLOCK_LENGTH;

    private Dispatches()
    {
    }

    static Batch of(final Setting given)
    {
        final Setting setting = given.withLength(MAX_LENGTH);

        return switch (setting.subject())
        {
            case Channels.KEKBIT, Channels.KEKBIT_COLD -> new Dispatch(setting, dispatcher());
            case SWITCH -> new Dispatch(setting, new Switch());
            default -> throw new IllegalArgumentException("no such subject here: " + setting.subject());
        };
    }

    private static SbeDispatcher<Sum> dispatcher()
    {
        return new SbeDispatcher<>(Tick.FORMAT, new Sum())
            .on(new TradeDecoder(), Sum::onTrade)
            .on(new BestBidOfferDecoder(), Sum::onBestPrice)
            .on(new TradingStatusDecoder(), Sum::onStatus);
    }

    private static ShmReader open(final Setting setting)
    {
        Channels.delete(setting.folder());
        final TradeEncoder trade = new TradeEncoder();
        final BestBidOfferEncoder bestPrice = new BestBidOfferEncoder();
        final Tick tick = new Tick();
        final int messages = setting.batches() * Batch.OPERATIONS;
        try (ShmWriter<SbeDataFormat> writer = Channels.create(
            Channels.KEKBIT, setting.folder(), CHANNEL_ID, setting.roomyCapacity(), Tick.FORMAT))
        {
            final SbeWriter sbe = new SbeWriter(writer);
            for (int i = 0; i < messages; i++)
            {
                if (i % MESSAGES_PER_BEST_PRICE == 0)
                {
                    sbe.write(bestPrice, tick.next(), Tick::fillBestPrice);
                }
                else
                {
                    sbe.write(trade, tick.next(), Tick::fill);
                }
            }
        }

        return Channels.open(setting.subject(), setting.folder(), CHANNEL_ID);
    }

    private static final class Dispatch extends ReadBatch
    {
        private final RecordHandler handler;

        Dispatch(final Setting setting, final RecordHandler handler)
        {
            super(setting, open(setting));
            this.handler = handler;
        }

        @Override
        public long run()
        {
            final int records = reader().read(handler, OPERATIONS);
            FloorBatch.require(records == OPERATIONS);

            return records;
        }
    }

    /**
     * What both do with a message.
     */
    private static final class Sum
    {
        private long total;

        void onTrade(final TradeDecoder trade, final SbeFrame frame)
        {
            add(trade);
        }

        void onBestPrice(final BestBidOfferDecoder bestPrice, final SbeFrame frame)
        {
            add(bestPrice);
        }

        void onStatus(final TradingStatusDecoder status, final SbeFrame frame)
        {
            add(status);
        }

        void add(final TradeDecoder trade)
        {
            total += trade.sendingTime() + trade.price().mantissa() + trade.quantity().mantissa();
        }

        void add(final BestBidOfferDecoder bestPrice)
        {
            total += bestPrice.sendingTime() + bestPrice.bidPrice().mantissa() + bestPrice.askPrice().mantissa();
        }

        void add(final TradingStatusDecoder status)
        {
            total += status.sendingTime();
        }
    }

    private static final class Switch implements RecordHandler
    {
        private final MessageHeaderDecoder header = new MessageHeaderDecoder();
        private final TradeDecoder trade = new TradeDecoder();
        private final BestBidOfferDecoder bestPrice = new BestBidOfferDecoder();
        private final TradingStatusDecoder status = new TradingStatusDecoder();
        private final Sum sum = new Sum();

        @Override
        public void onRecord(
            final DirectBuffer buffer,
            final int offset,
            final int length,
            final long position,
            final long nextPosition)
        {
            header.wrap(buffer, offset);
            final int block = offset + MessageHeaderDecoder.ENCODED_LENGTH;
            final int blockLength = header.blockLength();
            final int version = header.version();
            switch (header.templateId())
            {
                case TradeDecoder.TEMPLATE_ID ->
                {
                    trade.wrap(buffer, block, blockLength, version);
                    sum.add(trade);
                }
                case BestBidOfferDecoder.TEMPLATE_ID ->
                {
                    bestPrice.wrap(buffer, block, blockLength, version);
                    sum.add(bestPrice);
                }
                case TradingStatusDecoder.TEMPLATE_ID ->
                {
                    status.wrap(buffer, block, blockLength, version);
                    sum.add(status);
                }
                default -> throw new IllegalStateException("no such template was written");
            }
        }
    }
}
