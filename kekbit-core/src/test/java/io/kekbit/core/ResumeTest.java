package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelClosedException;
import io.kekbit.core.exceptions.ChannelCorruptException;
import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.ChannelNotFoundException;
import io.kekbit.core.exceptions.ChannelNotResumableException;
import io.kekbit.core.exceptions.ChannelSuspectException;
import io.kekbit.core.exceptions.FileTooShortException;
import io.kekbit.core.exceptions.FormatMismatchException;
import io.kekbit.core.exceptions.StorageNotReadyException;
import io.kekbit.core.exceptions.WriterActiveException;
import io.kekbit.core.layout.ChannelPath;
import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.IndexDescriptor;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ResumeTest
{
    private static final int RECORD_LENGTH = 104;
    private static final int RECORDS = 80;
    private static final int END = 8 + RECORDS * 112;
    private static final int FLUSHED_RECORDS = 40;
    private static final int DURABLE_POSITION = 8 + FLUSHED_RECORDS * 112;
    private static final long NOW = 5_000;

    @TempDir
    private Path root;
    private Path file;

    /**
     * A channel whose writer died with a claim open, after it had flushed half of its records.
     */
    @BeforeEach
    void writeAndDie() throws IOException
    {
        file = TestChannels.file(root);
        Files.createDirectories(file.getParent());
        try (ShmWriter<RawBinDataFormat> writer = create(root.resolve("source")))
        {
            for (int i = 0; i < RECORDS; i++)
            {
                write(writer, i);
                if (i == FLUSHED_RECORDS - 1)
                {
                    writer.flush();
                }
            }
            writer.claim(112);
            writer.slot().setMemory(0, 112, (byte)0xEE);
            Files.copy(writer.file(), file);
        }
    }

    @Test
    void shouldGoOnBehindLastRecordWhenResumed()
    {
        try (ShmWriter<RawBinDataFormat> writer = resume())
        {
            assertEquals(END, writer.writeOffset());
            write(writer, RECORDS);
        }

        assertReadsBack(RECORDS + 1, ReaderState.CLOSED);
    }

    @Test
    void shouldZeroWhatDeadWriterLeftWhenResumed() throws IOException
    {
        try (ShmWriter<RawBinDataFormat> writer = resume())
        {
            assertEquals(END, writer.writeOffset());
            assertEquals(RecordDescriptor.WATERMARK, word(END));
            for (int position = END + 8; position < TestChannels.SMALL_CAPACITY + 32; position += 8)
            {
                assertEquals(0, word(position), "word at " + position);
            }
        }
    }

    @Test
    void shouldLeaveTheSameBytesAsAnUninterruptedWriterWhenResumed() throws IOException
    {
        final Path otherRoot = root.resolve("other");
        try (ShmWriter<RawBinDataFormat> writer = create(otherRoot); ShmWriter<RawBinDataFormat> resumed = resume())
        {
            for (int i = 0; i < RECORDS; i++)
            {
                write(writer, i);
            }
            for (int i = RECORDS; i < RECORDS + 30; i++)
            {
                write(writer, i);
                write(resumed, i);
            }
        }

        final byte[] expected = Files.readAllBytes(TestChannels.file(otherRoot));
        final byte[] actual = Files.readAllBytes(file);
        assertEquals(2, actual[ExtensionDescriptor.WRITER_EPOCH_OFFSET]);
        actual[ExtensionDescriptor.WRITER_EPOCH_OFFSET] = 1;
        assertArrayEquals(expected, actual);
    }

    @Test
    void shouldDescribeNewWriterWhenResumed() throws IOException
    {
        TestChannels.putLong(file, ExtensionDescriptor.PROCESS_ID_OFFSET, 1);
        try (ShmWriter<RawBinDataFormat> writer = resume())
        {
            assertEquals(2, writer.extension().writerEpoch());
            assertEquals(ProcessHandle.current().pid(), writer.extension().processId());
            assertEquals(BootId.current(), writer.extension().bootId());
            assertEquals(END, TestChannels.getLong(file, ExtensionDescriptor.TAIL_HINT_OFFSET));
        }
    }

    @Test
    void shouldTouchEveryPageThatWasNotFlushedBeforeFirstForceWhenResumed()
    {
        final TracingFiles files = new TracingFiles();
        try (ShmWriter<RawBinDataFormat> writer = ShmWriter
            .builder(root, TestChannels.smallHeader().build(), RawBinDataFormat.INSTANCE).files(files).resume())
        {
            assertEquals(END, writer.writeOffset());
            final int start = RecordDescriptor.RECORD_AREA_OFFSET + DURABLE_POSITION;
            assertEquals(
                List.of(
                    "touch " + start, "touch " + (start + 4096),
                    "touch " + (RecordDescriptor.RECORD_AREA_OFFSET + END), "force 448+8"),
                files.takeTrace().stream()
                    .filter((line) -> line.startsWith("touch") || line.startsWith("force"))
                    .toList());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 4, 1L << 40})
    void shouldWalkFromStartWhenHintsLie(final long hint) throws IOException
    {
        TestChannels.putLong(file, ExtensionDescriptor.TAIL_HINT_OFFSET, hint);
        TestChannels.putLong(file, ExtensionDescriptor.DURABLE_POSITION_OFFSET, hint);
        TestChannels.putLong(file, ExtensionDescriptor.INDEX_COUNT_OFFSET, hint);

        shouldGoOnBehindLastRecordWhenResumed();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 16, 24})
    void shouldCutIndexAtEntryThatLiesWhenResumed(final int offset) throws IOException
    {
        final int second = 17_472 + IndexDescriptor.ENTRY_LENGTH;
        TestChannels.putByte(file, second + offset, 1);
        try (ShmWriter<RawBinDataFormat> writer = resume())
        {
            assertEquals(1, TestChannels.getLong(file, ExtensionDescriptor.INDEX_COUNT_OFFSET));
            write(writer, RECORDS);
        }

        final UnsafeBuffer content = new UnsafeBuffer(Files.readAllBytes(file));
        assertEquals(2, content.getLong(ExtensionDescriptor.INDEX_COUNT_OFFSET));
        assertEquals(END, content.getLong(second));
        assertEquals(RECORDS, content.getLong(second + 8));
        assertTrue(IndexDescriptor.isValid(content, second, 1));
    }

    @Test
    void shouldWriteNoEntryBehindIndexWhenItIsFull() throws IOException
    {
        TestChannels.putInt(file, ExtensionDescriptor.INDEX_CAPACITY_OFFSET, 3);
        try (ShmWriter<RawBinDataFormat> writer = resume())
        {
            while (writer.writeOffset() < 3 * 4096)
            {
                write(writer, RECORDS);
            }
            // The first in a fourth stride.
            write(writer, RECORDS);
        }

        assertEquals(3, TestChannels.getLong(file, ExtensionDescriptor.INDEX_COUNT_OFFSET));
        assertEquals(0, TestChannels.getLong(file, 17_472 + 3 * IndexDescriptor.ENTRY_LENGTH));
    }

    @Test
    void shouldKeepDurablePositionWhenResumed() throws IOException
    {
        try (ShmWriter<RawBinDataFormat> writer = resume())
        {
            assertEquals(
                DURABLE_POSITION, TestChannels.getLong(writer.file(), ExtensionDescriptor.DURABLE_POSITION_OFFSET));
        }
    }

    @Test
    void shouldResumeWhenIndexIsGone() throws IOException
    {
        TestChannels.putLong(file, ExtensionDescriptor.INDEX_SECTION_OFFSET, 0);

        shouldGoOnBehindLastRecordWhenResumed();
    }

    @Test
    void shouldSweepSecondNameThatDeadCreatorLeftWhenResumed() throws IOException
    {
        final Path litter = Files.createLink(file.resolveSibling(".0000_0001.kekbit.1234.tmp"), file);
        final Path otherChannels = Files.createFile(file.resolveSibling(".0000_0002.kekbit.1234.tmp"));

        shouldGoOnBehindLastRecordWhenResumed();

        assertFalse(Files.exists(litter));
        assertTrue(Files.exists(otherChannels));
    }

    @Test
    void shouldRefuseWhenThereIsNoChannel() throws IOException
    {
        Files.delete(file);

        assertRefused(ChannelNotFoundException.class, "");
        assertEquals(0, TestChannels.filesBelow(file.getParent()).size());
    }

    @Test
    void shouldRefuseWhenClosed()
    {
        resume().close();

        assertRefused(ChannelClosedException.class, "");
    }

    @ParameterizedTest
    @ValueSource(longs = {113, -2, 1L << 32, Long.MIN_VALUE})
    void shouldRefuseWhenCorrupt(final long lengthWord) throws IOException
    {
        TestChannels.putLengthWord(file, 120, lengthWord);

        assertRefused(ChannelCorruptException.class, "position=120");
    }

    @Test
    void shouldRefuseWhenNoWatermarkStandsBehindTheRecords() throws IOException
    {
        TestChannels.putLengthWord(file, END, 0);
        for (int position = END + 8; position < END + 136; position += 8)
        {
            TestChannels.putLengthWord(file, position, 0);
        }

        assertRefused(ChannelCorruptException.class, "position=" + (TestChannels.SMALL_CAPACITY - 16));
    }

    @Test
    void shouldRefuseWhenFileIsShort() throws IOException
    {
        try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw"))
        {
            opened.setLength(17_439);
        }

        assertRefused(FileTooShortException.class, "expected=17440 actual=17439");
        assertEquals(17_439, Files.size(file));
    }

    @Test
    void shouldRefuseWhenTheCrateMadeTheFile() throws IOException
    {
        TestChannels.putLong(file, ExtensionDescriptor.SIGNATURE_OFFSET, 0);

        assertRefused(ChannelNotResumableException.class, "no extension");
    }

    @Test
    void shouldRefuseWhenFormatIsAnother()
    {
        assertThrows(
            FormatMismatchException.class, () -> ShmWriter.resume(root, 1, PlainTextDataFormat.INSTANCE));
    }

    @Test
    void shouldRefuseWhenWriterLives()
    {
        try (ShmWriter<RawBinDataFormat> writer = resume())
        {
            assertRefused(WriterActiveException.class, "");
            write(writer, RECORDS);
        }

        assertReadsBack(RECORDS + 1, ReaderState.CLOSED);
    }

    @Test
    void shouldRefuseAfterRestartWhenRecordsStandBehindDurablePosition() throws IOException
    {
        restartMachine();

        assertRefused(ChannelSuspectException.class, "durablePosition=" + DURABLE_POSITION);
    }

    @Test
    void shouldGiveUpWhatIsSuspectWhenToldTo() throws IOException
    {
        restartMachine();
        try (ShmWriter<RawBinDataFormat> writer = ShmWriter
            .builder(root, TestChannels.smallHeader().build(), RawBinDataFormat.INSTANCE)
            .discardSuspect(true)
            .resume())
        {
            assertEquals(DURABLE_POSITION, writer.writeOffset());
            for (int position = DURABLE_POSITION + 8; position < TestChannels.SMALL_CAPACITY + 32; position += 8)
            {
                assertEquals(0, word(position), "word at " + position);
            }
            write(writer, FLUSHED_RECORDS);
        }

        assertReadsBack(FLUSHED_RECORDS + 1, ReaderState.CLOSED);
    }

    @Test
    void shouldGoOnAfterRestartWhenNothingStandsBehindDurablePosition() throws IOException
    {
        restartMachine();
        TestChannels.putLengthWord(file, DURABLE_POSITION, RecordDescriptor.WATERMARK);
        for (int position = DURABLE_POSITION + 8; position < TestChannels.SMALL_CAPACITY; position += 8)
        {
            TestChannels.putLengthWord(file, position, 0);
        }
        try (ShmWriter<RawBinDataFormat> writer = resume())
        {
            assertEquals(DURABLE_POSITION, writer.writeOffset());
        }

        assertReadsBack(FLUSHED_RECORDS, ReaderState.CLOSED);
    }

    @ParameterizedTest
    @ValueSource(longs = {-8, DURABLE_POSITION + 1, TestChannels.SMALL_CAPACITY, 1L << 40, Long.MIN_VALUE})
    void shouldRefuseAfterRestartWhenDurablePositionIsImpossible(final long stored) throws IOException
    {
        restartMachine();
        TestChannels.putLong(file, ExtensionDescriptor.DURABLE_POSITION_OFFSET, stored);
        final byte[] before = Files.readAllBytes(file);

        assertThrows(
            ChannelCorruptException.class,
            () -> ShmWriter.builder(root, TestChannels.smallHeader().build(), RawBinDataFormat.INSTANCE)
                .discardSuspect(true)
                .resume());
        assertArrayEquals(before, Files.readAllBytes(file));
    }

    @Test
    void shouldRefuseAfterRestartWhenDurablePositionIsInsideRecord() throws IOException
    {
        restartMachine();
        TestChannels.putLong(file, ExtensionDescriptor.DURABLE_POSITION_OFFSET, DURABLE_POSITION + 8);

        assertRefused(ChannelCorruptException.class, "position=" + (DURABLE_POSITION + 8));
    }

    @Test
    void shouldRefuseAfterRestartWhenClosed() throws IOException
    {
        resume().close();
        restartMachine();

        assertRefused(ChannelClosedException.class, "");
    }

    @Test
    void shouldCreateFirstAndResumeThenWhenTheSameLineRuns()
    {
        final Path newRoot = root.resolve("new");
        for (int run = 0; run < 3; run++)
        {
            try (ChildJvm child = ChildJvm.start(ChildJvm.QUICK_START, DyingWriter.class, newRoot, 1))
            {
                assertEquals("at " + (8 + run * 112), child.readLine());
                child.awaitEnd();
            }
            catch (final IOException | InterruptedException ex)
            {
                throw new AssertionError(ex);
            }
        }

        try (ShmReader reader = ShmReader.open(newRoot, 1))
        {
            assertEquals(3, TestChannels.readAll(reader).size());
            assertEquals(3, reader.extension().writerEpoch());
        }
    }

    @Test
    void shouldResumeWhenLockFileOfTheCratesIsLeftBesideWholeChannel() throws IOException
    {
        Files.createFile(ChannelPath.lockFile(root, 1));

        try (ShmWriter<RawBinDataFormat> writer = createOrResume())
        {
            assertEquals(END, writer.writeOffset());
        }
    }

    @Test
    void shouldSayNotReadyWhenLockFileOfTheCratesStandsAloneOrBesideUnfinishedChannel() throws IOException
    {
        Files.createFile(ChannelPath.lockFile(root, 1));
        TestChannels.putLong(file, ExtensionDescriptor.SIGNATURE_OFFSET, 0);
        assertThrows(StorageNotReadyException.class, this::createOrResume);

        Files.delete(file);
        assertThrows(StorageNotReadyException.class, this::createOrResume);
    }

    @Test
    @Tag("race")
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void shouldLetOneWinWhenTwoResumeAtOnce() throws IOException, InterruptedException
    {
        final int races = Evidence.times("kekbit.resume.races", 3);
        final Path raceRoot = root.resolve("race");
        final Path words = root.resolve("words");
        ResumeRivals.letWriterDie(raceRoot, races);
        long wonByFirst = 0;
        try (SharedWords results = ResumeRivals.race(raceRoot, words, races))
        {
            for (int channelId = 1; channelId <= races; channelId++)
            {
                final long[] answers = ResumeRivals.answers(results, channelId);
                wonByFirst += answers[0] == ResumeRivals.RESUMED ? 1 : 0;
                Arrays.sort(answers);
                assertArrayEquals(new long[]{ResumeRivals.RESUMED, ResumeRivals.REFUSED}, answers);
                ResumeRivals.assertWhole(raceRoot, channelId);
            }
        }
        assertEquals(2 * races, TestChannels.filesBelow(raceRoot).size());

        Evidence.print(
            "two processes resume one channel", "races", races, "winners", races, "wonByFirst", wonByFirst,
            "losersRefused", races, "lost", 0, "litter", 0);
    }

    private static ShmWriter<RawBinDataFormat> create(final Path folder)
    {
        return ShmWriter
            .builder(folder, TestChannels.smallHeader().creationTime(1).build(), RawBinDataFormat.INSTANCE)
            .clock(() -> NOW)
            .create();
    }

    private ShmWriter<RawBinDataFormat> createOrResume()
    {
        return ShmWriter.createOrResume(root, TestChannels.smallHeader().build(), RawBinDataFormat.INSTANCE);
    }

    private ShmWriter<RawBinDataFormat> resume()
    {
        return ShmWriter
            .builder(root, TestChannels.smallHeader().build(), RawBinDataFormat.INSTANCE).clock(() -> NOW).resume();
    }

    private static void write(final Writer<?> writer, final int number)
    {
        writer.write(new UnsafeBuffer(TestChannels.fixtureRecord(number, RECORD_LENGTH)), 0, RECORD_LENGTH);
    }

    private void restartMachine() throws IOException
    {
        TestChannels.putLong(file, ExtensionDescriptor.BOOT_ID_OFFSET, 0x1122_3344_5566_7788L);
    }

    private long word(final long position) throws IOException
    {
        return TestChannels.getLong(file, RecordDescriptor.RECORD_AREA_OFFSET + position);
    }

    private void assertReadsBack(final int expectedRecords, final ReaderState expectedState)
    {
        try (ShmReader reader = ShmReader.open(root, 1))
        {
            final List<byte[]> records = TestChannels.readAll(reader);
            assertEquals(expectedRecords, records.size());
            for (int i = 0; i < expectedRecords; i++)
            {
                assertArrayEquals(TestChannels.fixtureRecord(i, RECORD_LENGTH), records.get(i), "record " + i);
            }
            assertEquals(expectedState, reader.state());
        }
    }

    private <T extends ChannelException> void assertRefused(final Class<T> expectedType, final String expectedDetails)
    {
        final T ex = assertThrows(expectedType, this::resume);
        assertEquals(file, ex.file());
        assertTrue(ex.getMessage().contains("file=" + file), ex.getMessage());
        assertTrue(ex.getMessage().contains(expectedDetails), ex.getMessage());
    }

    /**
     * Creates or resumes, appends the next records, and dies without closing.
     */
    static final class DyingWriter
    {
        private DyingWriter()
        {
        }

        public static void main(final String[] args)
        {
            final Header header =
                Header.builder().channelId(1).capacity(1 << 26).maxMessageLength(RECORD_LENGTH).build();
            final ShmWriter<RawBinDataFormat> writer =
                ShmWriter.createOrResume(Path.of(args[0]), header, RawBinDataFormat.INSTANCE);
            System.out.println("at " + writer.writeOffset());
            final int first = (int)(writer.writeOffset() - 8) / 112;
            final int count = Integer.parseInt(args[1]);
            for (int i = 0; i < count && writer.available() >= 112; i++)
            {
                write(writer, first + i);
                LockSupport.parkNanos(1);
            }
            Runtime.getRuntime().halt(0);
        }
    }
}
