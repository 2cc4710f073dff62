package io.kekbit.core;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What the records of the races hold: one or two words that repeat one small number in all of their bytes, so that
 * whatever is not whole is no number.
 */
final class Numbers
{
    /**
     * There was no record.
     */
    static final int NOTHING = -1;

    /**
     * There was one that nobody wrote.
     */
    static final int TORN = -9;

    static final int ONE_LENGTH = Long.BYTES;
    static final int TWO_LENGTH = 2 * Long.BYTES;

    private static final long EVERY_BYTE = 0x0101_0101_0101_0101L;

    private Numbers()
    {
    }

    static long word(final int number)
    {
        return number * EVERY_BYTE;
    }

    /**
     * The number in a word, 0 where nothing was stored yet.
     */
    static int number(final long word)
    {
        final int number = (int)(word & 0xFF);

        return word == word(number) ? number : TORN;
    }

    static int number(final DirectBuffer buffer, final int offset)
    {
        return number(buffer.getLong(offset));
    }

    /**
     * A record's content of one word.
     */
    static UnsafeBuffer one(final int number)
    {
        final UnsafeBuffer content = new UnsafeBuffer(new byte[ONE_LENGTH]);
        content.putLong(0, word(number));

        return content;
    }

    /**
     * A record's content of two words.
     */
    static UnsafeBuffer two(final int first, final int second)
    {
        final UnsafeBuffer content = new UnsafeBuffer(new byte[TWO_LENGTH]);
        content.putLong(0, word(first));
        content.putLong(ONE_LENGTH, word(second));

        return content;
    }

    /**
     * The number in the next record, which holds one word.
     */
    static int poll(final ShmReader reader)
    {
        if (!reader.next())
        {
            return NOTHING;
        }

        return reader.length() == ONE_LENGTH ? number(reader.buffer(), reader.offset()) : TORN;
    }
}
