package io.kekbit.sbe;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import java.nio.ByteOrder;

/**
 * Where the message header of a schema has its block length, template id, schema id and version: at any offsets, in any
 * order, of any width and byte order, with fields of the venue's own between them. Immutable.
 * <p>
 * The standard header, 4 x {@code uint16} little endian, is written with a single store:
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-------------------------------+-------------------------------+
 *  |          Block length         |          Template id          |
 *  +-------------------------------+-------------------------------+
 *  |           Schema id           |            Version            |
 *  +-------------------------------+-------------------------------+
 * </pre>
 */
public final class MessageHeaderLayout
{
    static final int STANDARD_LENGTH = 8;

    private static final int TEMPLATE_ID_OFFSET = 2;
    private static final int SCHEMA_ID_OFFSET = 4;
    private static final int VERSION_OFFSET = 6;

    private final int length;
    private final boolean isStandard;
    private final boolean hasOtherFields;
    private final ScalarField blockLength;
    private final ScalarField templateId;
    private final ScalarField schemaId;
    private final ScalarField version;

    MessageHeaderLayout(
        final int length,
        final ScalarField blockLength,
        final ScalarField templateId,
        final ScalarField schemaId,
        final ScalarField version)
    {
        this.length = length;
        this.blockLength = blockLength;
        this.templateId = templateId;
        this.schemaId = schemaId;
        this.version = version;
        hasOtherFields = length > blockLength.width() + templateId.width() + schemaId.width() + version.width();
        isStandard = length == STANDARD_LENGTH &&
            blockLength.isUnsignedShort(0, ByteOrder.LITTLE_ENDIAN) &&
            templateId.isUnsignedShort(TEMPLATE_ID_OFFSET, ByteOrder.LITTLE_ENDIAN) &&
            schemaId.isUnsignedShort(SCHEMA_ID_OFFSET, ByteOrder.LITTLE_ENDIAN) &&
            version.isUnsignedShort(VERSION_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * How far behind the start of a record its message's root block begins.
     *
     * @return the header's length in bytes.
     */
    public int length()
    {
        return length;
    }

    /**
     * Write a whole header. Fields of the venue's own become 0.
     *
     * @param buffer           to write to.
     * @param offset           of the header's first byte.
     * @param blockLengthValue length in bytes of the root block that follows.
     * @param templateIdValue  of the message.
     * @param schemaIdValue    of the schema.
     * @param versionValue     of the schema.
     * @throws IndexOutOfBoundsException where the header does not fit into the buffer.
     */
    public void write(
        final MutableDirectBuffer buffer,
        final int offset,
        final int blockLengthValue,
        final int templateIdValue,
        final int schemaIdValue,
        final int versionValue)
    {
        if (isStandard)
        {
            final long header = standard(blockLengthValue, templateIdValue, schemaIdValue, versionValue);
            buffer.putLong(offset, header, ByteOrder.LITTLE_ENDIAN);
        }
        else
        {
            writeFields(buffer, offset, blockLengthValue, templateIdValue, schemaIdValue, versionValue);
        }
    }

    /**
     * Length of the root block as its writer knew it, which can be longer or shorter than in the reader's schema.
     *
     * @param buffer that holds the message.
     * @param offset of the header's first byte.
     * @return the length in bytes, or -1 where it is no length at all.
     * @throws IndexOutOfBoundsException where the buffer ends before the field does.
     */
    public int blockLength(final DirectBuffer buffer, final int offset)
    {
        return isStandard ? standard(buffer, offset) : blockLength.getInt(buffer, offset);
    }

    /**
     * Which message follows.
     *
     * @param buffer that holds the message.
     * @param offset of the header's first byte.
     * @return the template id, or -1 where it is above {@link Integer#MAX_VALUE}.
     * @throws IndexOutOfBoundsException where the buffer ends before the field does.
     */
    public int templateId(final DirectBuffer buffer, final int offset)
    {
        return isStandard ? standard(buffer, offset + TEMPLATE_ID_OFFSET) : templateId.getInt(buffer, offset);
    }

    /**
     * To which schema the message belongs.
     *
     * @param buffer that holds the message.
     * @param offset of the header's first byte.
     * @return the schema id, or -1 where it is above {@link Integer#MAX_VALUE}.
     * @throws IndexOutOfBoundsException where the buffer ends before the field does.
     */
    public int schemaId(final DirectBuffer buffer, final int offset)
    {
        return isStandard ? standard(buffer, offset + SCHEMA_ID_OFFSET) : schemaId.getInt(buffer, offset);
    }

    /**
     * The version of the schema with which the message was written: SBE's acting version.
     *
     * @param buffer that holds the message.
     * @param offset of the header's first byte.
     * @return the version, or -1 where it is above {@link Integer#MAX_VALUE}.
     * @throws IndexOutOfBoundsException where the buffer ends before the field does.
     */
    public int version(final DirectBuffer buffer, final int offset)
    {
        return isStandard ? standard(buffer, offset + VERSION_OFFSET) : version.getInt(buffer, offset);
    }

    @Override
    public String toString()
    {
        return "MessageHeaderLayout{length=" + length +
            " blockLength=" + blockLength +
            " templateId=" + templateId +
            " schemaId=" + schemaId +
            " version=" + version + "}";
    }

    /**
     * All of a standard header, in little-endian order.
     */
    static long standard(
        final int blockLengthValue, final int templateIdValue, final int schemaIdValue, final int versionValue)
    {
        return blockLengthValue & 0xFFFFL |
            (templateIdValue & 0xFFFFL) << 16 |
            (schemaIdValue & 0xFFFFL) << 32 |
            (versionValue & 0xFFFFL) << 48;
    }

    boolean isStandard()
    {
        return isStandard;
    }

    boolean canHoldBlockLength(final int value)
    {
        return blockLength.canHold(value);
    }

    boolean canHoldTemplateId(final int value)
    {
        return templateId.canHold(value);
    }

    boolean canHoldSchema(final int schemaIdValue, final int versionValue)
    {
        return schemaId.canHold(schemaIdValue) && version.canHold(versionValue);
    }

    private static int standard(final DirectBuffer buffer, final int index)
    {
        return buffer.getShort(index, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }

    private void writeFields(
        final MutableDirectBuffer buffer,
        final int offset,
        final int blockLengthValue,
        final int templateIdValue,
        final int schemaIdValue,
        final int versionValue)
    {
        if (hasOtherFields)
        {
            // An encoder that rewound earlier can have left bytes here.
            buffer.setMemory(offset, length, (byte)0);
        }

        blockLength.put(buffer, offset, blockLengthValue);
        templateId.put(buffer, offset, templateIdValue);
        schemaId.put(buffer, offset, schemaIdValue);
        version.put(buffer, offset, versionValue);
    }
}
