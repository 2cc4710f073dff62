package io.kekbit.core.layout;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * The extension of a channel file, bytes 128 to 1023: what this project stores beside the crate's header. The crate
 * steps over these bytes and leaves them zero, so a channel without the signature at 128 is one that the crate made.
 * <pre>
 *  +---------------------------------------------------------------+
 *  |                     Signature "KEKBITX1"                      |  128
 *  +-------------------------------+-------------------------------+
 *  |       Required features       |       Optional features       |  136
 *  +-------------------------------+-------------------------------+
 *  |                        Data format id                         |  144
 *  +---------------------------------------------------------------+
 *  |               Schema section: offset in the file              |  152
 *  +---------------------------------------------------------------+
 *  |                    Schema section: length                     |  160
 *  +---------------------------------------------------------------+
 *  |               Index section: offset in the file               |  168
 *  +-------------------------------+-------------------------------+
 *  |    Index capacity, entries    |     Index stride, bytes       |  176
 *  +-------------------------------+-------------------------------+
 *  |            Envelope: 8 handler codes, outermost first         |  184
 *  +---------------------------------------------------------------+
 *  |                 Media type: 64 bytes of ASCII               ...  192
 *  +---------------------------------------------------------------+
 *  |                   Label: 64 bytes of UTF-8                  ...  256
 *  +---------------------------------------------------------------+
 *  |                      Writer's process id                      |  320
 *  +---------------------------------------------------------------+
 *  |           Writer's process start, epoch milliseconds          |  328
 *  +---------------------------------------------------------------+
 *  |                      Boot id: 16 bytes                      ...  336
 *  +---------------------------------------------------------------+
 *  |                         Writer epoch                          |  352
 *  +---------------------------------------------------------------+
 *  |                     Index entries written                     |  384
 *  +---------------------------------------------------------------+
 *  |         Tail hint: a boundary at or before the end            |  392
 *  +---------------------------------------------------------------+
 *  |                Time of the tail hint, in ticks                |  400
 *  +---------------------------------------------------------------+
 *  |                       Durable position                        |  448
 *  +---------------------------------------------------------------+
 *  |                       Series: stream id                       |  512
 *  +---------------------------------------------------------------+
 *  |              Series: ordinal of this channel in it            |  520
 *  +---------------------------------------------------------------+
 *  |       Series: number of records in the channels before it     |  528
 *  +---------------------------------------------------------------+
 * </pre>
 * What is not named is zero and reserved. The fields at 384 to 400 and at 448 change while the channel is written, at
 * index strides, heartbeats, flushes and closing, never per record; they have cache lines of their own.
 */
public final class ExtensionDescriptor
{
    /**
     * Offset of the signature, a u64.
     */
    public static final int SIGNATURE_OFFSET = 128;

    /**
     * Offset of the required features, a u32: a bit that a reader does not know makes it refuse the file.
     */
    public static final int REQUIRED_FEATURES_OFFSET = 136;

    /**
     * Offset of the optional features, a u32: bits that a reader does not know are ignored.
     */
    public static final int OPTIONAL_FEATURES_OFFSET = 140;

    /**
     * Offset of the data format id, a u64; 0 where it is not told.
     */
    public static final int FORMAT_ID_OFFSET = 144;

    /**
     * Offset of the schema section's offset in the file, a u64; 0 where there is none.
     */
    public static final int SCHEMA_SECTION_OFFSET = 152;

    /**
     * Offset of the schema section's length in bytes, a u64.
     */
    public static final int SCHEMA_LENGTH_OFFSET = 160;

    /**
     * Offset of the index section's offset in the file, a u64; 0 where there is none.
     */
    public static final int INDEX_SECTION_OFFSET = 168;

    /**
     * Offset of the index's capacity in entries, a u32.
     */
    public static final int INDEX_CAPACITY_OFFSET = 176;

    /**
     * Offset of the index's stride, a u32: bytes of record area per entry, a power of two.
     */
    public static final int INDEX_STRIDE_OFFSET = 180;

    /**
     * Offset of the envelope: the codes of the handlers around every payload, outermost first.
     */
    public static final int ENVELOPE_OFFSET = 184;

    /**
     * Length of the envelope in bytes, one for each handler.
     */
    public static final int ENVELOPE_LENGTH = 8;

    /**
     * Offset of the media type, ASCII padded with zeros.
     */
    public static final int MEDIA_TYPE_OFFSET = 192;

    /**
     * Greatest length of the media type in bytes.
     */
    public static final int MEDIA_TYPE_LENGTH = 64;

    /**
     * Offset of the label, UTF-8 padded with zeros.
     */
    public static final int LABEL_OFFSET = 256;

    /**
     * Greatest length of the label in bytes.
     */
    public static final int LABEL_LENGTH = 64;

    /**
     * Offset of the writer's process id, a u64: information, no proof of life.
     */
    public static final int PROCESS_ID_OFFSET = 320;

    /**
     * Offset of the start of the writer's process in epoch milliseconds, a u64.
     */
    public static final int PROCESS_START_OFFSET = 328;

    /**
     * Offset of the boot id of the machine the writer runs on: 16 bytes in the order in which they are printed, all
     * zero where it is not known.
     */
    public static final int BOOT_ID_OFFSET = 336;

    /**
     * Length of the boot id in bytes.
     */
    public static final int BOOT_ID_LENGTH = 16;

    /**
     * Offset of the writer epoch, a u64: 1 at creation, one more at each resume.
     */
    public static final int WRITER_EPOCH_OFFSET = 352;

    /**
     * Offset of the number of index entries written, a u64, stored with release.
     */
    public static final int INDEX_COUNT_OFFSET = 384;

    /**
     * Offset of the tail hint, a u64: a record boundary at or before the end, stored with release.
     */
    public static final int TAIL_HINT_OFFSET = 392;

    /**
     * Offset of the time of the tail hint, a u64 in ticks, stored with release.
     */
    public static final int TAIL_HINT_TIME_OFFSET = 400;

    /**
     * Offset of the durable position, a u64, stored with release: everything below it was forced to the device.
     */
    public static final int DURABLE_POSITION_OFFSET = 448;

    /**
     * Offset of the stream id of the series that the channel is part of, a u64; 0 where it is part of none.
     */
    public static final int STREAM_ID_OFFSET = 512;

    /**
     * Offset of the ordinal of the channel in its series, a u64.
     */
    public static final int ORDINAL_OFFSET = 520;

    /**
     * Offset of the number of records in the channels before it in its series, a u64.
     */
    public static final int FIRST_RECORD_NUMBER_OFFSET = 528;

    /**
     * The signature: in the file the ASCII characters {@code KEKBITX1}.
     */
    public static final long SIGNATURE = 0x3158_5449_424B_454BL;

    /**
     * The required features that this version knows: none is defined yet.
     */
    public static final int KNOWN_REQUIRED_FEATURES = 0;

    /**
     * The bit of the optional features that says that the channel is a copy of another, see {@link
     * io.kekbit.core.ChannelCopy}: what of it is not durable can be had again. A writer that takes the channel over
     * takes the bit away.
     */
    public static final int COPY_FEATURE = 1;

    /**
     * Length in bytes that sections are aligned to.
     */
    public static final int SECTION_ALIGNMENT = 64;

    /**
     * Greatest length of the schema section in bytes.
     */
    public static final int MAX_SCHEMA_LENGTH = 16 * 1024 * 1024;

    private ExtensionDescriptor()
    {
    }

    /**
     * Whether a file carries the extension.
     *
     * @param buffer that holds the first 1024 bytes of the file.
     * @return true if the signature is there.
     */
    public static boolean isPresent(final DirectBuffer buffer)
    {
        return buffer.getLong(SIGNATURE_OFFSET, LITTLE_ENDIAN) == SIGNATURE;
    }

    /**
     * The text in a field of fixed length.
     *
     * @param buffer that holds the first 1024 bytes of the file.
     * @param offset of the field.
     * @param length of the field in bytes.
     * @return the text up to the first zero byte. It comes from the file and can hold any character.
     */
    public static String text(final DirectBuffer buffer, final int offset, final int length)
    {
        int end = offset;
        while (end < offset + length && buffer.getByte(end) != 0)
        {
            end++;
        }

        return buffer.getStringWithoutLengthUtf8(offset, end - offset);
    }

    /**
     * Store one of the fields of 8 bytes.
     *
     * @param buffer that holds the first 1024 bytes of the file.
     * @param offset of the field.
     * @param value  to store.
     */
    public static void putLong(final MutableDirectBuffer buffer, final int offset, final long value)
    {
        buffer.putLong(offset, value, LITTLE_ENDIAN);
    }
}
