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
    private final SequenceGapListener gapListener;
    private long sequence = Reader.NOT_TOLD;
    private long time = Reader.NOT_TOLD;
    private long nextSequence;
    private boolean isNextKnown;

    private Envelope(final byte[] codes, final int maxMessageLength, final SequenceGapListener gapListener)
    {
        this.gapListener = gapListener;
        int before = 0;
        int timeAt = ABSENT;
        int sequenceAt = ABSENT;
        int crcs = 0;
        for (final byte code : codes)
        {
            switch (code)
            {
                case EnvelopeDescriptor.TIMESTAMP ->
                {
                    timeAt = timeAt == ABSENT ? before : timeAt;
                    before += EnvelopeDescriptor.TIMESTAMP_LENGTH;
                }
                case EnvelopeDescriptor.SEQUENCE ->
                {
                    sequenceAt = sequenceAt == ABSENT ? before : sequenceAt;
                    before += EnvelopeDescriptor.SEQUENCE_LENGTH;
                }
                default -> crcs++;
            }
        }
        timeOffset = timeAt;
        sequenceOffset = sequenceAt;
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
     * @param gapListener      to tell of missing sequence numbers, or null.
     * @return the envelope, or null where there is none, or one that cannot be seen through.
     */
    static Envelope of(final byte[] codes, final int maxMessageLength, final SequenceGapListener gapListener)
    {
        for (final byte code : codes)
        {
            if (code != EnvelopeDescriptor.TIMESTAMP && code != EnvelopeDescriptor.SEQUENCE &&
                code != EnvelopeDescriptor.CHECKSUM)
            {
                return null;
            }
        }

        return codes.length == 0 ? null : new Envelope(codes, maxMessageLength, gapListener);
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
     * Look into a record: afterwards {@link #sequence()} and {@link #time()} are those of this record.
     *
     * @param buffer   that holds the record.
     * @param offset   of its content.
     * @param length   of its content.
     * @param position of the record in the channel.
     * @return false where the record is damaged, and cannot be looked into.
     */
    boolean open(final DirectBuffer buffer, final int offset, final int length, final int position)
    {
        if (!isIntact(buffer, offset, length))
        {
            return false;
        }
        time = timeOffset == ABSENT ? Reader.NOT_TOLD : buffer.getLong(offset + timeOffset, LITTLE_ENDIAN);
        if (sequenceOffset != ABSENT)
        {
            sequence = buffer.getLong(offset + sequenceOffset, LITTLE_ENDIAN);
            if (sequence != nextSequence && isNextKnown && gapListener != null)
            {
                // Told once, even where the listener throws: the record is opened again then.
                final long expected = nextSequence;
                nextSequence = sequence;
                gapListener.onGap(expected, sequence, position);
            }
            nextSequence = sequence + 1;
            isNextKnown = true;
        }

        return true;
    }

    /**
     * How many checksums there are in it.
     */
    int checksums()
    {
        return checksums;
    }

    /**
     * Where in a record's content the sequence number stands, or -1 where there is none.
     */
    int sequenceOffset()
    {
        return sequenceOffset;
    }

    /**
     * Whether there is a time stamp in it.
     */
    boolean hasTime()
    {
        return timeOffset != ABSENT;
    }

    /**
     * Whether a record is whole and stamped with a time before another. It is not opened by this.
     *
     * @param time   in ticks.
     * @param buffer that holds the record.
     * @param offset of its content.
     * @param length of its content.
     * @return false where it is damaged, too.
     */
    boolean isStampedBefore(final long time, final DirectBuffer buffer, final int offset, final int length)
    {
        return isIntact(buffer, offset, length) && buffer.getLong(offset + timeOffset, LITTLE_ENDIAN) < time;
    }

    /**
     * The record that was opened last will be opened again.
     */
    void rewind()
    {
        nextSequence = sequence;
    }

    /**
     * Any record may come next.
     */
    void resetSequence()
    {
        isNextKnown = false;
    }

    /**
     * The next record follows the last one of another channel.
     */
    void goOnFrom(final Envelope before)
    {
        if (before.isNextKnown)
        {
            nextSequence = before.nextSequence;
            isNextKnown = true;
        }
    }

    /**
     * The sequence number of the record that was opened last.
     */
    long sequence()
    {
        return sequence;
    }

    /**
     * The time of the record that was opened last.
     */
    long time()
    {
        return time;
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
}
