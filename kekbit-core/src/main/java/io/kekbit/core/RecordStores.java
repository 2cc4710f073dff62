package io.kekbit.core;

import org.agrona.DirectBuffer;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The stores that make up a record, by address and without bounds. The caller sees to it that the record, and the word
 * behind it, lie within the record area of a channel that is mapped: a store elsewhere ends the JVM or damages what is
 * there. The writer does so by its one check; to go through the bounds checks of the mapping's buffer again would take
 * longer than the stores do.
 * <p>
 * Not final, so that a test can watch the order of stores. Where no other class is loaded the calls are inlined.
 */
class RecordStores
{
    static final RecordStores PLAIN = new RecordStores();

    private static final int LONGEST_BY_WORDS = 8 * Long.BYTES;

    /**
     * Stores that somebody watches, or plain ones: those are a constant to the compiler, so that it does not load them
     * and compare them with null for every record.
     *
     * @param watched the stores; null for plain ones.
     * @return the stores to use.
     */
    static RecordStores orPlain(final RecordStores watched)
    {
        return watched == null ? PLAIN : watched;
    }

    /**
     * Copy the content of a record.
     *
     * @param address      of the content in the channel.
     * @param source       that holds the content.
     * @param sourceOffset of the content in the source.
     * @param length       of the content in bytes, at least 1.
     * @throws IndexOutOfBoundsException where the source does not hold the content; nothing was copied.
     */
    void putContent(final long address, final DirectBuffer source, final int sourceOffset, final int length)
    {
        final byte[] array;
        final long sourceAddress;
        // Told apart, so that no kind of buffer makes another one slower.
        if (source instanceof UnsafeBuffer buffer)
        {
            // The buffer's own check takes longer, and is left to refuse what does not fit. A length is positive.
            final int room = buffer.capacity() - length;
            if ((sourceOffset | room | (room - sourceOffset)) < 0)
            {
                buffer.boundsCheck(sourceOffset, length);
            }
            array = buffer.byteArray();
            sourceAddress = buffer.addressOffset() + sourceOffset;
        }
        else
        {
            source.boundsCheck(sourceOffset, length);
            array = source.byteArray();
            sourceAddress = source.addressOffset() + sourceOffset;
        }

        copy(array, sourceAddress, address, length);
    }

    /**
     * Store a length word or a watermark with release, in the byte order of the machine.
     *
     * @param address of the word, a multiple of 8.
     * @param word    to store.
     */
    void putWord(final long address, final long word)
    {
        UnsafeApi.putLongRelease(null, address, word);
    }

    /**
     * Up to some length, copying word by word without a loop takes less time than calling the JVM's memory copy. Where
     * the length is not a multiple of the pieces, two of them overlap. The second is found from the whole length, which
     * the caller has in a register of 64 bits, and a constant, which each store and load takes for nothing.
     */
    private static void copy(final byte[] array, final long source, final long target, final int length)
    {
        if (length > LONGEST_BY_WORDS)
        {
            UnsafeApi.copyMemory(array, source, null, target, length);
        }
        else if (length >= 4 * Long.BYTES)
        {
            copyFourWords(array, source, target);
            copyFourWords(array, source + length - 4 * Long.BYTES, target + length - 4 * Long.BYTES);
        }
        else if (length >= 2 * Long.BYTES)
        {
            copyTwoWords(array, source, target);
            copyTwoWords(array, source + length - 2 * Long.BYTES, target + length - 2 * Long.BYTES);
        }
        else if (length >= Long.BYTES)
        {
            copyWord(array, source, target);
            copyWord(array, source + length - Long.BYTES, target + length - Long.BYTES);
        }
        else
        {
            for (int i = 0; i < length; i++)
            {
                UnsafeApi.putByte(null, target + i, UnsafeApi.getByte(array, source + i));
            }
        }
    }

    private static void copyFourWords(final byte[] array, final long source, final long target)
    {
        copyTwoWords(array, source, target);
        copyTwoWords(array, source + 2 * Long.BYTES, target + 2 * Long.BYTES);
    }

    private static void copyTwoWords(final byte[] array, final long source, final long target)
    {
        copyWord(array, source, target);
        copyWord(array, source + Long.BYTES, target + Long.BYTES);
    }

    private static void copyWord(final byte[] array, final long source, final long target)
    {
        UnsafeApi.putLongUnaligned(null, target, UnsafeApi.getLongUnaligned(array, source));
    }
}
