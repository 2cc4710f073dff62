package io.kekbit.core.layout;

import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * The index section of a channel file: entries of 32 bytes, one for the first record in each stride of the record area.
 * <pre>
 *  +---------------------------------------------------------------+
 *  |                 Position of a record boundary                 |  0
 *  +---------------------------------------------------------------+
 *  |         Number of records before it, without heartbeats       |  8
 *  +---------------------------------------------------------------+
 *  |              Time in ticks, never decreasing                  |  16
 *  +---------------------------------------------------------------+
 *  |                            Check                              |  24
 *  +---------------------------------------------------------------+
 * </pre>
 * The check mixes the other three and the channel's creation time, so that neither a lost page nor an entry of another
 * channel is taken for an entry. An index saves time; nothing that it says is trusted.
 */
public final class IndexDescriptor
{
    /**
     * Length of an entry in bytes.
     */
    public static final int ENTRY_LENGTH = 32;

    /**
     * Offset in an entry of the position, a u64.
     */
    public static final int POSITION_OFFSET = 0;

    /**
     * Offset in an entry of the number of records before the position, a u64.
     */
    public static final int RECORD_COUNT_OFFSET = 8;

    /**
     * Offset in an entry of the time in ticks, a u64.
     */
    public static final int TIME_OFFSET = 16;

    /**
     * Offset in an entry of the check, a u64 other than 0.
     */
    public static final int CHECK_OFFSET = 24;

    private static final int MIN_STRIDE = 4096;
    private static final int DEFAULT_MAX_ENTRIES = 16_384;

    private IndexDescriptor()
    {
    }

    /**
     * The stride of a channel for which none was chosen: the power of two at or above the greater of 4096 and the
     * 16,384th part of the capacity.
     *
     * @param capacity of the channel in bytes.
     * @return the stride in bytes.
     */
    public static int defaultStride(final int capacity)
    {
        final int part = (int)((capacity - 1L + DEFAULT_MAX_ENTRIES) / DEFAULT_MAX_ENTRIES);

        return BitUtil.findNextPositivePowerOfTwo(Math.max(MIN_STRIDE, part));
    }

    /**
     * The number of entries with which a channel's index cannot overflow.
     *
     * @param capacity of the channel in bytes.
     * @param stride   in bytes.
     * @return the number of strides in the record area.
     */
    public static int entryCapacity(final int capacity, final int stride)
    {
        return (int)((capacity - 1L + stride) / stride);
    }

    /**
     * The check of an entry: three rounds of the finaliser of SplitMix64 (Steele, Lea, Flood: Fast Splittable
     * Pseudorandom Number Generators, OOPSLA 2014), one for each field, started with the creation time.
     *
     * @param position     of the entry.
     * @param recordCount  of the entry.
     * @param time         of the entry.
     * @param creationTime of the channel.
     * @return the check, never 0.
     */
    public static long check(final long position, final long recordCount, final long time, final long creationTime)
    {
        final long check = mix(time + mix(recordCount + mix(position + mix(creationTime))));

        return check == 0 ? 1 : check;
    }

    /**
     * Write an entry.
     *
     * @param buffer       to write to.
     * @param offset       of the entry in the buffer.
     * @param position     of a record boundary.
     * @param recordCount  number of records before it.
     * @param time         in ticks.
     * @param creationTime of the channel.
     */
    public static void putEntry(
        final MutableDirectBuffer buffer,
        final int offset,
        final long position,
        final long recordCount,
        final long time,
        final long creationTime)
    {
        buffer.putLong(offset + POSITION_OFFSET, position, LITTLE_ENDIAN);
        buffer.putLong(offset + RECORD_COUNT_OFFSET, recordCount, LITTLE_ENDIAN);
        buffer.putLong(offset + TIME_OFFSET, time, LITTLE_ENDIAN);
        buffer.putLong(offset + CHECK_OFFSET, check(position, recordCount, time, creationTime), LITTLE_ENDIAN);
    }

    /**
     * Whether an entry is one that a writer of this channel wrote.
     *
     * @param buffer       that holds the entry.
     * @param offset       of the entry in the buffer.
     * @param creationTime of the channel.
     * @return true if the check is right.
     */
    public static boolean isValid(final DirectBuffer buffer, final int offset, final long creationTime)
    {
        return buffer.getLong(offset + CHECK_OFFSET, LITTLE_ENDIAN) == check(
            buffer.getLong(offset + POSITION_OFFSET, LITTLE_ENDIAN),
            buffer.getLong(offset + RECORD_COUNT_OFFSET, LITTLE_ENDIAN),
            buffer.getLong(offset + TIME_OFFSET, LITTLE_ENDIAN),
            creationTime);
    }

    /**
     * The finaliser of SplitMix64.
     */
    static long mix(final long value)
    {
        long z = value + 0x9E37_79B9_7F4A_7C15L;
        z = (z ^ z >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;

        return z ^ z >>> 31;
    }
}
