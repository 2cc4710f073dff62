package io.kekbit.cli;

import io.kekbit.core.EnvelopeWriter;
import io.kekbit.core.Header;
import io.kekbit.core.PlainTextDataFormat;
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
import org.agrona.concurrent.EpochNanoClock;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * Channels to look into, the same whenever they are made.
 */
final class SampleChannels
{
    /**
     * The time of the first record.
     */
    static final Instant START = Instant.parse("2024-01-02T03:04:05Z");

    static final SbeDataFormat MARKET_DATA =
        SbeDataFormat.fromResource(TradeEncoder.class, "META-INF/sbe/market-data.sbeir");

    private static final int CAPACITY = 1 << 20;

    private SampleChannels()
    {
    }

    /**
     * Market data with a time, a sequence number and a checksum around each message, label "trades": writer id 7, one
     * trade each 10 ms, a heartbeat after the last one. The channel is open, and the writer lives.
     *
     * @param count of trades.
     * @return the writer, to be closed.
     */
    static EnvelopeWriter<SbeDataFormat> trades(final Path root, final long id, final int count)
    {
        return trades(
            root, id, count, new TimestampHandler(TickUnit.NANOS, new Ticking()), new SequenceHandler(),
            new ChecksumHandler());
    }

    /**
     * Market data in another envelope.
     */
    static EnvelopeWriter<SbeDataFormat> trades(
        final Path root, final long id, final int count, final WriteHandler... handlers)
    {
        final EnvelopeWriter<SbeDataFormat> writer = EnvelopeWriter.create(
            ShmWriter.builder(root, header(id), MARKET_DATA).label("trades").clock(new Ticking()), handlers);
        final SbeWriter sbe = new SbeWriter(writer);
        final TradeEncoder encoder = new TradeEncoder();
        for (int i = 0; i < count; i++)
        {
            sbe.write(encoder, i, SampleChannels::trade);
        }
        writer.heartbeat();

        return writer;
    }

    /**
     * The same, closed.
     *
     * @return the channel's file.
     */
    static Path closedTrades(final Path root, final long id, final int count)
    {
        trades(root, id, count).close();

        return ChannelPath.file(root, id);
    }

    /**
     * The same as it stands after the writer's death.
     *
     * @return the channel's file.
     */
    static Path abandonedTrades(final Path root, final long id, final int count) throws IOException
    {
        final Path elsewhere = Files.createTempDirectory(root, "elsewhere");
        final Path file = ChannelPath.file(root, id);
        Files.createDirectories(file.getParent());
        try (EnvelopeWriter<SbeDataFormat> writer = trades(elsewhere, id, count))
        {
            writer.flush();
            // Nobody holds the lock of a copy.
            Files.copy(ChannelPath.file(elsewhere, id), file);
        }

        return file;
    }

    /**
     * Three lines of text, closed.
     *
     * @return the channel's file.
     */
    static Path text(final Path root, final long id)
    {
        final PlainTextDataFormat format = PlainTextDataFormat.INSTANCE;
        try (ShmWriter<PlainTextDataFormat> writer =
            ShmWriter.builder(root, header(id), format).label("greetings").clock(new Ticking()).create())
        {
            writer.write(format.encodable("one"));
            writer.write(format.encodable("two"));
            writer.write(format.encodable("three"));
        }

        return ChannelPath.file(root, id);
    }

    /**
     * A channel that the Rust crate wrote.
     *
     * @param id 1 to 5, see the README beside the files.
     * @return the channel's file.
     */
    static Path rust(final Path root, final long id) throws IOException
    {
        final Path file = ChannelPath.file(root, id);
        Files.createDirectories(file.getParent());
        try (InputStream in = SampleChannels.class.getResourceAsStream("rust/" + file.getFileName()))
        {
            Files.copy(in, file);
        }
        // The only sign of life that such a channel shows.
        Files.setLastModifiedTime(file, FileTime.from(START));

        return file;
    }

    private static Header header(final long id)
    {
        return Header.builder()
            .writerId(7)
            .channelId(id)
            .capacity(CAPACITY)
            .maxMessageLength(1024)
            .creationTime(TickUnit.NANOS.now(new Ticking()))
            .build();
    }

    private static void trade(final TradeEncoder trade, final Integer number)
    {
        trade
            .sendingTime(number)
            .transactTime(TradeEncoder.transactTimeNullValue())
            .instrumentId(1)
            .aggressorSide(number % 2 == 0 ? Side.BUY : Side.SELL)
            .tradeId(number)
            .receiveTime(TradeEncoder.receiveTimeNullValue())
            .buyOrderId(TradeEncoder.buyOrderIdNullValue())
            .sellOrderId(TradeEncoder.sellOrderIdNullValue());
        trade.conditions().clear();
        trade.price().mantissa(100_00 + number).exponent((byte)-2);
        trade.quantity().mantissa(number).exponent((byte)-8);
    }

    /**
     * A clock that goes on by 10 ms whenever it is read.
     */
    private static final class Ticking implements EpochNanoClock
    {
        private long nanos = TimeUnit.SECONDS.toNanos(START.getEpochSecond());

        @Override
        public long nanoTime()
        {
            final long now = nanos;
            nanos += TimeUnit.MILLISECONDS.toNanos(10);

            return now;
        }
    }
}
