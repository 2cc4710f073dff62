package io.kekbit.cli.records;

import io.kekbit.core.Reader;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Where a record stands, and what its envelope tells. The bytes stay in the channel unless they are kept.
 */
final class Record
{
    private DirectBuffer buffer;
    private int offset;
    private int length;
    private long position;
    private long sequence;
    private long time;

    /**
     * Take the record that a reader stands on.
     *
     * @param reader whose buffer this looks at from now on.
     * @return this.
     */
    Record set(final StreamReader reader)
    {
        buffer = reader.buffer();
        offset = reader.offset();
        length = reader.length();
        position = reader.recordPosition();
        sequence = reader.sequence();
        time = reader.time();

        return this;
    }

    /**
     * Take the bytes of another, so that they stay when its channel is closed.
     */
    void keep(final Record other)
    {
        set(other);
        final byte[] bytes = new byte[other.length];
        other.buffer.getBytes(other.offset, bytes);
        buffer = new UnsafeBuffer(bytes);
        offset = 0;
    }

    /**
     * Take bytes without envelope.
     */
    void set(final DirectBuffer newBuffer, final int newOffset, final int newLength, final long newPosition)
    {
        buffer = newBuffer;
        offset = newOffset;
        length = newLength;
        position = newPosition;
        sequence = Reader.NOT_TOLD;
        time = Reader.NOT_TOLD;
    }

    /**
     * Take another's.
     */
    void set(final Record other)
    {
        buffer = other.buffer;
        offset = other.offset;
        length = other.length;
        position = other.position;
        sequence = other.sequence;
        time = other.time;
    }

    DirectBuffer buffer()
    {
        return buffer;
    }

    int offset()
    {
        return offset;
    }

    int length()
    {
        return length;
    }

    long position()
    {
        return position;
    }

    long sequence()
    {
        return sequence;
    }

    long time()
    {
        return time;
    }
}
