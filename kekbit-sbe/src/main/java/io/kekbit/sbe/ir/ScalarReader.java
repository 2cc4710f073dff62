package io.kekbit.sbe.ir;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import uk.co.real_logic.sbe.PrimitiveType;
import uk.co.real_logic.sbe.ir.Encoding;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Reads a number, a text of fixed length, an array of numbers, or a constant of these.
 */
final class ScalarReader
{
    private final PrimitiveType type;
    private final ByteOrder byteOrder;
    private final int length;
    private final int count;
    private final boolean isOptional;
    private final boolean isConstant;
    private final byte[] nullText;
    private final long nullBits;
    private final TextReader text;
    private final String constantText;
    private final long constantBits;

    ScalarReader(final SchemaToken token)
    {
        final Encoding encoding = token.encoding();
        type = encoding.primitiveType();
        byteOrder = encoding.byteOrder();
        isConstant = token.isConstantEncoding();
        isOptional = token.isOptionalEncoding();
        length = token.encodedLength();
        count = length / type.size();
        final String characterEncoding = encoding.characterEncoding();
        final boolean isByte = type == PrimitiveType.UINT8 || type == PrimitiveType.INT8;
        final boolean isText = type == PrimitiveType.CHAR || isByte && characterEncoding != null && count != 1;
        text = isText ?
            new TextReader(characterEncoding == null ? StandardCharsets.US_ASCII.name() : characterEncoding) : null;

        final byte[] nullValue = token.nullValue();
        nullText = isText && count != 1 && nullValue.length == length ? nullValue : null;
        nullBits = nullValue.length == type.size() ? Numbers.parse(nullValue, type) : Numbers.defaultNull(type);

        final byte[] constant = token.constant();
        constantText = isConstant && isText ?
            text.readPadded(new UnsafeBuffer(constant), 0, constant.length) : null;
        constantBits = constant.length == type.size() ? Numbers.parse(constant, type) : nullBits;
    }

    /**
     * How many values a visit is.
     */
    int count()
    {
        return Math.max(1, isConstant ? 1 : count);
    }

    boolean isSingleInteger()
    {
        return Numbers.isInteger(type) && (isConstant || count == 1);
    }

    boolean isUnsignedLong()
    {
        return type == PrimitiveType.UINT64;
    }

    /**
     * Of a single integer, its bits.
     */
    long bits(final DirectBuffer buffer, final int index)
    {
        return isConstant ? constantBits : Numbers.read(buffer, index, type, byteOrder);
    }

    /**
     * Of a single integer, whether it stands for no value.
     *
     * @param isInOptional whether the field as a whole is optional.
     */
    boolean isNull(final long bits, final boolean isInOptional)
    {
        return (isOptional || isInOptional) && !isConstant && bits == nullBits || Numbers.isNaN(bits, type);
    }

    void visit(
        final String name,
        final DirectBuffer buffer,
        final int index,
        final boolean isInOptional,
        final MessageVisitor visitor)
    {
        if (isConstant && text != null)
        {
            visitor.onText(name, constantText);
        }
        else if (text != null)
        {
            visitText(name, buffer, index, isOptional || isInOptional, visitor);
        }
        else if (isConstant || count == 1)
        {
            visitNumber(name, bits(buffer, index), isInOptional, visitor);
        }
        else
        {
            visitor.onBeginArray(name, count);
            for (int i = 0; i < count; i++)
            {
                visitNumber(name, bits(buffer, index + i * type.size()), isInOptional, visitor);
            }

            visitor.onEndArray();
        }
    }

    String typeName()
    {
        final String name = type.primitiveName();

        return isConstant || count == 1 ? name : name + "[" + count + "]";
    }

    /**
     * The constant, for a person to read.
     */
    String constant()
    {
        return constantText == null ? Numbers.toString(constantBits, type) : constantText;
    }

    private void visitNumber(
        final String name, final long bits, final boolean isInOptional, final MessageVisitor visitor)
    {
        if (isNull(bits, isInOptional))
        {
            visitor.onNull(name);
        }
        else
        {
            Numbers.visit(name, bits, type, visitor);
        }
    }

    private void visitText(
        final String name,
        final DirectBuffer buffer,
        final int index,
        final boolean canBeNull,
        final MessageVisitor visitor)
    {
        if (canBeNull && isNullText(buffer, index))
        {
            visitor.onNull(name);
        }
        else
        {
            visitor.onText(name, text.readPadded(buffer, index, length));
        }
    }

    private boolean isNullText(final DirectBuffer buffer, final int index)
    {
        if (nullText == null)
        {
            return length > 0 && buffer.getByte(index) == (byte)nullBits;
        }

        for (int i = 0; i < length; i++)
        {
            if (buffer.getByte(index + i) != nullText[i])
            {
                return false;
            }
        }

        return true;
    }
}
