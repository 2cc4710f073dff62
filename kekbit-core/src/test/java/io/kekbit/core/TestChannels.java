package io.kekbit.core;

import io.kekbit.core.layout.ChannelPath;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * What the tests of the channel share: headers, the fixtures' records, and access to a file behind the library's back.
 */
final class TestChannels
{
    static final long CHANNEL_ID = 1;
    static final int SMALL_CAPACITY = 16 * 1024;
    static final long TIMEOUT_NS = 99_999_999_999L;

    private TestChannels()
    {
    }

    /**
     * The header of the Rust fixtures 1 to 3, but for the creation time.
     */
    static Header.Builder smallHeader()
    {
        return Header.builder()
            .writerId(1850)
            .channelId(CHANNEL_ID)
            .capacity(3000)
            .maxMessageLength(100)
            .timeout(TIMEOUT_NS);
    }

    static ShmWriter<RawBinDataFormat> createSmall(final Path root)
    {
        return ShmWriter.create(root, smallHeader().build(), RawBinDataFormat.INSTANCE);
    }

    /**
     * Record i of the Rust fixtures.
     */
    static byte[] fixtureRecord(final int i, final int length)
    {
        final byte[] record = new byte[length];
        for (int j = 0; j < length; j++)
        {
            record[j] = (byte)(31 * i + 7 * j);
        }

        return record;
    }

    static int fixtureLength(final int i)
    {
        return 1 + (7 * i) % 61;
    }

    static UnsafeBuffer bytes(final int length)
    {
        return new UnsafeBuffer(fixtureRecord(length, length));
    }

    /**
     * Fill a channel with records of the greatest length until none of that length fits any more.
     */
    static void fillWithLongest(final ShmWriter<?> writer)
    {
        final UnsafeBuffer longest = bytes(writer.header().maxMessageLength());
        while (writer.tryWrite(longest, 0, longest.capacity()) > 0)
        {
            continue;
        }
    }

    /**
     * Every record that a reader has to give, copied.
     */
    static List<byte[]> readAll(final Reader reader)
    {
        final List<byte[]> records = new ArrayList<>();
        while (reader.next())
        {
            final byte[] record = new byte[reader.length()];
            reader.buffer().getBytes(reader.offset(), record);
            records.add(record);
        }

        return records;
    }

    static Path file(final Path root)
    {
        return ChannelPath.file(root, CHANNEL_ID);
    }

    static long getLong(final Path file, final long offset) throws IOException
    {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ))
        {
            final ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            channel.read(bytes, offset);

            return bytes.getLong(0);
        }
    }

    static void putLong(final Path file, final long offset, final long value) throws IOException
    {
        put(file, offset, ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(0, value));
    }

    static void putInt(final Path file, final long offset, final int value) throws IOException
    {
        put(file, offset, ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(0, value));
    }

    static void putByte(final Path file, final long offset, final int value) throws IOException
    {
        put(file, offset, ByteBuffer.allocate(1).put(0, (byte)value));
    }

    static void putLengthWord(final Path file, final long position, final long value) throws IOException
    {
        putLong(file, RecordDescriptor.RECORD_AREA_OFFSET + position, value);
    }

    /**
     * Replace a record by heartbeats, as a page reads that was lost.
     */
    static void putHeartbeats(final Path file, final long position, final int alignedLength) throws IOException
    {
        for (int i = 0; i < alignedLength; i += RecordDescriptor.LENGTH_WORD_LENGTH)
        {
            putLengthWord(file, position + i, RecordDescriptor.HEARTBEAT);
        }
    }

    static List<Path> filesBelow(final Path root) throws IOException
    {
        try (var files = Files.walk(root))
        {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /**
     * An idle strategy by which a test does something while the tested code waits.
     */
    static IdleStrategy onIdle(final Runnable action)
    {
        return new IdleStrategy()
        {
            @Override
            public void idle(final int workCount)
            {
                if (workCount == 0)
                {
                    idle();
                }
            }

            @Override
            public void idle()
            {
                action.run();
            }

            @Override
            public void reset()
            {
                // Nothing is kept between waits.
            }
        };
    }

    private static void put(final Path file, final long offset, final ByteBuffer bytes) throws IOException
    {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE))
        {
            channel.write(bytes, offset);
        }
    }
}
