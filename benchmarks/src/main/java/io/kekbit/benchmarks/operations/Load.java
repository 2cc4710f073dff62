package io.kekbit.benchmarks.operations;

import io.kekbit.core.ControlledRecordHandler;
import io.kekbit.core.DataFormat;
import io.kekbit.core.Encodable;
import io.kekbit.core.PlainTextDataFormat;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.RecordHandler;
import io.kekbit.core.ShmReader;
import io.kekbit.core.ShmWriter;
import io.kekbit.marketdata.BestBidOfferDecoder;
import io.kekbit.marketdata.BestBidOfferEncoder;
import io.kekbit.marketdata.BookUpdateDecoder;
import io.kekbit.marketdata.BookUpdateEncoder;
import io.kekbit.marketdata.MessageHeaderEncoder;
import io.kekbit.marketdata.TradeDecoder;
import io.kekbit.marketdata.TradeEncoder;
import io.kekbit.marketdata.TradingState;
import io.kekbit.marketdata.TradingStatusDecoder;
import io.kekbit.marketdata.TradingStatusEncoder;
import io.kekbit.sbe.SbeClaim;
import io.kekbit.sbe.SbeDataFormat;
import io.kekbit.sbe.SbeDispatcher;
import io.kekbit.sbe.SbeWriter;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.ExpandableDirectByteBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ControlledMessageHandler.Action;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.sbe.MessageEncoderFlyweight;

import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * An application of many parts: four types of everything go through all methods that take them, often enough for the
 * JIT compiler to have compiled the methods for all of them.
 */
final class Load
{
    private static final long CAPACITY = 16L << 20;
    private static final int ROUNDS = 20_000;
    private static final int SBE_ROUNDS = 5_000;
    private static final int LENGTH = 64;
    private static final int LIMIT = 16;
    private static final int SBE_SLOT_LENGTH = 512;
    private static final long OWN_FORMAT_ID = 0x6F77_6E00_0000_0001L;

    private final Path folder;
    private final MutableDirectBuffer[] sources;
    private final DataFormat[] formats =
        {RawBinDataFormat.INSTANCE, PlainTextDataFormat.INSTANCE, Tick.FORMAT, new OwnFormat()};
    private final Encodable<DataFormat>[] encodables = encodables();
    private long total;
    private final RecordHandler[] handlers = {
        (buffer, offset, length, position, nextPosition) -> total += buffer.getLong(offset),
        (buffer, offset, length, position, nextPosition) -> total += buffer.getInt(offset),
        (buffer, offset, length, position, nextPosition) -> total += length,
        (buffer, offset, length, position, nextPosition) -> total += nextPosition
    };
    private final ControlledRecordHandler[] controlledHandlers = {
        (buffer, offset, length, position, nextPosition) -> add(buffer.getLong(offset)),
        (buffer, offset, length, position, nextPosition) -> add(buffer.getInt(offset)),
        (buffer, offset, length, position, nextPosition) -> add(length),
        (buffer, offset, length, position, nextPosition) -> add(nextPosition)
    };

    Load(final Path folder, final boolean isOfManySources)
    {
        this.folder = folder;
        final UnsafeBuffer direct = new UnsafeBuffer(ByteBuffer.allocateDirect(LENGTH));
        sources = isOfManySources ?
            new MutableDirectBuffer[]
            {
                direct,
                new ExpandableArrayBuffer(LENGTH),
                new ExpandableDirectByteBuffer(LENGTH),
                new UnsafeBuffer(new byte[LENGTH])
            } :
            new MutableDirectBuffer[]{direct, direct, direct, direct};
    }

    /**
     * Do it all.
     *
     * @return what depends on all of it.
     */
    long run()
    {
        for (int i = 0; i < formats.length; i++)
        {
            try (ShmWriter<DataFormat> writer = Channels.create(Channels.KEKBIT, folder, i, CAPACITY, formats[i]))
            {
                write(writer);
            }
            try (ShmReader reader = Channels.open(Channels.KEKBIT, folder, i))
            {
                read(reader);
            }
        }
        try (ShmWriter<SbeDataFormat> writer =
            Channels.create(Channels.KEKBIT, folder, formats.length, CAPACITY, Tick.FORMAT))
        {
            writeMessages(new SbeWriter(writer));
        }
        try (ShmReader reader = Channels.open(Channels.KEKBIT, folder, formats.length))
        {
            dispatch(reader);
        }
        Channels.delete(folder);

        return total;
    }

    private void write(final ShmWriter<DataFormat> writer)
    {
        for (int i = 0; i < ROUNDS; i++)
        {
            final int kind = i % formats.length;
            total += writer.write(sources[kind], 0, LENGTH);
            total += writer.tryWrite(sources[kind], 0, LENGTH);
            total += writer.write(encodables[kind]);
            total += writer.tryWrite(encodables[kind]);
            writer.claim(LENGTH);
            Claims.fill(writer.slot(), 0, LENGTH, i);
            total += writer.commit(LENGTH);
            total += writer.heartbeat();
        }
    }

    private void read(final ShmReader reader)
    {
        for (int i = 0; i < ROUNDS / LIMIT; i++)
        {
            final int kind = i % formats.length;
            reader.read(handlers[kind], LIMIT);
            reader.controlledRead(controlledHandlers[kind], LIMIT);
        }
        for (int i = 0; i < ROUNDS && reader.next(); i++)
        {
            total += reader.buffer().getLong(reader.offset());
        }
        int kind = 0;
        while (reader.read(handlers[kind], LIMIT) > 0)
        {
            kind = (kind + 1) % formats.length;
        }
    }

    private void writeMessages(final SbeWriter sbe)
    {
        final Tick tick = new Tick();
        final TradeEncoder trade = new TradeEncoder();
        final BestBidOfferEncoder bestPrice = new BestBidOfferEncoder();
        final TradingStatusEncoder status = new TradingStatusEncoder();
        final BookUpdateEncoder update = new BookUpdateEncoder();
        final SbeClaim<TradeEncoder> trades = sbe.claimFor(new TradeEncoder());
        final SbeClaim<BestBidOfferEncoder> bestPrices = sbe.claimFor(new BestBidOfferEncoder());
        final SbeClaim<TradingStatusEncoder> statuses = sbe.claimFor(new TradingStatusEncoder());
        final SbeClaim<BookUpdateEncoder> updates = sbe.claimFor(new BookUpdateEncoder());
        for (int i = 0; i < SBE_ROUNDS; i++)
        {
            total += sbe.write(trade, tick.next(), Tick::fill);
            total += sbe.write(bestPrice, tick.next(), Tick::fillBestPrice);
            total += sbe.write(status, tick.next(), Load::fillStatus);
            total += sbe.write(update, tick.next(), Load::fillUpdate);

            writeByClaims(trades, bestPrices, statuses, updates, tick);

            total += sbe.writeSlot(SBE_SLOT_LENGTH, trade, Load::fillTradeSlot);
            total += sbe.writeSlot(SBE_SLOT_LENGTH, bestPrice, Load::fillBestPriceSlot);
            total += sbe.writeSlot(SBE_SLOT_LENGTH, status, Load::fillStatusSlot);
            total += sbe.writeSlot(SBE_SLOT_LENGTH, update, Load::fillUpdateSlot);
        }
    }

    private void writeByClaims(
        final SbeClaim<TradeEncoder> trades,
        final SbeClaim<BestBidOfferEncoder> bestPrices,
        final SbeClaim<TradingStatusEncoder> statuses,
        final SbeClaim<BookUpdateEncoder> updates,
        final Tick tick)
    {
        try (SbeClaim<TradeEncoder> claim = trades.claim())
        {
            Tick.fill(claim.encoder(), tick.next());
            total += claim.commit();
        }
        try (SbeClaim<BestBidOfferEncoder> claim = bestPrices.claim())
        {
            Tick.fillBestPrice(claim.encoder(), tick.next());
            total += claim.commit();
        }
        try (SbeClaim<TradingStatusEncoder> claim = statuses.claim())
        {
            fillStatus(claim.encoder(), tick.next());
            total += claim.commit();
        }
        try (SbeClaim<BookUpdateEncoder> claim = updates.claim(SBE_SLOT_LENGTH))
        {
            fillUpdate(claim.encoder(), tick.next());
            total += claim.commit();
        }
    }

    private void dispatch(final ShmReader reader)
    {
        final SbeDispatcher<Load> dispatcher = new SbeDispatcher<>(Tick.FORMAT, this)
            .on(new TradeDecoder(), (load, trade, frame) -> load.add(trade.tradeId()))
            .on(new BestBidOfferDecoder(), (load, bestPrice, frame) -> load.add(bestPrice.updateId()))
            .on(new TradingStatusDecoder(), (load, status, frame) -> load.add(status.sendingTime()))
            .on(new BookUpdateDecoder(), (load, update, frame) -> load.add(update.bids().count()));
        while (reader.read(dispatcher, LIMIT) > 0)
        {
            total++;
        }
    }

    private static void fillStatus(final TradingStatusEncoder status, final Tick tick)
    {
        status.sendingTime(1).transactTime(1).instrumentId(1).state(TradingState.TRADING);
    }

    private static void fillUpdate(final BookUpdateEncoder update, final Tick tick)
    {
        update.sendingTime(1).transactTime(1).instrumentId(1);
        update.bidsCount(1).next().orderCount(1).price().mantissa(1).exponent((byte)0);
        update.asksCount(0);
    }

    private static int fillTradeSlot(final MutableDirectBuffer slot, final int offset, final TradeEncoder trade)
    {
        trade.wrapAndApplyHeader(slot, offset, new MessageHeaderEncoder()).tradeId(1);

        return length(trade);
    }

    private static int fillBestPriceSlot(
        final MutableDirectBuffer slot, final int offset, final BestBidOfferEncoder bestPrice)
    {
        bestPrice.wrapAndApplyHeader(slot, offset, new MessageHeaderEncoder()).updateId(1);

        return length(bestPrice);
    }

    private static int fillStatusSlot(
        final MutableDirectBuffer slot, final int offset, final TradingStatusEncoder status)
    {
        status.wrapAndApplyHeader(slot, offset, new MessageHeaderEncoder()).sendingTime(1);

        return length(status);
    }

    private static int fillUpdateSlot(final MutableDirectBuffer slot, final int offset, final BookUpdateEncoder update)
    {
        fillUpdate(update.wrapAndApplyHeader(slot, offset, new MessageHeaderEncoder()), null);

        return length(update);
    }

    private static int length(final MessageEncoderFlyweight encoder)
    {
        return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
    }

    private Action add(final long number)
    {
        total += number;

        return Action.CONTINUE;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Encodable<DataFormat>[] encodables()
    {
        final Encodable<DataFormat> text = (format, slot, offset, maxLength) ->
            slot.putStringWithoutLengthAscii(offset, "an encodable of text");

        return new Encodable[]{new Encodables.Numbered(LENGTH), new Word(), new Pair(), text};
    }

    private static final class Word implements Encodable<DataFormat>
    {
        @Override
        public int encodeTo(
            final DataFormat format, final MutableDirectBuffer slot, final int offset, final int maxLength)
        {
            slot.putLong(offset, maxLength);

            return Long.BYTES;
        }
    }

    private static final class Pair implements Encodable<DataFormat>
    {
        @Override
        public int encodeTo(
            final DataFormat format, final MutableDirectBuffer slot, final int offset, final int maxLength)
        {
            slot.putLong(offset, maxLength);
            slot.putLong(offset + Long.BYTES, format.id());

            return 2 * Long.BYTES;
        }
    }

    private static final class OwnFormat implements DataFormat
    {
        @Override
        public long id()
        {
            return OWN_FORMAT_ID;
        }

        @Override
        public String mediaType()
        {
            return "application/x-benchmark";
        }
    }
}
