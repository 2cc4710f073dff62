package io.kekbit.benchmarks.replicate;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A message: its number, and when it was due. The rest is zero.
 */
final class Payload
{
    static final int MIN_LENGTH = 2 * Long.BYTES;

    private final UnsafeBuffer buffer;

    Payload(final int length)
    {
        buffer = new UnsafeBuffer(new byte[length]);
    }

    DirectBuffer encode(final long number, final long dueNs)
    {
        buffer.putLong(0, number);
        buffer.putLong(Long.BYTES, dueNs);

        return buffer;
    }

    static long number(final DirectBuffer buffer, final int offset)
    {
        return buffer.getLong(offset);
    }

    static long dueNs(final DirectBuffer buffer, final int offset)
    {
        return buffer.getLong(offset + Long.BYTES);
    }
}
