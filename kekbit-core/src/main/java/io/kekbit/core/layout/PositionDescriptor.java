package io.kekbit.core.layout;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * The file of a named position: 256 bytes that say how far the reader of a name has come in a stream.
 * <pre>
 *  +---------------------------------------------------------------+
 *  |                     Signature "KEKBITP1"                      |  0
 *  +-------------------------------+-------------------------------+
 *  |            Version            |      Kind of the stream       |  8
 *  +-------------------------------+-------------------------------+
 *  |                Channel id, or id of the series                |  16
 *  +---------------------------------------------------------------+
 *  |          Creation time of the channel in its ticks            |  24
 *  +---------------------------------------------------------------+
 *  |     When the name was first used, milliseconds since 1970     |  32
 *  +---------------------------------------------------------------+
 *  |           Name: 64 bytes of ASCII, padded with zeros        ...  40
 *  +---------------------------------------------------------------+
 *  |                      Zero and reserved                      ...  104
 *  +---------------------------------------------------------------+
 *  |               Check of the bytes 0 to 119                     |  120
 *  +---------------------------------------------------------------+
 *  |                   Slot of even sequences                    ...  128
 *  +---------------------------------------------------------------+
 *  |                   Slot of odd sequences                     ...  192
 *  +---------------------------------------------------------------+
 * </pre>
 * A slot is 64 bytes:
 * <pre>
 *  +---------------------------------------------------------------+
 *  |                           Sequence                            |  0
 *  +---------------------------------------------------------------+
 *  |           Position behind the last record handled             |  8
 *  +---------------------------------------------------------------+
 *  |        Number of records before it, or -1: not known          |  16
 *  +---------------------------------------------------------------+
 *  |           When it was stored, milliseconds since 1970         |  24
 *  +---------------------------------------------------------------+
 *  |   Vouched position: up to where the stream survives a loss    |  32
 *  +---------------------------------------------------------------+
 *  |                 Writer epoch of the stream                    |  40
 *  +---------------------------------------------------------------+
 *  |            Run of the operating system: 0 not known           |  48
 *  +---------------------------------------------------------------+
 *  |                            Check                              |  56
 *  +---------------------------------------------------------------+
 * </pre>
 * The slots are written in turn, the check last, so that the other one is whole whenever the process dies. The slot
 * with the higher sequence among those whose check is right is the position.
 */
public final class PositionDescriptor
{
    /**
     * Length of the file in bytes.
     */
    public static final int LENGTH = 256;

    /**
     * Offset of the signature, a u64.
     */
    public static final int SIGNATURE_OFFSET = 0;

    /**
     * Offset of the version, a u32.
     */
    public static final int VERSION_OFFSET = 8;

    /**
     * Offset of the kind of the stream, a u32: {@link #KIND_CHANNEL} or {@link #KIND_SERIES}.
     */
    public static final int KIND_OFFSET = 12;

    /**
     * Offset of the channel id, or of the id of the series, a u64.
     */
    public static final int STREAM_ID_OFFSET = 16;

    /**
     * Offset of the creation time of the channel, a u64 in its ticks; 0 for a series.
     */
    public static final int CREATION_TIME_OFFSET = 24;

    /**
     * Offset of the time at which the name was first used, a u64 in milliseconds since 1970-01-01T00:00Z.
     */
    public static final int FIRST_USED_OFFSET = 32;

    /**
     * Offset of the name, ASCII padded with zeros.
     */
    public static final int NAME_OFFSET = 40;

    /**
     * Greatest length of the name in bytes.
     */
    public static final int NAME_LENGTH = 64;

    /**
     * Offset of the check of all bytes before it, a u64.
     */
    public static final int CHECK_OFFSET = 120;

    /**
     * Offset of the first of the two slots.
     */
    public static final int SLOTS_OFFSET = 128;

    /**
     * Length of a slot in bytes.
     */
    public static final int SLOT_LENGTH = 64;

    /**
     * Offset in a slot of the sequence, a u64: one more with every store.
     */
    public static final int SEQUENCE_OFFSET = 0;

    /**
     * Offset in a slot of the position, a u64.
     */
    public static final int POSITION_OFFSET = 8;

    /**
     * Offset in a slot of the number of records before the position, a u64; -1 where it is not known.
     */
    public static final int RECORDS_OFFSET = 16;

    /**
     * Offset in a slot of the time of storing, a u64 in milliseconds since 1970-01-01T00:00Z.
     */
    public static final int STORED_AT_OFFSET = 24;

    /**
     * Offset in a slot of the vouched position, a u64: what lies below it cannot be lost with the power.
     */
    public static final int VOUCHED_OFFSET = 32;

    /**
     * Offset in a slot of the writer epoch of the stream, a u64.
     */
    public static final int WRITER_EPOCH_OFFSET = 40;

    /**
     * Offset in a slot of the run of the operating system in which it was stored, a u64; 0 where it is not known.
     */
    public static final int BOOT_OFFSET = 48;

    /**
     * Offset in a slot of its check, a u64, stored last.
     */
    public static final int SLOT_CHECK_OFFSET = 56;

    /**
     * The signature: in the file the ASCII characters {@code KEKBITP1}.
     */
    public static final long SIGNATURE = 0x3150_5449_424B_454BL;

    /**
     * The version that is written.
     */
    public static final int VERSION = 1;

    /**
     * The kind of a position in a single channel.
     */
    public static final int KIND_CHANNEL = 1;

    /**
     * The kind of a position in a series of channels.
     */
    public static final int KIND_SERIES = 2;

    private PositionDescriptor()
    {
    }

    /**
     * Where the slot of a sequence stands.
     *
     * @param sequence of the slot.
     * @return its offset in the file.
     */
    public static int slotOffset(final long sequence)
    {
        return SLOTS_OFFSET + SLOT_LENGTH * (int)(sequence & 1);
    }

    /**
     * The check of the bytes before it: for each of the 15 words of 8 bytes one round of the finaliser of SplitMix64,
     * see {@link IndexDescriptor#check}, started with 0.
     *
     * @param buffer that holds the file.
     * @return the check.
     */
    public static long check(final DirectBuffer buffer)
    {
        long check = 0;
        for (int offset = 0; offset < CHECK_OFFSET; offset += Long.BYTES)
        {
            check = IndexDescriptor.mix(buffer.getLong(offset, LITTLE_ENDIAN) + check);
        }

        return check;
    }

    /**
     * What the check of a slot starts with: the same for as long as these are. One round each of the same finaliser,
     * in this order, started with the check of the file.
     *
     * @param fileCheck   the check of the bytes before the slots.
     * @param storedAt    of the slot.
     * @param vouched     of the slot.
     * @param writerEpoch of the slot.
     * @param boot        of the slot.
     * @return what {@link #slotCheck} takes.
     */
    public static long slotCheckStart(
        final long fileCheck, final long storedAt, final long vouched, final long writerEpoch, final long boot)
    {
        return IndexDescriptor.mix(boot + IndexDescriptor.mix(
            writerEpoch + IndexDescriptor.mix(vouched + IndexDescriptor.mix(storedAt + fileCheck))));
    }

    /**
     * The check of a slot: one round more for each of these, in this order.
     *
     * @param start    what {@link #slotCheckStart} gave.
     * @param sequence of the slot.
     * @param position of the slot.
     * @param records  of the slot.
     * @return the check.
     */
    public static long slotCheck(final long start, final long sequence, final long position, final long records)
    {
        return IndexDescriptor.mix(records + IndexDescriptor.mix(position + IndexDescriptor.mix(sequence + start)));
    }

    /**
     * Write a slot, its check included.
     *
     * @param buffer      to write to.
     * @param fileCheck   the check of the bytes before the slots.
     * @param sequence    that says which slot it is.
     * @param position    behind the last record handled.
     * @param records     number of records before it, or -1.
     * @param storedAt    in milliseconds since 1970-01-01T00:00Z.
     * @param vouched     position below which nothing can be lost.
     * @param writerEpoch of the stream.
     * @param boot        the run of the operating system, or 0.
     */
    public static void putSlot(
        final MutableDirectBuffer buffer,
        final long fileCheck,
        final long sequence,
        final long position,
        final long records,
        final long storedAt,
        final long vouched,
        final long writerEpoch,
        final long boot)
    {
        final int offset = slotOffset(sequence);
        buffer.putLong(offset + SEQUENCE_OFFSET, sequence, LITTLE_ENDIAN);
        buffer.putLong(offset + POSITION_OFFSET, position, LITTLE_ENDIAN);
        buffer.putLong(offset + RECORDS_OFFSET, records, LITTLE_ENDIAN);
        buffer.putLong(offset + STORED_AT_OFFSET, storedAt, LITTLE_ENDIAN);
        buffer.putLong(offset + VOUCHED_OFFSET, vouched, LITTLE_ENDIAN);
        buffer.putLong(offset + WRITER_EPOCH_OFFSET, writerEpoch, LITTLE_ENDIAN);
        buffer.putLong(offset + BOOT_OFFSET, boot, LITTLE_ENDIAN);
        final long start = slotCheckStart(fileCheck, storedAt, vouched, writerEpoch, boot);
        buffer.putLong(
            offset + SLOT_CHECK_OFFSET, slotCheck(start, sequence, position, records), LITTLE_ENDIAN);
    }

    /**
     * Whether a slot is whole, and one of this file.
     *
     * @param buffer    that holds a copy of the file.
     * @param offset    of the slot.
     * @param fileCheck the check of the bytes before the slots.
     * @return true if its check is right and its sequence belongs there.
     */
    public static boolean isSlotValid(final DirectBuffer buffer, final int offset, final long fileCheck)
    {
        final long sequence = buffer.getLong(offset + SEQUENCE_OFFSET, LITTLE_ENDIAN);
        final long start = slotCheckStart(
            fileCheck,
            buffer.getLong(offset + STORED_AT_OFFSET, LITTLE_ENDIAN),
            buffer.getLong(offset + VOUCHED_OFFSET, LITTLE_ENDIAN),
            buffer.getLong(offset + WRITER_EPOCH_OFFSET, LITTLE_ENDIAN),
            buffer.getLong(offset + BOOT_OFFSET, LITTLE_ENDIAN));

        return sequence > 0 && slotOffset(sequence) == offset &&
            buffer.getLong(offset + SLOT_CHECK_OFFSET, LITTLE_ENDIAN) == slotCheck(
                start,
                sequence,
                buffer.getLong(offset + POSITION_OFFSET, LITTLE_ENDIAN),
                buffer.getLong(offset + RECORDS_OFFSET, LITTLE_ENDIAN));
    }
}
