package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.ChannelNotResumableException;
import io.kekbit.core.exceptions.InvalidDescriptionException;
import io.kekbit.core.layout.BlueprintDescriptor;
import io.kekbit.core.layout.ChannelPath;
import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.HeaderDescriptor;
import io.kekbit.core.layout.IndexDescriptor;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.collections.ArrayUtil;
import org.agrona.concurrent.UnsafeBuffer;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalLong;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * All that makes a channel but its records: its header byte for byte, its format, media type, label, envelope, schema
 * and place in a series, and how long its index is. From it a {@link ChannelCopy} is made, here or on another machine.
 * <p>
 * What a channel says of its writer, and what changes while it is written, is not part of it: so the blueprint of a
 * channel is that of its copies, too. A channel of the Rust crate's has one that says nothing beside the header. A
 * channel that a series has made ready, and not come to yet, has another one later: see {@link #streamId()}. Immutable.
 */
public final class ChannelBlueprint
{
    private static final String[] FIELDS =
        {"header", "formatId", "mediaType", "label", "envelope", "index", "series", "schema"};

    private final Header header;
    // The first 1024 bytes of the channel's file, in which all that is not part of the blueprint is zero.
    private final UnsafeBuffer start;
    private final Extension extension;
    private final UnsafeBuffer schema;

    /**
     * @param file   for messages.
     * @param start  the first 1024 bytes of a file; where its sections are is filled in here.
     * @param schema of the channel, of capacity 0 where it has none.
     * @throws ChannelException where this breaks a rule of the format.
     */
    private ChannelBlueprint(final Path file, final UnsafeBuffer start, final UnsafeBuffer schema)
    {
        this.start = start;
        this.schema = schema;

        final long channelLength = RecordDescriptor.wholeFileLength(HeaderDescriptor.capacity(start));
        final long schemaOffset = BitUtil.align(channelLength, (long)ExtensionDescriptor.SECTION_ALIGNMENT);
        final long indexOffset =
            BitUtil.align(schemaOffset + schema.capacity(), (long)ExtensionDescriptor.SECTION_ALIGNMENT);
        final long indexCapacity =
            Integer.toUnsignedLong(start.getInt(ExtensionDescriptor.INDEX_CAPACITY_OFFSET, LITTLE_ENDIAN));
        final long fileLength = indexOffset + indexCapacity * IndexDescriptor.ENTRY_LENGTH;
        if (schema.capacity() > 0)
        {
            ExtensionDescriptor.putLong(start, ExtensionDescriptor.SCHEMA_SECTION_OFFSET, schemaOffset);
            ExtensionDescriptor.putLong(start, ExtensionDescriptor.SCHEMA_LENGTH_OFFSET, schema.capacity());
        }
        if (indexCapacity > 0)
        {
            ExtensionDescriptor.putLong(start, ExtensionDescriptor.INDEX_SECTION_OFFSET, indexOffset);
        }
        else
        {
            start.putInt(ExtensionDescriptor.INDEX_STRIDE_OFFSET, 0, LITTLE_ENDIAN);
        }
        ExtensionDescriptor.putLong(start, ExtensionDescriptor.SIGNATURE_OFFSET, ExtensionDescriptor.SIGNATURE);

        header = HeaderRules.check(file, start, fileLength, OptionalLong.empty());
        extension = new Extension(start, fileLength);
        if (!extension.problems().isEmpty())
        {
            throw new InvalidDescriptionException(file, String.join("; ", extension.problems()));
        }
    }

    /**
     * The blueprint of a channel.
     *
     * @param reader of the channel, open. Its position does not matter.
     * @return the blueprint as it is now.
     */
    public static ChannelBlueprint of(final ShmReader reader)
    {
        reader.requireOpen();

        return of(reader.file(), reader.mapping().buffer(), reader.extension(), reader.schema());
    }

    static ChannelBlueprint of(final Path file, final ChannelOpener.Opened opened)
    {
        return of(file, opened.mapping().buffer(), opened.extension(), opened.schema());
    }

    /**
     * The blueprint of a channel that is to be created.
     *
     * @param file     for messages.
     * @param header   of the channel.
     * @param format   of its content.
     * @param envelope codes of the handlers around every payload.
     * @param label    what people are to call it.
     * @param series   where it stands in one.
     * @return the blueprint.
     * @throws InvalidDescriptionException where something does not fit into its place.
     */
    static ChannelBlueprint planned(
        final Path file,
        final Header header,
        final DataFormat format,
        final byte[] envelope,
        final String label,
        final SeriesLink series)
    {
        final byte[] mediaType = format.mediaType().getBytes(StandardCharsets.UTF_8);
        if (mediaType.length != format.mediaType().length())
        {
            throw new InvalidDescriptionException(file, "mediaType=" + format.mediaType() + " is not ASCII");
        }
        requireLength(file, "mediaType", mediaType.length, 1, ExtensionDescriptor.MEDIA_TYPE_LENGTH);
        final byte[] labelBytes = label.getBytes(StandardCharsets.UTF_8);
        requireLength(file, "label", labelBytes.length, 0, ExtensionDescriptor.LABEL_LENGTH);
        if (format.id() == 0)
        {
            throw new InvalidDescriptionException(file, "format=" + format + " id=0, which is kept for \"not told\"");
        }
        final int schemaLength = format.schema() == null ? 0 : format.schema().capacity();
        requireLength(file, "schema", schemaLength, 0, ExtensionDescriptor.MAX_SCHEMA_LENGTH);

        final UnsafeBuffer start = start();
        ExtensionDescriptor.putLong(start, HeaderDescriptor.SIGNATURE_OFFSET, HeaderDescriptor.SIGNATURE);
        HeaderDescriptor.putFields(
            start,
            header.writerId(),
            header.channelId(),
            header.capacity(),
            header.maxMessageLength(),
            header.timeout(),
            header.creationTime(),
            header.tickUnit().code());
        final int indexStride = IndexDescriptor.defaultStride(header.capacity());
        ExtensionDescriptor.putLong(start, ExtensionDescriptor.FORMAT_ID_OFFSET, format.id());
        start.putInt(
            ExtensionDescriptor.INDEX_CAPACITY_OFFSET,
            IndexDescriptor.entryCapacity(header.capacity(), indexStride),
            LITTLE_ENDIAN);
        start.putInt(ExtensionDescriptor.INDEX_STRIDE_OFFSET, indexStride, LITTLE_ENDIAN);
        start.putBytes(ExtensionDescriptor.ENVELOPE_OFFSET, envelope);
        start.putBytes(ExtensionDescriptor.MEDIA_TYPE_OFFSET, mediaType);
        start.putBytes(ExtensionDescriptor.LABEL_OFFSET, labelBytes);
        series.putIn(start);

        return new ChannelBlueprint(file, start, copy(format.schema(), 0, schemaLength));
    }

    /**
     * Take a blueprint from bytes, which are checked before anything in them is believed.
     *
     * @param buffer that holds them.
     * @param offset of the first.
     * @param length all that {@link #encode} wrote.
     * @return the blueprint.
     * @throws ChannelException          where this is no blueprint, or not that of a channel that can be made here;
     *                                   one subclass for each case.
     * @throws IndexOutOfBoundsException where the buffer is not that long.
     */
    public static ChannelBlueprint decode(final DirectBuffer buffer, final int offset, final int length)
    {
        buffer.boundsCheck(offset, length);
        if (length < BlueprintDescriptor.SCHEMA_OFFSET)
        {
            throw new InvalidDescriptionException(
                null, "blueprint: bytes=" + length + " min=" + BlueprintDescriptor.SCHEMA_OFFSET);
        }
        final int version = buffer.getInt(offset + BlueprintDescriptor.VERSION_OFFSET, LITTLE_ENDIAN);
        if (version != BlueprintDescriptor.VERSION)
        {
            throw new InvalidDescriptionException(
                null,
                "blueprint: version=" + Integer.toUnsignedString(version) + " known=" + BlueprintDescriptor.VERSION);
        }
        final Path file = ChannelPath.relative(
            buffer.getLong(
                offset + BlueprintDescriptor.HEADER_OFFSET + HeaderDescriptor.CHANNEL_ID_OFFSET, LITTLE_ENDIAN));
        final long schemaLength = Integer.toUnsignedLong(
            buffer.getInt(offset + BlueprintDescriptor.SCHEMA_LENGTH_OFFSET, LITTLE_ENDIAN));
        if (schemaLength > ExtensionDescriptor.MAX_SCHEMA_LENGTH ||
            schemaLength != length - BlueprintDescriptor.SCHEMA_OFFSET)
        {
            throw new InvalidDescriptionException(
                file,
                "blueprint: bytes=" + length + " schema bytes=" + schemaLength + " do not go together; max=" +
                    ExtensionDescriptor.MAX_SCHEMA_LENGTH);
        }

        final UnsafeBuffer start = start();
        for (final Part part : Part.values())
        {
            start.putBytes(part.startOffset, buffer, offset + part.encodedOffset, part.length);
        }

        return new ChannelBlueprint(
            file, start, copy(buffer, offset + BlueprintDescriptor.SCHEMA_OFFSET, (int)schemaLength));
    }

    /**
     * How many bytes {@link #encode} writes.
     *
     * @return the length in bytes, at least 312, and as much more as the schema is long.
     */
    public int encodedLength()
    {
        return BlueprintDescriptor.SCHEMA_OFFSET + schema.capacity();
    }

    /**
     * Put this into bytes, see {@link BlueprintDescriptor}.
     *
     * @param buffer to write to.
     * @param offset of the first of {@link #encodedLength()} bytes.
     */
    public void encode(final MutableDirectBuffer buffer, final int offset)
    {
        buffer.putInt(offset + BlueprintDescriptor.VERSION_OFFSET, BlueprintDescriptor.VERSION, LITTLE_ENDIAN);
        buffer.putInt(offset + BlueprintDescriptor.SCHEMA_LENGTH_OFFSET, schema.capacity(), LITTLE_ENDIAN);
        for (final Part part : Part.values())
        {
            buffer.putBytes(offset + part.encodedOffset, start, part.startOffset, part.length);
        }
        buffer.putBytes(offset + BlueprintDescriptor.SCHEMA_OFFSET, schema, 0, schema.capacity());
    }

    /**
     * Identity and limits of the channel.
     *
     * @return the header.
     */
    public Header header()
    {
        return header;
    }

    /**
     * The bytes that describe the content, as its data format defines them.
     *
     * @return the schema, of capacity 0 where there is none. Not to be written to.
     */
    public DirectBuffer schema()
    {
        return schema;
    }

    /**
     * The {@link DataFormat#id()} of the content's format.
     *
     * @return the id, unsigned; 0 where it is not told, as by the Rust crate.
     */
    public long formatId()
    {
        return extension.formatId();
    }

    /**
     * The {@link DataFormat#mediaType()} of the content's format.
     *
     * @return the media type, which can hold any character: see {@link TerminalText}.
     */
    public String mediaType()
    {
        return extension.mediaType();
    }

    /**
     * What people call the channel.
     *
     * @return the label, which can hold any character, or be empty: see {@link TerminalText}.
     */
    public String label()
    {
        return extension.label();
    }

    /**
     * The codes of the handlers around every payload, see {@link io.kekbit.core.layout.EnvelopeDescriptor}.
     *
     * @return a copy, outermost first; empty where payloads stand alone.
     */
    public byte[] envelope()
    {
        return extension.envelope();
    }

    /**
     * Which series the channel is part of.
     *
     * @return the stream id; 0 where it is part of none, or was made ready for one whose writer had not come to it:
     * then it is not to be copied yet.
     */
    public long streamId()
    {
        return extension.streamId();
    }

    /**
     * Which channel of its series this is.
     *
     * @return how many channels there were before it.
     */
    public long ordinal()
    {
        return extension.ordinal();
    }

    /**
     * The number in its series that the channel's first record has.
     *
     * @return how many records there were in the channels before it.
     */
    public long firstRecordNumber()
    {
        return extension.firstRecordNumber();
    }

    /**
     * Whether a channel of this blueprint is the one that follows a copied channel in its series, and no record is
     * between the two.
     *
     * @param previous all of the channel before it.
     * @return true if stream id, ordinal and the number of the first record say so.
     */
    public boolean follows(final ChannelCopy previous)
    {
        final ChannelBlueprint before = previous.blueprint();

        return streamId() != 0 && streamId() == before.streamId() && ordinal() == before.ordinal() + 1 &&
            firstRecordNumber() == before.firstRecordNumber() + previous.recordCount();
    }

    /**
     * The greatest length that a frame of the channel can have: a record with its length word and its padding.
     *
     * @return the length in bytes.
     */
    public int longestFrame()
    {
        return RecordDescriptor.alignedLength(header.maxMessageLength());
    }

    @Override
    public boolean equals(final Object other)
    {
        return other instanceof ChannelBlueprint that && start.equals(that.start) && schema.equals(that.schema);
    }

    @Override
    public int hashCode()
    {
        return 31 * start.hashCode() + schema.hashCode();
    }

    @Override
    public String toString()
    {
        final StringBuilder text = new StringBuilder("ChannelBlueprint{");
        final String[] values = values();
        for (int i = 0; i < values.length; i++)
        {
            text.append(i == 0 ? "" : " ").append(FIELDS[i]).append('=').append(values[i]);
        }

        return text.append('}').toString();
    }

    /**
     * See that a file is a copy of the channel that this is the blueprint of.
     *
     * @param file   of the copy.
     * @param actual its blueprint.
     * @throws ChannelNotResumableException where it is not.
     */
    void requireEqual(final Path file, final ChannelBlueprint actual)
    {
        if (!equals(actual))
        {
            throw new ChannelNotResumableException(file, "a copy of another channel: " + difference(actual));
        }
    }

    /**
     * Store this in the mapping of a file that is being made: all but the signatures, which make a channel of it.
     */
    void putIn(final MutableDirectBuffer buffer)
    {
        final int headerEnd = HeaderDescriptor.LENGTH;
        buffer.putBytes(Long.BYTES, start, Long.BYTES, headerEnd - Long.BYTES);
        final int extensionStart = ExtensionDescriptor.SIGNATURE_OFFSET + Long.BYTES;
        buffer.putBytes(extensionStart, start, extensionStart, start.capacity() - extensionStart);
    }

    long fileLength()
    {
        return extension.fileLength();
    }

    Extension extension()
    {
        return extension;
    }

    private static ChannelBlueprint of(
        final Path file, final DirectBuffer buffer, final Extension extension, final DirectBuffer schema)
    {
        final UnsafeBuffer start = start();
        start.putBytes(0, buffer, 0, HeaderDescriptor.LENGTH);
        if (extension.isPresent())
        {
            start.putLong(ExtensionDescriptor.FORMAT_ID_OFFSET, extension.formatId(), LITTLE_ENDIAN);
            start.putInt(ExtensionDescriptor.INDEX_CAPACITY_OFFSET, extension.indexCapacity(), LITTLE_ENDIAN);
            start.putInt(ExtensionDescriptor.INDEX_STRIDE_OFFSET, (int)extension.indexStride(), LITTLE_ENDIAN);
            copyField(buffer, start, ExtensionDescriptor.ENVELOPE_OFFSET, ExtensionDescriptor.ENVELOPE_LENGTH);
            copyField(buffer, start, ExtensionDescriptor.MEDIA_TYPE_OFFSET, ExtensionDescriptor.MEDIA_TYPE_LENGTH);
            copyField(buffer, start, ExtensionDescriptor.LABEL_OFFSET, ExtensionDescriptor.LABEL_LENGTH);
            // As it is now: a channel that was made ready is told its place when the series comes to it. The stream id
            // is stored last, so it is loaded first.
            copyField(buffer, start, ExtensionDescriptor.STREAM_ID_OFFSET, Long.BYTES);
            VarHandle.acquireFence();
            copyField(buffer, start, ExtensionDescriptor.ORDINAL_OFFSET, 2 * Long.BYTES);
        }

        return new ChannelBlueprint(file, start, copy(schema, 0, schema.capacity()));
    }

    /**
     * Room for all that stands before the records. It is not on the heap: once the JIT compiler has seen stores through
     * buffers over arrays as well as over mapped memory, it compiles each store for both, and a claim of 64 bytes takes
     * two nanoseconds longer. Every channel is made from a blueprint, so every writer would pay for it.
     */
    private static UnsafeBuffer start()
    {
        return new UnsafeBuffer(ByteBuffer.allocateDirect(RecordDescriptor.RECORD_AREA_OFFSET));
    }

    private static void copyField(
        final DirectBuffer source, final MutableDirectBuffer target, final int offset, final int length)
    {
        target.putBytes(offset, source, offset, length);
    }

    private static UnsafeBuffer copy(final DirectBuffer source, final int offset, final int length)
    {
        if (length == 0)
        {
            return new UnsafeBuffer(ArrayUtil.EMPTY_BYTE_ARRAY);
        }
        final byte[] bytes = new byte[length];
        source.getBytes(offset, bytes);

        return new UnsafeBuffer(bytes);
    }

    private static void requireLength(
        final Path file, final String name, final int length, final int min, final int max)
    {
        if (length < min || length > max)
        {
            throw new InvalidDescriptionException(file, name + " bytes=" + length + " min=" + min + " max=" + max);
        }
    }

    /**
     * The first field in which another blueprint differs.
     */
    private String difference(final ChannelBlueprint actual)
    {
        final String[] expectedValues = values();
        final String[] actualValues = actual.values();
        for (int i = 0; i < FIELDS.length; i++)
        {
            if (!expectedValues[i].equals(actualValues[i]))
            {
                return FIELDS[i] + " expected=" + expectedValues[i] + " actual=" + actualValues[i];
            }
        }

        return "reserved bytes of the header or the extension";
    }

    private String[] values()
    {
        return new String[]
        {
            header.toString(),
            "0x" + Long.toHexString(formatId()),
            TerminalText.escape(mediaType()),
            TerminalText.escape(label()),
            Arrays.toString(envelope()),
            extension.indexCapacity() + "x" + extension.indexStride(),
            Long.toHexString(streamId()) + "/" + ordinal() + "/" + firstRecordNumber(),
            schema.capacity() + " bytes, hash " + Integer.toHexString(schema.hashCode())
        };
    }

    /**
     * Where the parts of a file's first 1024 bytes stand in the encoded form.
     */
    private enum Part
    {
        HEADER(0, BlueprintDescriptor.HEADER_OFFSET, HeaderDescriptor.LENGTH),
        FORMAT_ID(ExtensionDescriptor.FORMAT_ID_OFFSET, BlueprintDescriptor.FORMAT_ID_OFFSET, Long.BYTES),
        INDEX(ExtensionDescriptor.INDEX_CAPACITY_OFFSET, BlueprintDescriptor.INDEX_CAPACITY_OFFSET, Long.BYTES),
        ENVELOPE(
            ExtensionDescriptor.ENVELOPE_OFFSET,
            BlueprintDescriptor.ENVELOPE_OFFSET,
            ExtensionDescriptor.ENVELOPE_LENGTH),
        MEDIA_TYPE(
            ExtensionDescriptor.MEDIA_TYPE_OFFSET,
            BlueprintDescriptor.MEDIA_TYPE_OFFSET,
            ExtensionDescriptor.MEDIA_TYPE_LENGTH),
        LABEL(ExtensionDescriptor.LABEL_OFFSET, BlueprintDescriptor.LABEL_OFFSET, ExtensionDescriptor.LABEL_LENGTH),
        SERIES(
            ExtensionDescriptor.STREAM_ID_OFFSET,
            BlueprintDescriptor.SERIES_OFFSET,
            BlueprintDescriptor.SERIES_LENGTH);

        private final int startOffset;
        private final int encodedOffset;
        private final int length;

        Part(final int startOffset, final int encodedOffset, final int length)
        {
            this.startOffset = startOffset;
            this.encodedOffset = encodedOffset;
            this.length = length;
        }
    }
}
