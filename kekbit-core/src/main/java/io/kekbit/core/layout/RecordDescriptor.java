package io.kekbit.core.layout;

/**
 * The record area of a channel file, from byte 1024 on. Positions count from there; every record starts at a multiple
 * of 8.
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                        Length word, a u64                     |
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |                   Content, as many bytes as               ...
 * ...          the length word says, then padding to 8           |
 *  +---------------------------------------------------------------+
 *  |                   Next length word, or WATERMARK              |
 *  |                                                               |
 *  +---------------------------------------------------------------+
 * </pre>
 */
public final class RecordDescriptor
{
    /**
     * Offset in the file of the record area.
     */
    public static final int RECORD_AREA_OFFSET = 1024;

    /**
     * Length in bytes of what follows the record area.
     */
    public static final int FOOTER_LENGTH = 32;

    /**
     * Least difference between the length of a file without extension, as the crate makes it, and its capacity. Such a
     * file ends before its record area does.
     */
    public static final int MIN_FILE_OVERHEAD = HeaderDescriptor.LENGTH + FOOTER_LENGTH;

    /**
     * Length in bytes of a length word.
     */
    public static final int LENGTH_WORD_LENGTH = 8;

    /**
     * Length in bytes that records are aligned to.
     */
    public static final int ALIGNMENT = 8;

    /**
     * Bytes at the end of the record area that no record reaches into, so that every reader of the crate, too, sees the
     * last record and the close marker behind it.
     */
    public static final int RESERVED_LENGTH = 16;

    /**
     * The shortest record in bytes: a length word, one byte of content, padding.
     */
    public static final int MIN_ALIGNED_LENGTH = 16;

    /**
     * The length word of a heartbeat, which has no content.
     */
    public static final long HEARTBEAT = 0L;

    /**
     * Stands behind the last record: nothing further yet.
     */
    public static final long WATERMARK = 0xFFFF_FFFF_1111_1111L;

    /**
     * Stands behind the last record of a channel that its writer closed.
     */
    public static final long CLOSE = 0xFFFF_FFFF_FFFF_FFFFL;

    private RecordDescriptor()
    {
    }

    /**
     * Bytes that a record takes: length word, content and padding.
     *
     * @param contentLength in bytes, at most {@link Integer#MAX_VALUE} - 15.
     * @return the bytes, a multiple of 8.
     */
    public static int alignedLength(final int contentLength)
    {
        return contentLength + LENGTH_WORD_LENGTH + (ALIGNMENT - 1) & -ALIGNMENT;
    }

    /**
     * Length in bytes of a file that holds a whole record area, without the sections that can follow.
     *
     * @param capacity of the record area in bytes.
     * @return the length.
     */
    public static long wholeFileLength(final long capacity)
    {
        return RECORD_AREA_OFFSET + capacity + FOOTER_LENGTH;
    }
}
