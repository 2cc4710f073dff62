package io.kekbit.core.series;

import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.ReaderState;
import io.kekbit.core.exceptions.ChannelCorruptException;
import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.ChannelNotFoundException;
import io.kekbit.core.exceptions.ChannelNotResumableException;
import io.kekbit.core.exceptions.ChannelSuspectException;
import io.kekbit.core.exceptions.InvalidSignatureException;
import io.kekbit.core.exceptions.UnavailablePositionException;
import io.kekbit.core.handlers.SequenceHandler;
import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.RecordDescriptor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import static io.kekbit.core.series.TestSeries.RECORDS_PER_CHANNEL;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A series whose last channel is damaged, or suspect after a loss of power.
 */
class DamagedSeriesTest
{
    /** Records in the last channel, of which the last three are damaged. */
    private static final int IN_LAST = 10;
    private static final int GOOD = RECORDS_PER_CHANNEL + IN_LAST - 3;

    private final List<Long> left = new ArrayList<>();
    private final SeriesListener listener = new SeriesListener()
    {
        @Override
        public void onDamagedChannelLeft(final long ordinal, final Path file, final RuntimeException cause)
        {
            left.add(ordinal);
        }
    };

    @TempDir
    private Path folder;
    private Path root;

    /**
     * What a writer left that was killed in its second channel, and had made the third one ready.
     */
    @BeforeEach
    void setUp() throws IOException
    {
        root = folder.resolve("image");
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.open(folder))
        {
            TestSeries.write(writer, 0, RECORDS_PER_CHANNEL + 4);
            writer.flush();
            TestSeries.write(writer, RECORDS_PER_CHANNEL + 4, IN_LAST - 4);
            writer.agent().doWork();
            for (final String name : TestSeries.files(folder))
            {
                final Path file = TestSeries.file(root, 0).resolveSibling(name);
                if (name.endsWith(".kekbit"))
                {
                    Files.createDirectories(file.getParent());
                    Files.copy(TestSeries.file(folder, 0).resolveSibling(name), file);
                }
            }
        }
        Files.createFile(root.resolve(TestSeries.NAME).resolve("series.writer"));
    }

    @Test
    void shouldRefuseAndNameOptionWhenLastChannelIsDamaged() throws IOException
    {
        final byte[] damaged = damage(1);

        final ChannelException thrown = assertThrows(ChannelCorruptException.class, () -> TestSeries.open(root));

        assertTrue(thrown.getMessage().contains("leaveDamaged(true)"), thrown.getMessage());
        assertArrayEquals(damaged, Files.readAllBytes(TestSeries.file(root, 1)));
    }

    @Test
    void shouldGoOnBehindDamagedChannelWhenToldTo() throws IOException
    {
        final byte[] damaged = damage(1);

        try (SeriesWriter<RawBinDataFormat> writer = leaving())
        {
            assertEquals(List.of(1L), left);
            assertEquals(SeriesPosition.of(2, 8), writer.writeOffset());
            assertEquals(GOOD, writer.nextRecordNumber());
            TestSeries.write(writer, GOOD, 2);
        }

        assertArrayEquals(damaged, Files.readAllBytes(TestSeries.file(root, 1)));
        try (SeriesReader reader = SeriesReader.open(root, TestSeries.NAME))
        {
            assertEquals(TestSeries.numbers(0, GOOD), TestSeries.readAll(reader));
            assertSame(ReaderState.CORRUPT, reader.state());
            assertFalse(reader.next());
            assertEquals(1, SeriesPosition.ordinal(reader.position()));

            reader.moveTo(SeriesPosition.of(2, 0));
            assertEquals(TestSeries.numbers(GOOD, GOOD + 2), TestSeries.readAll(reader));
            assertSame(ReaderState.CLOSED, reader.state());
            assertSoughtByNumber(reader, GOOD + 2);
        }
    }

    @Test
    void shouldSayThatNothingFollowsYetWhenNobodyHasGoneOnBehindDamage() throws IOException
    {
        damage(1);
        try (SeriesReader reader = SeriesReader.open(root, TestSeries.NAME))
        {
            assertEquals(GOOD, TestSeries.readAll(reader).size());
            final long position = reader.position();

            assertThrows(UnavailablePositionException.class, () -> reader.moveTo(SeriesPosition.of(2, 0)));

            assertEquals(position, reader.position());
        }
    }

    @Test
    void shouldOpenAsUsualWhenDamagedChannelIsNotTheLast() throws IOException
    {
        final byte[] damaged = damage(1);
        leaving().close();

        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.open(root))
        {
            assertEquals(GOOD, writer.nextRecordNumber());
            assertEquals(3, SeriesPosition.ordinal(writer.writeOffset()));
        }
        assertArrayEquals(damaged, Files.readAllBytes(TestSeries.file(root, 1)));
    }

    @Test
    void shouldKeepRecordNumbersWhenChannelBeforeTheLastIsDamagedLater() throws IOException
    {
        final byte[] bytes = Files.readAllBytes(TestSeries.file(root, 0));
        Arrays.fill(bytes, 2_000, 2_100, (byte)0x77);
        Files.write(TestSeries.file(root, 0), bytes);

        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.open(root))
        {
            assertEquals(RECORDS_PER_CHANNEL + IN_LAST, writer.nextRecordNumber());
        }
        assertArrayEquals(bytes, Files.readAllBytes(TestSeries.file(root, 0)));
    }

    @Test
    void shouldCountRecordsBehindDamageWhenIndexLeadsPastIt() throws IOException
    {
        final Path other = folder.resolve("other");
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.open(other))
        {
            TestSeries.write(writer, 0, 400);
        }
        final Path file = TestSeries.file(other, 0);
        final byte[] bytes = Files.readAllBytes(file);
        Arrays.fill(bytes, recordOffset(3, 16), recordOffset(4, 16), (byte)0x77);
        // As if it were not closed.
        Arrays.fill(bytes, recordOffset(400, 16), recordOffset(401, 16), (byte)0);
        Files.write(file, bytes);
        assertThrows(ChannelCorruptException.class, () -> TestSeries.open(other));

        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.builder(other).leaveDamaged(true).open())
        {
            assertEquals(400, writer.nextRecordNumber());
        }
        TestSeries.open(other).close();
        assertArrayEquals(bytes, Files.readAllBytes(file));
        try (SeriesReader reader = SeriesReader.open(other, TestSeries.NAME))
        {
            assertEquals(TestSeries.numbers(0, 3), TestSeries.readAll(reader));
            assertSame(ReaderState.CORRUPT, reader.state());
        }
        assertEquals(
            2, Retention.builder().maxChannels(1).build().prune(other, TestSeries.NAME, listener).channels());
    }

    @Test
    void shouldGoOnBehindAllFilesWhenSeveralAreNoChannelsAnyMore() throws IOException
    {
        // The third one is made ready.
        Files.write(TestSeries.file(root, 3), new byte[5_000]);
        Files.write(TestSeries.file(root, 4), new byte[5_000]);
        try (SeriesWriter<RawBinDataFormat> writer = leaving())
        {
            assertEquals(List.of(3L, 4L), left);
            assertEquals(5, SeriesPosition.ordinal(writer.writeOffset()));
            writer.agent().doWork();
            TestSeries.write(writer, 0, RECORDS_PER_CHANNEL + 1);
        }
        assertFalse(Files.exists(TestSeries.file(root, 2)));
    }

    @Test
    void shouldBeginAnewBehindThemWhenNoFileIsAChannelAnyMore() throws IOException
    {
        Files.write(TestSeries.file(root, 0), new byte[5_000]);
        Files.write(TestSeries.file(root, 1), new byte[5_000]);
        try (SeriesWriter<RawBinDataFormat> writer = leaving();
            SeriesReader reader = SeriesReader.open(root, TestSeries.NAME))
        {
            assertEquals(List.of(0L, 1L), left);
            assertEquals(0, writer.nextRecordNumber());
            TestSeries.write(writer, 0, 3);
            assertEquals(TestSeries.numbers(0, 3), TestSeries.readAll(reader));
        }
    }

    @Test
    void shouldSayWhichFileIsMissingWhenItIsInTheMiddle() throws IOException
    {
        leaving().close();
        leaving().close();
        Files.delete(TestSeries.file(root, 1));
        try (SeriesReader reader = SeriesReader.open(root, TestSeries.NAME))
        {
            final ChannelException thrown = assertThrows(ChannelNotFoundException.class, () ->
            {
                while (reader.next())
                {
                    continue;
                }
            });
            assertEquals(TestSeries.file(root, 1), thrown.file());
        }
    }

    @Test
    void shouldLeaveSuspectChannelAsItIsWhenToldTo() throws IOException
    {
        restart(1);
        final byte[] suspect = Files.readAllBytes(TestSeries.file(root, 1));
        final ChannelException thrown = assertThrows(ChannelSuspectException.class, () -> TestSeries.open(root));
        assertTrue(thrown.getMessage().contains("leaveDamaged(true)"), thrown.getMessage());
        assertTrue(thrown.getMessage().contains("discardSuspect(true)"), thrown.getMessage());

        final int durable = RECORDS_PER_CHANNEL + 4;
        try (SeriesWriter<RawBinDataFormat> writer = leaving())
        {
            assertEquals(durable, writer.nextRecordNumber());
            TestSeries.write(writer, durable, 1);
        }
        // It is told by now that it was left on purpose.
        TestSeries.open(root).close();

        assertArrayEquals(suspect, Files.readAllBytes(TestSeries.file(root, 1)));
        try (SeriesReader reader = SeriesReader.open(root, TestSeries.NAME))
        {
            assertEquals(TestSeries.numbers(0, durable), TestSeries.readAll(reader));
            assertSame(ReaderState.SUSPECT, reader.state());
            reader.moveTo(SeriesPosition.of(2, 0));
            assertEquals(List.of((long)durable), TestSeries.readAll(reader));
            assertSoughtByNumber(reader, durable + 1);
        }
    }

    @Test
    void shouldCrossOverBySelfWhenSuspectChannelIsReadAllTheSame() throws IOException
    {
        restart(1);
        try (SeriesWriter<RawBinDataFormat> writer = leaving();
            SeriesReader reader = SeriesReader.builder(root, TestSeries.NAME).readSuspect(true).open())
        {
            TestSeries.write(writer, 7_777, 1);

            final List<Long> numbers = TestSeries.readAll(reader);

            assertEquals(RECORDS_PER_CHANNEL + IN_LAST + 1, numbers.size());
            assertEquals(7_777, numbers.get(numbers.size() - 1));
        }
    }

    @Test
    void shouldGoOnBehindFileThatIsNoChannelAnyMoreWhenToldTo() throws IOException
    {
        final byte[] bytes = Files.readAllBytes(TestSeries.file(root, 1));
        Arrays.fill(bytes, 0, 1_024, (byte)0x77);
        Files.write(TestSeries.file(root, 1), bytes);
        final ChannelException thrown = assertThrows(ChannelNotResumableException.class, () -> TestSeries.open(root));
        assertTrue(thrown.getMessage().contains("leaveDamaged(true)"), thrown.getMessage());

        try (SeriesWriter<RawBinDataFormat> writer = leaving())
        {
            assertEquals(RECORDS_PER_CHANNEL, writer.nextRecordNumber());
            assertEquals(2, SeriesPosition.ordinal(writer.writeOffset()));
            TestSeries.write(writer, RECORDS_PER_CHANNEL, 3);
        }
        TestSeries.open(root).close();

        assertArrayEquals(bytes, Files.readAllBytes(TestSeries.file(root, 1)));
        try (SeriesReader reader = SeriesReader.open(root, TestSeries.NAME))
        {
            final List<Long> numbers = new ArrayList<>();
            assertThrows(InvalidSignatureException.class, () ->
            {
                while (reader.next())
                {
                    numbers.add(TestSeries.number(reader));
                }
            });
            assertEquals(TestSeries.numbers(0, RECORDS_PER_CHANNEL), numbers);
            assertTrue(reader.lag(reader.position()).bytes() > 0);
            assertTrue(reader.lag(reader.position()).records().isEmpty());
            reader.moveTo(SeriesPosition.of(2, 0));
            assertEquals(3, TestSeries.readAll(reader).size());
            assertSoughtByNumber(reader, RECORDS_PER_CHANNEL + 3);
        }
    }

    @Test
    void shouldGoOnWithSequenceBehindLastGoodRecordWhenDamagedChannelIsLeft() throws IOException
    {
        final Path other = folder.resolve("other");
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.builder(other).handlers(new SequenceHandler()).open())
        {
            TestSeries.write(writer, 0, 10);
        }
        final Path file = TestSeries.file(other, 0);
        final byte[] bytes = Files.readAllBytes(file);
        // In place of the length of the last record; and no close marker is left.
        Arrays.fill(bytes, recordOffset(9, 24), recordOffset(11, 24), (byte)0x77);
        Files.write(file, bytes);

        try (SeriesWriter<RawBinDataFormat> writer =
            TestSeries.builder(other).handlers(new SequenceHandler()).leaveDamaged(true).open();
            SeriesReader reader = SeriesReader.open(other, TestSeries.NAME))
        {
            TestSeries.write(writer, 0, 1);
            reader.moveTo(SeriesPosition.of(1, 0));
            assertTrue(reader.next());
            assertEquals(10, reader.sequence());
        }
    }

    @Test
    void shouldDeleteDamagedChannelThatWasLeftWhenSeriesIsBeyondItsBounds() throws IOException
    {
        damage(1);
        leaving().close();

        final Pruned pruned =
            Retention.builder().maxChannels(1).build().prune(root, TestSeries.NAME, listener);

        assertEquals(2, pruned.channels());
        assertFalse(Files.exists(TestSeries.file(root, 1)));
        assertTrue(Files.exists(TestSeries.file(root, 2)));
    }

    private SeriesWriter<RawBinDataFormat> leaving()
    {
        return TestSeries.builder(root).leaveDamaged(true).listener(listener).open();
    }

    private static void assertSoughtByNumber(final SeriesReader reader, final int end)
    {
        for (int number = 0; number < end; number += 3)
        {
            assertTrue(reader.seekToRecord(number), "number=" + number);
            assertTrue(reader.next());
            assertEquals(number, TestSeries.number(reader));
        }
        assertFalse(reader.seekToRecord(end));
    }

    /**
     * Put what is no length in place of the last records' lengths.
     *
     * @return the bytes of the file since.
     */
    private byte[] damage(final int ordinal) throws IOException
    {
        final Path file = TestSeries.file(root, ordinal);
        final byte[] bytes = Files.readAllBytes(file);
        Arrays.fill(bytes, recordOffset(IN_LAST - 3, 16), recordOffset(IN_LAST, 16), (byte)0x77);
        Files.write(file, bytes);

        return bytes;
    }

    private static int recordOffset(final int record, final int length)
    {
        // Behind the heartbeat that the channel begins with.
        return RecordDescriptor.RECORD_AREA_OFFSET + RecordDescriptor.LENGTH_WORD_LENGTH + record * length;
    }

    private void restart(final int ordinal) throws IOException
    {
        final Path file = TestSeries.file(root, ordinal);
        final byte[] bytes = Files.readAllBytes(file);
        bytes[ExtensionDescriptor.BOOT_ID_OFFSET] ^= 1;
        Files.write(file, bytes);
    }
}
