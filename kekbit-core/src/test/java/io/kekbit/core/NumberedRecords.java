package io.kekbit.core;

import io.kekbit.core.handlers.ChecksumHandler;
import io.kekbit.core.handlers.SequenceHandler;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.SplittableRandom;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * Records whose length and content follow from their number alone, so that whoever reads one can tell whether it is
 * right. They stand in channels whose envelope is a sequence number and a checksum.
 */
final class NumberedRecords
{
    private NumberedRecords()
    {
    }

    /**
     * Create a channel for such records, or take it over.
     *
     * @param sequence that counts the records; goes on from the last one where the channel exists.
     */
    static EnvelopeWriter<RawBinDataFormat> createOrResume(
        final ShmWriterBuilder<RawBinDataFormat> builder, final SequenceHandler sequence)
    {
        return EnvelopeWriter.createOrResume(builder, sequence, new ChecksumHandler());
    }

    static EnvelopeWriter<RawBinDataFormat> create(final Path root, final Header header)
    {
        return EnvelopeWriter.create(
            ShmWriter.builder(root, header, RawBinDataFormat.INSTANCE), new SequenceHandler(), new ChecksumHandler());
    }

    /**
     * The length of a record's payload.
     *
     * @param number    of the record.
     * @param maxLength of any.
     * @return from 1 to the greatest length.
     */
    static int length(final long number, final int maxLength)
    {
        return 1 + new SplittableRandom(number).nextInt(maxLength);
    }

    static void fill(final long number, final MutableDirectBuffer buffer, final int offset, final int length)
    {
        int i = 0;
        for (; i <= length - Long.BYTES; i += Long.BYTES)
        {
            buffer.putLong(offset + i, word(number, i), LITTLE_ENDIAN);
        }
        for (; i < length; i++)
        {
            buffer.putByte(offset + i, (byte)word(number, i));
        }
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
        fill(number, writer.slot(), 0, length);

        return writer.commit(length);
    }

    /**
     * Whether a payload is that of a number, from its length to its last byte.
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
            if (buffer.getLong(offset + i, ByteOrder.LITTLE_ENDIAN) != word(number, i))
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

    private static long word(final long number, final int index)
    {
        return (number + 1) * 0x9E37_79B9_7F4A_7C15L + index * 0xD1B5_4A32_D192_ED03L;
    }
}
