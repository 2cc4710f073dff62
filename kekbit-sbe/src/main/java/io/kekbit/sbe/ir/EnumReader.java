package io.kekbit.sbe.ir;

import org.agrona.DirectBuffer;
import org.agrona.collections.Long2ObjectHashMap;
import uk.co.real_logic.sbe.PrimitiveType;

import java.nio.ByteOrder;

/**
 * Reads a value of an enum.
 */
final class EnumReader
{
    private final PrimitiveType type;
    private final ByteOrder byteOrder;
    private final long nullBits;
    private final Long2ObjectHashMap<String> names = new Long2ObjectHashMap<>();

    EnumReader(final SchemaToken token, final ByteOrder byteOrder)
    {
        type = token.encoding().primitiveType();
        this.byteOrder = byteOrder;
        final byte[] nullValue = token.nullValue();
        nullBits = nullValue.length == type.size() ? Numbers.parse(nullValue, type) : Numbers.defaultNull(type);
    }

    void add(final String name, final long value)
    {
        names.putIfAbsent(value, name);
    }

    void visit(final String name, final DirectBuffer buffer, final int index, final MessageVisitor visitor)
    {
        final long bits = Numbers.read(buffer, index, type, byteOrder);
        final String value = names.get(bits);
        if (value != null)
        {
            visitor.onEnum(name, value, bits);
        }
        else if (bits == nullBits)
        {
            visitor.onNull(name);
        }
        else
        {
            Numbers.visit(name, bits, type, visitor);
        }
    }
}
