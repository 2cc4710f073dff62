package io.kekbit.examples.marketdata;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * An instrument's symbol as two words, so that it can be stored and compared without a string.
 *
 * @param head the first 8 characters, zero-padded.
 * @param tail the others.
 */
record Symbol(long head, long tail)
{
    /**
     * The most characters that the schema allows.
     */
    static final int MAX_LENGTH = 16;

    /**
     * The words of a text of at most {@link #MAX_LENGTH} ASCII characters.
     */
    static Symbol of(final String text)
    {
        final ByteBuffer words = ByteBuffer.allocate(MAX_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        words.put(text.getBytes(StandardCharsets.US_ASCII));

        return new Symbol(words.getLong(0), words.getLong(Long.BYTES));
    }
}
