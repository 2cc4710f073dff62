package io.kekbit.core.handlers;

import io.kekbit.core.WriteHandler;
import io.kekbit.core.layout.EnvelopeDescriptor;
import org.agrona.MutableDirectBuffer;
import org.agrona.collections.ArrayUtil;

import java.util.zip.CRC32C;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * Puts a CRC-32C (RFC 3720, appendix B.4) behind every payload: 4 bytes, over all content of the record before it.
 * Readers check it before they hand a record over.
 */
public final class ChecksumHandler implements WriteHandler
{
    private final CRC32C crc = new CRC32C();
    private byte[] copy = ArrayUtil.EMPTY_BYTE_ARRAY;

    /**
     * A handler for one writer.
     */
    public ChecksumHandler()
    {
        // Only for its javadoc.
    }

    @Override
    public int code()
    {
        return EnvelopeDescriptor.CHECKSUM;
    }

    @Override
    public int outgoingLength()
    {
        return EnvelopeDescriptor.CHECKSUM_LENGTH;
    }

    @Override
    public void outgoing(final MutableDirectBuffer slot, final int offset)
    {
        if (copy.length < slot.capacity())
        {
            copy = new byte[slot.capacity()];
        }
        // The JVM's fast checksum kills it when a page of the mapping is gone; copying does not.
        slot.getBytes(0, copy, 0, offset);
        crc.reset();
        crc.update(copy, 0, offset);
        slot.putInt(offset, (int)crc.getValue(), LITTLE_ENDIAN);
    }
}
