package io.kekbit.sbe.ir;

import org.agrona.DirectBuffer;

/**
 * Writes text and bytes as JSON. What a terminal would act on is escaped as well as what JSON demands, so the output
 * can be shown without harm, and still stands for exactly the same text.
 */
public final class JsonText
{
    private static final char[] HEX = "0123456789abcdef".toCharArray();
    private static final int BYTE_MASK = 0xFF;

    private JsonText()
    {
    }

    /**
     * Append a text in quotes.
     *
     * @param out  to append to.
     * @param text any characters, surrogates without partner among them.
     */
    public static void appendQuoted(final StringBuilder out, final CharSequence text)
    {
        out.append('"');
        final int length = text.length();
        int i = 0;
        while (i < length && isPlain(text.charAt(i)))
        {
            i++;
        }

        out.append(text, 0, i);
        for (; i < length; i++)
        {
            final char c = text.charAt(i);
            if (isPlain(c))
            {
                out.append(c);
            }
            else if (Character.isHighSurrogate(c) && i + 1 < length && Character.isLowSurrogate(text.charAt(i + 1)))
            {
                appendPair(out, c, text.charAt(++i));
            }
            else
            {
                appendUnusual(out, c);
            }
        }

        out.append('"');
    }

    /**
     * Append bytes as hexadecimal digits in quotes, two for each byte.
     *
     * @param out    to append to.
     * @param buffer that holds the bytes.
     * @param offset of the first byte.
     * @param length in bytes.
     * @throws IndexOutOfBoundsException where the bytes do not lie within the buffer.
     */
    public static void appendHex(
        final StringBuilder out, final DirectBuffer buffer, final int offset, final int length)
    {
        out.append('"');
        for (int i = 0; i < length; i++)
        {
            final int b = buffer.getByte(offset + i) & BYTE_MASK;
            out.append(HEX[b >>> 4]).append(HEX[b & 0xF]);
        }

        out.append('"');
    }

    private static boolean isPlain(final char c)
    {
        return c >= ' ' && c < 0x7F && c != '"' && c != '\\';
    }

    private static void appendPair(final StringBuilder out, final char high, final char low)
    {
        if (Character.getType(Character.toCodePoint(high, low)) == Character.FORMAT)
        {
            appendEscaped(out, high);
            appendEscaped(out, low);
        }
        else
        {
            out.append(high).append(low);
        }
    }

    private static void appendUnusual(final StringBuilder out, final char c)
    {
        switch (c)
        {
            case '"', '\\' -> out.append('\\').append(c);
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            case '\b' -> out.append("\\b");
            case '\f' -> out.append("\\f");
            // The two joiners that scripts and emoji need.
            case '\u200C', '\u200D' -> out.append(c);
            default ->
            {
                switch (Character.getType(c))
                {
                    case Character.CONTROL, Character.FORMAT, Character.SURROGATE,
                        Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> appendEscaped(out, c);
                    default -> out.append(c);
                }
            }
        }
    }

    private static void appendEscaped(final StringBuilder out, final char c)
    {
        out.append("\\u")
            .append(HEX[c >>> 12])
            .append(HEX[c >>> 8 & 0xF])
            .append(HEX[c >>> 4 & 0xF])
            .append(HEX[c & 0xF]);
    }
}
