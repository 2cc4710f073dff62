package io.kekbit.core.handlers;

import io.kekbit.core.WriteHandler;
import io.kekbit.core.layout.EnvelopeDescriptor;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * Puts a number before every payload: 8 bytes, one more from record to record, without gaps. A record that is given up
 * uses no number; a writer that takes over a channel goes on with the next one.
 */
public final class SequenceHandler implements WriteHandler
{
    private long last;

    /**
     * A handler whose first number is 1.
     */
    public SequenceHandler()
    {
        this(0);
    }

    /**
     * A handler that goes on from a number, as the crate's.
     *
     * @param last the number before the first one.
     */
    public SequenceHandler(final long last)
    {
        this.last = last;
    }

    /**
     * The number of the last record that was published.
     *
     * @return the number, or what the handler was made with.
     */
    public long last()
    {
        return last;
    }

    @Override
    public int code()
    {
        return EnvelopeDescriptor.SEQUENCE;
    }

    @Override
    public int incomingLength()
    {
        return EnvelopeDescriptor.SEQUENCE_LENGTH;
    }

    @Override
    public void incoming(final MutableDirectBuffer slot, final int offset)
    {
        slot.putLong(offset, last + 1, LITTLE_ENDIAN);
    }

    @Override
    public void onPublished()
    {
        last++;
    }

    @Override
    public void onResumed(final DirectBuffer buffer, final int offset)
    {
        last = buffer.getLong(offset, LITTLE_ENDIAN);
    }
}
