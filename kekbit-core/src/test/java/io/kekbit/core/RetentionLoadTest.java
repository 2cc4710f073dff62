package io.kekbit.core;

import io.kekbit.core.handlers.ChecksumHandler;
import io.kekbit.core.handlers.SequenceHandler;
import io.kekbit.core.series.NextChannelPolicy;
import io.kekbit.core.series.Retention;
import io.kekbit.core.series.SeriesListener;
import io.kekbit.core.series.SeriesPosition;
import io.kekbit.core.series.SeriesReader;
import io.kekbit.core.series.SeriesWriter;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A series that is written as fast as it can be, while its agent deletes what is beyond the bound: the disk is looked
 * at whenever a channel was made, and all the time between. On tmpfs what the file system has given away counts, with
 * every deleted file that is still open or mapped; ext4 can count blocks twice for a moment while it finds a place for
 * them, so there it is the files.
 */
@Tag("series")
class RetentionLoadTest
{
    private static final String NAME = "bounded";
    private static final int ROLLS = Evidence.times("kekbit.series.pruned", 150);
    private static final int CAPACITY = 1024 * 1024;
    private static final int MAX_LENGTH = 100;
    private static final int BOUND_CHANNELS = 8;
    private static final int DISK_LENGTH = 96 * 1024 * 1024;
    private static final int LOOK_INTERVAL = 256;

    /**
     * What the file system takes for folders, lock files and its own lists.
     */
    private static final int SLACK = 128 * 1024;

    private final AtomicLong mostGivenAway = new AtomicLong();
    private final AtomicLong mostInFiles = new AtomicLong();
    private final AtomicInteger late = new AtomicInteger();
    private final AtomicInteger deleted = new AtomicInteger();
    private long usableAtStart;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void shouldKeepDiskWithinBoundPlusOneChannelWhenWrittenAsFastAsPossible(final SmallDisk.Kind kind)
        throws IOException
    {
        final AtomicReference<Throwable> agentFailure = new AtomicReference<>();
        final SequenceHandler sequence = new SequenceHandler();
        try (SmallDisk disk = SmallDisk.mount(kind, folder, DISK_LENGTH))
        {
            usableAtStart = disk.usable();
            final long channel = channelLength();
            final long bound = BOUND_CHANNELS * channel;
            final long ordinal;
            try (SeriesWriter<RawBinDataFormat> writer = SeriesWriter
                .builder(disk.root(), NAME, RawBinDataFormat.INSTANCE)
                .capacity(CAPACITY)
                .maxMessageLength(MAX_LENGTH + 24)
                .handlers(sequence, new ChecksumHandler())
                .retention(Retention.builder().maxBytes(bound).build())
                .listener(looking(disk))
                .open();
                AgentRunner runner = new AgentRunner(
                    new SleepingMillisIdleStrategy(1), agentFailure::set, null, writer.agent()))
            {
                AgentRunner.startOnThread(runner);
                while (SeriesPosition.ordinal(writer.writeOffset()) < ROLLS)
                {
                    assertTrue(NumberedRecords.tryWrite(writer, sequence.last() + 1, MAX_LENGTH) > 0);
                    if (sequence.last() % LOOK_INTERVAL == 0)
                    {
                        look(disk);
                    }
                }
                ordinal = SeriesPosition.ordinal(writer.writeOffset());
            }

            assertNull(agentFailure.get());
            Evidence.print(
                "disk of a series within bounds on " + kind.name().toLowerCase(), "rolls", ordinal, "records",
                sequence.last(), "deleted", deleted, "channelBytes", channel, "boundBytes", bound,
                "mostGivenAway", mostGivenAway, "mostInFiles", mostInFiles, "notReadyInTime", late);
            final long most = (kind == SmallDisk.Kind.TMPFS ? mostGivenAway : mostInFiles).get();
            assertTrue(most <= bound + channel + SLACK, "most=" + most + " bound=" + bound + " each=" + channel);
            assertHoldsEnd(disk, sequence.last());
        }
    }

    private SeriesListener looking(final SmallDisk disk)
    {
        return new SeriesListener()
        {
            @Override
            public void onRoll(final long ordinal, final Path file, final long firstRecordNumber)
            {
                look(disk);
            }

            @Override
            public void onNextChannelReady(final long ordinal, final Path file)
            {
                look(disk);
            }

            @Override
            public void onNextChannelLate(final long ordinal, final NextChannelPolicy policy)
            {
                late.incrementAndGet();
            }

            @Override
            public void onChannelDeleted(final long ordinal, final Path file)
            {
                deleted.incrementAndGet();
            }
        };
    }

    private void look(final SmallDisk disk)
    {
        try
        {
            mostGivenAway.accumulateAndGet(usableAtStart - disk.usable(), Math::max);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        final File[] files = disk.root().resolve(NAME).resolve("0000_0000").toFile().listFiles();
        long inFiles = 0;
        for (final File file : files == null ? new File[0] : files)
        {
            // 0 where it was deleted meanwhile; a file that is being made has its name only when it is whole.
            inFiles += file.getName().endsWith(".kekbit") ? file.length() : 0;
        }
        mostInFiles.accumulateAndGet(inFiles, Math::max);
    }

    /**
     * How long the file of each channel is.
     */
    private long channelLength() throws IOException
    {
        final Path root = folder.resolve("measured");
        try (SeriesWriter<RawBinDataFormat> writer = SeriesWriter
            .builder(root, NAME, RawBinDataFormat.INSTANCE)
            .capacity(CAPACITY)
            .maxMessageLength(MAX_LENGTH + 24)
            .handlers(new SequenceHandler(), new ChecksumHandler())
            .open())
        {
            return Files.size(writer.file());
        }
    }

    private static void assertHoldsEnd(final SmallDisk disk, final long last)
    {
        try (SeriesReader reader = SeriesReader.open(disk.root(), NAME))
        {
            long expected = reader.extension().firstRecordNumber();
            assertTrue(expected > 0);
            while (reader.next())
            {
                expected++;
                assertEquals(expected, reader.sequence());
                assertTrue(NumberedRecords.isRight(
                    expected, reader.buffer(), reader.offset(), reader.length(), MAX_LENGTH));
            }
            assertEquals(last, expected);
            assertEquals(ReaderState.CLOSED, reader.state());
        }
    }
}
