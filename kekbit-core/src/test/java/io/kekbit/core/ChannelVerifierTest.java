package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelAccessException;
import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.ChannelNotFoundException;
import io.kekbit.core.exceptions.FileTooShortException;
import io.kekbit.core.handlers.ChecksumHandler;
import io.kekbit.core.handlers.SequenceHandler;
import io.kekbit.core.handlers.TimestampHandler;
import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What the verifier says of sound channels, and of such that are damaged in one place.
 */
class ChannelVerifierTest
{
    private static final Path RUST = Path.of("src/test/resources/channels/rust");
    private static final int RECORDS = 300;
    private static final int LENGTH = 20;
    private static final int CONTENT_LENGTH = LENGTH + 20;
    private static final int ALIGNED_LENGTH = 48;
    private static final int DAMAGED = 137;
    private static final long DAMAGED_POSITION = position(DAMAGED);
    private static final int BIG_CAPACITY = 8 << 20;

    @TempDir
    private Path root;
    private Path file;
    private EnvelopeWriter<RawBinDataFormat> open;

    @BeforeEach
    void nameFile()
    {
        file = TestChannels.file(root);
    }

    @AfterEach
    void closeWriter()
    {
        if (open != null)
        {
            open.close();
        }
    }

    @Test
    void shouldBeSoundWhenClosed()
    {
        write().close();
        final Verification found = ChannelVerifier.verify(file);

        assertTrue(found.isSound(), found.toString());
        assertEquals(RECORDS, found.records());
        assertEquals(1, found.heartbeats());
        assertEquals(RECORDS * (long)CONTENT_LENGTH, found.contentBytes());
        assertEquals(position(RECORDS), found.end());
        assertEquals(ReaderState.CLOSED, found.endState());
        assertEquals(OptionalLong.empty(), found.suspectFrom());
        assertEquals(List.of(), found.faults());
        assertEquals(List.of(), found.notes());
        assertEquals(file, found.file());
    }

    @Test
    void shouldBeSoundWhenOpen()
    {
        try (EnvelopeWriter<RawBinDataFormat> writer = write())
        {
            final Verification found = ChannelVerifier.verify(file);

            assertTrue(found.isSound(), found.toString());
            assertEquals(ReaderState.OPEN, found.endState());
            assertEquals(writer.writeOffset(), found.end());
            assertEquals(List.of(), found.notes());
        }
    }

    @Test
    void shouldBeSoundWhenFull()
    {
        try (ShmWriter<RawBinDataFormat> writer = TestChannels.createSmall(root))
        {
            TestChannels.fillWithLongest(writer);
            while (writer.tryHeartbeat() > 0)
            {
                continue;
            }
            final Verification found = ChannelVerifier.verify(file);

            assertTrue(found.isSound(), found.toString());
            assertEquals(ReaderState.FULL, found.endState());
        }
    }

    @Test
    void shouldFindWhatReadersFindWhenTheCrateMadeTheFile() throws IOException
    {
        try (var files = Files.walk(RUST))
        {
            for (final Path path : files.filter(found -> found.toString().endsWith(".kekbit")).toList())
            {
                final Verification found = ChannelVerifier.verify(path);
                try (ShmReader reader = ShmReader.builder(path).open())
                {
                    assertEquals(TestChannels.readAll(reader).size(), found.records());
                    assertEquals(reader.position(), found.end());
                    assertEquals(reader.state(), found.endState());
                }
                assertTrue(found.isSound(), found.toString());
            }
        }
    }

    @Test
    void shouldBeSoundWhenRecordsLieAcrossWindows()
    {
        try (EnvelopeWriter<RawBinDataFormat> writer = writeBig(10_000))
        {
            writer.flush();
            final Verification found = ChannelVerifier.verify(file);

            assertTrue(found.isSound(), found.toString());
            assertEquals(writer.writeOffset(), found.end());
            assertTrue(found.end() > 5 * FileWindow.DEFAULT_LENGTH, "end=" + found.end());
            assertEquals(List.of(), found.notes());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {RecordDescriptor.CLOSE - 1, 121, 1L << 32, Long.MIN_VALUE, Long.MAX_VALUE})
    void shouldEndAtLengthWordWhenItIsImpossible(final long word) throws IOException
    {
        write().close();
        TestChannels.putLengthWord(file, DAMAGED_POSITION, word);
        final Verification found = ChannelVerifier.verify(file);

        assertFault(
            found, ChannelFault.Kind.STRUCTURE, DAMAGED_POSITION,
            RecordDescriptor.RECORD_AREA_OFFSET + DAMAGED_POSITION);
        assertEquals(1, found.faultCount());
        assertEquals(ReaderState.CORRUPT, found.endState());
        assertEquals(DAMAGED_POSITION, found.end());
        assertEquals(DAMAGED, found.records());
        assertEquals(
            "0x" + Long.toHexString(word) + " is no length of a record: at most 112",
            found.faults().get(0).description());
    }

    @Test
    void shouldSayWhichRecordIsDamagedWhenChecksumIsWrongAndGoOn() throws IOException
    {
        write().close();
        for (int i = 0; i < CONTENT_LENGTH; i++)
        {
            final long offset = RecordDescriptor.RECORD_AREA_OFFSET + DAMAGED_POSITION + 8 + i;
            final byte before = (byte)TestChannels.getLong(file, offset);
            TestChannels.putByte(file, offset, before ^ 1 << i % 8);
            final Verification found = ChannelVerifier.verify(file);

            assertEquals(1, found.faultCount(), found.toString());
            assertFault(
                found, ChannelFault.Kind.ENVELOPE, DAMAGED_POSITION,
                RecordDescriptor.RECORD_AREA_OFFSET + DAMAGED_POSITION + 8);
            assertEquals(RECORDS, found.records());
            assertEquals(ReaderState.CLOSED, found.endState());
            TestChannels.putByte(file, offset, before);
        }
        assertTrue(ChannelVerifier.verify(file).isSound());
    }

    @Test
    void shouldFindEveryFlippedBitBeforeTheEnd() throws IOException
    {
        write().close();
        final byte[] good = Files.readAllBytes(file);
        final int end = (int)position(RECORDS) + RecordDescriptor.LENGTH_WORD_LENGTH;
        int found = 0;
        // Every byte of one record or another, since 11 and 48 have no common divisor; records have no padding.
        for (int position = 0; position < end; position += 11)
        {
            final byte[] bad = good.clone();
            bad[RecordDescriptor.RECORD_AREA_OFFSET + position] ^= (byte)(1 << position % 8);
            Files.write(file, bad);
            final Verification verification = ChannelVerifier.verify(file);
            final ChannelFault first = verification.firstFault().orElse(null);

            assertTrue(first != null, "position=" + position + " " + verification);
            // The word at 0 is a heartbeat's: what it becomes swallows the record behind it.
            final long word = RecordDescriptor.RECORD_AREA_OFFSET + Math.max(0, (position - 8) / 48 * 48 + 8);
            assertTrue(
                position < 8 || first.fileOffset() == word || first.fileOffset() == word + 8,
                "position=" + position + " " + first);
            found++;
        }

        assertTrue(found > 1_000, "found=" + found);
    }

    @Test
    void shouldSaySoWhenRecordIsTooShortForItsEnvelope() throws IOException
    {
        write().close();
        TestChannels.putLengthWord(file, DAMAGED_POSITION, 20);
        final Verification found = ChannelVerifier.verify(file);

        assertFault(
            found, ChannelFault.Kind.ENVELOPE, DAMAGED_POSITION,
            RecordDescriptor.RECORD_AREA_OFFSET + DAMAGED_POSITION);
        assertEquals(
            "a record of length 20 is too short for its envelope of 20", found.faults().get(0).description());
    }

    @Test
    void shouldTellOfGapWhenRecordIsMissing() throws IOException
    {
        write().close();
        TestChannels.putHeartbeats(file, DAMAGED_POSITION, ALIGNED_LENGTH);
        final Verification found = ChannelVerifier.verify(file);

        assertEquals(1, found.faultCount());
        assertFault(
            found, ChannelFault.Kind.SEQUENCE, DAMAGED_POSITION + ALIGNED_LENGTH,
            RecordDescriptor.RECORD_AREA_OFFSET + DAMAGED_POSITION + ALIGNED_LENGTH + 16);
        assertEquals(
            "sequence number " + (DAMAGED + 2) + " instead of " + (DAMAGED + 1), found.faults().get(0).description());
        assertEquals(RECORDS - 1, found.records());
    }

    @ParameterizedTest
    @ValueSource(longs = {-8, 12, 16, 1L << 40, BIG_CAPACITY})
    void shouldSaySoWhenDurablePositionIsNone(final long durablePosition) throws IOException
    {
        open = write();
        TestChannels.putLong(file, ExtensionDescriptor.DURABLE_POSITION_OFFSET, durablePosition);
        final Verification found = ChannelVerifier.verify(file);

        assertEquals(1, found.faultCount());
        assertFault(
            found, ChannelFault.Kind.DURABLE_POSITION, durablePosition, ExtensionDescriptor.DURABLE_POSITION_OFFSET);
    }

    @Test
    void shouldSaySoWhenClosedBehindDurablePosition() throws IOException
    {
        write().close();
        TestChannels.putLong(file, ExtensionDescriptor.DURABLE_POSITION_OFFSET, DAMAGED_POSITION);
        final Verification found = ChannelVerifier.verify(file);

        assertFault(
            found, ChannelFault.Kind.DURABLE_POSITION, DAMAGED_POSITION, ExtensionDescriptor.DURABLE_POSITION_OFFSET);
    }

    @Test
    void shouldSayFromWhereOnItIsSuspectWhenMachineWasRestarted() throws IOException
    {
        open = write();
        open.flush();
        final long durable = open.writeOffset();
        open.write(TestChannels.bytes(LENGTH), 0, LENGTH);
        assertEquals(OptionalLong.empty(), ChannelVerifier.verify(file).suspectFrom());
        TestChannels.putLong(file, ExtensionDescriptor.BOOT_ID_OFFSET, 0x1122_3344_5566_7788L);
        final Verification found = ChannelVerifier.verify(file);

        assertTrue(found.isSound(), found.toString());
        assertEquals(OptionalLong.of(durable), found.suspectFrom());
        assertEquals(RECORDS + 1, found.records());
    }

    @Test
    void shouldNoteWhatReadersDoNotGoBy() throws IOException
    {
        open = write();
        final long end = position(RECORDS);
        final long indexOffset = TestChannels.getLong(file, ExtensionDescriptor.INDEX_SECTION_OFFSET);
        TestChannels.putByte(file, indexOffset + 32 + 9, 0xA5);
        TestChannels.putLong(file, ExtensionDescriptor.TAIL_HINT_OFFSET, 16);
        TestChannels.putByte(file, RecordDescriptor.RECORD_AREA_OFFSET + end + 8 + 17, 1);
        final Verification found = ChannelVerifier.verify(file);

        assertTrue(found.isSound(), found.toString());
        assertEquals(
            List.of(
                "index: 1 of 4 entries are wrong, the first is entry 1. " +
                    "That costs time when readers move, and no record",
                "tail hint: nothing stands at position 16",
                "behind the end: bytes that are not zero from position " + (end + 25) +
                    " on, as an append leaves them that was not published"),
            found.notes());
    }

    @Test
    void shouldNoteBytesFarBehindTheEnd() throws IOException
    {
        write().close();
        final long last = TestChannels.SMALL_CAPACITY + RecordDescriptor.FOOTER_LENGTH - 1;
        TestChannels.putByte(file, RecordDescriptor.RECORD_AREA_OFFSET + last, 1);

        assertEquals(
            List.of("behind the end: bytes that are not zero from position " + last + " on"),
            ChannelVerifier.verify(file).notes());
    }

    @Test
    void shouldNoteOpenClaimOfLivingWriter()
    {
        try (ShmWriter<RawBinDataFormat> writer = TestChannels.createSmall(root))
        {
            writer.claim(50);
            writer.slot().setMemory(0, 50, (byte)7);
            final Verification found = ChannelVerifier.verify(file);

            assertTrue(found.isSound(), found.toString());
            assertEquals(1, found.notes().size());
            writer.abort();
        }
    }

    @Test
    void shouldCountAllAndTellFirstOnesWhenFaultsAreMany() throws IOException
    {
        write().close();
        for (int i = 0; i < 2 * Verification.MAX_FAULTS; i++)
        {
            TestChannels.putByte(file, RecordDescriptor.RECORD_AREA_OFFSET + position(i) + 8 + 30, 0x55);
        }
        final Verification found = ChannelVerifier.verify(file);

        assertEquals(2 * Verification.MAX_FAULTS, found.faultCount());
        assertEquals(Verification.MAX_FAULTS, found.faults().size());
        assertFalse(found.isSound());
    }

    @Test
    void shouldTellHowFarItIsWhenListenedTo()
    {
        try (EnvelopeWriter<RawBinDataFormat> writer = writeBig(5_000))
        {
            final List<Long> done = new ArrayList<>();
            ChannelVerifier.verify(file, (bytesDone, bytesTotal) ->
            {
                assertEquals(BIG_CAPACITY + RecordDescriptor.FOOTER_LENGTH, bytesTotal);
                done.add(bytesDone);
            });

            assertTrue(done.size() >= 8, done.toString());
            assertEquals(done.stream().sorted().toList(), done);
            assertEquals(BIG_CAPACITY + RecordDescriptor.FOOTER_LENGTH, done.get(done.size() - 1));
            assertTrue(writer.writeOffset() > 0);
        }
    }

    @Test
    void shouldSayWhereFileEndsWhenItIsCutShortMeanwhile() throws IOException
    {
        writeBig(10_000).close();
        final long cut = 3L << 20;
        final Verification found = ChannelVerifier.verify(file, (bytesDone, bytesTotal) -> truncate(cut));

        assertEquals(1, found.faultCount());
        assertEquals(ChannelFault.Kind.STRUCTURE, found.faults().get(0).kind());
        assertEquals(cut, found.faults().get(0).fileOffset());
        assertEquals(ReaderState.CORRUPT, found.endState());
    }

    @Test
    void shouldSayWhereFileCannotBeReadWhenDeviceFails() throws IOException
    {
        writeBig(10_000).close();
        final long bad = (3L << 20) + 4096;
        final ChannelFiles files = new ChannelFiles()
        {
            @Override
            int read(final FileChannel channel, final ByteBuffer destination, final long position) throws IOException
            {
                if (position >= bad)
                {
                    throw new IOException("Input/output error");
                }
                final int whole = destination.limit();
                destination.limit((int)Math.min(whole, destination.position() + bad - position));
                try
                {
                    return super.read(channel, destination, position);
                }
                finally
                {
                    destination.limit(whole);
                }
            }
        };
        final Verification found = ChannelVerifier.verify(files, file, (bytesDone, bytesTotal) ->
        {
        });

        assertEquals(1, found.faultCount());
        assertEquals(ChannelFault.Kind.UNREADABLE, found.faults().get(0).kind());
        assertEquals(bad, found.faults().get(0).fileOffset());
    }

    @Test
    void shouldEndWithExceptionWhenInterrupted()
    {
        writeBig(10_000).close();
        try
        {
            assertThrows(
                ChannelAccessException.class,
                () -> ChannelVerifier.verify(
                    file, (bytesDone, bytesTotal) -> Thread.currentThread().interrupt()));
        }
        finally
        {
            assertTrue(Thread.interrupted());
        }
    }

    @Test
    void shouldNotBeDisturbedWhenInterruptIsPending()
    {
        write().close();
        Thread.currentThread().interrupt();
        try
        {
            assertTrue(ChannelVerifier.verify(file).isSound());
        }
        finally
        {
            assertTrue(Thread.interrupted());
        }
    }

    @Test
    void shouldLookTwiceBeforeItSaysSoWhenWordIsBeingStored() throws IOException
    {
        write().close();
        // As if the first read had met a store half done.
        final int[] reads = {0};
        final ChannelFiles files = new ChannelFiles()
        {
            @Override
            int read(final FileChannel channel, final ByteBuffer destination, final long position) throws IOException
            {
                final int start = destination.position();
                final int length = super.read(channel, destination, position);
                if (position == RecordDescriptor.RECORD_AREA_OFFSET && reads[0]++ == 0)
                {
                    destination.put(start + (int)DAMAGED_POSITION, (byte)0xFF);
                    destination.put(start + (int)position(DAMAGED + 20) + 12, (byte)0xFF);
                }
                return length;
            }
        };

        final Verification found = ChannelVerifier.verify(files, file, (bytesDone, bytesTotal) ->
        {
        });
        assertTrue(found.isSound(), found.toString());
        assertEquals(RECORDS, found.records());
    }

    @Test
    void shouldFollowWriterWhenItGoesOnMeanwhile() throws Exception
    {
        try (EnvelopeWriter<RawBinDataFormat> writer = writeBig(2_000))
        {
            final Thread writing = new Thread(() ->
            {
                writer.handOver();
                final UnsafeBuffer content = new UnsafeBuffer(new byte[500]);
                while (writer.tryWrite(content, 0, content.capacity()) > 0)
                {
                    Thread.onSpinWait();
                }
                writer.handOver();
            });
            writer.handOver();
            writing.start();
            while (writing.isAlive())
            {
                final Verification found = ChannelVerifier.verify(file);
                assertTrue(found.isSound(), found.toString());
            }
            writing.join();
        }
        assertTrue(ChannelVerifier.verify(file).isSound());
    }

    @Test
    void shouldBeSoundWhenWriterClosesMeanwhile()
    {
        open = write();
        final Verification found = ChannelVerifier.verify(file, (bytesDone, bytesTotal) -> open.close());

        assertTrue(found.isSound(), found.toString());
        assertEquals(ReaderState.CLOSED, found.endState());
        assertEquals(OptionalLong.empty(), found.suspectFrom());
    }

    @Test
    void shouldSayThatThereIsNoChannelWhenItIsDeletedMeanwhile()
    {
        write().close();
        final ChannelFiles files = new ChannelFiles()
        {
            private boolean isOpened;

            @Override
            FileChannel open(final Path path, final StandardOpenOption option) throws IOException
            {
                if (isOpened)
                {
                    Files.delete(path);
                }
                isOpened = true;

                return super.open(path, option);
            }
        };

        assertThrows(ChannelNotFoundException.class, () -> ChannelVerifier.verify(files, file, (done, total) ->
        {
        }));
    }

    @Test
    void shouldChangeNothingWhenItVerifies() throws IOException
    {
        write().close();
        final byte[] before = Files.readAllBytes(file);
        ChannelVerifier.verify(file);

        assertArrayEquals(before, Files.readAllBytes(file));
        assertEquals(List.of(), OpenFiles.mappings(root));
        assertEquals(List.of(), OpenFiles.descriptors(root));
    }

    @Test
    void shouldSayWhatItIsWhenFileIsNoChannel() throws IOException
    {
        assertThrows(ChannelNotFoundException.class, () -> ChannelVerifier.verify(root.resolve("missing")));
        final Path empty = Files.createFile(root.resolve("empty"));
        assertThrows(FileTooShortException.class, () -> ChannelVerifier.verify(empty));
    }

    @Test
    void shouldComeToAnEndWhenFileIsHostile() throws IOException
    {
        write().close();
        final byte[] good = Files.readAllBytes(file);
        for (int offset = ExtensionDescriptor.SIGNATURE_OFFSET + 8; offset < 1024 + 512; offset += 4)
        {
            for (final int value : new int[] {-1, 0, 0x7FFF_FFF8, 0x0100_0000})
            {
                final byte[] bad = good.clone();
                ByteBuffer.wrap(bad).putInt(offset, value);
                Files.write(file, bad);
                try
                {
                    final Verification found = ChannelVerifier.verify(file);
                    assertTrue(found.end() <= found.header().capacity() + RecordDescriptor.FOOTER_LENGTH);
                }
                catch (final ChannelException ex)
                {
                    assertTrue(offset < RecordDescriptor.RECORD_AREA_OFFSET, ex.toString());
                }
            }
        }
    }

    private static void assertFault(
        final Verification found, final ChannelFault.Kind kind, final long position, final long fileOffset)
    {
        final ChannelFault first = found.firstFault().orElseThrow();
        assertEquals(kind, first.kind(), first.toString());
        assertEquals(position, first.position());
        assertEquals(fileOffset, first.fileOffset());
    }

    private void truncate(final long length)
    {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE))
        {
            channel.truncate(length);
        }
        catch (final IOException ex)
        {
            throw new AssertionError(ex);
        }
    }

    /**
     * The position of a record in the channel that {@link #write()} writes.
     */
    private static long position(final int number)
    {
        return 8 + number * (long)ALIGNED_LENGTH;
    }

    private EnvelopeWriter<RawBinDataFormat> write()
    {
        final EnvelopeWriter<RawBinDataFormat> writer = create(TestChannels.smallHeader().build());
        for (int i = 0; i < RECORDS; i++)
        {
            writer.write(TestChannels.bytes(LENGTH), 0, LENGTH);
        }

        return writer;
    }

    private EnvelopeWriter<RawBinDataFormat> writeBig(final int records)
    {
        final EnvelopeWriter<RawBinDataFormat> writer = create(Header.builder()
            .channelId(TestChannels.CHANNEL_ID).capacity(BIG_CAPACITY).maxMessageLength(2_000).build());
        for (int i = 0; i < records; i++)
        {
            writer.write(TestChannels.bytes(1_000), 0, 1 + (i * 37) % 1_000);
        }

        return writer;
    }

    private EnvelopeWriter<RawBinDataFormat> create(final Header header)
    {
        return EnvelopeWriter.create(
            ShmWriter.builder(root, header, RawBinDataFormat.INSTANCE),
            new TimestampHandler(TickUnit.NANOS),
            new SequenceHandler(),
            new ChecksumHandler());
    }
}
