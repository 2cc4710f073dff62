package io.kekbit.cli;

import io.kekbit.core.TickUnit;
import io.kekbit.core.WriteHandler;
import io.kekbit.core.handlers.ChecksumHandler;
import io.kekbit.core.handlers.SequenceHandler;
import io.kekbit.core.handlers.TimestampHandler;
import io.kekbit.core.positions.NamedReader;
import io.kekbit.core.series.SeriesReader;
import io.kekbit.core.series.SeriesWriter;
import io.kekbit.marketdata.Side;
import io.kekbit.marketdata.TradeEncoder;
import io.kekbit.sbe.SbeDataFormat;
import io.kekbit.sbe.SbeWriter;

import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * A series of trades with small channels, label "trades": trade i, from 0 on, is stamped i seconds after
 * {@link #START} and has the quantity i.
 */
final class TradeSeries implements AutoCloseable
{
    static final String NAME = "ticks";
    static final Instant START = Instant.parse("2024-01-02T10:00:00Z");

    private static final int CAPACITY = 16_384;

    private final Path root;
    private final SeriesWriter<SbeDataFormat> writer;
    private final SbeWriter sbe;
    private final TradeEncoder encoder = new TradeEncoder();
    private long count;

    private TradeSeries(final Path root, final boolean hasEnvelope)
    {
        this.root = root;
        writer = SeriesWriter.builder(root, NAME, TradeChannel.FORMAT)
            .capacity(CAPACITY)
            .maxMessageLength(120)
            .timeout(TimeUnit.MINUTES.toNanos(1))
            .tickUnit(TickUnit.NANOS)
            .label("trades")
            .clock(this::nowNs)
            .handlers(hasEnvelope ? envelope() : new WriteHandler[0])
            .open();
        count = writer.nextRecordNumber();
        sbe = new SbeWriter(writer);
    }

    /**
     * Create the series, or go on with it.
     */
    static TradeSeries open(final Path root)
    {
        return new TradeSeries(root, true);
    }

    /**
     * Go on with the series in a channel of its own, and put nothing around the trades any more.
     */
    static TradeSeries openWithoutEnvelope(final Path root)
    {
        return new TradeSeries(root, false);
    }

    Path folder()
    {
        return root.resolve(NAME);
    }

    /**
     * How many times the writer has gone on in another channel.
     */
    long rolls()
    {
        return writer.header().channelId() - 1;
    }

    TradeSeries write(final int trades)
    {
        for (int i = 0; i < trades; i++)
        {
            sbe.write(encoder, this, TradeSeries::fill);
            count++;
        }

        return this;
    }

    /**
     * Let a reader of a name read so many trades.
     */
    static void read(final Path root, final Path positions, final String name, final int trades)
    {
        try (NamedReader reader = SeriesReader.open(root, NAME).named(positions, name).open())
        {
            int left = trades;
            while (left > 0)
            {
                left -= reader.read((buffer, offset, length, position, next) ->
                {
                    // Reading is all.
                }, left);
            }
        }
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

    private WriteHandler[] envelope()
    {
        return new WriteHandler[]{
            new TimestampHandler(TickUnit.NANOS, this::nowNs), new SequenceHandler(), new ChecksumHandler()};
    }

    private long nowNs()
    {
        return TimeUnit.SECONDS.toNanos(START.getEpochSecond() + count);
    }

    private static void fill(final TradeEncoder encoder, final TradeSeries series)
    {
        encoder
            .sendingTime(series.nowNs())
            .transactTime(TradeEncoder.transactTimeNullValue())
            .instrumentId(1)
            .aggressorSide(series.count % 2 == 0 ? Side.BUY : Side.SELL)
            .tradeId(series.count)
            .receiveTime(TradeEncoder.receiveTimeNullValue())
            .buyOrderId(TradeEncoder.buyOrderIdNullValue())
            .sellOrderId(TradeEncoder.sellOrderIdNullValue());
        encoder.conditions().clear();
        encoder.price().mantissa(10_000 + series.count).exponent((byte)-2);
        encoder.quantity().mantissa(series.count).exponent((byte)0);
    }
}
