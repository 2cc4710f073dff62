package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.ChannelNotFoundException;
import io.kekbit.core.exceptions.InvalidSignatureException;
import io.kekbit.core.exceptions.NotAChannelFileException;
import io.kekbit.core.handlers.TimestampHandler;
import io.kekbit.core.layout.ChannelPath;
import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.IndexDescriptor;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.concurrent.EpochNanoClock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What a channel's status says in every state, and that looking leaves no trace.
 */
class ChannelStatusTest
{
    private static final Instant NOW = Instant.parse("2026-11-25T10:00:00Z");
    private static final Path RUST = Path.of("src/test/resources/channels/rust");

    @TempDir
    private Path root;
    private Path file;
    private final long[] now = {nanos(NOW)};

    @BeforeEach
    void nameFile()
    {
        file = TestChannels.file(root);
    }

    @Test
    void shouldBeLiveWhenWriterGaveSignOfLife() throws IOException
    {
        try (ShmWriter<RawBinDataFormat> writer = create())
        {
            write(writer, 3);
            writer.heartbeat();
            final ChannelStatus status = look(NOW.plusSeconds(99));

            assertEquals(ChannelState.LIVE, status.state());
            assertEquals(OptionalLong.of(ProcessHandle.current().pid()), status.writerProcess());
            assertEquals(NOW, status.lastActivity());
            assertEquals(8 + 3 * 16 + 8, status.used());
            assertEquals(OptionalLong.of(3), status.records());
            assertEquals(OptionalLong.of(8), status.durablePosition());
            assertEquals(List.of(), status.problems());
            assertEquals(file, status.file());
            assertEquals(writer.header(), status.header());
            assertEquals(1, status.extension().writerEpoch());
        }
    }

    @Test
    void shouldBeIdleWhenWriterIsSilentForLongerThanTimeout() throws IOException
    {
        try (ShmWriter<RawBinDataFormat> writer = create())
        {
            write(writer, 1);
            writer.heartbeat();

            assertEquals(ChannelState.IDLE, look(NOW.plusSeconds(101)).state());
        }
    }

    @Test
    void shouldGoByStampOfLastRecordWhenThereIsOne() throws IOException
    {
        try (EnvelopeWriter<RawBinDataFormat> writer = EnvelopeWriter.create(
            builder(), new TimestampHandler(TickUnit.NANOS, () -> now[0])))
        {
            write(writer, 1);
            now[0] = nanos(NOW.plusSeconds(60));
            write(writer, 1);
            final ChannelStatus status = look(NOW.plusSeconds(150));

            assertEquals(NOW.plusSeconds(60), status.lastActivity());
            assertEquals(ChannelState.LIVE, status.state());
        }
    }

    @Test
    void shouldBeLiveWhenWriterIsAnotherProcess() throws Exception
    {
        create().abandon();
        try (FileChannel lockFile = FileChannel.open(ChannelPath.writerFile(file), StandardOpenOption.WRITE);
            FileLock lock = lockFile.lock())
        {
            assertTrue(lock.isValid());
            try (ChildJvm child = ChildJvm.start(ChildJvm.QUICK_START, Looking.class, file))
            {
                final String state = child.readLine();
                child.awaitEnd();
                assertEquals("LIVE", state);
            }
        }
    }

    @Test
    void shouldSeeWriterOfAnotherClassLoaderWhenAskedAgainAndAgain() throws IOException
    {
        create().abandon();
        try (FileChannel lockFile = FileChannel.open(ChannelPath.writerFile(file), StandardOpenOption.WRITE))
        {
            // As a copy of this library would in this process, of which the registry knows nothing.
            final FileLock lock = lockFile.lock();
            assertEquals(ChannelState.IDLE, look(NOW).state());
            final int descriptors = OpenFiles.descriptors(root).size();
            assertEquals(ChannelState.IDLE, look(NOW).state());
            assertEquals(descriptors, OpenFiles.descriptors(root).size());
            assertTrue(WriterLockTest.isLockedForOtherProcesses(root));
            lock.release();
        }
        assertEquals(ChannelState.ABANDONED, look(NOW).state());
    }

    @Test
    void shouldKeepWritersLockWhenLookedAt() throws IOException
    {
        try (ShmWriter<RawBinDataFormat> writer = create())
        {
            look(NOW);

            assertTrue(WriterLockTest.isLockedForOtherProcesses(root));
            write(writer, 1);
        }
    }

    @Test
    void shouldBeAbandonedWhenWriterDied() throws IOException
    {
        final ShmWriter<RawBinDataFormat> writer = create();
        write(writer, 2);
        writer.abandon();
        final ChannelStatus status = look(NOW);

        assertEquals(ChannelState.ABANDONED, status.state());
        assertEquals(OptionalLong.empty(), status.writerProcess());
        assertEquals(OptionalLong.of(2), status.records());
    }

    @Test
    void shouldBeAbandonedWhenThereIsNoLockFileBesideIt() throws IOException
    {
        create().abandon();
        final Path copy = Files.copy(file, root.resolve("copy.kekbit"));

        assertEquals(ChannelState.ABANDONED, ChannelStatus.of(ChannelFiles.SYSTEM, copy, () -> now[0]).state());
        assertTrue(Files.notExists(root.resolve("copy.writer")));
    }

    @Test
    void shouldBeClosedWhenWriterClosed() throws IOException
    {
        final ShmWriter<RawBinDataFormat> writer = create();
        write(writer, 2);
        writer.close();
        final ChannelStatus status = look(NOW);

        assertEquals(ChannelState.CLOSED, status.state());
        assertEquals(40, status.used());
        assertEquals(OptionalLong.of(40), status.durablePosition());
    }

    @Test
    void shouldBeFullWhenNoRecordFits() throws IOException
    {
        try (ShmWriter<RawBinDataFormat> writer = create())
        {
            TestChannels.fillWithLongest(writer);
            while (writer.tryHeartbeat() > 0)
            {
                continue;
            }

            assertEquals(ChannelState.FULL, look(NOW).state());
        }
    }

    @Test
    void shouldBeSuspectWhenMachineWasRestartedAndRecordsAreBehindDurablePosition() throws IOException
    {
        final ShmWriter<RawBinDataFormat> writer = create();
        write(writer, 2);
        writer.flush();
        write(writer, 2);
        writer.abandon();
        restartMachine();
        final ChannelStatus status = look(NOW);

        assertEquals(ChannelState.SUSPECT, status.state());
        assertEquals(40, status.used());
        assertEquals(OptionalLong.of(2), status.records());
    }

    @Test
    void shouldBeClosedWhenClosedBeforeRestart() throws IOException
    {
        final ShmWriter<RawBinDataFormat> writer = create();
        write(writer, 2);
        writer.close();
        restartMachine();

        assertEquals(ChannelState.CLOSED, look(NOW).state());
    }

    @Test
    void shouldBeCorruptWhenLengthWordIsImpossible() throws IOException
    {
        final ShmWriter<RawBinDataFormat> writer = create();
        write(writer, 4);
        writer.abandon();
        TestChannels.putLengthWord(file, 40, 1L << 50);
        final ChannelStatus status = look(NOW);

        assertEquals(ChannelState.CORRUPT, status.state());
        assertEquals(40, status.used());
        assertEquals(List.of("position 40: what stands there is no length of a record"), status.problems());
    }

    @Test
    void shouldCountRecordsWithoutWalkingOverThemWhenThereIsAnIndex() throws IOException
    {
        try (ShmWriter<RawBinDataFormat> writer = create())
        {
            write(writer, 800);
            // Whoever walks over the first record sees this.
            TestChannels.putLengthWord(file, 8, 4096);

            assertEquals(OptionalLong.of(800), look(NOW).records());
            assertEquals(8 + 800 * 16, look(NOW).used());
        }
    }

    @Test
    void shouldCountTheSameWhenIndexIsDamaged() throws IOException
    {
        try (ShmWriter<RawBinDataFormat> writer = create())
        {
            write(writer, 800);
            final long indexOffset = TestChannels.getLong(file, ExtensionDescriptor.INDEX_SECTION_OFFSET);
            for (int entry = 3; entry >= 0; entry--)
            {
                TestChannels.putByte(file, indexOffset + entry * 32L + 9, 0xA5);
                final ChannelStatus status = look(NOW);
                assertEquals(OptionalLong.of(800), status.records());
                assertEquals(8 + 800 * 16, status.used());
                assertEquals(List.of("index: entry 3 is damaged, which costs time"), status.problems());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 1_000_000, Long.MAX_VALUE})
    void shouldCountTheSameWhenIndexTellsOfImpossibleNumbersThoughItsChecksAreRight(final long count)
        throws IOException
    {
        try (ShmWriter<RawBinDataFormat> writer = create())
        {
            write(writer, 800);
            final long indexOffset = TestChannels.getLong(file, ExtensionDescriptor.INDEX_SECTION_OFFSET);
            for (int entry = 0; entry < 4; entry++)
            {
                final long offset = indexOffset + entry * (long)IndexDescriptor.ENTRY_LENGTH;
                final long position = TestChannels.getLong(file, offset + IndexDescriptor.POSITION_OFFSET);
                final long time = TestChannels.getLong(file, offset + IndexDescriptor.TIME_OFFSET);
                final long check = IndexDescriptor.check(position, count, time, writer.header().creationTime());
                TestChannels.putLong(file, offset + IndexDescriptor.RECORD_COUNT_OFFSET, count);
                TestChannels.putLong(file, offset + IndexDescriptor.CHECK_OFFSET, check);
            }

            assertEquals(OptionalLong.of(800), look(NOW).records());
        }
    }

    @Test
    void shouldSayThatThereIsNoChannelWhenItIsDeletedMeanwhile()
    {
        create().close();
        final EpochNanoClock clock = () -> now[0];
        final int[] lookups = new int[1];
        final int[] lastLookup = new int[1];
        final ChannelFiles files = new ChannelFiles()
        {
            @Override
            BasicFileAttributes attributes(final Path path) throws IOException
            {
                if (++lookups[0] == lastLookup[0])
                {
                    Files.delete(file);
                }

                return super.attributes(path);
            }
        };
        ChannelStatus.of(files, file, clock);
        lastLookup[0] = 2 * lookups[0];

        assertThrows(ChannelNotFoundException.class, () -> ChannelStatus.of(files, file, clock));
        assertEquals(lastLookup[0], lookups[0]);
    }

    @Test
    void shouldReportWhenWhatItTellsIsImpossible() throws IOException
    {
        create().abandon();
        TestChannels.putLong(file, ExtensionDescriptor.DURABLE_POSITION_OFFSET, -16);
        TestChannels.putLong(file, ExtensionDescriptor.INDEX_COUNT_OFFSET, 1L << 33);
        TestChannels.putLong(file, ExtensionDescriptor.TAIL_HINT_TIME_OFFSET, -1);
        setLastModified(NOW.minusSeconds(5));
        final ChannelStatus status = ChannelStatus.of(ChannelFiles.SYSTEM, file, () -> now[0]);

        assertEquals(OptionalLong.empty(), status.durablePosition());
        assertEquals(NOW.minusSeconds(5), status.lastActivity());
        assertEquals(
            List.of(
                "index: 8589934592 entries are more than it has room for",
                "durable position: 18446744073709551600 is not in the record area",
                "tail hint time: 2554-07-21T23:34:33.709551615Z is yet to come"),
            status.problems());
    }

    @Test
    void shouldLookAtEveryFileOfTheCrate() throws IOException
    {
        try (var files = Files.walk(RUST))
        {
            for (final Path path : files.filter(found -> found.toString().endsWith(".kekbit")).toList())
            {
                final ChannelStatus status = ChannelStatus.of(path);

                assertEquals(OptionalLong.empty(), status.records());
                assertEquals(OptionalLong.empty(), status.durablePosition());
                assertEquals(OptionalLong.empty(), status.writerProcess());
                try (ShmReader reader = ShmReader.builder(path).open())
                {
                    TestChannels.readAll(reader);
                    assertEquals(reader.position(), status.used());
                }
            }
        }
    }

    @Test
    void shouldGoByFileTimeWhenTheCrateMadeTheChannel() throws IOException
    {
        create().abandon();
        TestChannels.putLong(file, ExtensionDescriptor.SIGNATURE_OFFSET, 0);

        assertEquals(ChannelState.LIVE, look(NOW.plusSeconds(99), NOW).state());
        assertEquals(ChannelState.ABANDONED, look(NOW.plusSeconds(101), NOW).state());
    }

    @Test
    void shouldGoBySignsOfLifeWhenLockCannotBeLookedAt() throws IOException
    {
        create().abandon();
        final ChannelFiles files = new ChannelFiles()
        {
            @Override
            FileLock tryLockShared(final FileChannel channel) throws IOException
            {
                throw new IOException("made to fail");
            }
        };
        setLastModified(NOW);
        final ChannelStatus live = ChannelStatus.of(files, file, () -> nanos(NOW.plusSeconds(99)));
        final ChannelStatus abandoned = ChannelStatus.of(files, file, () -> nanos(NOW.plusSeconds(101)));

        assertEquals(ChannelState.LIVE, live.state());
        assertEquals(OptionalLong.empty(), live.writerProcess());
        assertEquals(
            List.of(
                "writer lock: cannot be looked at, so that signs of life have to do: " +
                    "java.io.IOException: made to fail"),
            live.problems());
        assertEquals(ChannelState.ABANDONED, abandoned.state());
    }

    @Test
    void shouldChangeNothingWhenLookedAt() throws IOException
    {
        final ShmWriter<RawBinDataFormat> writer = create();
        write(writer, 100);
        writer.abandon();
        final byte[] before = Files.readAllBytes(file);
        final List<Path> files = TestChannels.filesBelow(root);
        look(NOW);

        assertArrayEquals(before, Files.readAllBytes(file));
        assertEquals(files, TestChannels.filesBelow(root));
        assertEquals(List.of(), OpenFiles.mappings(root));
        assertEquals(List.of(), OpenFiles.descriptors(root));
    }

    @Test
    void shouldSayWhatItIsWhenFileIsNoChannel() throws IOException
    {
        assertThrows(ChannelNotFoundException.class, () -> ChannelStatus.of(root.resolve("missing")));
        assertThrows(NotAChannelFileException.class, () -> ChannelStatus.of(root));
        final Path foreign = Files.write(root.resolve("foreign"), new byte[100_000]);
        assertThrows(InvalidSignatureException.class, () -> ChannelStatus.of(foreign));
        final Path link = Files.createSymbolicLink(root.resolve("link"), foreign);
        assertThrows(NotAChannelFileException.class, () -> ChannelStatus.of(link));
    }

    @Test
    void shouldWalkToAnEndWhenFileIsHostile() throws IOException
    {
        final ShmWriter<RawBinDataFormat> writer = create();
        write(writer, 10);
        writer.abandon();
        final byte[] good = Files.readAllBytes(file);
        for (int offset = ExtensionDescriptor.SIGNATURE_OFFSET + 8; offset < 1024 + 256; offset += 4)
        {
            final byte[] bad = good.clone();
            Arrays.fill(bad, offset, offset + 4, (byte)0xFF);
            Files.write(file, bad);
            try
            {
                final ChannelStatus status = ChannelStatus.of(file);
                assertTrue(status.used() >= 0 && status.used() <= status.header().capacity(), status.toString());
            }
            catch (final ChannelException ex)
            {
                assertTrue(offset < RecordDescriptor.RECORD_AREA_OFFSET, ex.toString());
            }
        }
    }

    private ShmWriterBuilder<RawBinDataFormat> builder()
    {
        final Header header = TestChannels.smallHeader()
            .timeout(TimeUnit.SECONDS.toNanos(100)).creationTime(1).build();

        return ShmWriter.builder(root, header, RawBinDataFormat.INSTANCE).clock(() -> now[0]);
    }

    private ShmWriter<RawBinDataFormat> create()
    {
        return builder().create();
    }

    /**
     * Look at the channel, whose file was modified an hour ago, at a time.
     */
    private ChannelStatus look(final Instant at) throws IOException
    {
        return look(at, NOW.minus(Duration.ofHours(1)));
    }

    private ChannelStatus look(final Instant at, final Instant lastModified) throws IOException
    {
        setLastModified(lastModified);

        return ChannelStatus.of(ChannelFiles.SYSTEM, file, () -> nanos(at));
    }

    private void setLastModified(final Instant time) throws IOException
    {
        Files.setLastModifiedTime(file, FileTime.from(time));
    }

    private void restartMachine() throws IOException
    {
        TestChannels.putLong(file, ExtensionDescriptor.BOOT_ID_OFFSET, 0x1122_3344_5566_7788L);
    }

    private static long nanos(final Instant time)
    {
        return TimeUnit.SECONDS.toNanos(time.getEpochSecond()) + time.getNano();
    }

    private static void write(final Writer<?> writer, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            writer.write(TestChannels.bytes(8), 0, 8);
        }
    }

    /**
     * Looks at a channel, and says its state.
     */
    static final class Looking
    {
        private Looking()
        {
        }

        public static void main(final String[] args)
        {
            System.out.println(ChannelStatus.of(Path.of(args[0])).state());
        }
    }
}
