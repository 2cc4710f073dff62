package io.kekbit.examples.marketdata;

import io.kekbit.examples.ExampleException;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/**
 * All of an input, read before anything is published. Lines that are not understood are left out, and counted.
 */
final class MarketDataInput
{
    private static final String BITSTAMP_RESOURCE = "/bitstamp_trades_from_20131125_usd.csv";
    private static final int GZIP_MAGIC_0 = 0x1F;
    private static final int GZIP_MAGIC_1 = 0x8B;
    private static final int BUFFER_LENGTH = 64 * 1024;

    private final String name;
    private final Recording recording;
    private final InputDigest digest = new InputDigest();
    private long lines;
    private long rejectedLines;
    private long firstRejectedLine;
    private String firstReason;

    private MarketDataInput(final String name, final String venue)
    {
        this.name = name;
        recording = new Recording(venue);
    }

    /**
     * Read the 100,000 trades of Bitstamp that ta4j-examples brings along.
     */
    static MarketDataInput bitstamp() throws IOException
    {
        try (InputStream in = MarketDataInput.class.getResourceAsStream(BITSTAMP_RESOURCE))
        {
            if (in == null)
            {
                throw new ExampleException(
                    "not on the class path: " + BITSTAMP_RESOURCE + ". Put the jar of ta4j-examples there.");
            }

            return read(BITSTAMP_RESOURCE.substring(1), in, new BitstampTrades());
        }
    }

    /**
     * Read a recording of Binance's spot streams.
     *
     * @param file plain or compressed with gzip, whatever it is called.
     */
    static MarketDataInput binance(final Path file) throws IOException
    {
        try (InputStream in = Files.newInputStream(file))
        {
            return read(file.toString(), in, new BinanceStream());
        }
        catch (final IOException ex)
        {
            throw new ExampleException("cannot read the input: file=" + file + " reason=" + ex, ex);
        }
    }

    /**
     * Read an input to its end.
     *
     * @param name   to call it by.
     * @param in     plain or compressed with gzip. Left open.
     * @param parser that understands its lines.
     * @return what was read, at least one message.
     * @throws ExampleException where there is no message in it, or more than a channel can hold.
     */
    static MarketDataInput read(final String name, final InputStream in, final LineParser parser) throws IOException
    {
        final MarketDataInput input = new MarketDataInput(name, parser.venue());
        input.readLines(new BufferedReader(new InputStreamReader(unzipped(in), StandardCharsets.UTF_8)), parser);
        if (input.recording.messages() == 0)
        {
            throw new ExampleException("no message in the input: " + input.summary());
        }

        return input;
    }

    Recording recording()
    {
        return recording;
    }

    InputDigest digest()
    {
        return digest;
    }

    long rejectedLines()
    {
        return rejectedLines;
    }

    /**
     * What was read, and what was not understood.
     */
    String summary()
    {
        final String read = String.format(
            Locale.ROOT, "%s: %,d lines, %,d messages", name, lines, recording.messages());

        return rejectedLines == 0 ? read : String.format(
            Locale.ROOT,
            "%s, %,d not understood, first line %,d: %s",
            read,
            rejectedLines,
            firstRejectedLine,
            firstReason);
    }

    private void readLines(final BufferedReader reader, final LineParser parser) throws IOException
    {
        final InputMessage message = new InputMessage();
        for (String line = reader.readLine(); line != null; line = reader.readLine())
        {
            lines++;
            try
            {
                if (parser.parse(line, lines, message))
                {
                    recording.append(message);
                    digest.add(message);
                }
            }
            catch (final InvalidInputException ex)
            {
                if (rejectedLines++ == 0)
                {
                    firstRejectedLine = lines;
                    firstReason = ex.getMessage();
                }
            }
        }
    }

    private static InputStream unzipped(final InputStream in) throws IOException
    {
        final InputStream buffered = new BufferedInputStream(in, BUFFER_LENGTH);
        buffered.mark(2);
        final boolean isGzip = buffered.read() == GZIP_MAGIC_0 && buffered.read() == GZIP_MAGIC_1;
        buffered.reset();

        return isGzip ? new GZIPInputStream(buffered, BUFFER_LENGTH) : buffered;
    }
}
