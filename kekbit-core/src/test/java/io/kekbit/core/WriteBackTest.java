package io.kekbit.core;

import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * On a file system with a device behind it, what was written back to that takes a page fault again at the next store;
 * and an agent that touches it again meets the fault in place of the writer. By counts of the writing thread's faults.
 */
class WriteBackTest
{
    private static final Set<String> WITH_DEVICE = Set.of("ext4", "xfs");
    private static final int CAPACITY = 16 * 1024 * 1024;
    private static final int PAGES = 1024;
    private static final int PAGE_RECORD = 4096 - RecordDescriptor.LENGTH_WORD_LENGTH;
    private static final int FEW_FAULTS = PAGES / 32;
    private static final int INTERVAL_NS = 1_000;

    private final UnsafeBuffer source = new UnsafeBuffer(new byte[PAGE_RECORD]);
    private final List<MappedByteBuffer> mappings = new ArrayList<>();
    private final ChannelFiles files = new ChannelFiles()
    {
        @Override
        MappedByteBuffer map(
            final Path file, final FileChannel.MapMode mode, final long offset, final long length) throws IOException
        {
            final MappedByteBuffer mapped = super.map(file, mode, offset, length);
            mappings.add(mapped);

            return mapped;
        }
    };

    @TempDir
    private Path root;
    private long nowNs;

    @BeforeEach
    void requireDeviceAndCounts() throws IOException
    {
        final String type = Files.getFileStore(root).type();
        if (!WITH_DEVICE.contains(type))
        {
            System.out.println("skipped: writes back nothing, or is not known to: " + type);
        }
        assumeTrue(WITH_DEVICE.contains(type));
        assumeTrue(PageFaults.isTold());
    }

    @Test
    void shouldMeetFaultsAgainWhenPagesWereWrittenBack() throws IOException
    {
        try (ShmWriter<RawBinDataFormat> writer = create())
        {
            writeBack();
            final long faults = faultsOfWriting(writer);

            assertTrue(faults > FEW_FAULTS, "faults=" + faults);
            Evidence.print("writing after write-back", "pages", PAGES, "faults", faults);
        }
    }

    @Test
    void shouldMeetNoFaultsWhenAgentTouchedPagesAfterTheyWereWrittenBack() throws IOException
    {
        try (ShmWriter<RawBinDataFormat> writer = create())
        {
            final PrefaultAgent agent =
                writer.prefaultAgent(PrefaultAgent.DEFAULT_WINDOW_LENGTH, INTERVAL_NS, () -> nowNs);
            work(agent);
            writeBack();
            nowNs += INTERVAL_NS;
            work(agent);
            final long faults = faultsOfWriting(writer);

            assertTrue(faults <= FEW_FAULTS, "faults=" + faults);
            Evidence.print("writing after write-back, with an agent", "pages", PAGES, "faults", faults);
        }
    }

    private ShmWriter<RawBinDataFormat> create()
    {
        final Header header = Header.builder().channelId(1).capacity(CAPACITY).maxMessageLength(PAGE_RECORD).build();

        return ShmWriter.builder(root, header, RawBinDataFormat.INSTANCE).files(files).prefault(Prefault.NOW).create();
    }

    /**
     * As the operating system does after some seconds.
     */
    private void writeBack()
    {
        for (final MappedByteBuffer mapped : mappings)
        {
            mapped.force();
        }
    }

    private static void work(final PrefaultAgent agent)
    {
        while (agent.doWork() > 0)
        {
            continue;
        }
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
}
