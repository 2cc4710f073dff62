package io.kekbit.core.layout;

import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * The header of a channel file, bytes 0 to 127, as every version of the Rust crate from 0.1.1 on writes it.
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                       Signature "*KEKBIT*"                    |  0
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |          Version: patch                                       |  8
 *  +-------------------------------+-------------------------------+
 *  |             minor             |             major             |
 *  +-------------------------------+-------------------------------+
 *  |                           Writer id                           |  16
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |                           Channel id                          |  24
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |                  Capacity of the record area                  |  32
 *  +---------------------------------------------------------------+
 *  |                     Maximum record length                     |  36
 *  +---------------------------------------------------------------+
 *  |                       Timeout, in ticks                       |  40
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |          Creation time, in ticks since 1970-01-01T00:00Z      |  48
 *  |                                                               |
 *  +---------------+-----------------------------------------------+
 *  |   Tick unit   |                 zero up to 127               ...  56
 *  +---------------+-----------------------------------------------+
 * </pre>
 */
public final class HeaderDescriptor
{
    /**
     * Offset of the signature, a u64.
     */
    public static final int SIGNATURE_OFFSET = 0;

    /**
     * Offset of the version, a u64: major &lt;&lt; 48 | minor &lt;&lt; 32 | patch.
     */
    public static final int VERSION_OFFSET = 8;

    /**
     * Offset of the writer id, a u64.
     */
    public static final int WRITER_ID_OFFSET = 16;

    /**
     * Offset of the channel id, a u64.
     */
    public static final int CHANNEL_ID_OFFSET = 24;

    /**
     * Offset of the capacity of the record area in bytes, a u32.
     */
    public static final int CAPACITY_OFFSET = 32;

    /**
     * Offset of the greatest length of a record's content in bytes, a u32.
     */
    public static final int MAX_RECORD_LENGTH_OFFSET = 36;

    /**
     * Offset of the timeout in ticks, a u64.
     */
    public static final int TIMEOUT_OFFSET = 40;

    /**
     * Offset of the creation time in ticks, a u64.
     */
    public static final int CREATION_TIME_OFFSET = 48;

    /**
     * Offset of the tick unit's code, a u8.
     */
    public static final int TICK_UNIT_OFFSET = 56;

    /**
     * Length of the header in bytes.
     */
    public static final int LENGTH = 128;

    /**
     * The signature: in the file the ASCII characters {@code *KEKBIT*}.
     */
    public static final long SIGNATURE = 0x2A54_4942_4B45_4B2AL;

    /**
     * The version of the format that is written, 1.0.0, and the latest that can be read.
     */
    public static final long VERSION = 1L << 48;

    /**
     * The least capacity in bytes.
     */
    public static final int MIN_CAPACITY = 16 * 1024;

    /**
     * The greatest capacity in bytes that a JVM can map in one piece with header and footer.
     */
    public static final int MAX_CAPACITY = BitUtil.align(
        Integer.MAX_VALUE - 4096 - RecordDescriptor.RECORD_AREA_OFFSET - RecordDescriptor.FOOTER_LENGTH - 7, 8);

    /**
     * The least value of the maximum record length in bytes.
     */
    public static final int MIN_MAX_RECORD_LENGTH = 8;

    private static final int RECORDS_PER_CAPACITY = 128;

    private HeaderDescriptor()
    {
    }

    /**
     * The greatest maximum record length that a channel can have: the 128th part of its capacity, less a length word,
     * rounded up to a multiple of 8.
     *
     * @param capacity of the channel in bytes.
     * @return the length in bytes.
     */
    public static long greatestMaxRecordLength(final long capacity)
    {
        return BitUtil.align(capacity / RECORDS_PER_CAPACITY - RecordDescriptor.LENGTH_WORD_LENGTH, 8L);
    }

    /**
     * The maximum record length that the crate would derive from a hint, silently reduced to what the capacity allows.
     *
     * @param maxMessageLengthHint longest message that is to be written, in bytes.
     * @param capacity             of the channel in bytes.
     * @return the length in bytes.
     */
    public static long maxRecordLength(final long maxMessageLengthHint, final long capacity)
    {
        return BitUtil.align(
            Math.min(
                maxMessageLengthHint + RecordDescriptor.LENGTH_WORD_LENGTH,
                capacity / RECORDS_PER_CAPACITY - RecordDescriptor.LENGTH_WORD_LENGTH),
            8L);
    }

    /**
     * The least capacity of a channel that can hold messages of a length.
     *
     * @param maxMessageLength longest message that is to be written, in bytes.
     * @return the capacity in bytes.
     */
    public static long requiredCapacity(final long maxMessageLength)
    {
        // align8(capacity / 128 - 8) >= length holds from capacity / 128 - 8 = align8(length) - 7 on.
        return Math.max(MIN_CAPACITY, (BitUtil.align(maxMessageLength, 8L) + 1) * RECORDS_PER_CAPACITY);
    }

    /**
     * The signature.
     *
     * @param buffer that holds the header at its start.
     * @return the value stored.
     */
    public static long signature(final DirectBuffer buffer)
    {
        return buffer.getLong(SIGNATURE_OFFSET, LITTLE_ENDIAN);
    }

    /**
     * The version: major &lt;&lt; 48 | minor &lt;&lt; 32 | patch.
     *
     * @param buffer that holds the header at its start.
     * @return the value stored.
     */
    public static long version(final DirectBuffer buffer)
    {
        return buffer.getLong(VERSION_OFFSET, LITTLE_ENDIAN);
    }

    /**
     * The writer id, unsigned.
     *
     * @param buffer that holds the header at its start.
     * @return the value stored.
     */
    public static long writerId(final DirectBuffer buffer)
    {
        return buffer.getLong(WRITER_ID_OFFSET, LITTLE_ENDIAN);
    }

    /**
     * The channel id, unsigned.
     *
     * @param buffer that holds the header at its start.
     * @return the value stored.
     */
    public static long channelId(final DirectBuffer buffer)
    {
        return buffer.getLong(CHANNEL_ID_OFFSET, LITTLE_ENDIAN);
    }

    /**
     * The capacity of the record area in bytes.
     *
     * @param buffer that holds the header at its start.
     * @return the value stored, up to 2<sup>32</sup> - 1.
     */
    public static long capacity(final DirectBuffer buffer)
    {
        return Integer.toUnsignedLong(buffer.getInt(CAPACITY_OFFSET, LITTLE_ENDIAN));
    }

    /**
     * The greatest length of a record's content in bytes.
     *
     * @param buffer that holds the header at its start.
     * @return the value stored, up to 2<sup>32</sup> - 1.
     */
    public static long maxRecordLength(final DirectBuffer buffer)
    {
        return Integer.toUnsignedLong(buffer.getInt(MAX_RECORD_LENGTH_OFFSET, LITTLE_ENDIAN));
    }

    /**
     * The timeout in ticks, unsigned.
     *
     * @param buffer that holds the header at its start.
     * @return the value stored.
     */
    public static long timeout(final DirectBuffer buffer)
    {
        return buffer.getLong(TIMEOUT_OFFSET, LITTLE_ENDIAN);
    }

    /**
     * The creation time in ticks since 1970-01-01T00:00Z, unsigned.
     *
     * @param buffer that holds the header at its start.
     * @return the value stored.
     */
    public static long creationTime(final DirectBuffer buffer)
    {
        return buffer.getLong(CREATION_TIME_OFFSET, LITTLE_ENDIAN);
    }

    /**
     * The code of the tick unit.
     *
     * @param buffer that holds the header at its start.
     * @return the value stored.
     */
    public static byte tickUnit(final DirectBuffer buffer)
    {
        return buffer.getByte(TICK_UNIT_OFFSET);
    }

    /**
     * Write every field but the signature, which makes a file a channel and is stored last, by the creator.
     *
     * @param buffer          to hold the header at its start.
     * @param writerId        unsigned.
     * @param channelId       unsigned.
     * @param capacity        in bytes.
     * @param maxRecordLength in bytes.
     * @param timeout         in ticks, unsigned.
     * @param creationTime    in ticks since 1970-01-01T00:00Z, unsigned.
     * @param tickUnit        the code of the unit.
     */
    public static void putFields(
        final MutableDirectBuffer buffer,
        final long writerId,
        final long channelId,
        final int capacity,
        final int maxRecordLength,
        final long timeout,
        final long creationTime,
        final byte tickUnit)
    {
        buffer.putLong(VERSION_OFFSET, VERSION, LITTLE_ENDIAN);
        buffer.putLong(WRITER_ID_OFFSET, writerId, LITTLE_ENDIAN);
        buffer.putLong(CHANNEL_ID_OFFSET, channelId, LITTLE_ENDIAN);
        buffer.putInt(CAPACITY_OFFSET, capacity, LITTLE_ENDIAN);
        buffer.putInt(MAX_RECORD_LENGTH_OFFSET, maxRecordLength, LITTLE_ENDIAN);
        buffer.putLong(TIMEOUT_OFFSET, timeout, LITTLE_ENDIAN);
        buffer.putLong(CREATION_TIME_OFFSET, creationTime, LITTLE_ENDIAN);
        buffer.putByte(TICK_UNIT_OFFSET, tickUnit);
    }
}
