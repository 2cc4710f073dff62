package io.kekbit.core.series;

import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.exceptions.ChannelCorruptException;
import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.handlers.ChecksumHandler;
import io.kekbit.core.handlers.SequenceHandler;
import io.kekbit.core.layout.RecordDescriptor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A series whose records have numbers and checksums, of which some are wrong: no number is given away again.
 */
class DamagedRecordsTest
{
    private static final int IN_FIRST = 3;
    private static final int IN_SECOND = 4;
    private static final int WRITTEN = IN_FIRST + IN_SECOND;
    private static final int SEQUENCE = 0;
    private static final int PAYLOAD = 8;

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
    private Path root;

    @BeforeEach
    void writeTwoChannels()
    {
        write(root, IN_FIRST);
        write(root, IN_SECOND);
    }

    @Test
    void shouldGoOnBehindLastNumberWhenChecksumOfLastRecordIsWrong() throws IOException
    {
        damage(root, 1, IN_SECOND - 1, PAYLOAD);

        assertEquals(WRITTEN + 1, nextSequence(root, 2, false));
    }

    @Test
    void shouldGoOnBehindLastNumberWhenSeveralRecordsAtTheEndAreDamaged() throws IOException
    {
        damage(root, 1, IN_SECOND - 1, PAYLOAD);
        damage(root, 1, IN_SECOND - 2, SEQUENCE);
        damage(root, 1, IN_SECOND - 3, PAYLOAD);

        assertEquals(WRITTEN + 1, nextSequence(root, 2, false));
    }

    @Test
    void shouldGoOnBehindLastNumberWhenAllRecordsBehindLastEntryOfIndexAreDamaged() throws IOException
    {
        final int count = 400;
        final Path other = root.resolve("other");
        write(other, count);
        for (int record = count / 2; record < count; record++)
        {
            damage(other, 0, record, PAYLOAD);
        }

        assertEquals(count + 1, nextSequence(other, 1, false));
    }

    @Test
    void shouldGoOnBehindLastNumberWhenChannelBehindTheDamagedOneIsEmpty() throws IOException
    {
        open(root, false).close();
        damage(root, 1, IN_SECOND - 1, PAYLOAD);

        assertEquals(WRITTEN + 1, nextSequence(root, 3, false));
    }

    @Test
    void shouldGoOnBehindLastNumberWhenChannelIsTakenOverWhoseLastNumberIsDamaged() throws IOException
    {
        final Path image = root.resolve("image");
        Files.createDirectories(TestSeries.file(image, 0).getParent());
        final Path other = root.resolve("other");
        try (SeriesWriter<RawBinDataFormat> writer = open(other, false))
        {
            TestSeries.write(writer, 0, 5);
            Files.copy(TestSeries.file(other, 0), TestSeries.file(image, 0));
        }
        damage(image, 0, 4, SEQUENCE);

        try (SeriesWriter<RawBinDataFormat> writer = open(image, false))
        {
            assertEquals(SeriesPosition.of(0, recordPosition(5)), writer.writeOffset());
            TestSeries.write(writer, 0, 1);
        }
        assertEquals(6, sequenceAt(image, SeriesPosition.of(0, recordPosition(5))));
    }

    @Test
    void shouldRefuseAndNameOptionWhenNoRecordOfLastChannelIsIntact() throws IOException
    {
        final byte[] damaged = damageAll(1);

        final ChannelException thrown = assertThrows(ChannelCorruptException.class, () -> open(root, false));

        assertEquals(TestSeries.file(root, 1), thrown.file());
        assertTrue(thrown.getMessage().contains("leaveDamaged(true)"), thrown.getMessage());
        assertArrayEquals(damaged, Files.readAllBytes(TestSeries.file(root, 1)));
        assertEquals(5, TestSeries.files(root).size());
    }

    @Test
    void shouldCountOnOverRecordsWhenNoneIsIntactAndChannelIsLeft() throws IOException
    {
        final byte[] damaged = damageAll(1);

        assertEquals(WRITTEN + 1, nextSequence(root, 2, true));

        assertEquals(List.of(1L), left);
        assertArrayEquals(damaged, Files.readAllBytes(TestSeries.file(root, 1)));
        assertEquals(WRITTEN + 2, nextSequence(root, 3, false));
    }

    @Test
    void shouldCountOnFromTheBeginningWhenNoRecordOfTheSeriesIsIntactAndChannelsAreLeft() throws IOException
    {
        damageAll(0);
        damageAll(1);

        assertEquals(WRITTEN + 1, nextSequence(root, 2, true));
    }

    @Test
    void shouldRefuseWhenNoRecordIsIntactAndOnlyAnEmptyChannelFollows() throws IOException
    {
        open(root, false).close();
        damageAll(1);

        final ChannelException thrown = assertThrows(ChannelCorruptException.class, () -> open(root, false));

        assertEquals(TestSeries.file(root, 1), thrown.file());
        assertTrue(thrown.getMessage().contains("leaveDamaged(true)"), thrown.getMessage());
        assertEquals(WRITTEN + 1, nextSequence(root, 3, true));
    }

    @Test
    void shouldOpenAsUsualWhenNoRecordIsIntactAndHandlersAreOthers() throws IOException
    {
        damageAll(1);

        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.open(root))
        {
            assertEquals(WRITTEN, writer.nextRecordNumber());
        }
    }

    private SeriesWriter<RawBinDataFormat> open(final Path where, final boolean isLeft)
    {
        return TestSeries.builder(where)
            .handlers(new SequenceHandler(), new ChecksumHandler())
            .leaveDamaged(isLeft)
            .listener(listener)
            .open();
    }

    private void write(final Path where, final int count)
    {
        try (SeriesWriter<RawBinDataFormat> writer = open(where, false))
        {
            TestSeries.write(writer, 0, count);
        }
    }

    /**
     * Write a record to a channel that is begun for it, and look what number it has.
     */
    private long nextSequence(final Path where, final int ordinal, final boolean isLeft)
    {
        try (SeriesWriter<RawBinDataFormat> writer = open(where, isLeft))
        {
            assertEquals(ordinal, SeriesPosition.ordinal(writer.writeOffset()));
            final long number = writer.nextRecordNumber();
            TestSeries.write(writer, 0, 1);
            final long sequence = sequenceAt(where, SeriesPosition.of(ordinal, 0));
            assertEquals(sequence, number + 1);

            return sequence;
        }
    }

    private static long sequenceAt(final Path where, final long position)
    {
        try (SeriesReader reader = SeriesReader.open(where, TestSeries.NAME))
        {
            reader.moveTo(position);
            assertTrue(reader.next());

            return reader.sequence();
        }
    }

    private byte[] damageAll(final int ordinal) throws IOException
    {
        for (int record = 0; record < (ordinal == 0 ? IN_FIRST : IN_SECOND); record++)
        {
            damage(root, ordinal, record, PAYLOAD);
        }

        return Files.readAllBytes(TestSeries.file(root, ordinal));
    }

    private static void damage(final Path where, final int ordinal, final int record, final int offset)
        throws IOException
    {
        final Path file = TestSeries.file(where, ordinal);
        final byte[] bytes = Files.readAllBytes(file);
        bytes[RecordDescriptor.RECORD_AREA_OFFSET + recordPosition(record) + RecordDescriptor.LENGTH_WORD_LENGTH +
            offset] ^= 0x10;
        Files.write(file, bytes);
    }

    /**
     * Behind the heartbeat that the channel begins with: number, payload and checksum.
     */
    private static int recordPosition(final int record)
    {
        return RecordDescriptor.LENGTH_WORD_LENGTH + record * RecordDescriptor.alignedLength(8 + 8 + 4);
    }
}
