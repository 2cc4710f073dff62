package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelClosedException;
import io.kekbit.core.exceptions.ChannelNotResumableException;
import io.kekbit.core.exceptions.FlushFailedException;
import io.kekbit.core.exceptions.NotEnoughSpaceException;
import io.kekbit.core.exceptions.WriterActiveException;
import io.kekbit.core.exceptions.WriterClosedException;
import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.HeaderDescriptor;
import io.kekbit.core.layout.IndexDescriptor;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ChannelCopyTest
{
    private static final long NOW = 1_700_000_000_000_000_000L;
    private static final int HOSTILE_BLOCKS = 5_000;
    private static final String WATERMARK = "=" + RecordDescriptor.WATERMARK;

    private final UnsafeBuffer block = new UnsafeBuffer(new byte[4096]);

    @TempDir
    private Path root;
    private Path targetRoot;
    private Path source;
    private ShmWriter<RawBinDataFormat> writer;
    private ChannelCopy copy;

    @BeforeEach
    void open()
    {
        targetRoot = root.resolve("target");
        writer = ShmWriter.create(
            root.resolve("source"), TestChannels.smallHeader().creationTime(1).build(), RawBinDataFormat.INSTANCE);
        source = writer.file();
        copy = Copying.open(source, targetRoot);
    }

    @AfterEach
    void close()
    {
        copy.close();
        writer.close();
    }

    @Test
    void shouldBeginEmptyAndDurableWhenMade()
    {
        assertEquals(0, copy.position());
        assertEquals(0, copy.durablePosition());
        assertEquals(0, copy.recordCount());
        assertFalse(copy.isClosed());
        try (ShmReader reader = ShmReader.open(targetRoot, 1))
        {
            assertFalse(reader.next());
            assertEquals(ReaderState.OPEN, reader.state());
        }
    }

    @Test
    void shouldCountRecordsAndNotHeartbeatsWhenAppending()
    {
        assertEquals(32, copy.append(0, block, 0, frames(0, 8, 0), Reader.NOT_TOLD));

        assertEquals(1, copy.recordCount());
        assertEquals(32, copy.position());
    }

    @ParameterizedTest
    @CsvSource({"24, 'It was appended before'", "40, 'is missing'", "0, ''", "33, ''", "-8, ''"})
    void shouldRefuseBlockWhenItIsNotTheNext(final long position, final String reason)
    {
        copy.append(0, block, 0, frames(0, 8, 0), Reader.NOT_TOLD);

        assertRefused(position, 0, frames(8), Reader.NOT_TOLD, reason);
    }

    @ParameterizedTest
    @CsvSource({"0", "-8", "4", "12", "17", "16376", "16384"})
    void shouldRefuseBlockWhenItsLengthIsImpossible(final int length)
    {
        final UnsafeBuffer large = new UnsafeBuffer(new byte[32 * 1024]);

        assertThrows(RuntimeException.class, () -> copy.append(0, large, 0, length, Reader.NOT_TOLD));
        assertEquals(0, copy.position());
    }

    @ParameterizedTest
    @CsvSource({
        "1, -1", "1, -1229782938533634047", "1, 113", "1, -8", "1, 17", "2, 9", "2, -1", "0, 33", "0, 113", "0, -1",
        "0, 9223372036854775807", "0, 4294967304"})
    void shouldRefuseBlockWhenWordIsNoLength(final int frame, final long word)
    {
        final int length = frames(8, 8, 0);
        block.putLong(frame * 16, word, ByteOrder.LITTLE_ENDIAN);

        assertRefused(0, 0, length, Reader.NOT_TOLD, "not made of whole frames");
    }

    @Test
    void shouldRefuseBlockWhenTimeStepsBack()
    {
        copy.append(0, block, 0, frames(8), 100);

        assertRefused(16, 0, frames(8), 99, "time steps back");
        copy.append(16, block, 0, frames(8), 100);
    }

    @Test
    void shouldRefuseBlockWhenBufferDoesNotHoldIt()
    {
        frames(8);

        assertThrows(
            IndexOutOfBoundsException.class,
            () -> copy.append(0, block, block.capacity() - 8, 16, Reader.NOT_TOLD));
        assertEquals(0, copy.position());
    }

    /**
     * Random damage of blocks that would be right, positions and times included: what is refused leaves no trace, and
     * what is taken leaves a channel that can be read.
     */
    @Test
    void shouldStayWholeWhenBlocksAreHostile() throws IOException
    {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        int refused = 0;
        int taken = 0;
        byte[] before = Files.readAllBytes(copy.file());
        for (int i = 0; i < HOSTILE_BLOCKS && copy.position() < 16_000; i++)
        {
            int length = frames(random.nextInt(113), random.nextInt(113), random.nextInt(113));
            for (int damages = random.nextInt(3); damages > 0; damages--)
            {
                block.putByte(random.nextInt(length), (byte)random.nextInt(256));
            }
            length += random.nextInt(4) == 0 ? 8 * (random.nextInt(7) - 3) : 0;
            final long at = copy.position() + (random.nextInt(4) == 0 ? 8 * (random.nextInt(5) - 2) : 0);
            final long time = random.nextBoolean() ? Reader.NOT_TOLD : random.nextInt(1 << 30);
            final long position = copy.position();
            try
            {
                assertEquals(position + length, copy.append(at, block, 0, length, time));
                taken++;
                before = Files.readAllBytes(copy.file());
            }
            catch (final IllegalArgumentException | IndexOutOfBoundsException ex)
            {
                refused++;
                assertEquals(position, copy.position());
                if (refused % 16 == 0)
                {
                    assertArrayEquals(before, Files.readAllBytes(copy.file()), "seed=" + seed);
                }
            }
        }
        assertTrue(refused > 20 && taken > 20, "refused=" + refused + " taken=" + taken + " seed=" + seed);

        final long position = copy.position();
        final long records = copy.recordCount();
        copy.complete();
        final Verification verification = ChannelVerifier.verify(copy.file());
        assertTrue(verification.isSound(), verification + " seed=" + seed);
        assertEquals(records, verification.records());
        assertEquals(position, verification.end());
    }

    @Test
    void shouldStoreBlockBehindWatermarkAndItsFirstWordLast()
    {
        final TracingFiles files = new TracingFiles();
        copy.close();
        copy = open(files);
        files.takeTrace();

        copy.append(0, block, 0, frames(0, 8, 3), NOW - 1);
        assertEquals(
            List.of(
                "content 1032+32", "release 384=1", "release 1064" + WATERMARK, "release 1024=0",
                "release 400=" + NOW, "release 392=40"),
            files.takeTrace());

        copy.append(40, block, 0, frames(8, 8), Reader.NOT_TOLD);
        assertEquals(
            List.of("content 1072+24", "release 1096" + WATERMARK, "release 1064=8"), files.takeTrace());
    }

    @Test
    void shouldForceIndexThenRecordsThenStoreDurablePositionWhenFlushing()
    {
        final TracingFiles files = new TracingFiles();
        copy.close();
        copy = open(files);
        copy.append(0, block, 0, frames(8), Reader.NOT_TOLD);
        files.takeTrace();

        copy.flush();

        assertEquals(
            List.of(
                "force 0+128", "release 400=" + NOW, "release 392=16", "force 1024+24", "release 448=16",
                "force 448+8"),
            files.takeTrace());
        assertEquals(16, copy.durablePosition());
    }

    @Test
    void shouldLetGoWhenFlushFails()
    {
        final TracingFiles files = new TracingFiles();
        copy.close();
        copy = open(files);
        copy.append(0, block, 0, frames(8), Reader.NOT_TOLD);
        files.breakDevice();

        assertThrows(FlushFailedException.class, () -> copy.flush());

        assertThrows(WriterClosedException.class, () -> copy.append(16, block, 0, 16, Reader.NOT_TOLD));
        copy = Copying.open(source, targetRoot);
        assertEquals(16, copy.position());
        assertEquals(0, copy.durablePosition());
    }

    @Test
    void shouldGoOnWhereItEndsWhenOpenedAgain()
    {
        copy.append(0, block, 0, frames(8, 100, 0), 5);
        copy.close();

        copy = Copying.open(source, targetRoot);

        assertEquals(136, copy.position());
        assertEquals(2, copy.recordCount());
        copy.append(136, block, 0, frames(8), Reader.NOT_TOLD);
    }

    @Test
    void shouldKeepWhatIsDurableAndNoMoreWhenMachineWasRestarted() throws IOException
    {
        copy.append(0, block, 0, frames(8), 5);
        copy.flush();
        copy.append(16, block, 0, frames(8, 8), 7);
        copy.close();
        TestChannels.putLong(copy.file(), ExtensionDescriptor.BOOT_ID_OFFSET, 0x1122_3344_5566_7788L);

        copy = Copying.open(source, targetRoot);

        assertEquals(16, copy.position());
        assertEquals(1, copy.recordCount());
        assertEquals(2, TestChannels.getLong(copy.file(), ExtensionDescriptor.WRITER_EPOCH_OFFSET));
        // The entry of the block that was given up tells of the end, and of the same block when it is given again.
        assertEquals(2, TestChannels.getLong(copy.file(), ExtensionDescriptor.INDEX_COUNT_OFFSET));
        copy.append(16, block, 0, frames(8, 8), 7);
        assertEquals(2, TestChannels.getLong(copy.file(), ExtensionDescriptor.INDEX_COUNT_OFFSET));
    }

    @Test
    void shouldBeOpenedAsClosedWhenItIsComplete()
    {
        copy.append(0, block, 0, frames(8, 0), Reader.NOT_TOLD);
        copy.complete();
        copy.complete();
        copy.close();

        try (ChannelCopy closed = Copying.open(source, targetRoot))
        {
            assertTrue(closed.isClosed());
            assertEquals(24, closed.position());
            assertEquals(24, closed.durablePosition());
            assertEquals(1, closed.recordCount());
            assertThrows(
                ChannelClosedException.class, () -> closed.append(24, block, 0, frames(8), Reader.NOT_TOLD));
            assertThrows(ChannelClosedException.class, closed::flush);
            closed.complete();
        }
    }

    @Test
    void shouldRefuseUseWhenItWasLetGoOf()
    {
        copy.close();
        copy.close();

        assertThrows(WriterClosedException.class, () -> copy.append(0, block, 0, frames(8), Reader.NOT_TOLD));
        assertThrows(WriterClosedException.class, () -> copy.flush());
        assertThrows(WriterClosedException.class, () -> copy.complete());
        assertThrows(WriterClosedException.class, () -> copy.prefaultAgent(4096, 1));
        assertThrows(WriterClosedException.class, () -> copy.tailChecksum());
        assertFalse(copy.isClosed());
    }

    @Test
    void shouldRefuseSecondCopyWhenOneIsOpen()
    {
        assertThrows(WriterActiveException.class, () -> Copying.open(source, targetRoot));
        assertThrows(
            WriterActiveException.class,
            () -> ShmWriter.resume(targetRoot, TestChannels.CHANNEL_ID, RawBinDataFormat.INSTANCE));
    }

    @ParameterizedTest
    @CsvSource({
        "48, header expected=Header{", "144, formatId expected=0x2", "256, label expected=", "512, series expected=",
        "100, reserved bytes"})
    void shouldRefuseFileAndLeaveItWhenItIsOfAnotherChannel(final int offset, final String expected)
        throws IOException
    {
        copy.append(0, block, 0, frames(8), Reader.NOT_TOLD);
        copy.close();
        TestChannels.putByte(copy.file(), offset, 77);
        final byte[] before = Files.readAllBytes(copy.file());

        final ChannelNotResumableException ex =
            assertThrows(ChannelNotResumableException.class, () -> Copying.open(source, targetRoot));

        assertTrue(ex.getMessage().contains("file=" + copy.file()), ex.getMessage());
        assertTrue(ex.getMessage().contains(expected), ex.getMessage());
        assertArrayEquals(before, Files.readAllBytes(copy.file()));
    }

    @Test
    void shouldRefuseFileWhenItIsNoCopyButOfTheCrate() throws IOException
    {
        copy.close();
        TestChannels.putLong(copy.file(), ExtensionDescriptor.SIGNATURE_OFFSET, 0);

        assertThrows(ChannelNotResumableException.class, () -> Copying.open(source, targetRoot));
    }

    /**
     * Whoever is told the wrong root must not lose what stands there and was never flushed.
     */
    @Test
    void shouldRefuseChannelAndLeaveItWhenItIsNoCopy() throws IOException
    {
        writer.write(TestChannels.bytes(8), 0, 8);
        final ChannelBlueprint blueprint = Copying.blueprint(source);
        writer.abandon();
        TestChannels.putLong(source, ExtensionDescriptor.BOOT_ID_OFFSET, 0x1122_3344_5566_7788L);
        final byte[] before = Files.readAllBytes(source);

        final ChannelNotResumableException ex = assertThrows(
            ChannelNotResumableException.class, () -> ChannelCopy.open(root.resolve("source"), blueprint));

        assertTrue(ex.getMessage().contains("no copy"), ex.getMessage());
        assertArrayEquals(before, Files.readAllBytes(source));
    }

    @Test
    void shouldRefuseClosedChannelWhenItIsNoCopy()
    {
        final ChannelBlueprint blueprint = Copying.blueprint(source);
        writer.close();

        assertThrows(
            ChannelNotResumableException.class, () -> ChannelCopy.open(root.resolve("source"), blueprint));
    }

    @Test
    void shouldBeNoCopyAnyMoreWhenWriterHasTakenItOver()
    {
        assertTrue(isCopy());
        copy.append(0, block, 0, frames(8), Reader.NOT_TOLD);
        copy.close();
        assertTrue(isCopy());

        ShmWriter.resume(targetRoot, TestChannels.CHANNEL_ID, RawBinDataFormat.INSTANCE).abandon();

        assertFalse(isCopy());
        assertThrows(ChannelNotResumableException.class, () -> Copying.open(source, targetRoot));
    }

    @Test
    void shouldBeACopyStillWhenItIsComplete()
    {
        copy.complete();

        assertTrue(isCopy());
    }

    @ParameterizedTest
    @EnumSource
    void shouldLeaveNothingWhenItDoesNotFitOnTheDisk(final SmallDisk.Kind kind) throws IOException
    {
        final Header large = Header.builder().channelId(2).capacity(32 << 20).maxMessageLength(100).build();
        try (ShmWriter<RawBinDataFormat> other = ShmWriter.create(root, large, RawBinDataFormat.INSTANCE);
            SmallDisk disk = SmallDisk.mount(kind, root))
        {
            assertThrows(NotEnoughSpaceException.class, () -> Copying.open(other.file(), disk.root()));
            assertEquals(List.of(), TestChannels.filesBelow(disk.root()));
        }
    }

    @Test
    void shouldTakeRecordThatEndsWhereNoFurtherFits() throws IOException
    {
        TestChannels.fillWithLongest(writer);
        while (writer.longestContent() > 0)
        {
            writer.write(TestChannels.bytes(writer.longestContent()), 0, writer.longestContent());
        }
        assertEquals(16_384 - 16, writer.writeOffset());
        writer.close();
        copy.close();

        final Path file = Copying.run(source, targetRoot, 1408);

        Copying.assertSame(source, file);
    }

    @Test
    void shouldTakeRecordOfTheCrateThatEndsWithTheRecordArea() throws IOException
    {
        TestChannels.fillWithLongest(writer);
        final long last = writer.writeOffset();
        writer.close();
        copy.close();
        Files.delete(copy.file());
        TestChannels.putLong(source, ExtensionDescriptor.SIGNATURE_OFFSET, 0);
        TestChannels.putLengthWord(source, last, 16_384 - last - 8);
        TestChannels.putLengthWord(source, 16_384, RecordDescriptor.WATERMARK);

        Copying.run(source, targetRoot, 100);
        // It is open yet.
        final Path file = Copying.run(source, targetRoot, 100);
        Copying.assertSame(source, file);
        TestChannels.putLengthWord(source, 16_384, RecordDescriptor.CLOSE);
        Copying.run(source, targetRoot, 100);

        Copying.assertSame(source, file);
        try (ShmReader reader = ShmReader.builder(file).atEnd(true).open())
        {
            assertEquals(16_384, reader.position());
            assertEquals(ReaderState.CLOSED, reader.state());
        }
        final Verification verification = ChannelVerifier.verify(file);
        assertTrue(verification.isSound(), verification.toString());
        assertEquals(ReaderState.CLOSED, verification.endState());
    }

    @Test
    void shouldNotWriteEntryTwiceWhenItWasKilledBetweenEntryAndBlock() throws IOException
    {
        copy.append(0, block, 0, frames(8), 5);
        copy.close();
        final Path file = copy.file();
        // What a process leaves that died just before it stored the watermark.
        final long index = Copying.blueprint(source).extension().indexOffset();
        final UnsafeBuffer entry = new UnsafeBuffer(new byte[IndexDescriptor.ENTRY_LENGTH]);
        final long creationTime = writer.header().creationTime();
        IndexDescriptor.putEntry(entry, 0, 16, 1, 6, creationTime);
        for (int i = 0; i < IndexDescriptor.ENTRY_LENGTH; i += Long.BYTES)
        {
            TestChannels.putLong(
                file, index + IndexDescriptor.ENTRY_LENGTH + i, entry.getLong(i, ByteOrder.LITTLE_ENDIAN));
        }
        TestChannels.putLong(file, ExtensionDescriptor.INDEX_COUNT_OFFSET, 2);

        copy = Copying.open(source, targetRoot);
        assertEquals(2, TestChannels.getLong(file, ExtensionDescriptor.INDEX_COUNT_OFFSET));
        copy.append(16, block, 0, frames(8), 6);
        assertEquals(2, TestChannels.getLong(file, ExtensionDescriptor.INDEX_COUNT_OFFSET));
        copy.append(32, block, 0, frames(8), 7);
        assertEquals(3, TestChannels.getLong(file, ExtensionDescriptor.INDEX_COUNT_OFFSET));
    }

    @Test
    void shouldGiveZeroedSlotsToWriterThatTakesOverWhenBlockWasCutShort() throws IOException
    {
        copy.close();
        final byte[] garbage = new byte[4096];
        Arrays.fill(garbage, (byte)0xEE);
        for (int i = 8; i < garbage.length; i += 8)
        {
            TestChannels.putLengthWord(copy.file(), i, 0xEEEE_EEEE_EEEE_EEEEL);
        }

        try (ShmWriter<RawBinDataFormat> taking =
            ShmWriter.resume(targetRoot, TestChannels.CHANNEL_ID, RawBinDataFormat.INSTANCE))
        {
            while (taking.writeOffset() < 8192)
            {
                taking.claim(112);
                for (int i = 0; i < 112; i++)
                {
                    assertEquals(0, taking.slot().getByte(i));
                }
                taking.commit(112);
            }
        }
    }

    @Test
    void shouldHaveHeaderOfTheChannelByteForByte() throws IOException
    {
        assertArrayEquals(
            Arrays.copyOf(Files.readAllBytes(source), HeaderDescriptor.LENGTH),
            Arrays.copyOf(Files.readAllBytes(copy.file()), HeaderDescriptor.LENGTH));
    }

    @Test
    void shouldTouchPagesWhenToldTo()
    {
        copy.close();
        copy = ChannelCopy.open(targetRoot, Copying.blueprint(source), Prefault.NOW);

        assertTrue(copy.toString().contains("position=0"));
    }

    private boolean isCopy()
    {
        try (ShmReader reader = ShmReader.open(targetRoot, TestChannels.CHANNEL_ID))
        {
            return reader.extension().isCopy();
        }
    }

    private ChannelCopy open(final ChannelFiles files)
    {
        return ChannelCopy.open(files, targetRoot, Copying.blueprint(source), Prefault.NONE, () -> NOW);
    }

    /**
     * Put frames into the block: records of these lengths, or heartbeats where they are 0.
     */
    private int frames(final int... lengths)
    {
        int offset = 0;
        for (final int length : lengths)
        {
            block.putLong(offset, length, ByteOrder.LITTLE_ENDIAN);
            if (length > 0)
            {
                block.setMemory(offset + 8, length, (byte)(31 + offset));
            }
            offset += length == 0 ? 8 : RecordDescriptor.alignedLength(length);
        }

        return offset;
    }

    private void assertRefused(
        final long position, final int offset, final int length, final long time, final String reason)
    {
        final long end = copy.position();
        final long records = copy.recordCount();
        final byte[] before;
        try
        {
            before = Files.readAllBytes(copy.file());
            final IllegalArgumentException ex = assertThrows(
                IllegalArgumentException.class, () -> copy.append(position, block, offset, length, time));
            assertTrue(ex.getMessage().contains("file=" + copy.file()), ex.getMessage());
            assertTrue(ex.getMessage().contains(reason), ex.getMessage());
            assertArrayEquals(before, Files.readAllBytes(copy.file()));
        }
        catch (final IOException ex)
        {
            throw new AssertionError(ex);
        }
        assertEquals(end, copy.position());
        assertEquals(records, copy.recordCount());
    }
}
