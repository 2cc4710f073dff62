package io.kekbit.core;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Stores records through a buffer that watches what is stored.
 */
final class BufferStores extends RecordStores
{
    private final UnsafeBuffer buffer;

    BufferStores(final UnsafeBuffer buffer)
    {
        this.buffer = buffer;
    }

    @Override
    void putContent(final long address, final DirectBuffer source, final int sourceOffset, final int length)
    {
        buffer.putBytes(index(address), source, sourceOffset, length);
    }

    @Override
    void putWord(final long address, final long word)
    {
        buffer.putLongRelease(index(address), word);
    }

    private int index(final long address)
    {
        return Math.toIntExact(address - buffer.addressOffset());
    }
}
