package io.kekbit.benchmarks.stream;

import org.HdrHistogram.Histogram;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.DataFormatException;

/**
 * What the far side found, in a form that fits into a line.
 *
 * @param endNs          when it was done, by {@link System#nanoTime()}.
 * @param allocatedBytes what its thread allocated on the heap meanwhile.
 * @param lastTime       the time in the last message, where it counted.
 * @param latencies      where it recorded, else null.
 */
record Outcome(long endNs, long allocatedBytes, long lastTime, Histogram latencies)
{
    private static final String SEPARATOR = " ";
    private static final String NONE = "-";

    static Outcome parse(final String line)
    {
        final String[] parts = line.split(SEPARATOR);

        return new Outcome(
            Long.parseLong(parts[0]),
            Long.parseLong(parts[1]),
            Long.parseLong(parts[2]),
            NONE.equals(parts[3]) ? null : decode(parts[3]));
    }

    private static Histogram decode(final String text)
    {
        try
        {
            return Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(Base64.getDecoder().decode(text)), 0);
        }
        catch (final DataFormatException ex)
        {
            throw new IllegalStateException("not a histogram: " + text, ex);
        }
    }

    String toLine()
    {
        return endNs + SEPARATOR + allocatedBytes + SEPARATOR + lastTime + SEPARATOR +
            (latencies == null ? NONE : encode(latencies));
    }

    private static String encode(final Histogram histogram)
    {
        final ByteBuffer bytes = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        final int length = histogram.encodeIntoCompressedByteBuffer(bytes);

        return Base64.getEncoder().encodeToString(Arrays.copyOf(bytes.array(), length));
    }
}
