package io.kekbit.core.layout;

/**
 * The codes of the handlers around every payload, which the extension lists, outermost first. With codes 1, 2, 3 the
 * content of a record is
 * <pre>
 *  +---------------------------------------------------------------+
 *  |                   Time in ticks, a u64 (code 1)               |
 *  +---------------------------------------------------------------+
 *  |                  Sequence number, a u64 (code 2)              |
 *  +---------------------------------------------------------------+
 *  |                            Payload                          ...
 *  +-------------------------------+-------------------------------+
 *  |    CRC-32C, a u32 (code 3)    |
 *  +-------------------------------+
 * </pre>
 */
public final class EnvelopeDescriptor
{
    /**
     * Ends the list.
     */
    public static final int END = 0;

    /**
     * A time stamp in ticks before the payload.
     */
    public static final int TIMESTAMP = 1;

    /**
     * A sequence number before the payload.
     */
    public static final int SEQUENCE = 2;

    /**
     * A CRC-32C behind the payload, over all content of the record before it.
     */
    public static final int CHECKSUM = 3;

    /**
     * Something of the application's own, of a length that the file does not tell.
     */
    public static final int APPLICATION = 255;

    /**
     * Length of a time stamp in bytes.
     */
    public static final int TIMESTAMP_LENGTH = 8;

    /**
     * Length of a sequence number in bytes.
     */
    public static final int SEQUENCE_LENGTH = 8;

    /**
     * Length of a checksum in bytes.
     */
    public static final int CHECKSUM_LENGTH = 4;

    private EnvelopeDescriptor()
    {
    }
}
