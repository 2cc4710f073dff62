package io.kekbit.examples.marketdata;

import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;

/**
 * The bytes over which both sides compute their digest: every value of a message, one after the other, in little-endian
 * order. It says nothing of SBE, so that equal digests mean that the values arrived. Allocates nothing.
 */
final class CanonicalForm
{
    /**
     * Takes the bytes block by block.
     */
    @FunctionalInterface
    interface Sink
    {
        void accept(byte[] block, int offset, int length);
    }

    private static final int BLOCK_LENGTH = 64 * 1024;
    private static final int HEAD_LENGTH = 1 + 1 + 6 * Long.BYTES;
    private static final int DECIMAL_LENGTH = Long.BYTES + 1;

    private final byte[] block = new byte[BLOCK_LENGTH];
    private final UnsafeBuffer buffer = new UnsafeBuffer(block);
    private final Sink sink;
    private int length;

    CanonicalForm(final Sink sink)
    {
        this.sink = sink;
    }

    /**
     * Begin a message with all that is of fixed length.
     */
    void head(
        final MessageKind kind,
        final long symbolHead,
        final long symbolTail,
        final long transactTime,
        final long receiveTime,
        final long firstId,
        final long lastId,
        final int side)
    {
        int index = reserve(HEAD_LENGTH);
        buffer.putByte(index++, (byte)kind.code());
        buffer.putByte(index++, (byte)side);
        index = put(index, symbolHead);
        index = put(index, symbolTail);
        index = put(index, transactTime);
        index = put(index, receiveTime);
        index = put(index, firstId);
        put(index, lastId);
    }

    /**
     * A decimal, of which the caller left out the zeros at the end.
     */
    void decimal(final long unscaled, final int exponent)
    {
        final int index = reserve(DECIMAL_LENGTH);
        buffer.putByte(put(index, unscaled), (byte)exponent);
    }

    /**
     * The number of levels on a side of the book.
     */
    void levelCount(final int count)
    {
        buffer.putInt(reserve(Integer.BYTES), count, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * What happens to a level, before its price and quantity.
     */
    void action(final boolean isRemoval)
    {
        buffer.putByte(reserve(1), (byte)(isRemoval ? 1 : 0));
    }

    /**
     * Hand over what has gathered.
     */
    void flush()
    {
        sink.accept(block, 0, length);
        length = 0;
    }

    private int reserve(final int bytes)
    {
        if (length + bytes > BLOCK_LENGTH)
        {
            flush();
        }
        final int index = length;
        length += bytes;

        return index;
    }

    private int put(final int index, final long value)
    {
        buffer.putLong(index, value, ByteOrder.LITTLE_ENDIAN);

        return index + Long.BYTES;
    }
}
