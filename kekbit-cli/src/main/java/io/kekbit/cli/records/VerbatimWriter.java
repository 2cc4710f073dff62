package io.kekbit.cli.records;

import io.kekbit.core.DataFormat;
import io.kekbit.core.EnvelopeWriter;
import io.kekbit.core.Extension;
import io.kekbit.core.Header;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.ShmWriter;
import io.kekbit.core.ShmWriterBuilder;
import io.kekbit.core.TickUnit;
import io.kekbit.core.WriteHandler;
import io.kekbit.core.layout.EnvelopeDescriptor;
import io.kekbit.core.layout.HeaderDescriptor;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.SystemEpochNanoClock;

import java.nio.file.Path;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * Writes records of one channel to a new one. Every record's content is kept byte for byte, what stands around the
 * payload included: time, sequence number, checksum, and whatever an application's own handlers put there.
 */
final class VerbatimWriter implements AutoCloseable
{
    private final StreamReader source;
    private final byte[] codes;
    private final int lengthBefore;
    private final int lengthAfter;
    private final boolean isSeenThrough;
    private final EnvelopeWriter<DataFormat> writer;
    private int contentOffset;
    private int contentLength;

    /**
     * Create the copy.
     *
     * @param source to copy from.
     * @param root   folder of channels to create it in.
     * @param id     of the copy.
     * @param size   what it has to hold.
     * @throws io.kekbit.core.exceptions.ChannelException where it cannot be created.
     */
    VerbatimWriter(final StreamReader source, final Path root, final long id, final Size size)
    {
        this.source = source;
        codes = source.extension().envelope();
        int before = 0;
        int after = 0;
        for (final byte code : codes)
        {
            before += EnvelopeCodes.lengthBefore(code);
            after += EnvelopeCodes.lengthAfter(code);
        }
        lengthBefore = before;
        lengthAfter = after;
        isSeenThrough = EnvelopeCodes.areSeenThrough(codes);

        final WriteHandler[] handlers = new WriteHandler[codes.length];
        for (int i = 0; i < codes.length; i++)
        {
            handlers[i] = new Verbatim(codes[i]);
        }
        final ShmWriterBuilder<DataFormat> builder = ShmWriter
            .builder(root, header(source.header(), id, size), format(source))
            .label(source.extension().label())
            .initialHeartbeat(false);
        writer = EnvelopeWriter.create(builder.clock(clock()), handlers);
    }

    /**
     * Append the record that the source stands on.
     *
     * @throws io.kekbit.core.exceptions.WriteException where that cannot be done.
     */
    void append()
    {
        contentOffset = source.offset() - (isSeenThrough ? lengthBefore : 0);
        contentLength = source.length() + (isSeenThrough ? lengthBefore + lengthAfter : 0);
        writer.write(source.buffer(), contentOffset + lengthBefore, contentLength - lengthBefore - lengthAfter);
    }

    /**
     * Close the copy: no record follows in it.
     */
    @Override
    public void close()
    {
        writer.close();
    }

    /**
     * The length of the content of the record that a reader stands on, what is around its payload included.
     */
    static int contentLength(final StreamReader reader)
    {
        int around = 0;
        if (EnvelopeCodes.areSeenThrough(reader.extension().envelope()))
        {
            for (final byte code : reader.extension().envelope())
            {
                around += EnvelopeCodes.lengthBefore(code) + EnvelopeCodes.lengthAfter(code);
            }
        }

        return reader.length() + around;
    }

    private static Header header(final Header of, final long id, final Size size)
    {
        return Header.builder()
            .writerId(of.writerId())
            .channelId(id)
            .capacity(size.capacity())
            .maxMessageLength(size.longest())
            .timeout(of.timeout())
            .tickUnit(of.tickUnit())
            .creationTime(of.creationTime())
            .build();
    }

    private static DataFormat format(final StreamReader source)
    {
        return source.extension().formatId() == 0 ? RawBinDataFormat.INSTANCE : new StoredFormat(source);
    }

    /**
     * The index of the copy gets the times of the records, where they are told, so that they are found by time.
     */
    private EpochNanoClock clock()
    {
        int offset = 0;
        for (final byte code : codes)
        {
            if (code == EnvelopeDescriptor.TIMESTAMP)
            {
                return new RecordClock(offset);
            }
            if (!EnvelopeCodes.isSeenThrough(code))
            {
                break;
            }
            offset += EnvelopeCodes.lengthBefore(code);
        }

        return SystemEpochNanoClock.INSTANCE;
    }

    /**
     * What a copy has to hold.
     */
    static final class Size
    {
        private long bytes;
        private long records;
        private int longest = 1;

        /**
         * Count a record.
         *
         * @param length of its content.
         */
        void add(final int length)
        {
            bytes += RecordDescriptor.alignedLength(length);
            longest = Math.max(longest, length);
            records++;
        }

        long records()
        {
            return records;
        }

        private int longest()
        {
            return longest;
        }

        private long capacity()
        {
            return Math.max(
                HeaderDescriptor.requiredCapacity(longest), bytes + RecordDescriptor.RESERVED_LENGTH);
        }
    }

    /**
     * Puts around a payload what stood there in the source, at the same place of the content.
     */
    private final class Verbatim implements WriteHandler
    {
        private final byte code;

        Verbatim(final byte code)
        {
            this.code = code;
        }

        @Override
        public int code()
        {
            return code & 0xFF;
        }

        @Override
        public int incomingLength()
        {
            return EnvelopeCodes.lengthBefore(code);
        }

        @Override
        public int outgoingLength()
        {
            return EnvelopeCodes.lengthAfter(code);
        }

        @Override
        public void incoming(final MutableDirectBuffer slot, final int offset)
        {
            slot.putBytes(offset, source.buffer(), contentOffset + offset, EnvelopeCodes.lengthBefore(code));
        }

        @Override
        public void outgoing(final MutableDirectBuffer slot, final int offset)
        {
            slot.putBytes(offset, source.buffer(), contentOffset + offset, EnvelopeCodes.lengthAfter(code));
        }
    }

    /**
     * The time of the record copied last.
     */
    private final class RecordClock implements EpochNanoClock
    {
        private final int offset;
        private final TickUnit unit = source.header().tickUnit();

        RecordClock(final int offset)
        {
            this.offset = offset;
        }

        @Override
        public long nanoTime()
        {
            return unit.toNanos(
                contentLength == 0 ?
                    source.header().creationTime() :
                    source.buffer().getLong(contentOffset + offset, LITTLE_ENDIAN));
        }
    }

    /**
     * The format as the source stores it, whatever it is.
     */
    private static final class StoredFormat implements DataFormat
    {
        private final Extension extension;
        private final DirectBuffer schema;

        StoredFormat(final StreamReader source)
        {
            extension = source.extension();
            schema = source.schema();
        }

        @Override
        public long id()
        {
            return extension.formatId();
        }

        @Override
        public String mediaType()
        {
            return extension.mediaType();
        }

        @Override
        public DirectBuffer schema()
        {
            return schema.capacity() == 0 ? null : schema;
        }
    }
}
