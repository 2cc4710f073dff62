package io.kekbit.core.replay;

import io.kekbit.core.EnvelopeWriter;
import io.kekbit.core.Header;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.ShmReader;
import io.kekbit.core.ShmWriter;
import io.kekbit.core.TickUnit;
import io.kekbit.core.Writer;
import io.kekbit.core.handlers.ChecksumHandler;
import io.kekbit.core.handlers.SequenceHandler;
import io.kekbit.core.handlers.TimestampHandler;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

/**
 * Channels for the tests of replaying and merging. A record's content is its number and a time, 8 bytes each.
 */
final class Streams
{
    static final int CONTENT_LENGTH = 16;
    static final long TIMEOUT_NS = TimeUnit.MINUTES.toNanos(3);
    static final TimestampExtractor FIELD = (buffer, offset, length) ->
        length < CONTENT_LENGTH ? TimestampExtractor.NO_TIME : buffer.getLong(offset + Long.BYTES);

    private final UnsafeBuffer content = new UnsafeBuffer(new byte[CONTENT_LENGTH]);
    private final Path root;
    private long now;

    Streams(final Path root)
    {
        this.root = root;
    }

    static Header header(final long channelId)
    {
        return header(channelId, 64 * 1024);
    }

    static Header header(final long channelId, final int capacity)
    {
        return Header.builder()
            .channelId(channelId)
            .capacity(capacity)
            .maxMessageLength(64)
            .timeout(TIMEOUT_NS)
            .creationTime(1)
            .build();
    }

    static long number(final DirectBuffer buffer, final int offset)
    {
        return buffer.getLong(offset);
    }

    /**
     * A writer that stamps each record with the time that {@link #append} is given.
     */
    Writer<RawBinDataFormat> stamping(final long channelId)
    {
        return EnvelopeWriter.create(
            ShmWriter.builder(root, header(channelId), RawBinDataFormat.INSTANCE),
            new TimestampHandler(TickUnit.NANOS, () -> now),
            new SequenceHandler(),
            new ChecksumHandler());
    }

    /**
     * A writer without any envelope.
     */
    Writer<RawBinDataFormat> plain(final long channelId)
    {
        return ShmWriter.create(root, header(channelId), RawBinDataFormat.INSTANCE);
    }

    void append(final Writer<RawBinDataFormat> writer, final long number, final long time)
    {
        now = time;
        content.putLong(0, number);
        content.putLong(Long.BYTES, time);
        writer.write(content, 0, CONTENT_LENGTH);
    }

    /**
     * A closed channel of stamped records, numbered from 0.
     */
    ShmReader stamped(final long channelId, final long... times)
    {
        try (Writer<RawBinDataFormat> writer = stamping(channelId))
        {
            appendAll(writer, times);
        }

        return open(channelId);
    }

    /**
     * A closed channel of records that have a time in their content only.
     */
    ShmReader withField(final long channelId, final long... times)
    {
        try (Writer<RawBinDataFormat> writer = plain(channelId))
        {
            appendAll(writer, times);
        }

        return open(channelId);
    }

    /**
     * Change the payload of a record of a stamped channel, so that its checksum is not right.
     */
    void damage(final long channelId, final int number) throws IOException
    {
        try (ShmReader reader = open(channelId);
            FileChannel file = FileChannel.open(reader.file(), StandardOpenOption.WRITE))
        {
            reader.seekToRecord(number);
            reader.next();
            file.write(ByteBuffer.wrap(new byte[] {0x55}), reader.offset());
        }
    }

    ShmReader open(final long channelId)
    {
        return ShmReader.open(root, channelId);
    }

    private void appendAll(final Writer<RawBinDataFormat> writer, final long... times)
    {
        for (int i = 0; i < times.length; i++)
        {
            append(writer, i, times[i]);
        }
    }
}
