package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelNotFoundException;
import io.kekbit.core.exceptions.InvalidPositionException;
import io.kekbit.core.exceptions.ReaderClosedException;
import io.kekbit.core.exceptions.UnavailablePositionException;
import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.IndexDescriptor;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class BlockReaderTest
{
    private static final BlockHandler TAKING = (buffer, offset, length, position, timeTicks) -> true;
    private static final BlockHandler REFUSING = (buffer, offset, length, position, timeTicks) -> false;

    private record Block(long position, int length, long time)
    {
    }

    private final List<Block> taken = new ArrayList<>();
    private final BlockHandler handler = (buffer, offset, length, position, timeTicks) ->
    {
        assertEquals(RecordDescriptor.RECORD_AREA_OFFSET + position, offset);
        taken.add(new Block(position, length, timeTicks));

        return true;
    };

    @TempDir
    private Path root;
    private ShmWriter<RawBinDataFormat> writer;
    private BlockReader blocks;
    private long now = 100;
    private long nanoTime;

    @BeforeEach
    void open()
    {
        writer = ShmWriter
            .builder(root, TestChannels.smallHeader().creationTime(1).build(), RawBinDataFormat.INSTANCE)
            .clock(() -> now)
            .create();
        blocks = BlockReader.open(ShmReader.builder(writer.file()).clock(() -> nanoTime), 0, () -> nanoTime);
    }

    @AfterEach
    void close()
    {
        blocks.close();
        writer.close();
    }

    @Test
    void shouldGiveHeartbeatsAndRecordsAsTheyStandWhenPolled()
    {
        write(8, 100, 1);
        writer.heartbeat();

        // The first record has an entry in the index.
        assertEquals(8, blocks.poll(handler, 4096));
        assertEquals(16 + 112 + 16 + 8, blocks.poll(handler, 4096));
        assertEquals(0, blocks.poll(handler, 4096));

        assertEquals(List.of(new Block(0, 8, Reader.NOT_TOLD), new Block(8, 152, 100)), taken);
        assertEquals(160, blocks.position());
        assertTrue(blocks.isAtEnd());
        assertEquals(ReaderState.OPEN, blocks.state());
    }

    @Test
    void shouldGiveAsManyWholeFramesAsTheLimitAllowsAndAlwaysOne()
    {
        write(8, 8, 100, 8);
        blocks.poll(TAKING, 8);

        assertEquals(32, blocks.poll(handler, 47));
        assertEquals(112, blocks.poll(handler, 111));
        assertEquals(16, blocks.poll(handler, 0));
        assertEquals(120, blocks.longestFrame());
    }

    @Test
    void shouldGiveSameBlockAgainWhenItWasNotTaken()
    {
        write(8, 8);
        blocks.poll(TAKING, 8);

        assertEquals(0, blocks.poll(REFUSING, 100));
        assertEquals(0, blocks.poll(REFUSING, 100));
        assertFalse(blocks.isAtEnd());
        assertEquals(8, blocks.position());
        assertEquals(32, blocks.poll(handler, 100));

        assertEquals(List.of(new Block(8, 32, 100)), taken);
    }

    @Test
    void shouldGiveSameBlockAgainWhenHandlerThrows()
    {
        write(8);
        blocks.poll(TAKING, 8);

        assertThrows(IllegalStateException.class, () -> blocks.poll(
            (buffer, offset, length, position, timeTicks) ->
            {
                throw new IllegalStateException("full");
            },
            100));

        assertEquals(16, blocks.poll(handler, 100));
    }

    @Test
    void shouldEndBlocksBeforeRecordsThatTheIndexKnows()
    {
        while (writer.writeOffset() < 9000)
        {
            now++;
            write(100);
        }
        while (blocks.poll(handler, Integer.MAX_VALUE) > 0)
        {
            continue;
        }

        // The stride is 4096 bytes; the first record is at 8.
        assertEquals(4, taken.size());
        assertEquals(new Block(0, 8, Reader.NOT_TOLD), taken.get(0));
        assertEquals(new Block(8, 37 * 112, 101), taken.get(1));
        assertEquals(8 + 37 * 112, taken.get(2).position());
        assertEquals(101 + 37, taken.get(2).time());
        assertEquals(101 + 74, taken.get(3).time());
    }

    @Test
    void shouldHoldRecordBackForItsEntryAndGiveUpAfterAWhile() throws IOException
    {
        write(8);
        blocks.poll(TAKING, 8);
        // As if the writer were between publishing the record and writing the entry.
        TestChannels.putLong(writer.file(), ExtensionDescriptor.INDEX_COUNT_OFFSET, 0);

        assertEquals(0, blocks.poll(handler, 100));
        assertFalse(blocks.isAtEnd());
        nanoTime += TimeUnit.MILLISECONDS.toNanos(999);
        assertEquals(0, blocks.poll(handler, 100));
        TestChannels.putLong(writer.file(), ExtensionDescriptor.INDEX_COUNT_OFFSET, 1);
        assertEquals(16, blocks.poll(handler, 100));
        assertEquals(List.of(new Block(8, 16, 100)), taken);

        // And as if it had died there.
        while (writer.writeOffset() < 4096)
        {
            write(8);
        }
        blocks.poll(handler, 4096);
        write(8);
        TestChannels.putLong(writer.file(), ExtensionDescriptor.INDEX_COUNT_OFFSET, 1);
        assertEquals(0, blocks.poll(handler, 100));
        nanoTime += TimeUnit.SECONDS.toNanos(1);
        assertEquals(16, blocks.poll(handler, 100));
        assertEquals(Reader.NOT_TOLD, taken.get(2).time());
        assertTrue(blocks.isAtEnd());
    }

    @Test
    void shouldNotWaitForLongWhenNobodyKeepsTheIndex() throws IOException
    {
        TestChannels.fillWithLongest(writer);
        TestChannels.putLong(writer.file(), ExtensionDescriptor.INDEX_COUNT_OFFSET, 0);

        long polls = 0;
        while (!blocks.isAtEnd())
        {
            polls++;
            nanoTime += TimeUnit.MILLISECONDS.toNanos(1);
            blocks.poll(handler, Integer.MAX_VALUE);
        }

        assertTrue(polls < 2_200, "polls=" + polls);
        assertTrue(taken.stream().allMatch((block) -> block.time() == Reader.NOT_TOLD));
    }

    @Test
    void shouldEndIndexWhereItIsDamaged() throws IOException
    {
        TestChannels.fillWithLongest(writer);
        final long second = writer.extension().indexOffset() + IndexDescriptor.ENTRY_LENGTH;
        TestChannels.putLong(writer.file(), second + IndexDescriptor.TIME_OFFSET, 0);

        while (blocks.poll(handler, Integer.MAX_VALUE) > 0)
        {
            continue;
        }

        assertEquals(2, taken.size());
        assertEquals(100, taken.get(1).time());
    }

    @Test
    void shouldBeginAtPositionWhenItIsABoundary()
    {
        write(8, 100, 8);

        try (BlockReader later = BlockReader.open(writer.file(), 24))
        {
            assertEquals(24, later.position());
            assertEquals(128, later.poll(handler, 4096));
            assertEquals(Reader.NOT_TOLD, taken.get(0).time());
        }
        try (BlockReader atEntry = BlockReader.open(writer.file(), 8))
        {
            assertEquals(144, atEntry.poll(handler, 4096));
            assertEquals(100, taken.get(1).time());
        }
        try (BlockReader atEnd = BlockReader.open(writer.file(), 152))
        {
            assertTrue(atEnd.isAtEnd());
        }
        assertThrows(InvalidPositionException.class, () -> BlockReader.open(writer.file(), 32));
        assertThrows(InvalidPositionException.class, () -> BlockReader.open(writer.file(), -8));
        assertThrows(UnavailablePositionException.class, () -> BlockReader.open(writer.file(), 160));
        assertThrows(ChannelNotFoundException.class, () -> BlockReader.open(root.resolve("none")));
    }

    @Test
    void shouldTellWhyNothingComes() throws IOException
    {
        write(8);
        blocks.poll(TAKING, 8);
        assertEquals(ReaderState.OPEN, blocks.state());
        blocks.poll(TAKING, 100);
        assertEquals(ReaderState.OPEN, blocks.state());
        nanoTime += TestChannels.TIMEOUT_NS + 1;
        assertEquals(ReaderState.TIMED_OUT, blocks.state());
        writer.close();
        assertEquals(ReaderState.CLOSED, blocks.state());
        assertTrue(blocks.isAtEnd());
        assertEquals(0, blocks.poll(TAKING, 100));
    }

    @Test
    void shouldBeCorruptWhereNoFrameCanBe() throws IOException
    {
        write(8, 8);
        TestChannels.putLengthWord(writer.file(), 24, 113);

        while (blocks.poll(handler, 100) > 0)
        {
            continue;
        }

        assertEquals(24, blocks.position());
        assertEquals(ReaderState.CORRUPT, blocks.state());
        assertFalse(blocks.isAtEnd());
    }

    @Test
    void shouldStopWhereNothingVouchesWhenMachineWasRestarted() throws IOException
    {
        write(8);
        writer.flush();
        write(8);
        TestChannels.putLong(writer.file(), ExtensionDescriptor.BOOT_ID_OFFSET, 0x1122_3344_5566_7788L);
        try (BlockReader restarted = BlockReader.open(writer.file()))
        {
            while (restarted.poll(handler, 100) > 0)
            {
                continue;
            }

            assertEquals(24, restarted.position());
            assertEquals(ReaderState.SUSPECT, restarted.state());
            assertFalse(restarted.isAtEnd());

            // As when a writer takes it over that gives up what is suspect.
            TestChannels.putLengthWord(writer.file(), 24, RecordDescriptor.WATERMARK);
            final long[] bootId = {
                BootId.current().getMostSignificantBits(), BootId.current().getLeastSignificantBits()};
            for (int i = 0; i < bootId.length; i++)
            {
                TestChannels.putLong(
                    writer.file(), ExtensionDescriptor.BOOT_ID_OFFSET + 8L * i, Long.reverseBytes(bootId[i]));
            }
            assertTrue(restarted.isAtEnd());
            assertEquals(ReaderState.OPEN, restarted.state());
        }
    }

    @Test
    void shouldTellWhetherWhatIsBeforeIsTheSame() throws IOException
    {
        write(8, 8, 8);
        try (BlockReader one = BlockReader.open(writer.file(), 40); BlockReader other = BlockReader.open(writer.file()))
        {
            assertNotEquals(one.tailChecksum(), other.tailChecksum());
            while (other.position() < 40)
            {
                other.poll(TAKING, 16);
            }
            assertEquals(one.tailChecksum(), other.tailChecksum());
            final int before = one.tailChecksum();
            TestChannels.putByte(writer.file(), 1024 + 39, 1);
            assertNotEquals(before, one.tailChecksum());
        }
    }

    @Test
    void shouldTellDifferenceWhenOnlyHeartbeatsStandBehindIt(@TempDir final Path otherRoot)
    {
        final long[] checksums = new long[3];
        for (int i = 0; i < checksums.length; i++)
        {
            final Header header =
                Header.builder().channelId(1).capacity(1 << 20).maxMessageLength(100).creationTime(1).build();
            try (ShmWriter<RawBinDataFormat> idle =
                ShmWriter.create(otherRoot.resolve("idle-" + i), header, RawBinDataFormat.INSTANCE))
            {
                // The third is as the first.
                final byte[] content = {(byte)(i == 1 ? 77 : 7), 1, 1, 1, 1, 1, 1, 1};
                idle.write(new UnsafeBuffer(content), 0, content.length);
                while (idle.writeOffset() < 200_000)
                {
                    idle.heartbeat();
                }
                try (BlockReader reader = BlockReader.open(idle.file(), idle.writeOffset()))
                {
                    checksums[i] = reader.tailChecksum();
                }
            }
        }

        assertNotEquals(checksums[0], checksums[1]);
        assertEquals(checksums[0], checksums[2]);
    }

    @Test
    void shouldTellDifferenceInNumberOfRecordsWhenLastWordsAreTheSame(@TempDir final Path otherRoot)
    {
        final long[] checksums = new long[2];
        for (int i = 0; i < checksums.length; i++)
        {
            final Header header =
                Header.builder().channelId(1).capacity(1 << 20).maxMessageLength(100).creationTime(1).build();
            try (ShmWriter<RawBinDataFormat> repeating =
                ShmWriter.create(otherRoot.resolve("repeating-" + i), header, RawBinDataFormat.INSTANCE))
            {
                // One record of 32 bytes, or two of 16.
                repeating.write(TestChannels.bytes(24), 0, i == 0 ? 24 : 8);
                if (i == 1)
                {
                    repeating.write(TestChannels.bytes(24), 0, 8);
                }
                while (repeating.writeOffset() < 200_000)
                {
                    repeating.write(TestChannels.bytes(8), 0, 8);
                }
                try (BlockReader reader = BlockReader.open(repeating.file(), repeating.writeOffset()))
                {
                    checksums[i] = reader.tailChecksum();
                }
            }
        }

        assertNotEquals(checksums[0], checksums[1]);
    }

    @Test
    void shouldLetHandlerCloseItAndNothingElse()
    {
        write(8, 8);
        blocks.poll(TAKING, 8);

        assertThrows(IllegalStateException.class, () -> blocks.poll(
            (buffer, offset, length, position, timeTicks) -> blocks.poll(TAKING, 8) > 0, 100));
        assertEquals(32, blocks.poll(
            (buffer, offset, length, position, timeTicks) ->
            {
                blocks.close();
                return buffer.getLong(offset) == 8;
            },
            100));

        assertThrows(ReaderClosedException.class, () -> blocks.poll(TAKING, 100));
        assertThrows(ReaderClosedException.class, () -> blocks.state());
        assertThrows(ReaderClosedException.class, () -> blocks.isAtEnd());
        assertThrows(ReaderClosedException.class, () -> blocks.blueprint());
        assertThrows(ReaderClosedException.class, () -> blocks.tailChecksum());
    }

    @Test
    void shouldChangeNothingOfTheFile() throws IOException
    {
        write(8);
        try (FileChannel file = FileChannel.open(writer.file(), StandardOpenOption.READ))
        {
            final long length = file.size();
            blocks.poll(TAKING, 100);
            assertEquals(length, file.size());
        }
    }

    private void write(final int... lengths)
    {
        for (final int length : lengths)
        {
            writer.write(TestChannels.bytes(length), 0, length);
        }
    }
}
