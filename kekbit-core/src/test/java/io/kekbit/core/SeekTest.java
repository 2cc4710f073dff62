package io.kekbit.core;

import io.kekbit.core.handlers.ChecksumHandler;
import io.kekbit.core.handlers.SequenceHandler;
import io.kekbit.core.handlers.TimestampHandler;
import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.IndexDescriptor;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Seeking in a channel whose records are stamped: it ends at the very record, and a damaged index costs time only.
 * Record i is stamped with time {@code FIRST_TIME + 10 * i}.
 */
class SeekTest
{
    private static final int RECORDS = 10_000;
    private static final long FIRST_TIME = 1_000_000;
    private static final long STEP = 10;
    private static final Header HEADER = Header.builder()
        .channelId(TestChannels.CHANNEL_ID).capacity(1 << 20).maxMessageLength(1024).creationTime(1).build();
    private static final int ENTRIES = 14;

    @TempDir
    private Path root;
    private final UnsafeBuffer content = new UnsafeBuffer(new byte[128]);
    private final long[] now = {FIRST_TIME};
    private long indexLag;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 700, 5_000, RECORDS - 1})
    void shouldReadFirstRecordOfThatTimeNextWhenItIsSought(final int number)
    {
        write();
        try (ShmReader reader = open())
        {
            reader.seekToTime(FIRST_TIME + STEP * number);
            assertEquals(number, nextNumber(reader));
            reader.seekToTime(FIRST_TIME + STEP * number - STEP + 1);
            assertEquals(number, nextNumber(reader));
        }
    }

    @Test
    void shouldReadFirstRecordNextWhenTimeIsBeforeAll()
    {
        write();
        try (ShmReader reader = open())
        {
            reader.moveToEnd();
            reader.seekToTime(Long.MIN_VALUE);

            assertEquals(0, nextNumber(reader));
        }
    }

    @Test
    void shouldReadOnlyWhatFollowsWhenTimeIsToCome()
    {
        write();
        try (ShmReader reader = open())
        {
            reader.seekToTime(Long.MAX_VALUE);

            assertFalse(reader.next());
            assertEquals(ReaderState.CLOSED, reader.state());
        }
    }

    @Test
    void shouldWalkNoMoreThanStrideWhenThereIsAnIndex() throws IOException
    {
        write();
        // Whoever walks over the first record sees this.
        TestChannels.putLengthWord(TestChannels.file(root), 8, 1L << 40);
        try (ShmReader reader = open())
        {
            reader.seekToTime(FIRST_TIME + STEP * 9_000);
            assertEquals(9_000, nextNumber(reader));
            assertTrue(reader.seekToRecord(9_500));
            assertEquals(9_500, nextNumber(reader));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-10_000_000, -50_000, -1_000, 1_000, 50_000, 10_000_000})
    void shouldFindRecordWithinStrideWhenIndexGoesByAnotherClock(final long lag) throws IOException
    {
        indexLag = lag;
        write();
        assertFindsTimes();
        TestChannels.putLengthWord(TestChannels.file(root), 8, 1L << 40);
        try (ShmReader reader = open())
        {
            reader.seekToTime(FIRST_TIME + STEP * 5_000);
            assertEquals(5_000, nextNumber(reader));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 6, 7, 12, 13})
    void shouldFindTheSameRecordsWhenIndexEntryIsDamaged(final int entry) throws IOException
    {
        write();
        damageIndex(entry, entry + 1);

        assertFindsTimes();
        assertFindsNumbers();
    }

    @Test
    void shouldFindTheSameRecordsWhenEveryIndexEntryIsDamaged() throws IOException
    {
        write();
        damageIndex(0, ENTRIES);

        assertFindsTimes();
        assertFindsNumbers();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, 5, 1L << 40, Long.MIN_VALUE})
    void shouldFindTheSameRecordsWhenIndexCountLies(final long count) throws IOException
    {
        write();
        TestChannels.putLong(TestChannels.file(root), ExtensionDescriptor.INDEX_COUNT_OFFSET, count);

        assertFindsTimes();
        assertFindsNumbers();
    }

    @Test
    void shouldFindTheSameRecordsWhenIndexIsThatOfTheCratesChannelsThatHaveNone() throws IOException
    {
        write();
        TestChannels.putLong(TestChannels.file(root), ExtensionDescriptor.INDEX_SECTION_OFFSET, 0);

        assertFindsTimes();
        assertFindsNumbers();
    }

    @Test
    void shouldStopAtDamagedRecordWhenItComesBeforeTheTime() throws IOException
    {
        write();
        try (ShmReader reader = open())
        {
            reader.seekToRecord(9_000);
            assertEquals(9_000, nextNumber(reader));
            final long position = reader.recordPosition();
            TestChannels.putByte(
                TestChannels.file(root), RecordDescriptor.RECORD_AREA_OFFSET + position + 8 + 20, 0x55);

            reader.seekToTime(FIRST_TIME + STEP * 9_005);

            assertEquals(position, reader.position());
            assertFalse(reader.next());
            assertEquals(ReaderState.CORRUPT, reader.state());
        }
    }

    @Test
    void shouldGoToStartWhenThereIsNeitherIndexNorStamp() throws IOException
    {
        write();
        TestChannels.putLong(TestChannels.file(root), ExtensionDescriptor.SIGNATURE_OFFSET, 0);
        try (ShmReader reader = open())
        {
            reader.moveToEnd();
            reader.seekToTime(FIRST_TIME + STEP * 9_000);

            assertEquals(0, reader.position());
            assertTrue(reader.seekToRecord(9_000));
        }
    }

    @Test
    void shouldBeginAtEndWhenOpenedThere()
    {
        try (ShmWriter<RawBinDataFormat> writer = ShmWriter.create(root, HEADER, RawBinDataFormat.INSTANCE))
        {
            writer.write(content, 0, 8);
            try (ShmReader reader = ShmReader.openAtEnd(root, TestChannels.CHANNEL_ID))
            {
                assertFalse(reader.next());
                content.putLong(0, 77);
                writer.write(content, 0, 8);

                assertTrue(reader.next());
                assertEquals(77, reader.buffer().getLong(reader.offset()));
                assertFalse(reader.next());
            }
        }
    }

    @Test
    void shouldLeaveNoMappingWhenOpeningAtEndFails() throws IOException
    {
        write();
        final ChannelFiles files = new ChannelFiles()
        {
            @Override
            UnsafeBuffer view(final MappedByteBuffer mapped)
            {
                return new UnsafeBuffer(mapped)
                {
                    @Override
                    public long getLongAcquire(final int index)
                    {
                        throw new IllegalStateException("made to fail");
                    }
                };
            }
        };
        final ShmReaderBuilder builder = ShmReader.builder(root, TestChannels.CHANNEL_ID).atEnd(true).files(files);

        assertThrows(IllegalStateException.class, builder::open);
        assertEquals(List.of(), OpenFiles.mappings(root));
    }

    @Test
    void shouldOpenChannelByItsFileWhateverItsNameIs() throws IOException
    {
        write();
        final Path copy = Files.copy(TestChannels.file(root), root.resolve("a copy"));
        try (ShmReader reader = ShmReader.builder(copy).open())
        {
            assertEquals(copy, reader.file());
            assertEquals(TestChannels.CHANNEL_ID, reader.header().channelId());
            assertEquals(0, nextNumber(reader));
        }
    }

    private void assertFindsTimes()
    {
        try (ShmReader reader = open())
        {
            for (final int number : new int[] {0, 1, 699, 700, 701, 4_999, 5_000, 7_777, 9_000, RECORDS - 1})
            {
                reader.seekToTime(FIRST_TIME + STEP * number);
                assertEquals(number, nextNumber(reader));
            }
        }
    }

    private void assertFindsNumbers()
    {
        try (ShmReader reader = open())
        {
            for (final int number : new int[] {0, 1, 699, 700, 701, 4_999, 5_000, 7_777, 9_000, RECORDS - 1})
            {
                assertTrue(reader.seekToRecord(number));
                assertEquals(number, nextNumber(reader));
            }
            assertFalse(reader.seekToRecord(RECORDS));
        }
    }

    private void damageIndex(final int from, final int to) throws IOException
    {
        final Path file = TestChannels.file(root);
        final long indexOffset = TestChannels.getLong(file, ExtensionDescriptor.INDEX_SECTION_OFFSET);
        assertTrue(TestChannels.getLong(file, ExtensionDescriptor.INDEX_COUNT_OFFSET) >= to);
        for (int entry = from; entry < to; entry++)
        {
            for (int field = 0; field < IndexDescriptor.ENTRY_LENGTH; field += Long.BYTES)
            {
                final long offset = indexOffset + (long)entry * IndexDescriptor.ENTRY_LENGTH + field;
                TestChannels.putLong(file, offset, TestChannels.getLong(file, offset) ^ 1L << entry + field);
            }
        }
    }

    private void write()
    {
        final ShmWriterBuilder<RawBinDataFormat> builder = ShmWriter
            .builder(root, HEADER, RawBinDataFormat.INSTANCE).clock(() -> Math.max(1, now[0] + indexLag));
        try (EnvelopeWriter<RawBinDataFormat> writer = EnvelopeWriter.create(
            builder,
            new TimestampHandler(TickUnit.NANOS, () -> now[0]),
            new SequenceHandler(),
            new ChecksumHandler()))
        {
            for (int i = 0; i < RECORDS; i++)
            {
                if (i % 7 == 0)
                {
                    writer.heartbeat();
                }
                now[0] = FIRST_TIME + STEP * i;
                content.putLong(0, i);
                writer.write(content, 0, 8 + i % 100);
            }
        }
    }

    private ShmReader open()
    {
        return ShmReader.open(root, TestChannels.CHANNEL_ID);
    }

    private static long nextNumber(final ShmReader reader)
    {
        assertTrue(reader.next());

        return reader.buffer().getLong(reader.offset());
    }
}
