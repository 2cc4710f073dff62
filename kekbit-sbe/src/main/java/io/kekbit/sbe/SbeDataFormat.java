package io.kekbit.sbe;

import io.kekbit.core.DataFormat;
import io.kekbit.core.TerminalText;
import io.kekbit.core.exceptions.UnsupportedPlatformException;
import org.agrona.DirectBuffer;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;

/**
 * Content that is messages of one schema in Simple Binary Encoding, each behind its message header. Media type {@code
 * application/x-sbe}.
 * <p>
 * It is made from a serialised schema (IR): the {@code .sbeir} file that SbeTool writes beside the codecs when {@code
 * sbe.generate.ir} is set. A channel stores those bytes, so that tools can show its content without the codecs. The
 * schema's message header can be of any layout, see {@link MessageHeaderLayout}.
 * <p>
 * Immutable, and shared freely between threads.
 */
public final class SbeDataFormat implements DataFormat
{
    /**
     * What the ids of all SBE formats have in common: {@code SBE} in ASCII. The schema's id stands in bits 16 to 31.
     */
    public static final long ID_PREFIX = 0x5342_4500_0000_0000L;

    private static final int SCHEMA_ID_SHIFT = 16;
    private static final int MAX_IR_LENGTH = 16 * 1024 * 1024;

    private final UnsafeBuffer ir;
    private final String packageName;
    private final int schemaId;
    private final int schemaVersion;
    private final ByteOrder byteOrder;
    private final MessageHeaderLayout header;
    private final Int2ObjectHashMap<MessageLayout> messages;

    private SbeDataFormat(final UnsafeBuffer ir)
    {
        this.ir = ir;
        final IrParser parser = new IrParser(ir);
        packageName = parser.packageName();
        schemaId = parser.schemaId();
        schemaVersion = parser.schemaVersion();
        byteOrder = parser.byteOrder();
        header = parser.header();
        messages = parser.messages();
    }

    /**
     * Make the format of a schema from its serialised form.
     *
     * @param ir the whole content of a {@code .sbeir} file; copied.
     * @return the format.
     * @throws InvalidSchemaException where the bytes are no schema, or one that kekbit cannot handle.
     */
    public static SbeDataFormat fromIr(final DirectBuffer ir)
    {
        final int length = ir.capacity();
        if (length > MAX_IR_LENGTH)
        {
            throw new InvalidSchemaException("length=" + length + " max=" + MAX_IR_LENGTH);
        }

        final byte[] bytes = new byte[length];
        ir.getBytes(0, bytes);

        return fromBytes(bytes);
    }

    /**
     * Make the format of a schema from its serialised form on the class path.
     *
     * @param neighbour a class from the same jar, for instance one of the codecs.
     * @param name      from the root of the jar, for instance {@code META-INF/sbe/market-data.sbeir}.
     * @return the format.
     * @throws InvalidSchemaException                                     where there is no such resource, or it is no
     *                                                                    schema, or one that kekbit cannot handle.
     * @throws io.kekbit.core.exceptions.UnsupportedPlatformException     where the JVM was started without the flag
     *                                                                    that Agrona needs.
     */
    public static SbeDataFormat fromResource(final Class<?> neighbour, final String name)
    {
        try (InputStream in = neighbour.getResourceAsStream("/" + name))
        {
            if (in == null)
            {
                throw new InvalidSchemaException("no such resource: name=" + name + " beside=" + neighbour.getName());
            }

            final byte[] bytes = in.readNBytes(MAX_IR_LENGTH + 1);
            if (bytes.length > MAX_IR_LENGTH)
            {
                throw new InvalidSchemaException("resource too long: name=" + name + " max=" + MAX_IR_LENGTH);
            }

            return fromBytes(bytes);
        }
        catch (final IOException ex)
        {
            throw new InvalidSchemaException("resource cannot be read: name=" + name, ex);
        }
    }

    private static SbeDataFormat fromBytes(final byte[] bytes)
    {
        final UnsafeBuffer buffer;
        try
        {
            buffer = new UnsafeBuffer(bytes);
        }
        catch (final IllegalAccessError | ExceptionInInitializerError | NoClassDefFoundError ex)
        {
            // Only the first touch says why, and it says so to a developer of Agrona.
            final UnsupportedPlatformException exception = new UnsupportedPlatformException(
                "the JVM was started without the flag that Agrona needs: add" +
                " --add-opens java.base/jdk.internal.misc=ALL-UNNAMED to the java command or to JDK_JAVA_OPTIONS");
            exception.initCause(ex);
            throw exception;
        }

        return new SbeDataFormat(buffer);
    }

    /**
     * The package of the schema, which together with its id says which schema it is.
     *
     * @return the name as it stands in the schema.
     */
    public String packageName()
    {
        return packageName;
    }

    /**
     * The id of the schema, which many schemas share: 0 and 1 are common.
     *
     * @return the id as it stands in the schema.
     */
    public int schemaId()
    {
        return schemaId;
    }

    /**
     * The version of the schema.
     *
     * @return the version as it stands in the schema.
     */
    public int schemaVersion()
    {
        return schemaVersion;
    }

    /**
     * The byte order of all messages of the schema.
     *
     * @return the byte order.
     */
    public ByteOrder byteOrder()
    {
        return byteOrder;
    }

    /**
     * What the header of all messages of the schema looks like.
     *
     * @return the layout.
     */
    public MessageHeaderLayout headerLayout()
    {
        return header;
    }

    /**
     * The greatest length of a message, if its groups had as many entries and its var data as many bytes as the schema
     * allows.
     *
     * @param templateId of the message.
     * @return the length in bytes, message header included; {@link Integer#MAX_VALUE} where it is greater than that.
     * @throws IllegalArgumentException where the schema has no such message.
     */
    public int maxLength(final int templateId)
    {
        return requireMessage(templateId).maxLength();
    }

    /**
     * The greatest length of a message with no more entries in its groups than given, its var data as long as the
     * schema allows. This is what to claim before such a message is written.
     *
     * @param templateId  of the message.
     * @param groupCounts the most entries of each group, in the order of the schema, each followed by the groups nested
     *                    in it, of which the count in one entry is meant.
     * @return the length in bytes, message header included; {@link Integer#MAX_VALUE} where it is greater than that.
     * @throws IllegalArgumentException where the schema has no such message, or the message has another number of
     *                                  groups, or does not allow such counts.
     */
    public int maxLength(final int templateId, final int... groupCounts)
    {
        final MessageLayout message = requireMessage(templateId);
        final int groupCount = message.root().groupCount();
        if (groupCounts.length != groupCount)
        {
            throw new IllegalArgumentException("wrong number of group counts: message=" + message.name() +
                " counts=" + groupCounts.length + " groups=" + groupCount);
        }

        return MessageLayout.saturatedLength(header.length(), message.root().maxLength(groupCounts, new int[1]));
    }

    /**
     * How long a message is by the lengths and counts that it carries, none of which is trusted: whether it can be
     * decoded without leaving its bytes.
     *
     * @param buffer that holds the message, message header first.
     * @param offset of the header's first byte.
     * @param length of the message and whatever follows it in its record.
     * @return the length in bytes, message header included; -1 where the header names another schema or an unknown
     * message, or the message does not lie within the bytes given.
     */
    public int messageLength(final DirectBuffer buffer, final int offset, final int length)
    {
        if (length < header.length() || header.schemaId(buffer, offset) != schemaId)
        {
            return BlockLayout.MALFORMED;
        }

        final MessageLayout message = messages.get(header.templateId(buffer, offset));
        final int blockLength = header.blockLength(buffer, offset);
        final int actingVersion = header.version(buffer, offset);
        if (message == null || blockLength < 0 || actingVersion < 0)
        {
            return BlockLayout.MALFORMED;
        }

        final int end = message.root().end(
            buffer, offset + header.length(), offset + length, blockLength, actingVersion);

        return end == BlockLayout.MALFORMED ? BlockLayout.MALFORMED : end - offset;
    }

    /**
     * The number under which a channel stores this format: {@link #ID_PREFIX} and the schema's id. The version is no
     * part of it, since SBE's own rules let readers and writers of different versions understand each other.
     *
     * @return the id.
     */
    @Override
    public long id()
    {
        return ID_PREFIX | (schemaId & 0xFFFFL) << SCHEMA_ID_SHIFT;
    }

    @Override
    public String mediaType()
    {
        return "application/x-sbe";
    }

    /**
     * Whether the content is messages of the same schema, in any version: the id has to be equal, and what is stored of
     * the schema has to have the same package and id. Where nothing is stored, nothing contradicts, and the id alone
     * decides.
     *
     * @param storedId the id that the channel carries.
     * @param schema   the channel's schema section; it can hold anything.
     * @return true if the content can be read as this format.
     */
    @Override
    public boolean accepts(final long storedId, final DirectBuffer schema)
    {
        return storedId == id() && (schema.capacity() == 0 || IrTokens.isOf(schema, packageName, schemaId));
    }

    /**
     * The serialised schema.
     *
     * @return the bytes that the format was made from. They must not be changed.
     */
    @Override
    public DirectBuffer schema()
    {
        return ir;
    }

    @Override
    public String toString()
    {
        return "SbeDataFormat{packageName=" + TerminalText.escape(packageName) +
            " schemaId=" + schemaId +
            " schemaVersion=" + schemaVersion +
            " byteOrder=" + byteOrder +
            " messages=" + messages.size() + "}";
    }

    /**
     * A message of the schema.
     *
     * @return the message, or null where the schema has none of that id.
     */
    MessageLayout message(final int templateId)
    {
        return messages.get(templateId);
    }

    private MessageLayout requireMessage(final int templateId)
    {
        final MessageLayout message = messages.get(templateId);
        if (message == null)
        {
            throw new IllegalArgumentException("no such message: schema=" + TerminalText.escape(packageName) +
                " templateId=" + templateId);
        }

        return message;
    }
}
