package io.kekbit.sbe.ir;

import org.agrona.DirectBuffer;
import uk.co.real_logic.sbe.PrimitiveType;

import java.nio.ByteOrder;

/**
 * Reads numbers of SBE's primitive types as the {@code long} that holds all their bits: integers sign or zero extended,
 * floating point numbers as their raw bits.
 */
final class Numbers
{
    private static final long FLOAT_NAN = 0x7FC0_0000L;
    private static final long DOUBLE_NAN = 0x7FF8_0000_0000_0000L;

    private Numbers()
    {
    }

    static long read(
        final DirectBuffer buffer, final int index, final PrimitiveType type, final ByteOrder byteOrder)
    {
        return switch (type)
        {
            case CHAR, INT8 -> buffer.getByte(index);
            case UINT8 -> buffer.getByte(index) & 0xFFL;
            case INT16 -> buffer.getShort(index, byteOrder);
            case UINT16 -> buffer.getShort(index, byteOrder) & 0xFFFFL;
            case INT32 -> buffer.getInt(index, byteOrder);
            case UINT32, FLOAT -> buffer.getInt(index, byteOrder) & 0xFFFF_FFFFL;
            case INT64, UINT64, DOUBLE -> buffer.getLong(index, byteOrder);
            default -> throw new IllegalArgumentException("no number: type=" + type);
        };
    }

    /**
     * A value as it stands in a serialised schema.
     *
     * @param bytes little endian, as many as the type is wide.
     */
    static long parse(final byte[] bytes, final PrimitiveType type)
    {
        long bits = isSigned(type) ? bytes[bytes.length - 1] : bytes[bytes.length - 1] & 0xFFL;
        for (int i = bytes.length - 2; i >= 0; i--)
        {
            bits = bits << Byte.SIZE | bytes[i] & 0xFFL;
        }

        return bits;
    }

    /**
     * The null value of types for which the schema gives no other.
     */
    static long defaultNull(final PrimitiveType type)
    {
        return switch (type)
        {
            case INT8 -> Byte.MIN_VALUE;
            case INT16 -> Short.MIN_VALUE;
            case INT32 -> Integer.MIN_VALUE;
            case INT64 -> Long.MIN_VALUE;
            case UINT8 -> 0xFFL;
            case UINT16 -> 0xFFFFL;
            case UINT32 -> 0xFFFF_FFFFL;
            case UINT64 -> -1L;
            case FLOAT -> FLOAT_NAN;
            case DOUBLE -> DOUBLE_NAN;
            default -> 0;
        };
    }

    static void visit(final String name, final long bits, final PrimitiveType type, final MessageVisitor visitor)
    {
        switch (type)
        {
            case UINT64 -> visitor.onUnsignedLong(name, bits);
            case FLOAT -> visitor.onFloat(name, Float.intBitsToFloat((int)bits));
            case DOUBLE -> visitor.onDouble(name, Double.longBitsToDouble(bits));
            default -> visitor.onLong(name, bits);
        }
    }

    static boolean isInteger(final PrimitiveType type)
    {
        return type != PrimitiveType.CHAR && type != PrimitiveType.FLOAT && type != PrimitiveType.DOUBLE;
    }

    static boolean isNaN(final long bits, final PrimitiveType type)
    {
        return type == PrimitiveType.FLOAT && Float.isNaN(Float.intBitsToFloat((int)bits)) ||
            type == PrimitiveType.DOUBLE && Double.isNaN(Double.longBitsToDouble(bits));
    }

    static String toString(final long bits, final PrimitiveType type)
    {
        return switch (type)
        {
            case UINT64 -> Long.toUnsignedString(bits);
            case FLOAT -> Float.toString(Float.intBitsToFloat((int)bits));
            case DOUBLE -> Double.toString(Double.longBitsToDouble(bits));
            default -> Long.toString(bits);
        };
    }

    private static boolean isSigned(final PrimitiveType type)
    {
        return switch (type)
        {
            case CHAR, INT8, INT16, INT32, INT64 -> true;
            default -> false;
        };
    }
}
