package io.kekbit.cli;

import io.kekbit.core.EnvelopeWriter;
import io.kekbit.core.Header;
import io.kekbit.core.ShmWriter;
import io.kekbit.core.TickUnit;
import io.kekbit.core.WriteHandler;
import io.kekbit.core.handlers.ChecksumHandler;
import io.kekbit.core.handlers.SequenceHandler;
import io.kekbit.core.handlers.TimestampHandler;
import io.kekbit.core.layout.ChannelPath;
import io.kekbit.marketdata.Side;
import io.kekbit.marketdata.TradeEncoder;
import io.kekbit.sbe.SbeDataFormat;
import io.kekbit.sbe.SbeWriter;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A channel of trades: trade i, from 0 on, is stamped i seconds after {@link #START_SECOND}, has the price 100 + i/100
 * and the quantity i, is a purchase where i is even, and has no id where i is a multiple of 10.
 */
final class TradeChannel implements AutoCloseable
{
    static final long ID = 7;
    /** 2026-11-25T10:00:00Z. */
    static final long START_SECOND = 1_795_600_800L;
    static final SbeDataFormat FORMAT =
        SbeDataFormat.fromResource(TradeEncoder.class, "META-INF/sbe/market-data.sbeir");

    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Path root;
    private final EnvelopeWriter<SbeDataFormat> writer;
    private final SbeWriter sbe;
    private final TradeEncoder encoder = new TradeEncoder();
    private long count;

    private TradeChannel(final Path root, final int capacity, final long timeoutMs)
    {
        this.root = root;
        final Header header = Header.builder()
            .channelId(ID)
            .capacity(capacity)
            .maxMessageLength(512)
            .timeout(TimeUnit.MILLISECONDS.toNanos(timeoutMs))
            .tickUnit(TickUnit.NANOS)
            .build();
        final WriteHandler[] handlers = {
            new TimestampHandler(TickUnit.NANOS, this::nowNs), new SequenceHandler(), new ChecksumHandler()};
        writer = EnvelopeWriter.create(
            ShmWriter.builder(root, header, FORMAT).label("trades").clock(this::nowNs), handlers);
        sbe = new SbeWriter(writer);
    }

    static TradeChannel create(final Path root)
    {
        return new TradeChannel(root, 1 << 20, 60_000);
    }

    static TradeChannel create(final Path root, final long timeoutMs)
    {
        return new TradeChannel(root, 1 << 20, timeoutMs);
    }

    Path file()
    {
        return ChannelPath.file(root, ID);
    }

    TradeChannel write(final int trades)
    {
        for (int i = 0; i < trades; i++)
        {
            sbe.write(encoder, this, TradeChannel::fill);
            count++;
        }

        return this;
    }

    /**
     * No trade follows.
     */
    void end()
    {
        writer.close();
    }

    @Override
    public void close()
    {
        end();
    }

    private long nowNs()
    {
        return (START_SECOND + count) * NANOS_PER_SECOND;
    }

    private static void fill(final TradeEncoder encoder, final TradeChannel channel)
    {
        final long i = channel.count;
        encoder
            .sendingTime(channel.nowNs())
            .transactTime(TradeEncoder.transactTimeNullValue())
            .instrumentId(1)
            .aggressorSide(i % 2 == 0 ? Side.BUY : Side.SELL)
            .tradeId(i % 10 == 0 ? TradeEncoder.tradeIdNullValue() : i)
            .receiveTime(TradeEncoder.receiveTimeNullValue())
            .buyOrderId(TradeEncoder.buyOrderIdNullValue())
            .sellOrderId(TradeEncoder.sellOrderIdNullValue());
        encoder.conditions().clear();
        encoder.price().mantissa(10_000 + i).exponent((byte)-2);
        encoder.quantity().mantissa(i).exponent((byte)0);
    }
}
