package io.kekbit.core;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Content that is text in UTF-8, one text to a record: id 3, media type {@code text/plain}.
 */
public final class PlainTextDataFormat implements DataFormat
{
    /**
     * The one instance.
     */
    public static final PlainTextDataFormat INSTANCE = new PlainTextDataFormat();

    /**
     * The id that a channel stores for this format.
     */
    public static final long ID = 3;

    private PlainTextDataFormat()
    {
    }

    @Override
    public long id()
    {
        return ID;
    }

    @Override
    public String mediaType()
    {
        return "text/plain";
    }

    /**
     * A text as something that a writer can append. The text is encoded straight into the slot when the writer asks.
     *
     * @param text of any length above 0 that the channel has room for.
     * @return an encodable for {@link Writer#write(Encodable)}.
     */
    public Encodable<PlainTextDataFormat> encodable(final CharSequence text)
    {
        return (format, slot, offset, maxLength) -> format.encode(text, slot, offset);
    }

    /**
     * Encode a text in UTF-8. Allocates nothing; a surrogate without its partner becomes a question mark, as in
     * {@link String#getBytes(java.nio.charset.Charset)}.
     *
     * @param text   to encode.
     * @param buffer to write to.
     * @param offset of the first byte.
     * @return the number of bytes written.
     * @throws IndexOutOfBoundsException where the buffer ends before the text does.
     */
    public int encode(final CharSequence text, final MutableDirectBuffer buffer, final int offset)
    {
        int index = offset;
        for (int i = 0, length = text.length(); i < length; i++)
        {
            final char c = text.charAt(i);
            if (c < 0x80)
            {
                buffer.putByte(index++, (byte)c);
            }
            else if (c < 0x800)
            {
                buffer.putByte(index++, (byte)(0xC0 | c >> 6));
                buffer.putByte(index++, (byte)(0x80 | c & 0x3F));
            }
            else if (!Character.isSurrogate(c))
            {
                buffer.putByte(index++, (byte)(0xE0 | c >> 12));
                buffer.putByte(index++, (byte)(0x80 | c >> 6 & 0x3F));
                buffer.putByte(index++, (byte)(0x80 | c & 0x3F));
            }
            else if (Character.isHighSurrogate(c) && i + 1 < length && Character.isLowSurrogate(text.charAt(i + 1)))
            {
                final int codePoint = Character.toCodePoint(c, text.charAt(++i));
                buffer.putByte(index++, (byte)(0xF0 | codePoint >> 18));
                buffer.putByte(index++, (byte)(0x80 | codePoint >> 12 & 0x3F));
                buffer.putByte(index++, (byte)(0x80 | codePoint >> 6 & 0x3F));
                buffer.putByte(index++, (byte)(0x80 | codePoint & 0x3F));
            }
            else
            {
                buffer.putByte(index++, (byte)'?');
            }
        }

        return index - offset;
    }

    /**
     * The text of a record. Allocates the string; bytes that are not UTF-8 become U+FFFD. It can hold any character:
     * {@link TerminalText} makes it fit to be shown.
     *
     * @param buffer that holds the record.
     * @param offset of its content.
     * @param length of its content in bytes.
     * @return the text.
     */
    public String decode(final DirectBuffer buffer, final int offset, final int length)
    {
        return buffer.getStringWithoutLengthUtf8(offset, length);
    }

    @Override
    public String toString()
    {
        return "PlainTextDataFormat";
    }
}
