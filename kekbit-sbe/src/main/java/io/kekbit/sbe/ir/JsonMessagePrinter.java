package io.kekbit.sbe.ir;

import io.kekbit.sbe.MessageHeaderLayout;
import org.agrona.DirectBuffer;

import java.math.BigDecimal;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Writes messages as JSON, each an object in one line:
 * <pre>
 * {"message":"Trade","fields":{"price":2.50,"side":"BUY","buyer":null,"legs":[{"ratio":1}],"note":"text"}}
 * </pre>
 * Fields stand in the order of the schema. Integers of any width and decimals are exact numbers in plain notation; what
 * has no value is {@code null}; floating point numbers are numbers, or the texts {@code "Infinity"} and {@code
 * "-Infinity"}; values of enums are their names, or the number where the schema does not list it; sets are arrays of
 * names, with the numbers of bits that have none; groups are arrays of objects; var data is text, or Base64 where the
 * schema gives no character encoding. What the message's version does not have is left out.
 * <p>
 * What cannot be decoded is written as its bytes, with what is known about it:
 * <pre>
 * {"template":9,"hex":"0a00..."}
 * {"schema":3,"template":9,"hex":"0a00..."}
 * {"template":1,"error":"a length or a count leads beyond the message","hex":"0a00..."}
 * </pre>
 * <p>
 * Used by one thread at a time.
 */
public final class JsonMessagePrinter
{
    /**
     * How long the JSON of a message can be in characters, beyond {@link #MAX_LENGTH_PER_BYTE} for each of its bytes.
     * Longer only gets what is damaged or hostile, and it is written as its bytes instead.
     */
    public static final int MAX_LENGTH = 1 << 22;

    /**
     * How long the JSON of a message can be for each of its bytes, {@link #MAX_LENGTH} aside.
     */
    public static final int MAX_LENGTH_PER_BYTE = 256;

    private final SchemaDecoder decoder;
    private final Writer writer = new Writer();
    private final MessageVisitor visitor;

    /**
     * Writes all that messages hold.
     *
     * @param decoder of the messages' schema.
     */
    public JsonMessagePrinter(final SchemaDecoder decoder)
    {
        this(decoder, UnaryOperator.identity());
    }

    /**
     * Writes what is let through.
     *
     * @param decoder of the messages' schema.
     * @param through is given the visitor that writes, once, and answers the one that is told of the messages. That one
     *                passes on what is to be written, beginnings and ends in pairs.
     */
    public JsonMessagePrinter(final SchemaDecoder decoder, final UnaryOperator<MessageVisitor> through)
    {
        this.decoder = decoder;
        visitor = through.apply(writer);
    }

    /**
     * Append a message as a JSON object.
     *
     * @param buffer that holds the message, message header first.
     * @param offset of the header's first byte.
     * @param length of the message and whatever follows it in its record.
     * @param out    to append to.
     * @return whether the message was decoded; if not, its bytes were appended.
     * @throws IndexOutOfBoundsException where the bytes do not lie within the buffer.
     */
    public DecodeResult print(
        final DirectBuffer buffer, final int offset, final int length, final StringBuilder out)
    {
        out.append('{');
        final DecodeResult result = printMembers(buffer, offset, length, out);
        out.append('}');

        return result;
    }

    /**
     * Append the same as {@link #print} without the braces around it, to be put into an object together with others.
     *
     * @param buffer that holds the message, message header first.
     * @param offset of the header's first byte.
     * @param length of the message and whatever follows it in its record.
     * @param out    to append to.
     * @return whether the message was decoded; if not, its bytes were appended.
     * @throws IndexOutOfBoundsException where the bytes do not lie within the buffer.
     */
    public DecodeResult printMembers(
        final DirectBuffer buffer, final int offset, final int length, final StringBuilder out)
    {
        final int start = out.length();
        writer.begin(out, length);
        final DecodeResult result;
        try
        {
            result = decoder.decode(buffer, offset, length, visitor);
        }
        finally
        {
            writer.out = null;
        }

        if (result != DecodeResult.DECODED)
        {
            out.setLength(start);
            printBytes(result, buffer, offset, length, out);
        }

        return result;
    }

    private void printBytes(
        final DecodeResult result,
        final DirectBuffer buffer,
        final int offset,
        final int length,
        final StringBuilder out)
    {
        final MessageHeaderLayout header = decoder.format().headerLayout();
        if (result == DecodeResult.FOREIGN_SCHEMA)
        {
            out.append("\"schema\":").append(header.schemaId(buffer, offset)).append(',');
        }

        if (result != DecodeResult.NO_HEADER)
        {
            out.append("\"template\":").append(header.templateId(buffer, offset)).append(',');
        }

        switch (result)
        {
            case NO_HEADER -> out.append("\"error\":\"shorter than a message header\",");
            case MALFORMED -> out.append("\"error\":\"a length or a count leads beyond the message\",");
            case TOO_COSTLY -> out.append("\"error\":\"far more values than bytes\",");
            default ->
            {
            }
        }

        out.append("\"hex\":");
        JsonText.appendHex(out, buffer, offset, length);
    }

    /**
     * Apart, so that the visitor's methods are none of the printer's.
     */
    private static final class Writer implements MessageVisitor
    {
        private StringBuilder out;
        private long maxLength;
        private boolean isInArray;

        void begin(final StringBuilder output, final int messageLength)
        {
            out = output;
            maxLength = output.length() + MAX_LENGTH + (long)MAX_LENGTH_PER_BYTE * messageLength;
            isInArray = false;
        }

        @Override
        public void onBeginMessage(final String name, final int templateId, final int actingVersion)
        {
            out.append("\"message\":");
            JsonText.appendQuoted(out, name);
            out.append(",\"fields\":{");
        }

        @Override
        public void onEndMessage()
        {
            out.append('}');
        }

        @Override
        public void onBeginGroup(final String name, final int count)
        {
            key(name).append('[');
        }

        @Override
        public void onBeginEntry(final int index)
        {
            separate();
            out.append('{');
        }

        @Override
        public void onEndEntry()
        {
            out.append('}');
        }

        @Override
        public void onEndGroup()
        {
            out.append(']');
        }

        @Override
        public void onBeginComposite(final String name)
        {
            key(name).append('{');
        }

        @Override
        public void onEndComposite()
        {
            out.append('}');
        }

        @Override
        public void onBeginArray(final String name, final int length)
        {
            key(name).append('[');
            isInArray = true;
        }

        @Override
        public void onEndArray()
        {
            out.append(']');
            isInArray = false;
        }

        @Override
        public void onNull(final String name)
        {
            key(name).append("null");
        }

        @Override
        public void onLong(final String name, final long value)
        {
            key(name).append(value);
        }

        @Override
        public void onUnsignedLong(final String name, final long value)
        {
            if (value >= 0)
            {
                key(name).append(value);
            }
            else
            {
                key(name).append(Long.toUnsignedString(value));
            }
        }

        @Override
        public void onFloat(final String name, final float value)
        {
            if (Float.isInfinite(value))
            {
                key(name).append('"').append(value).append('"');
            }
            else
            {
                key(name).append(value);
            }
        }

        @Override
        public void onDouble(final String name, final double value)
        {
            if (Double.isInfinite(value))
            {
                key(name).append('"').append(value).append('"');
            }
            else
            {
                key(name).append(value);
            }
        }

        @Override
        public void onDecimal(final String name, final BigDecimal value)
        {
            key(name).append(value.toPlainString());
        }

        @Override
        public void onText(final String name, final String value)
        {
            JsonText.appendQuoted(key(name), value);
        }

        @Override
        public void onEnum(final String name, final String value, final long number)
        {
            JsonText.appendQuoted(key(name), value);
        }

        @Override
        public void onSet(final String name, final List<String> choices, final long unknownBits)
        {
            key(name).append('[');
            for (final String choice : choices)
            {
                separate();
                JsonText.appendQuoted(out, choice);
            }

            for (long bits = unknownBits; bits != 0; bits &= bits - 1)
            {
                separate();
                out.append(Long.numberOfTrailingZeros(bits));
            }

            out.append(']');
        }

        @Override
        public void onBytes(final String name, final DirectBuffer buffer, final int offset, final int length)
        {
            final byte[] bytes = new byte[length];
            buffer.getBytes(offset, bytes);
            key(name).append('"').append(Base64.getEncoder().encodeToString(bytes)).append('"');
        }

        private StringBuilder key(final String name)
        {
            separate();
            if (!isInArray)
            {
                JsonText.appendQuoted(out, name);
                out.append(':');
            }

            return out;
        }

        /**
         * Put a comma, unless what follows is the first in its object or array.
         */
        private void separate()
        {
            if (out.length() > maxLength)
            {
                throw new LimitReached();
            }

            final char last = out.charAt(out.length() - 1);
            if (last != '{' && last != '[')
            {
                out.append(',');
            }
        }
    }
}
