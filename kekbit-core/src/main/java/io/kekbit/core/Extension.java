package io.kekbit.core;

import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.HeaderDescriptor;
import io.kekbit.core.layout.IndexDescriptor;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.collections.ArrayUtil;

import java.nio.ByteOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * What a channel says of itself beside its header, as it stood when it was opened. A channel that the Rust crate made
 * says nothing: its extension is not {@link #isPresent() present}, and every other answer is 0 or empty. Immutable.
 * <p>
 * All of it comes from the file and can be damaged or hostile. What breaks the rules of the format is treated as absent
 * and reported by {@link #problems()}.
 */
public final class Extension
{
    private static final long MAX_STRIDE = 1L << 31;

    private final long fileLength;
    private final boolean isPresent;
    private final boolean isCopy;
    private final long formatId;
    private final byte[] envelope;
    private final String mediaType;
    private final String label;
    private final long processId;
    private final long processStartMs;
    private final UUID bootId;
    private final long writerEpoch;
    private final long schemaOffset;
    private final int schemaLength;
    private final long indexOffset;
    private final int indexCapacity;
    private final long indexStride;
    private final SeriesLink series;
    private final List<String> problems;

    /**
     * Read the extension of a file.
     *
     * @param buffer     the first 1024 bytes of the file.
     * @param fileLength in bytes.
     */
    Extension(final DirectBuffer buffer, final long fileLength)
    {
        this.fileLength = fileLength;
        isPresent = ExtensionDescriptor.isPresent(buffer);
        final List<String> found = new ArrayList<>();
        if (!isPresent)
        {
            isCopy = false;
            formatId = 0;
            envelope = ArrayUtil.EMPTY_BYTE_ARRAY;
            mediaType = "";
            label = "";
            processId = 0;
            processStartMs = 0;
            bootId = BootId.UNKNOWN;
            writerEpoch = 0;
            schemaOffset = 0;
            schemaLength = 0;
            indexOffset = 0;
            indexCapacity = 0;
            indexStride = 0;
            series = SeriesLink.NONE;
            problems = List.of();
            return;
        }

        isCopy = (buffer.getInt(ExtensionDescriptor.OPTIONAL_FEATURES_OFFSET, LITTLE_ENDIAN) &
            ExtensionDescriptor.COPY_FEATURE) != 0;
        formatId = buffer.getLong(ExtensionDescriptor.FORMAT_ID_OFFSET, LITTLE_ENDIAN);
        envelope = Envelope.codes(buffer);
        mediaType = ExtensionDescriptor.text(
            buffer, ExtensionDescriptor.MEDIA_TYPE_OFFSET, ExtensionDescriptor.MEDIA_TYPE_LENGTH);
        label = ExtensionDescriptor.text(buffer, ExtensionDescriptor.LABEL_OFFSET, ExtensionDescriptor.LABEL_LENGTH);
        processId = buffer.getLong(ExtensionDescriptor.PROCESS_ID_OFFSET, LITTLE_ENDIAN);
        processStartMs = buffer.getLong(ExtensionDescriptor.PROCESS_START_OFFSET, LITTLE_ENDIAN);
        bootId = bootId(buffer);
        writerEpoch = buffer.getLong(ExtensionDescriptor.WRITER_EPOCH_OFFSET, LITTLE_ENDIAN);
        series = SeriesLink.in(buffer);

        final long sectionsStart = RecordDescriptor.wholeFileLength(HeaderDescriptor.capacity(buffer));

        final long storedIndexOffset = buffer.getLong(ExtensionDescriptor.INDEX_SECTION_OFFSET, LITTLE_ENDIAN);
        final long storedIndexCapacity =
            Integer.toUnsignedLong(buffer.getInt(ExtensionDescriptor.INDEX_CAPACITY_OFFSET, LITTLE_ENDIAN));
        final long storedStride =
            Integer.toUnsignedLong(buffer.getInt(ExtensionDescriptor.INDEX_STRIDE_OFFSET, LITTLE_ENDIAN));
        final long indexLength = storedIndexCapacity * IndexDescriptor.ENTRY_LENGTH;
        final boolean hasIndex = storedIndexOffset != 0;
        final boolean isIndexRight = hasIndex && isInside(
            "index section", storedIndexOffset, indexLength, Integer.MAX_VALUE, sectionsStart, fileLength, found);
        final boolean isStrideRight = storedStride >= RecordDescriptor.ALIGNMENT && storedStride <= MAX_STRIDE &&
            BitUtil.isPowerOfTwo(storedStride);
        if (isIndexRight && !isStrideRight)
        {
            found.add("index section: stride=" + storedStride + " is not a power of two");
        }

        final long storedSchemaOffset = buffer.getLong(ExtensionDescriptor.SCHEMA_SECTION_OFFSET, LITTLE_ENDIAN);
        final long storedSchemaLength = buffer.getLong(ExtensionDescriptor.SCHEMA_LENGTH_OFFSET, LITTLE_ENDIAN);
        final boolean hasSchema = storedSchemaOffset != 0;
        boolean isSchemaRight = hasSchema && isInside(
            "schema section",
            storedSchemaOffset,
            storedSchemaLength,
            ExtensionDescriptor.MAX_SCHEMA_LENGTH,
            sectionsStart,
            fileLength,
            found);
        if (isSchemaRight && isIndexRight &&
            storedSchemaOffset < storedIndexOffset + indexLength &&
            storedIndexOffset < storedSchemaOffset + storedSchemaLength)
        {
            found.add("schema section: offset=" + storedSchemaOffset + " length=" + storedSchemaLength +
                " overlaps the index section");
            isSchemaRight = false;
        }

        schemaOffset = isSchemaRight ? storedSchemaOffset : 0;
        schemaLength = isSchemaRight ? (int)storedSchemaLength : 0;
        final boolean isIndexUsable = isIndexRight && isStrideRight;
        indexOffset = isIndexUsable ? storedIndexOffset : 0;
        indexCapacity = isIndexUsable ? (int)storedIndexCapacity : 0;
        indexStride = isIndexUsable ? storedStride : 0;
        problems = List.copyOf(found);
    }

    /**
     * Store who writes the channel from now on.
     *
     * @param buffer the first 1024 bytes of the file.
     * @param epoch  how many writers the channel has had, this one included.
     */
    static void putWriter(final MutableDirectBuffer buffer, final long epoch)
    {
        final ProcessHandle process = ProcessHandle.current();
        final UUID bootId = BootId.current();
        ExtensionDescriptor.putLong(buffer, ExtensionDescriptor.PROCESS_ID_OFFSET, process.pid());
        ExtensionDescriptor.putLong(
            buffer,
            ExtensionDescriptor.PROCESS_START_OFFSET,
            process.info().startInstant().map(Instant::toEpochMilli).orElse(0L));
        buffer.putLong(ExtensionDescriptor.BOOT_ID_OFFSET, bootId.getMostSignificantBits(), ByteOrder.BIG_ENDIAN);
        buffer.putLong(
            ExtensionDescriptor.BOOT_ID_OFFSET + Long.BYTES, bootId.getLeastSignificantBits(), ByteOrder.BIG_ENDIAN);
        ExtensionDescriptor.putLong(buffer, ExtensionDescriptor.WRITER_EPOCH_OFFSET, epoch);
    }

    /**
     * Store whether the channel is a copy. What else the optional features say stays.
     *
     * @param buffer the first 1024 bytes of the file.
     */
    static void putCopy(final MutableDirectBuffer buffer, final boolean isCopy)
    {
        final int others = buffer.getInt(ExtensionDescriptor.OPTIONAL_FEATURES_OFFSET, LITTLE_ENDIAN) &
            ~ExtensionDescriptor.COPY_FEATURE;
        buffer.putInt(
            ExtensionDescriptor.OPTIONAL_FEATURES_OFFSET,
            isCopy ? others | ExtensionDescriptor.COPY_FEATURE : others,
            LITTLE_ENDIAN);
    }

    /**
     * The boot id as it stands now.
     *
     * @param buffer the first 1024 bytes of the file.
     */
    static UUID bootId(final DirectBuffer buffer)
    {
        return new UUID(
            buffer.getLong(ExtensionDescriptor.BOOT_ID_OFFSET, ByteOrder.BIG_ENDIAN),
            buffer.getLong(ExtensionDescriptor.BOOT_ID_OFFSET + Long.BYTES, ByteOrder.BIG_ENDIAN));
    }

    long fileLength()
    {
        return fileLength;
    }

    /**
     * The position that no record reaches beyond. This project's writers leave room at the end, and the crate's do not.
     * Its channels do not tell their format, nor do copies of them, and all others do.
     *
     * @param capacity of the channel in bytes.
     */
    int recordsEnd(final int capacity)
    {
        return formatId == 0 ? capacity : capacity - RecordDescriptor.RESERVED_LENGTH;
    }

    private static boolean isInside(
        final String name,
        final long offset,
        final long length,
        final long maxLength,
        final long sectionsStart,
        final long fileLength,
        final List<String> found)
    {
        if (length < 1 || length > maxLength)
        {
            found.add(name + ": length=" + Long.toUnsignedString(length) + " min=1 max=" + maxLength);
            return false;
        }

        if (offset < sectionsStart || offset > fileLength - length ||
            !BitUtil.isAligned(offset, ExtensionDescriptor.SECTION_ALIGNMENT))
        {
            found.add(name + ": offset=" + Long.toUnsignedString(offset) + " length=" + length + " min=" +
                sectionsStart + " fileLength=" + fileLength + " is not inside the file, or not aligned to " +
                ExtensionDescriptor.SECTION_ALIGNMENT);
            return false;
        }

        return true;
    }

    /**
     * Whether the channel carries the extension at all. One that the Rust crate made does not.
     *
     * @return true if it does.
     */
    public boolean isPresent()
    {
        return isPresent;
    }

    /**
     * Whether the channel is a copy of another, made by a {@link ChannelCopy}, and nobody has gone on with it as a
     * channel of its own.
     *
     * @return true if it is.
     */
    public boolean isCopy()
    {
        return isCopy;
    }

    /**
     * The {@link DataFormat#id()} of the format that the channel was created with.
     *
     * @return the id, unsigned; 0 where it is not told.
     */
    public long formatId()
    {
        return formatId;
    }

    /**
     * The {@link DataFormat#mediaType()} of the format that the channel was created with.
     *
     * @return the media type, which can hold any character if the file is damaged: see {@link TerminalText}.
     */
    public String mediaType()
    {
        return mediaType;
    }

    /**
     * What people call this channel.
     *
     * @return the label, which can hold any character, or be empty: see {@link TerminalText}.
     */
    public String label()
    {
        return label;
    }

    /**
     * The codes of the handlers around every payload, see {@link io.kekbit.core.layout.EnvelopeDescriptor}.
     *
     * @return a copy, outermost first; empty where payloads stand alone.
     */
    public byte[] envelope()
    {
        return envelope.clone();
    }

    /**
     * The process id of the last writer: information, no proof that it lives.
     *
     * @return the id.
     */
    public long processId()
    {
        return processId;
    }

    /**
     * When the process of the last writer was started.
     *
     * @return milliseconds since 1970-01-01T00:00Z, 0 where it is not known.
     */
    public long processStartMs()
    {
        return processStartMs;
    }

    /**
     * Which run of the operating system the last writer ran on.
     *
     * @return the boot id, all zero where it is not known.
     */
    public UUID bootId()
    {
        return bootId;
    }

    /**
     * How many writers the channel has had, one after the other.
     *
     * @return 1 for the one that created it, one more for each that resumed.
     */
    public long writerEpoch()
    {
        return writerEpoch;
    }

    /**
     * Where the bytes that describe the payload stand.
     *
     * @return the offset in the file, 0 where there are none.
     */
    public long schemaOffset()
    {
        return schemaOffset;
    }

    /**
     * How many bytes describe the payload.
     *
     * @return the length in bytes.
     */
    public int schemaLength()
    {
        return schemaLength;
    }

    /**
     * Where the index stands.
     *
     * @return the offset in the file, 0 where there is none.
     */
    public long indexOffset()
    {
        return indexOffset;
    }

    /**
     * How many entries the index has room for.
     *
     * @return the number of entries.
     */
    public int indexCapacity()
    {
        return indexCapacity;
    }

    /**
     * How many bytes of the record area there are to an index entry.
     *
     * @return the stride in bytes, a power of two; 0 where there is no index.
     */
    public long indexStride()
    {
        return indexStride;
    }

    /**
     * Which series the channel is part of, see {@link io.kekbit.core.series.SeriesWriter}.
     *
     * @return the stream id, which all channels of a series share; 0 where it is part of none, or was made ready for
     * one whose writer had not come to it when this was looked at.
     */
    public long streamId()
    {
        return series.streamId();
    }

    /**
     * Which channel of its series this is.
     *
     * @return how many channels there were before it.
     */
    public long ordinal()
    {
        return series.ordinal();
    }

    /**
     * The number in its series that this channel's first record has.
     *
     * @return how many records there were in the channels before it.
     */
    public long firstRecordNumber()
    {
        return series.firstRecordNumber();
    }

    /**
     * What in the extension breaks the rules of the format and was therefore treated as absent.
     *
     * @return one sentence for each, none in a channel that is as it should be.
     */
    public List<String> problems()
    {
        return problems;
    }
}
