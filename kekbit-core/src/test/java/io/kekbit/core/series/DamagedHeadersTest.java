package io.kekbit.core.series;

import io.kekbit.core.ChannelStatus;
import io.kekbit.core.MemoryFolder;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.ChannelNotResumableException;
import io.kekbit.core.handlers.SequenceHandler;
import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.HeaderDescriptor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.stream.Stream;

import static io.kekbit.core.series.TestSeries.RECORDS_PER_CHANNEL;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A series with a damaged bit in the header of one of its channels: the last one, the one before, and the one that was
 * made ready.
 */
class DamagedHeadersTest
{
    private static final int IN_LAST = 10;
    private static final int WRITTEN = RECORDS_PER_CHANNEL + IN_LAST;
    private static final int BEFORE = 0;
    private static final int LAST = 1;
    private static final int READY = 2;

    @TempDir(factory = MemoryFolder.class)
    private Path folder;
    private Path root;

    /**
     * What a writer left that was killed in its second channel, and had made the third one ready.
     */
    @BeforeEach
    void setUp() throws IOException
    {
        final Path original = folder.resolve("original");
        root = folder.resolve("image");
        Files.createDirectories(TestSeries.file(root, 0).getParent());
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.open(original))
        {
            TestSeries.write(writer, 0, RECORDS_PER_CHANNEL);
            writer.agent().doWork();
            TestSeries.write(writer, RECORDS_PER_CHANNEL, IN_LAST);
            while (writer.agent().doWork() > 0)
            {
                continue;
            }
            for (int ordinal = 0; ordinal <= READY; ordinal++)
            {
                Files.copy(TestSeries.file(original, ordinal), TestSeries.file(root, ordinal));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {
        ExtensionDescriptor.INDEX_SECTION_OFFSET,
        ExtensionDescriptor.INDEX_CAPACITY_OFFSET + 3,
        ExtensionDescriptor.INDEX_STRIDE_OFFSET})
    void shouldCountRecordsWhenIndexIsTreatedAsAbsent(final int offset) throws IOException
    {
        flip(root, LAST, offset);
        flip(root, BEFORE, offset);

        assertEquals(OptionalLong.of(IN_LAST), ChannelStatus.of(TestSeries.file(root, LAST)).records());
        assertGoesOn(TestSeries.builder(root));
    }

    @Test
    void shouldGoOnInAnotherChannelWhenIndexOfClosedOneIsTreatedAsAbsent() throws IOException
    {
        TestSeries.open(root).close();
        flip(root, LAST, ExtensionDescriptor.INDEX_STRIDE_OFFSET);

        assertGoesOn(TestSeries.builder(root));
    }

    @Test
    void shouldGoOnWithSequenceWhenIndexIsTreatedAsAbsent() throws IOException
    {
        final Path other = folder.resolve("other");
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.builder(other).handlers(new SequenceHandler()).open())
        {
            TestSeries.write(writer, 0, 3);
        }
        flip(other, 0, ExtensionDescriptor.INDEX_SECTION_OFFSET);

        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.builder(other).handlers(new SequenceHandler()).open();
            SeriesReader reader = SeriesReader.open(other, TestSeries.NAME))
        {
            TestSeries.write(writer, 3, 1);
            reader.moveTo(SeriesPosition.of(1, 0));
            assertTrue(reader.next());
            assertEquals(4, reader.sequence());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {HeaderDescriptor.CAPACITY_OFFSET, HeaderDescriptor.TICK_UNIT_OFFSET,
        HeaderDescriptor.CHANNEL_ID_OFFSET})
    void shouldMakeAnotherChannelReadyWhenOneThatWasMadeReadyIsDamaged(final int offset) throws IOException
    {
        flip(root, READY, offset);

        assertGoesOn(TestSeries.builder(root));
        ChannelStatus.of(TestSeries.file(root, READY));
    }

    @Test
    void shouldRefuseAndNameOptionWhenDamagedChannelThatWasMadeReadyHoldsRecords() throws IOException
    {
        // As if its publication had been lost with the power.
        final byte[] bytes = Files.readAllBytes(TestSeries.file(root, BEFORE));
        Arrays.fill(
            bytes, ExtensionDescriptor.STREAM_ID_OFFSET, ExtensionDescriptor.STREAM_ID_OFFSET + Long.BYTES, (byte)0);
        bytes[HeaderDescriptor.CAPACITY_OFFSET] ^= 1;
        Files.write(TestSeries.file(root, READY), bytes);

        final ChannelException thrown = assertThrows(
            ChannelNotResumableException.class, () -> TestSeries.builder(root).leaveDamaged(true).open());

        assertEquals(TestSeries.file(root, READY), thrown.file());
        assertTrue(thrown.getMessage().contains("discardSuspect(true)"), thrown.getMessage());
        assertArrayEquals(bytes, Files.readAllBytes(TestSeries.file(root, READY)));
        assertGoesOn(TestSeries.builder(root).discardSuspect(true));
    }

    @ParameterizedTest
    @ValueSource(ints = {HeaderDescriptor.VERSION_OFFSET + 2, ExtensionDescriptor.REQUIRED_FEATURES_OFFSET})
    void shouldOpenAsUsualWhenChannelBeforeTheLastIsOfAnotherVersion(final int offset) throws IOException
    {
        final byte[] damaged = flip(root, BEFORE, offset);
        assertThrows(ChannelException.class, () -> ChannelStatus.of(TestSeries.file(root, BEFORE)));

        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.open(root))
        {
            assertEquals(WRITTEN, writer.nextRecordNumber());
        }
        assertArrayEquals(damaged, Files.readAllBytes(TestSeries.file(root, BEFORE)));
    }

    @ParameterizedTest
    @ValueSource(ints = {HeaderDescriptor.VERSION_OFFSET + 2, ExtensionDescriptor.REQUIRED_FEATURES_OFFSET})
    void shouldRefuseWhenLastChannelIsOfAnotherVersion(final int offset) throws IOException
    {
        final byte[] damaged = flip(root, LAST, offset);

        assertThrows(ChannelException.class, () -> TestSeries.builder(root).leaveDamaged(true).open());

        assertArrayEquals(damaged, Files.readAllBytes(TestSeries.file(root, LAST)));
    }

    @ParameterizedTest
    @ValueSource(ints = {BEFORE, LAST, READY})
    void shouldOpenOrSayWhyNotWhenBitOfHeaderIsFlipped(final int ordinal) throws IOException
    {
        int opened = 0;
        for (int offset = 0; offset < ExtensionDescriptor.MEDIA_TYPE_OFFSET; offset++)
        {
            final Path sweep = folder.resolve("sweep" + offset);
            Files.createDirectories(TestSeries.file(sweep, 0).getParent());
            for (int i = 0; i <= READY; i++)
            {
                Files.copy(TestSeries.file(root, i), TestSeries.file(sweep, i));
            }
            flip(sweep, ordinal, offset);
            try
            {
                TestSeries.builder(sweep).leaveDamaged(true).open().close();
                opened++;
            }
            catch (final ChannelException ex)
            {
                assertEquals(TestSeries.file(sweep, ordinal), ex.file());
                assertNotEquals(BEFORE, ordinal, ex.toString());
            }
            delete(sweep);
        }
        assertTrue(opened > ExtensionDescriptor.MEDIA_TYPE_OFFSET / 2, "opened=" + opened);
    }

    private void assertGoesOn(final SeriesWriterBuilder<RawBinDataFormat> builder)
    {
        try (SeriesWriter<RawBinDataFormat> writer = builder.open())
        {
            assertEquals(WRITTEN, writer.nextRecordNumber());
            TestSeries.write(writer, WRITTEN, RECORDS_PER_CHANNEL);
            writer.agent().doWork();
        }
        try (SeriesReader reader = SeriesReader.open(root, TestSeries.NAME))
        {
            assertEquals(TestSeries.numbers(0, WRITTEN + RECORDS_PER_CHANNEL), TestSeries.readAll(reader));
        }
    }

    /**
     * Flip a bit.
     *
     * @return the bytes of the file since.
     */
    private static byte[] flip(final Path where, final int ordinal, final int offset) throws IOException
    {
        final Path file = TestSeries.file(where, ordinal);
        final byte[] bytes = Files.readAllBytes(file);
        bytes[offset] ^= 1;
        Files.write(file, bytes);

        return bytes;
    }

    private static void delete(final Path where) throws IOException
    {
        try (Stream<Path> files = Files.walk(where))
        {
            for (final Path file : files.sorted((one, other) -> other.compareTo(one)).toList())
            {
                Files.delete(file);
            }
        }
    }
}
