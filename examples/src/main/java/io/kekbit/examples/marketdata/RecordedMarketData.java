package io.kekbit.examples.marketdata;

import io.kekbit.core.Header;
import io.kekbit.core.ShmWriter;
import io.kekbit.sbe.SbeDataFormat;
import io.kekbit.sbe.SbeWriter;
import org.agrona.concurrent.SystemEpochNanoClock;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A recording of market data, for examples that start from a channel that holds one.
 */
public final class RecordedMarketData
{
    private final MarketDataInput input;

    private RecordedMarketData(final MarketDataInput input)
    {
        this.input = input;
    }

    /**
     * Read a recording.
     *
     * @param file of Binance's spot streams, plain or gzip; null for the 100,000 trades of Bitstamp that come along.
     * @return the recording.
     * @throws IOException where it cannot be read.
     */
    public static RecordedMarketData read(final Path file) throws IOException
    {
        return new RecordedMarketData(file == null ? MarketDataInput.bitstamp() : MarketDataInput.binance(file));
    }

    /**
     * What was read.
     *
     * @return the name, the number of messages, and what was not understood.
     */
    public String summary()
    {
        return input.summary();
    }

    /**
     * A digest over the values of all messages, computed from the texts of the recording.
     *
     * @return the digest in hexadecimal.
     */
    public String digest()
    {
        return input.digest().hex(1);
    }

    /**
     * Write all of it to a new channel, as fast as that goes, and close the channel.
     *
     * @param root      folder of the channel.
     * @param channelId of the channel, unsigned.
     */
    public void publish(final Path root, final long channelId)
    {
        final Recording recording = input.recording();
        final Header header = Header.builder()
            .channelId(channelId)
            .capacity(recording.size().capacity(1))
            .maxMessageLength(recording.size().maxMessageLength())
            .build();
        try (ShmWriter<SbeDataFormat> writer = ShmWriter.create(root, header, MarketDataFormat.INSTANCE))
        {
            final Recording.Cursor cursor = recording.cursor();
            final MessagePublisher publisher =
                new MessagePublisher(new SbeWriter(writer), cursor, SystemEpochNanoClock.INSTANCE);
            recording.instruments().forEach(publisher::publishDefinition);
            while (cursor.next())
            {
                publisher.publish();
            }
        }
    }
}
