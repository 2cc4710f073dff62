package io.kekbit.cli.records;

import org.agrona.DirectBuffer;

/**
 * Bytes the way {@code hexdump -C} shows them: 16 in a line, behind their offset in the record, and the ASCII
 * characters among them once more at the line's end.
 */
final class HexDump
{
    private static final int BYTES_PER_LINE = 16;
    private static final int HALF = BYTES_PER_LINE / 2;
    private static final char[] DIGITS = "0123456789abcdef".toCharArray();

    private HexDump()
    {
    }

    /**
     * Append the lines.
     *
     * @param out    to append to.
     * @param buffer that holds the bytes.
     * @param offset of the first.
     * @param length of all.
     */
    static void append(final StringBuilder out, final DirectBuffer buffer, final int offset, final int length)
    {
        for (int start = 0; start < length; start += BYTES_PER_LINE)
        {
            final int end = Math.min(length, start + BYTES_PER_LINE);
            for (int shift = 28; shift >= 0; shift -= 4)
            {
                out.append(DIGITS[start >>> shift & 0xF]);
            }
            out.append(' ');
            for (int i = start; i < start + BYTES_PER_LINE; i++)
            {
                out.append(i == start + HALF ? "  " : " ");
                if (i < end)
                {
                    appendByte(out, buffer.getByte(offset + i));
                }
                else
                {
                    out.append("  ");
                }
            }
            out.append("  |");
            for (int i = start; i < end; i++)
            {
                final byte b = buffer.getByte(offset + i);
                out.append(b >= 0x20 && b < 0x7F ? (char)b : '.');
            }
            out.append("|\n");
        }
    }

    /**
     * Append bytes as digits in a row.
     *
     * @param out    to append to.
     * @param buffer that holds the bytes.
     * @param offset of the first.
     * @param length of all.
     */
    static void appendDigits(final StringBuilder out, final DirectBuffer buffer, final int offset, final int length)
    {
        for (int i = 0; i < length; i++)
        {
            appendByte(out, buffer.getByte(offset + i));
        }
    }

    private static void appendByte(final StringBuilder out, final byte b)
    {
        out.append(DIGITS[b >>> 4 & 0xF]).append(DIGITS[b & 0xF]);
    }
}
