package io.kekbit.core;

import io.kekbit.core.layout.EnvelopeDescriptor;
import io.kekbit.core.layout.ExtensionDescriptor;
import org.agrona.DirectBuffer;
import org.agrona.collections.ArrayUtil;

import java.util.zip.CRC32C;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * What stands around the payloads of a channel, as the reader sees it: finds the payload in a record's content, and
 * checks what can be checked. Belongs to one reader.
 */
final class Envelope
{
    private static final int ABSENT = -1;

    private final CRC32C crc = new CRC32C();
    private final int timeOffset;
    private final int sequenceOffset;
    private final int lengthBefore;
    private final int lengthAfter;
    private final int checksums;
    private final byte[] copy;

    private Envelope(final byte[] codes, final int maxMessageLength)
    {
        int before = 0;
        int time = ABSENT;
        int sequence = ABSENT;
        int crcs = 0;
        for (final byte code : codes)
        {
            switch (code)
            {
                case EnvelopeDescriptor.TIMESTAMP ->
                {
                    time = time == ABSENT ? before : time;
                    before += EnvelopeDescriptor.TIMESTAMP_LENGTH;
                }
                case EnvelopeDescriptor.SEQUENCE ->
                {
                    sequence = sequence == ABSENT ? before : sequence;
                    before += EnvelopeDescriptor.SEQUENCE_LENGTH;
                }
                default -> crcs++;
            }
        }
        timeOffset = time;
        sequenceOffset = sequence;
        lengthBefore = before;
        lengthAfter = crcs * EnvelopeDescriptor.CHECKSUM_LENGTH;
        checksums = crcs;
        copy = crcs == 0 ? ArrayUtil.EMPTY_BYTE_ARRAY : new byte[maxMessageLength];
    }

    /**
     * The envelope of a channel.
     *
     * @param codes            that the extension lists, without those that end the list.
     * @param maxMessageLength the longest content of a record in bytes.
     * @return the envelope, or null where there is none, or one that cannot be seen through.
     */
    static Envelope of(final byte[] codes, final int maxMessageLength)
    {
        for (final byte code : codes)
        {
            if (code != EnvelopeDescriptor.TIMESTAMP && code != EnvelopeDescriptor.SEQUENCE &&
                code != EnvelopeDescriptor.CHECKSUM)
            {
                return null;
            }
        }

        return codes.length == 0 ? null : new Envelope(codes, maxMessageLength);
    }

    /**
     * The codes that an extension lists.
     *
     * @param buffer the first 1024 bytes of the file.
     * @return the codes before the first that ends the list.
     */
    static byte[] codes(final DirectBuffer buffer)
    {
        int count = 0;
        while (count < ExtensionDescriptor.ENVELOPE_LENGTH &&
            buffer.getByte(ExtensionDescriptor.ENVELOPE_OFFSET + count) != EnvelopeDescriptor.END)
        {
            count++;
        }
        final byte[] codes = new byte[count];
        buffer.getBytes(ExtensionDescriptor.ENVELOPE_OFFSET, codes);

        return codes;
    }

    /**
     * Bytes before the payload.
     */
    int lengthBefore()
    {
        return lengthBefore;
    }

    /**
     * Bytes around the payload.
     */
    int length()
    {
        return lengthBefore + lengthAfter;
    }

    /**
     * Whether the content is long enough for a payload of at least one byte, and every checksum in it is right.
     */
    boolean isIntact(final DirectBuffer buffer, final int offset, final int length)
    {
        if (length <= length())
        {
            return false;
        }
        if (checksums == 0)
        {
            return true;
        }

        // The JVM's fast checksum kills it when a page of the mapping is gone; copying does not.
        buffer.getBytes(offset, copy, 0, length);
        int end = length;
        for (int i = 0; i < checksums; i++)
        {
            end -= EnvelopeDescriptor.CHECKSUM_LENGTH;
            crc.reset();
            crc.update(copy, 0, end);
            if ((int)crc.getValue() != buffer.getInt(offset + end, LITTLE_ENDIAN))
            {
                return false;
            }
        }

        return true;
    }

    long time(final DirectBuffer buffer, final int offset)
    {
        return timeOffset == ABSENT ? Reader.NOT_TOLD : buffer.getLong(offset + timeOffset, LITTLE_ENDIAN);
    }

    long sequence(final DirectBuffer buffer, final int offset)
    {
        return sequenceOffset == ABSENT ? Reader.NOT_TOLD : buffer.getLong(offset + sequenceOffset, LITTLE_ENDIAN);
    }
}
