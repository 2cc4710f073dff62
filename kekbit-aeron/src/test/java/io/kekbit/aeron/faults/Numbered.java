package io.kekbit.aeron.faults;

import io.kekbit.core.Writer;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import java.util.SplittableRandom;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * Records whose length and content follow from their number, so that whoever reads one can tell whether it is right.
 */
final class Numbered
{
    static final int MIN_LENGTH = Long.BYTES;

    private Numbered()
    {
    }

    /**
     * Append a record in place.
     *
     * @return as {@link Writer#tryClaim(int)}.
     */
    static long tryWrite(final Writer<?> writer, final long number, final int maxLength)
    {
        final int length = length(number, maxLength);
        final long result = writer.tryClaim(length);
        if (result < 0)
        {
            return result;
        }
        fill(number, writer.slot(), length);

        return writer.commit(length);
    }

    /**
     * Whether a record is the one of a number, from its length to its last byte.
     */
    static boolean isRight(
        final long number, final DirectBuffer buffer, final int offset, final int length, final int maxLength)
    {
        if (length != length(number, maxLength))
        {
            return false;
        }
        int i = 0;
        for (; i <= length - Long.BYTES; i += Long.BYTES)
        {
            if (buffer.getLong(offset + i, LITTLE_ENDIAN) != word(number, i))
            {
                return false;
            }
        }
        for (; i < length; i++)
        {
            if (buffer.getByte(offset + i) != (byte)word(number, i))
            {
                return false;
            }
        }

        return true;
    }

    static int length(final long number, final int maxLength)
    {
        return MIN_LENGTH + new SplittableRandom(number).nextInt(maxLength - MIN_LENGTH + 1);
    }

    private static void fill(final long number, final MutableDirectBuffer buffer, final int length)
    {
        int i = 0;
        for (; i <= length - Long.BYTES; i += Long.BYTES)
        {
            buffer.putLong(i, word(number, i), LITTLE_ENDIAN);
        }
        for (; i < length; i++)
        {
            buffer.putByte(i, (byte)word(number, i));
        }
    }

    /**
     * The first word is the number itself.
     */
    private static long word(final long number, final int index)
    {
        return number + index * 0xD1B5_4A32_D192_ED03L;
    }
}
