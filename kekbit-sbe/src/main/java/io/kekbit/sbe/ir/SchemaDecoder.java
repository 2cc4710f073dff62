package io.kekbit.sbe.ir;

import io.kekbit.core.exceptions.UnsupportedPlatformException;
import io.kekbit.sbe.MessageHeaderLayout;
import io.kekbit.sbe.SbeDataFormat;
import org.agrona.DirectBuffer;

import java.util.List;

/**
 * Decodes messages of any schema without generated classes, from the serialised schema that a channel carries. The
 * schema and the messages are not trusted: whatever they hold, decoding ends, after a time in proportion to their
 * length.
 * <p>
 * Needs sbe-tool on the class path, Maven artifact {@code uk.co.real-logic:sbe-tool}, which kekbit-sbe has as an
 * optional dependency. The walk over a message is sbe-tool's; that it stays within the message is seen to before it
 * begins.
 * <p>
 * Immutable, and shared freely between threads.
 */
public final class SchemaDecoder
{
    /**
     * How many values a message can have beyond {@link #MAX_VALUES_PER_BYTE} for each of its bytes. Constants and the
     * entries of a group whose block is empty take no bytes, so a damaged or hostile message of a few bytes could claim
     * thousands of millions of them.
     */
    public static final int MAX_VALUES = 1 << 18;

    /**
     * How many values a message can have for each of its bytes, {@link #MAX_VALUES} aside.
     */
    public static final int MAX_VALUES_PER_BYTE = 64;

    private static final String SBE_TOOL_CLASS = "uk.co.real_logic.sbe.otf.OtfMessageDecoder";

    private final SbeDataFormat format;
    private final MessageTokens messages;

    private SchemaDecoder(final SbeDataFormat format)
    {
        this.format = format;
        messages = new MessageTokens(format);
    }

    /**
     * Make the decoder of a schema from its serialised form, for instance a channel's schema section.
     *
     * @param ir the whole content of a {@code .sbeir} file; copied.
     * @return the decoder.
     * @throws io.kekbit.sbe.InvalidSchemaException where the bytes are no schema, or one that kekbit cannot handle.
     * @throws UnsupportedPlatformException         where sbe-tool is not on the class path.
     */
    public static SchemaDecoder fromIr(final DirectBuffer ir)
    {
        return of(SbeDataFormat.fromIr(ir));
    }

    /**
     * Make the decoder of a format.
     *
     * @param format with the schema.
     * @return the decoder.
     * @throws io.kekbit.sbe.InvalidSchemaException where the schema's fields are not sound, or there are too many.
     * @throws UnsupportedPlatformException         where sbe-tool is not on the class path.
     */
    public static SchemaDecoder of(final SbeDataFormat format)
    {
        requireSbeTool();

        return new SchemaDecoder(format);
    }

    /**
     * The schema.
     *
     * @return the format, which tells its package, id, version, byte order and header.
     */
    public SbeDataFormat format()
    {
        return format;
    }

    /**
     * What messages of the schema consist of.
     *
     * @return a description of each message, in the order of the serialised schema.
     */
    public List<MessageDescription> messages()
    {
        return messages.descriptions();
    }

    /**
     * Tell a visitor what a message holds. Values that a newer version of the schema has added to a block, and whatever
     * follows the message, are stepped over.
     *
     * @param buffer  that holds the message, message header first.
     * @param offset  of the header's first byte.
     * @param length  of the message and whatever follows it in its record.
     * @param visitor to tell. What it throws is passed on.
     * @return whether it was told, and if not, why.
     * @throws IndexOutOfBoundsException where the bytes do not lie within the buffer.
     */
    public DecodeResult decode(
        final DirectBuffer buffer, final int offset, final int length, final MessageVisitor visitor)
    {
        buffer.boundsCheck(offset, length);
        final MessageHeaderLayout header = format.headerLayout();
        if (length < header.length())
        {
            return DecodeResult.NO_HEADER;
        }

        if (header.schemaId(buffer, offset) != format.schemaId())
        {
            return DecodeResult.FOREIGN_SCHEMA;
        }

        final int templateId = header.templateId(buffer, offset);
        if (!messages.has(templateId))
        {
            return DecodeResult.UNKNOWN_TEMPLATE;
        }

        if (format.messageLength(buffer, offset, length) < 0)
        {
            return DecodeResult.MALFORMED;
        }

        final boolean isWhole = messages.walk(
            templateId,
            buffer,
            offset + header.length(),
            header.version(buffer, offset),
            header.blockLength(buffer, offset),
            visitor,
            MAX_VALUES + (long)MAX_VALUES_PER_BYTE * length);

        return isWhole ? DecodeResult.DECODED : DecodeResult.TOO_COSTLY;
    }

    /**
     * All that refers to sbe-tool's classes is behind {@link MessageTokens}, so this class can be loaded without them.
     */
    private static void requireSbeTool()
    {
        try
        {
            Class.forName(SBE_TOOL_CLASS, false, SchemaDecoder.class.getClassLoader());
        }
        catch (final ClassNotFoundException ex)
        {
            final UnsupportedPlatformException exception = new UnsupportedPlatformException(
                "sbe-tool is not on the class path: add the Maven artifact uk.co.real-logic:sbe-tool, which decodes" +
                " messages without generated classes");
            exception.initCause(ex);
            throw exception;
        }
    }
}
