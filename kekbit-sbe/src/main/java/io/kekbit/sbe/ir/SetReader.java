package io.kekbit.sbe.ir;

import org.agrona.DirectBuffer;
import uk.co.real_logic.sbe.PrimitiveType;

import java.nio.ByteOrder;
import java.util.ArrayList;

/**
 * Reads the choices made in a set.
 */
final class SetReader
{
    private final PrimitiveType type;
    private final ByteOrder byteOrder;
    private final String[] names;

    /**
     * @param byteOrder of the schema. The token of a set does not have it: in the IR of a big endian schema it says
     *                  little endian.
     */
    SetReader(final SchemaToken token, final ByteOrder byteOrder)
    {
        type = token.encoding().primitiveType();
        this.byteOrder = byteOrder;
        names = new String[type.size() * Byte.SIZE];
    }

    /**
     * Bits that the set does not have are ignored.
     */
    void add(final String name, final long bit)
    {
        if (bit >= 0 && bit < names.length && names[(int)bit] == null)
        {
            names[(int)bit] = name;
        }
    }

    void visit(
        final String name,
        final DirectBuffer buffer,
        final int index,
        final ArrayList<String> choices,
        final MessageVisitor visitor)
    {
        final long bits = Numbers.read(buffer, index, type, byteOrder);
        long unknownBits = 0;
        choices.clear();
        for (int i = 0; i < names.length; i++)
        {
            if ((bits >>> i & 1) != 0)
            {
                if (names[i] != null)
                {
                    choices.add(names[i]);
                }
                else
                {
                    unknownBits |= 1L << i;
                }
            }
        }

        visitor.onSet(name, choices, unknownBits);
    }
}
