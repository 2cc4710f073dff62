package io.kekbit.benchmarks;

import org.HdrHistogram.Histogram;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.DataFormatException;

/**
 * What one measurement, which ran in a JVM of its own, found out: figures, each a number whose name tells the unit, and
 * histograms of nanoseconds. It is handed on in files: {@code NAME=NUMBER} lines, and beside them a file for each
 * histogram in HdrHistogram's compressed form.
 */
public final class Result
{
    private static final long LONGEST_NS = 3_600_000_000_000L;
    private static final int DIGITS = 3;
    private static final String HISTOGRAM_SUFFIX = ".hdr";

    private final Map<String, Double> figures = new TreeMap<>();
    private final Map<String, Histogram> histograms = new TreeMap<>();

    /**
     * A histogram that fits: from nanoseconds to an hour, of three significant digits, all of its memory taken.
     *
     * @return an empty histogram.
     */
    public static Histogram histogram()
    {
        return new Histogram(LONGEST_NS, DIGITS);
    }

    /**
     * Note a figure.
     *
     * @param name   in camel case, with the unit: {@code nsPerRecord}.
     * @param number the figure.
     * @return this.
     */
    public Result figure(final String name, final double number)
    {
        figures.put(name, number);
        return this;
    }

    /**
     * Note a histogram.
     *
     * @param name      in camel case.
     * @param histogram of nanoseconds.
     * @return this.
     */
    public Result histogram(final String name, final Histogram histogram)
    {
        histograms.put(name, histogram);
        return this;
    }

    /**
     * All figures by name.
     *
     * @return the figures.
     */
    public Map<String, Double> figures()
    {
        return figures;
    }

    /**
     * All histograms by name.
     *
     * @return the histograms.
     */
    public Map<String, Histogram> histograms()
    {
        return histograms;
    }

    /**
     * Hand it on.
     *
     * @param file for the figures; histograms are written beside it.
     */
    public void write(final Path file)
    {
        try
        {
            for (final Map.Entry<String, Histogram> entry : histograms.entrySet())
            {
                final Histogram histogram = entry.getValue();
                final ByteBuffer bytes = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
                final int length = histogram.encodeIntoCompressedByteBuffer(bytes);
                Files.write(histogramFile(file, entry.getKey()), copy(bytes, length));
            }
            final StringBuilder lines = new StringBuilder();
            figures.forEach((name, number) -> lines.append(name).append('=').append(number).append('\n'));
            histograms.keySet().forEach((name) -> lines.append(name).append('=').append(HISTOGRAM_SUFFIX).append('\n'));
            Files.writeString(file, lines);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    /**
     * Take what another process handed on.
     *
     * @param file that was written.
     * @return the result.
     */
    public static Result read(final Path file)
    {
        try
        {
            final Result result = new Result();
            for (final String line : Files.readAllLines(file, StandardCharsets.UTF_8))
            {
                final int end = line.indexOf('=');
                final String name = line.substring(0, end);
                final String value = line.substring(end + 1);
                if (value.equals(HISTOGRAM_SUFFIX))
                {
                    final byte[] bytes = Files.readAllBytes(histogramFile(file, name));
                    final ByteBuffer encoded = ByteBuffer.wrap(bytes);
                    result.histogram(name, Histogram.decodeFromCompressedByteBuffer(encoded, LONGEST_NS));
                }
                else
                {
                    result.figure(name, Double.parseDouble(value));
                }
            }

            return result;
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        catch (final DataFormatException ex)
        {
            throw new IllegalStateException("not a histogram: beside file=" + file, ex);
        }
    }

    private static Path histogramFile(final Path file, final String name)
    {
        return file.resolveSibling(file.getFileName() + "." + name + HISTOGRAM_SUFFIX);
    }

    private static byte[] copy(final ByteBuffer bytes, final int length)
    {
        final byte[] copied = new byte[length];
        bytes.get(0, copied);

        return copied;
    }
}
