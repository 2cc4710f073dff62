package io.kekbit.sbe;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import java.nio.ByteOrder;

/**
 * An integer at a fixed place in a header, of any width and byte order.
 */
final class ScalarField
{
    /**
     * What {@link #get(DirectBuffer, int)} answers for values that no length, count, id or version can have.
     */
    static final long UNREPRESENTABLE = -1;

    private final int offset;
    private final int width;
    private final boolean isSigned;
    private final ByteOrder byteOrder;
    private final long maxValue;

    ScalarField(
        final int offset, final int width, final boolean isSigned, final ByteOrder byteOrder, final long maxValue)
    {
        this.offset = offset;
        this.width = width;
        this.isSigned = isSigned;
        this.byteOrder = byteOrder;
        this.maxValue = maxValue;
    }

    int offset()
    {
        return offset;
    }

    int width()
    {
        return width;
    }

    ByteOrder byteOrder()
    {
        return byteOrder;
    }

    /**
     * Offset of the first byte behind the field.
     */
    int end()
    {
        return offset + width;
    }

    /**
     * The greatest value that the schema allows.
     */
    long maxValue()
    {
        return maxValue;
    }

    boolean isUnsignedShort(final int atOffset, final ByteOrder inByteOrder)
    {
        return offset == atOffset && width == Short.BYTES && !isSigned && byteOrder == inByteOrder;
    }

    /**
     * Whether the field has room for a value, whatever the schema says of it.
     */
    boolean canHold(final long value)
    {
        final int bits = width * Byte.SIZE - (isSigned ? 1 : 0);

        return value >= 0 && (bits >= Long.SIZE - 1 || value >>> bits == 0);
    }

    /**
     * Read the field.
     *
     * @return the value, or {@link #UNREPRESENTABLE} where it is negative or above {@link Long#MAX_VALUE}.
     */
    long get(final DirectBuffer buffer, final int base)
    {
        final int index = base + offset;
        final long value = switch (width)
        {
            case Byte.BYTES -> isSigned ? buffer.getByte(index) : buffer.getByte(index) & 0xFFL;
            case Short.BYTES -> isSigned ?
                buffer.getShort(index, byteOrder) : buffer.getShort(index, byteOrder) & 0xFFFFL;
            case Integer.BYTES -> isSigned ?
                buffer.getInt(index, byteOrder) : buffer.getInt(index, byteOrder) & 0xFFFF_FFFFL;
            default -> buffer.getLong(index, byteOrder);
        };

        return Math.max(value, UNREPRESENTABLE);
    }

    /**
     * Read the field as an {@code int}.
     *
     * @return the value, or {@link #UNREPRESENTABLE} where it is negative or above {@link Integer#MAX_VALUE}.
     */
    int getInt(final DirectBuffer buffer, final int base)
    {
        final long value = get(buffer, base);

        return value > Integer.MAX_VALUE ? (int)UNREPRESENTABLE : (int)value;
    }

    void put(final MutableDirectBuffer buffer, final int base, final int value)
    {
        final int index = base + offset;
        switch (width)
        {
            case Byte.BYTES -> buffer.putByte(index, (byte)value);
            case Short.BYTES -> buffer.putShort(index, (short)value, byteOrder);
            case Integer.BYTES -> buffer.putInt(index, value, byteOrder);
            default -> buffer.putLong(index, value, byteOrder);
        }
    }

    @Override
    public String toString()
    {
        return (isSigned ? "int" : "uint") + width * Byte.SIZE + "@" + offset + "/" + byteOrder;
    }
}
