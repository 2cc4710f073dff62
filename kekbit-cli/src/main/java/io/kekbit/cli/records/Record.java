package io.kekbit.cli.records;

import io.kekbit.core.Reader;
import io.kekbit.core.ShmReader;
import org.agrona.DirectBuffer;

/**
 * Where a record stands, and what its envelope tells. The bytes stay in the channel.
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
    Record set(final ShmReader reader)
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
