package io.kekbit.sbe.ir;

import org.agrona.DirectBuffer;
import org.agrona.collections.Long2ObjectHashMap;
import uk.co.real_logic.sbe.PrimitiveType;

import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads a value of an enum.
 */
final class EnumReader
{
    private final PrimitiveType type;
    private final ByteOrder byteOrder;
    private final long nullBits;
    private final Long2ObjectHashMap<String> names = new Long2ObjectHashMap<>();
    private final Map<String, Long> numbers = new HashMap<>();

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
        numbers.put(name, value);
    }

    /**
     * The number that stands for a value; 0 where there is no value of that name.
     */
    long number(final String name)
    {
        final Long number = numbers.get(name);

        return number == null ? 0 : number;
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
