package io.kekbit.core;

import io.kekbit.core.layout.ExtensionDescriptor;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The time that the index tells for a record. Record i is written at time {@code FIRST_TIME + i}, and is not stamped.
 */
class IndexedTimeTest
{
    private static final int RECORDS = 10_000;
    private static final long FIRST_TIME = 1_000_000;
    private static final Header HEADER = Header.builder()
        .channelId(TestChannels.CHANNEL_ID).capacity(1 << 20).maxMessageLength(1024).creationTime(1).build();

    @TempDir
    private Path root;
    private final UnsafeBuffer content = new UnsafeBuffer(new byte[64]);
    private long now;

    @Test
    void shouldBeOfRecordItselfOrOneUpToStrideEarlierWhenThereIsAnIndex()
    {
        write();
        try (ShmReader reader = ShmReader.open(root, TestChannels.CHANNEL_ID))
        {
            long last = 0;
            int exact = 0;
            while (reader.next())
            {
                final long time = reader.indexedTime();
                final long written = FIRST_TIME + reader.buffer().getLong(reader.offset());
                assertTrue(time >= last && time <= written && written - time <= (1 << 16) / 72, "time=" + time);
                exact += time == written ? 1 : 0;
                last = time;
            }
            assertTrue(exact >= 11, "exact=" + exact);
        }
    }

    @Test
    void shouldBeTheSameWhenReaderMovesToAndFro()
    {
        write();
        try (ShmReader reader = ShmReader.open(root, TestChannels.CHANNEL_ID);
            ShmReader forward = ShmReader.open(root, TestChannels.CHANNEL_ID))
        {
            final long[] times = new long[RECORDS];
            for (int i = 0; i < RECORDS; i++)
            {
                assertTrue(forward.next());
                times[i] = forward.indexedTime();
            }
            for (int i = 0; i < RECORDS; i += 37)
            {
                final int number = (int)((i * 7_919L) % RECORDS);
                assertTrue(reader.seekToRecord(number));
                assertTrue(reader.next());
                assertEquals(times[number], reader.indexedTime());
            }
        }
    }

    @Test
    void shouldGrowWithTheIndexWhenChannelIsLive()
    {
        try (ShmWriter<RawBinDataFormat> writer = writer();
            ShmReader reader = ShmReader.open(root, TestChannels.CHANNEL_ID))
        {
            for (int i = 0; i < RECORDS; i++)
            {
                append(writer, i);
                assertTrue(reader.next());
                final long time = reader.indexedTime();
                assertTrue(FIRST_TIME + i - time <= (1 << 16) / 72, "time=" + time);
            }
        }
    }

    @Test
    void shouldNotBeToldWhenIndexIsMissing() throws IOException
    {
        write();
        TestChannels.putLong(TestChannels.file(root), ExtensionDescriptor.INDEX_SECTION_OFFSET, 0);
        try (ShmReader reader = ShmReader.open(root, TestChannels.CHANNEL_ID))
        {
            assertTrue(reader.next());
            assertEquals(Reader.NOT_TOLD, reader.indexedTime());
        }
    }

    @Test
    void shouldTellTimeBeforeTheDamageWhenIndexIsDamaged() throws IOException
    {
        write();
        final Path file = TestChannels.file(root);
        final long index = TestChannels.getLong(file, ExtensionDescriptor.INDEX_SECTION_OFFSET);
        TestChannels.putLong(file, index + 5 * 32, -1);
        try (ShmReader reader = ShmReader.open(root, TestChannels.CHANNEL_ID))
        {
            long last = 0;
            while (reader.next())
            {
                final long time = reader.indexedTime();
                assertTrue(time >= last && time <= FIRST_TIME + reader.buffer().getLong(reader.offset()));
                last = time;
            }
        }
    }

    @Test
    void shouldNotBeToldWhenReaderIsClosedOrNothingWasRead()
    {
        write();
        final ShmReader reader = ShmReader.open(root, TestChannels.CHANNEL_ID);
        reader.close();

        assertEquals(Reader.NOT_TOLD, reader.indexedTime());
    }

    private void write()
    {
        try (ShmWriter<RawBinDataFormat> writer = writer())
        {
            for (int i = 0; i < RECORDS; i++)
            {
                append(writer, i);
            }
        }
    }

    private ShmWriter<RawBinDataFormat> writer()
    {
        now = FIRST_TIME;

        return ShmWriter.builder(root, HEADER, RawBinDataFormat.INSTANCE).clock(() -> now).create();
    }

    private void append(final ShmWriter<RawBinDataFormat> writer, final int number)
    {
        now = FIRST_TIME + number;
        content.putLong(0, number);
        writer.write(content, 0, 64);
    }
}
