package io.kekbit.core.series;

import io.kekbit.core.ChannelState;
import io.kekbit.core.ChannelStatus;
import io.kekbit.core.DataFormat;
import io.kekbit.core.PlainTextDataFormat;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.ReaderState;
import io.kekbit.core.TickUnit;
import io.kekbit.core.exceptions.ChannelSuspectException;
import io.kekbit.core.exceptions.FormatMismatchException;
import io.kekbit.core.exceptions.InvalidHeaderException;
import io.kekbit.core.exceptions.WriterActiveException;
import io.kekbit.core.handlers.SequenceHandler;
import io.kekbit.core.layout.ExtensionDescriptor;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

import static io.kekbit.core.series.TestSeries.RECORDS_PER_CHANNEL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Where a writer goes on, whatever was left of the last one.
 */
class SeriesOpeningTest
{
    @TempDir
    private Path root;

    @Test
    void shouldGoOnInAnotherChannelWhenLastOneWasClosed()
    {
        final long streamId;
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.open(root))
        {
            streamId = writer.streamId();
            TestSeries.write(writer, 0, 3);
        }
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.open(root))
        {
            assertEquals(streamId, writer.streamId());
            assertEquals(SeriesPosition.of(1, 8), writer.writeOffset());
            assertEquals(3, writer.nextRecordNumber());
            TestSeries.write(writer, 3, 3);
        }

        assertHolds(6);
    }

    @Test
    void shouldRefuseWhenSeriesHasWriter()
    {
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.open(root))
        {
            assertThrows(WriterActiveException.class, () -> TestSeries.open(root));
            TestSeries.write(writer, 0, 1);
        }
        assertHolds(1);
    }

    @Test
    void shouldHaveStreamIdOfItsOwnWhenThereIsAnotherSeries()
    {
        try (SeriesWriter<RawBinDataFormat> one = TestSeries.open(root);
            SeriesWriter<RawBinDataFormat> other = SeriesWriter
                .builder(root, "other", RawBinDataFormat.INSTANCE).capacity(16384).maxMessageLength(8).open())
        {
            assertNotEquals(one.streamId(), other.streamId());
            TestSeries.write(other, 0, 1);
            try (SeriesReader reader = SeriesReader.open(root, TestSeries.NAME))
            {
                assertFalse(reader.next());
            }
        }
    }

    @Test
    void shouldBeginAnotherChannelWhenSchemaIsOfAnotherVersion()
    {
        try (SeriesWriter<Versioned> writer = open(new Versioned(1)))
        {
            TestSeries.write(writer, 0, 2);
        }
        try (SeriesWriter<Versioned> writer = open(new Versioned(2)))
        {
            assertEquals(1, SeriesPosition.ordinal(writer.writeOffset()));
            TestSeries.write(writer, 2, 2);
        }

        try (SeriesReader reader = SeriesReader.open(root, TestSeries.NAME))
        {
            assertTrue(reader.next());
            assertEquals("version 1", reader.schema().getStringWithoutLengthUtf8(0, 9));
            assertEquals(TestSeries.numbers(1, 4), TestSeries.readAll(reader));
            assertEquals("version 2", reader.schema().getStringWithoutLengthUtf8(0, 9));
        }
    }

    @Test
    void shouldRefuseWhenContentIsOfAnotherKind()
    {
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.open(root))
        {
            TestSeries.write(writer, 0, 2);
        }

        assertThrows(
            FormatMismatchException.class,
            () -> SeriesWriter.open(root, TestSeries.NAME, PlainTextDataFormat.INSTANCE));
        TestSeries.open(root).close();
        assertHolds(2);
    }

    @Test
    void shouldRefuseWhenTimesAreToBeCountedInAnotherUnit()
    {
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.open(root))
        {
            TestSeries.write(writer, 0, 2);
        }

        final FormatMismatchException ex = assertThrows(
            FormatMismatchException.class, () -> TestSeries.builder(root).tickUnit(TickUnit.MILLIS).open());
        assertEquals("tickUnit=MILLIS", ex.expected());
        assertEquals("tickUnit=NANOS", ex.actual());
        TestSeries.open(root).close();
        assertHolds(2);
    }

    @Test
    void shouldBeginAnotherChannelWhenLongerRecordsOrOtherHandlersAreAskedFor()
    {
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.open(root))
        {
            TestSeries.write(writer, 0, 2);
        }
        try (SeriesWriter<RawBinDataFormat> writer =
            TestSeries.builder(root).capacity(128 * 1024).maxMessageLength(900).open())
        {
            assertTrue(writer.longestContent() >= 900);
            TestSeries.write(writer, 2, 1);
        }
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.builder(root).handlers(new SequenceHandler()).open())
        {
            TestSeries.write(writer, 3, 1);
        }

        assertHolds(4);
    }

    @Test
    void shouldMakeNothingWhenHeaderIsImpossible() throws IOException
    {
        assertThrows(
            InvalidHeaderException.class, () -> TestSeries.builder(root).maxMessageLength(1 << 20).open());
        assertThrows(IllegalArgumentException.class, () -> TestSeries.builder(root).timeout(0));
        try (var files = Files.list(root))
        {
            assertEquals(0, files.count());
        }
    }

    @Test
    void shouldSweepWhatDeadWriterLeftHalfMade() throws IOException
    {
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.open(root))
        {
            TestSeries.write(writer, 0, 2);
        }
        final Path folder = TestSeries.file(root, 0).getParent();
        Files.write(folder.resolve(".0000_0002.kekbit.abc.tmp"), new byte[5]);
        Files.write(folder.resolve("0000_0007.writer"), new byte[0]);
        TestSeries.open(root).close();

        assertEquals(
            List.of(
                "0000_0001.kekbit", "0000_0001.writer", "0000_0002.kekbit", "0000_0002.writer", "series.writer"),
            TestSeries.files(root));
    }

    @Test
    void shouldTakeOverChannelThatWasMadeReadyWhenWriterDied() throws IOException
    {
        final Path image = root.resolve("image");
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.open(root))
        {
            writer.agent().doWork();
            TestSeries.write(writer, 0, 2);
            copyTo(image);
        }
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.open(image))
        {
            assertEquals(SeriesPosition.of(0, 8 + 2 * 16), writer.writeOffset());
            assertEquals(0, writer.agent().doWork());
            TestSeries.write(writer, 2, RECORDS_PER_CHANNEL);
            assertEquals(2, ChannelStatus.of(TestSeries.file(image, 1)).extension().writerEpoch());
        }
        assertHolds(image, RECORDS_PER_CHANNEL + 2);
    }

    @Test
    void shouldCloseChannelThatWasLeftOpenWhenWriterDiedBeforeAgentClosedIt() throws IOException
    {
        final Path image = root.resolve("image");
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.open(root))
        {
            writer.agent().doWork();
            TestSeries.write(writer, 0, RECORDS_PER_CHANNEL + 1);
            copyTo(image);
        }
        assertSame(ChannelState.FULL, ChannelStatus.of(TestSeries.file(image, 0)).state());
        try (SeriesReader reader = SeriesReader.open(image, TestSeries.NAME);
            SeriesWriter<RawBinDataFormat> writer = TestSeries.open(image))
        {
            assertSame(ChannelState.CLOSED, ChannelStatus.of(TestSeries.file(image, 0)).state());
            assertEquals(RECORDS_PER_CHANNEL + 1, writer.nextRecordNumber());
            assertEquals(TestSeries.numbers(0, RECORDS_PER_CHANNEL + 1), TestSeries.readAll(reader));
        }
    }

    /**
     * The power was lost before the agent had forced any of the channels that were left: only what the writer flushed
     * in the first one is there.
     */
    @Test
    void shouldLeaveNoGapInNumbersWhenRecordsWereGivenUpAfterLossOfPower() throws IOException
    {
        final Path image = root.resolve("image");
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.open(root))
        {
            writer.agent().doWork();
            TestSeries.write(writer, 0, 5);
            writer.flush();
            TestSeries.write(writer, 5, 2 * RECORDS_PER_CHANNEL + 1);
            copyTo(image);
        }
        for (int ordinal = 0; ordinal < 3; ordinal++)
        {
            restart(TestSeries.file(image, ordinal));
        }
        assertThrows(ChannelSuspectException.class, () -> TestSeries.open(image));
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.builder(image).discardSuspect(true).open();
            SeriesReader reader = SeriesReader.open(image, TestSeries.NAME))
        {
            assertEquals(2, SeriesPosition.ordinal(writer.writeOffset()));
            assertEquals(5, writer.nextRecordNumber());
            TestSeries.write(writer, 5, 2);
            assertEquals(TestSeries.numbers(0, 7), TestSeries.readAll(reader));
            for (int number = 0; number < 7; number++)
            {
                assertTrue(reader.seekToRecord(number));
                assertTrue(reader.next());
                assertEquals(number, TestSeries.number(reader));
            }
        }
    }

    /**
     * As another process does that keeps the series within its bounds.
     */
    @Test
    void shouldGoOnWithSequenceWhenChannelOfLastRecordIsDeletedAsSoonAsAnotherIsBegun()
    {
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.builder(root).handlers(new SequenceHandler()).open())
        {
            TestSeries.write(writer, 0, 3);
        }
        final int[] calls = {0};
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.builder(root)
            .handlers(new SequenceHandler())
            .clock(() ->
            {
                // Asked for the header of what is to be, when what is there is looked at, and for the new channel.
                if (++calls[0] == 3)
                {
                    new SeriesFolder(root, TestSeries.NAME).delete(0);
                }
                return calls[0];
            })
            .open();
            SeriesReader reader = SeriesReader.open(root, TestSeries.NAME))
        {
            assertFalse(Files.exists(TestSeries.file(root, 0)));
            assertEquals(3, writer.nextRecordNumber());
            TestSeries.write(writer, 3, 1);
            assertTrue(reader.next());
            assertEquals(4, reader.sequence());
        }
    }

    @Test
    void shouldReplaceChannelThatWasMadeReadyWhenOtherChannelsAreAskedFor() throws IOException
    {
        final Path image = root.resolve("image");
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.open(root))
        {
            writer.agent().doWork();
            TestSeries.write(writer, 0, 2);
            copyTo(image);
        }
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.builder(image).capacity(64 * 1024).open())
        {
            assertEquals(1, writer.agent().doWork());
            TestSeries.write(writer, 2, RECORDS_PER_CHANNEL);
            assertEquals(64 * 1024, writer.header().capacity());
        }
        assertHolds(image, RECORDS_PER_CHANNEL + 2);
    }

    @Test
    void shouldDeleteChannelThatWasMadeReadyOtherwise()
    {
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.open(root))
        {
            TestSeries.write(writer, 0, 2);
            writer.agent().doWork();
            assertTrue(Files.exists(TestSeries.file(root, 1)));
            assertSame(ChannelState.LIVE, ChannelStatus.of(TestSeries.file(root, 1)).state());
            try (SeriesReader reader = SeriesReader.open(root, TestSeries.NAME))
            {
                assertEquals(List.of(0L, 1L), TestSeries.readAll(reader));
                assertSame(ReaderState.OPEN, reader.state());
                reader.moveToEnd();
                assertEquals(0, SeriesPosition.ordinal(reader.position()));
            }
        }
        assertFalse(Files.exists(TestSeries.file(root, 1)));
    }

    private SeriesWriter<Versioned> open(final Versioned format)
    {
        return SeriesWriter.builder(root, TestSeries.NAME, format).capacity(16384).maxMessageLength(100).open();
    }

    private void assertHolds(final int count)
    {
        assertHolds(root, count);
    }

    private static void assertHolds(final Path where, final int count)
    {
        try (SeriesReader reader = SeriesReader.open(where, TestSeries.NAME))
        {
            assertEquals(TestSeries.numbers(0, count), TestSeries.readAll(reader));
            assertSame(ReaderState.CLOSED, reader.state());
        }
    }

    /**
     * Let a channel be one that was written before the machine was restarted.
     */
    private static void restart(final Path file) throws IOException
    {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE))
        {
            channel.write(ByteBuffer.allocate(Long.BYTES).putLong(0, 1), ExtensionDescriptor.BOOT_ID_OFFSET);
        }
    }

    /**
     * What a writer leaves that is killed at this moment.
     */
    private void copyTo(final Path image) throws IOException
    {
        final Path folder = TestSeries.file(image, 0).getParent();
        Files.createDirectories(folder);
        for (int ordinal = 0; Files.exists(TestSeries.file(root, ordinal)); ordinal++)
        {
            Files.copy(TestSeries.file(root, ordinal), TestSeries.file(image, ordinal));
        }
    }

    /**
     * A format of which each version describes itself otherwise.
     *
     * @param version of the schema.
     */
    private record Versioned(int version) implements DataFormat
    {
        @Override
        public long id()
        {
            return 0x1234_5678_0000_0000L;
        }

        @Override
        public String mediaType()
        {
            return "application/x-versioned";
        }

        @Override
        public DirectBuffer schema()
        {
            return new UnsafeBuffer(("version " + version).getBytes(StandardCharsets.UTF_8));
        }
    }
}
