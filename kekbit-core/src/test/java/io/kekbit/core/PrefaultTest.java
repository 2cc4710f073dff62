package io.kekbit.core;

import io.kekbit.core.exceptions.FileTooShortException;
import io.kekbit.core.handlers.SequenceHandler;
import io.kekbit.core.layout.ChannelPath;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What {@link Prefault#NOW} brings into reach, and that it changes nothing. By counts of pages and faults, not by time.
 */
class PrefaultTest
{
    private static final int CAPACITY = 16 * 1024 * 1024;
    private static final int PAGES = 1024;

    /**
     * Of content: with its length word a record takes a page.
     */
    private static final int PAGE_RECORD = 4096 - RecordDescriptor.LENGTH_WORD_LENGTH;

    /**
     * The most faults that a thread which writes that many pages has of its own, for the JVM's sake.
     */
    private static final int FEW_FAULTS = PAGES / 32;

    private final UnsafeBuffer source = new UnsafeBuffer(new byte[PAGE_RECORD]);

    @TempDir
    private Path root;

    @Test
    void shouldReachEveryPageWhenCreatedWithNow() throws IOException
    {
        Assumptions.assumeTrue(PageFaults.isTold());
        try (ShmWriter<RawBinDataFormat> writer = builder().prefault(Prefault.NOW).create())
        {
            assertTrue(writer.available() > 0);
            assertAllReached();
        }
    }

    @Test
    void shouldReachFewPagesWhenCreatedAsUsual() throws IOException
    {
        Assumptions.assumeTrue(PageFaults.isTold());
        try (ShmWriter<RawBinDataFormat> writer = builder().create())
        {
            assertTrue(writer.available() > 0);
            final PageFaults.Reach reach = PageFaults.below(root);
            assertTrue(reach.resident() < reach.mapped() / 2, reach.toString());
        }
    }

    @Test
    void shouldReachEveryPageWhenResumedWithNow() throws IOException
    {
        Assumptions.assumeTrue(PageFaults.isTold());
        builder().create().abandon();
        try (ShmWriter<RawBinDataFormat> writer = builder().prefault(Prefault.NOW).createOrResume())
        {
            assertTrue(writer.available() > 0);
            assertAllReached();
        }
    }

    @Test
    void shouldReachEveryPageWhenCreatedWithEnvelope() throws IOException
    {
        Assumptions.assumeTrue(PageFaults.isTold());
        try (EnvelopeWriter<RawBinDataFormat> writer =
            EnvelopeWriter.create(builder().prefault(Prefault.NOW), new SequenceHandler()))
        {
            assertTrue(writer.available() > 0);
            assertAllReached();
        }
    }

    @Test
    void shouldReachEveryPageWhenOpenedWithNow() throws IOException
    {
        Assumptions.assumeTrue(PageFaults.isTold());
        builder().create().close();
        try (ShmReader reader = ShmReader.builder(root, 1).prefault(Prefault.NOW).open())
        {
            assertEquals(0, reader.position());
            assertAllReached();
        }
    }

    @Test
    void shouldReadEverythingWhenFileIsShorterThanRecordArea() throws IOException
    {
        // Of the crate: it ends where no page does.
        final Path file = ChannelPath.file(root, 4);
        Files.createDirectories(file.getParent());
        try (InputStream fixture = getClass().getResourceAsStream("/channels/rust/" + ChannelPath.relative(4)))
        {
            Files.copy(fixture, file);
        }
        try (ShmReader reader = ShmReader.builder(root, 4).prefault(Prefault.NOW).open())
        {
            assertEquals(213, TestChannels.readAll(reader).size());
        }
    }

    @Test
    void shouldChangeNothingInFileWhenEveryPageIsTouched() throws IOException
    {
        try (ShmWriter<RawBinDataFormat> writer = builder().create())
        {
            writeUntilFull(writer);
            final byte[] before = Files.readAllBytes(writer.file());

            final ChannelMapping mapping = ChannelMapping.readWrite(
                ChannelFiles.SYSTEM,
                writer.file(),
                writer.file(),
                RecordDescriptor.wholeFileLength(writer.header().capacity()),
                writer.extension().indexOffset(),
                writer.extension().indexCapacity());
            mapping.touch(Prefault.NOW);
            mapping.unmap();

            assertArrayEquals(before, Files.readAllBytes(writer.file()));
        }
    }

    @Test
    void shouldMeetNoFaultsWhenWritingAfterNow() throws IOException
    {
        Assumptions.assumeTrue(PageFaults.isTold());
        try (ShmWriter<RawBinDataFormat> writer = builder().prefault(Prefault.NOW).create())
        {
            final long faults = faultsOfWriting(writer);

            assertTrue(faults <= FEW_FAULTS, "faults=" + faults);
            Evidence.print("writing after Prefault.NOW", "pages", PAGES, "faults", faults);
        }
    }

    @Test
    void shouldMeetFaultsWhenWritingWithoutSoThatTheOtherTestMeans() throws IOException
    {
        Assumptions.assumeTrue(PageFaults.isTold());
        try (ShmWriter<RawBinDataFormat> writer = builder().create())
        {
            final long faults = faultsOfWriting(writer);

            assertTrue(faults > FEW_FAULTS, "faults=" + faults);
            Evidence.print("writing without", "pages", PAGES, "faults", faults);
        }
    }

    @Test
    void shouldRefuseWhenFileIsCutShortWhileItIsOpened() throws IOException
    {
        builder().create().close();
        final ChannelFiles cutting = new ChannelFiles()
        {
            @Override
            MappedByteBuffer map(
                final Path file, final FileChannel.MapMode mode, final long offset, final long length)
                throws IOException
            {
                final MappedByteBuffer mapped = super.map(file, mode, offset, length);
                if (offset > 0)
                {
                    // The index is mapped last. Its page is cut, and no page that is gone is looked at.
                    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE))
                    {
                        channel.truncate(channel.size() - 1);
                    }
                }

                return mapped;
            }
        };

        final FileTooShortException thrown = assertThrows(
            FileTooShortException.class,
            () -> ShmReader.builder(root, 1).files(cutting).prefault(Prefault.NOW).open());

        assertEquals(TestChannels.file(root), thrown.file());
    }

    @Test
    void shouldLetGoOfChannelWhenPageCannotBeTouched() throws IOException
    {
        final InternalError fault = new InternalError("a fault occurred");
        final ChannelFiles faulting = new ChannelFiles()
        {
            @Override
            UnsafeBuffer view(final MappedByteBuffer mapped)
            {
                return new FaultingBuffer(mapped, fault);
            }
        };

        assertSame(
            fault,
            assertThrows(InternalError.class, () -> builder().files(faulting).prefault(Prefault.NOW).create()));

        // The lock is free, and the channel whole.
        try (ShmWriter<RawBinDataFormat> writer = builder().createOrResume())
        {
            assertEquals(2, writer.extension().writerEpoch());
        }
    }

    private ShmWriterBuilder<RawBinDataFormat> builder()
    {
        final Header header = Header.builder().channelId(1).capacity(CAPACITY).maxMessageLength(PAGE_RECORD).build();

        return ShmWriter.builder(root, header, RawBinDataFormat.INSTANCE);
    }

    private void assertAllReached() throws IOException
    {
        final PageFaults.Reach reach = PageFaults.below(root);
        assertEquals(reach.mapped(), reach.resident());
        assertTrue(reach.mapped() >= CAPACITY / 1024, reach.toString());
    }

    private long faultsOfWriting(final ShmWriter<?> writer) throws IOException
    {
        // The first count is for the faults of counting itself.
        long before = PageFaults.ofThread();
        before = Math.max(before, PageFaults.ofThread());
        for (int i = 0; i < PAGES; i++)
        {
            writer.write(source, 0, PAGE_RECORD);
        }

        return PageFaults.ofThread() - before;
    }

    private void writeUntilFull(final ShmWriter<?> writer)
    {
        for (int i = 0; writer.longestContent() > 0; i++)
        {
            final int length = Math.min(1 + i * 31 % PAGE_RECORD, writer.longestContent());
            source.setMemory(0, length, (byte)i);
            writer.write(source, 0, length);
        }
    }

    /**
     * A mapping whose pages cannot be had when they are touched.
     */
    private static final class FaultingBuffer extends UnsafeBuffer
    {
        private final InternalError fault;

        FaultingBuffer(final ByteBuffer mapped, final InternalError fault)
        {
            super(mapped);
            this.fault = fault;
        }

        @Override
        public long getAndAddLong(final int index, final long delta)
        {
            throw fault;
        }
    }
}
