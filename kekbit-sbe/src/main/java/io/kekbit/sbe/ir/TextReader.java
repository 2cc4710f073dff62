package io.kekbit.sbe.ir;

import org.agrona.DirectBuffer;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * Reads text in a character encoding that a schema names. Never fails, whatever the name and the bytes are.
 */
final class TextReader
{
    private static final int BYTES_OF_UTF_16 = 2;
    private static final int BYTES_OF_UTF_32 = 4;

    private final Charset charset;
    private final int unit;

    /**
     * @param characterEncoding as in the schema. Where this JVM does not know it, and where it is ASCII, every byte is
     *                          taken for a character of ISO-8859-1, so that none is lost.
     */
    TextReader(final String characterEncoding)
    {
        charset = charset(characterEncoding);
        final String name = charset.name();
        unit = name.startsWith("UTF-16") ? BYTES_OF_UTF_16 : name.startsWith("UTF-32") ? BYTES_OF_UTF_32 : 1;
    }

    String read(final DirectBuffer buffer, final int index, final int length)
    {
        final byte[] bytes = new byte[length];
        buffer.getBytes(index, bytes);

        return new String(bytes, charset);
    }

    /**
     * Read up to the first character that is zero.
     */
    String readPadded(final DirectBuffer buffer, final int index, final int length)
    {
        int end = 0;
        while (end < length && !isZero(buffer, index + end, Math.min(unit, length - end)))
        {
            end += unit;
        }

        return read(buffer, index, Math.min(end, length));
    }

    private static boolean isZero(final DirectBuffer buffer, final int index, final int length)
    {
        int or = 0;
        for (int i = 0; i < length; i++)
        {
            or |= buffer.getByte(index + i);
        }

        return or == 0;
    }

    private static Charset charset(final String name)
    {
        try
        {
            final Charset charset = Charset.forName(name);

            return charset.equals(StandardCharsets.US_ASCII) ? StandardCharsets.ISO_8859_1 : charset;
        }
        catch (final IllegalArgumentException ex)
        {
            return StandardCharsets.ISO_8859_1;
        }
    }
}
