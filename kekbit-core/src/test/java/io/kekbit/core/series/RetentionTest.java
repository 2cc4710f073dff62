package io.kekbit.core.series;

import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.exceptions.PositionDeletedException;
import io.kekbit.core.exceptions.SeriesSealedException;
import io.kekbit.core.positions.NamedReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import static io.kekbit.core.series.TestSeries.RECORDS_PER_CHANNEL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Bounds of a series, and who is asked before something is deleted.
 */
class RetentionTest
{
    private static final long DAY_NS = TimeUnit.DAYS.toNanos(1);

    private final List<String> events = new ArrayList<>();
    private final AtomicLong nowNs = new AtomicLong(20_000 * DAY_NS);

    @TempDir
    private Path root;

    @Test
    void shouldDeleteOldestWhenThereAreTooManyChannels()
    {
        write(5 * RECORDS_PER_CHANNEL);
        final Retention retention = Retention.builder().maxChannels(2).build();

        final Pruned tried = retention.tryOut(root, TestSeries.NAME);
        assertEquals(5, ordinals());
        final Pruned pruned = retention.prune(root, TestSeries.NAME, SeriesRollTest.noting(events));

        assertEquals(tried, pruned);
        assertEquals(3, pruned.channels());
        assertEquals(SeriesPosition.of(3, 0), pruned.firstPosition());
        assertFalse(pruned.isHeld());
        assertEquals(List.of("deleted 0", "deleted 1", "deleted 2"), events);
        assertEquals(
            List.of("0000_0004.kekbit", "0000_0004.writer", "0000_0005.kekbit", "0000_0005.writer", "series.writer"),
            TestSeries.files(root));
        assertEquals(0, retention.prune(root, TestSeries.NAME, SeriesRollTest.noting(events)).channels());
        try (SeriesReader reader = SeriesReader.open(root, TestSeries.NAME))
        {
            assertEquals(
                TestSeries.numbers(3L * RECORDS_PER_CHANNEL, 5L * RECORDS_PER_CHANNEL), TestSeries.readAll(reader));
        }
    }

    @Test
    void shouldKeepLastChannelWhenBoundsAreTooNarrow()
    {
        write(3 * RECORDS_PER_CHANNEL);
        Retention.builder().maxBytes(1).maxAge(Duration.ZERO).maxChannels(1).build()
            .prune(root, TestSeries.NAME, SeriesRollTest.noting(events));

        assertEquals(1, ordinals());
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.open(root))
        {
            assertEquals(3 * RECORDS_PER_CHANNEL, writer.nextRecordNumber());
            assertEquals(3, SeriesPosition.ordinal(writer.writeOffset()));
        }
    }

    @Test
    void shouldDeleteWhatIsTooOldWhenAgeIsBound()
    {
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.builder(root)
            .clock(nowNs::get)
            .listener(SeriesRollTest.noting(events))
            .retention(Retention.builder().maxAge(Duration.ofDays(2)).build()).open())
        {
            TestSeries.write(writer, 0, RECORDS_PER_CHANNEL + 1);
            nowNs.addAndGet(DAY_NS);
            TestSeries.write(writer, 0, RECORDS_PER_CHANNEL);
            nowNs.addAndGet(DAY_NS);
            TestSeries.write(writer, 0, RECORDS_PER_CHANNEL);
            assertFalse(events.toString().contains("deleted"), events.toString());
            nowNs.addAndGet(DAY_NS / 2);
            TestSeries.write(writer, 0, RECORDS_PER_CHANNEL);

            assertTrue(events.contains("deleted 0"), events.toString());
            assertFalse(events.contains("deleted 1"), events.toString());
        }
    }

    @Test
    void shouldKeepDiskWithinBoundPlusOneChannelWhenWrittenOn() throws IOException
    {
        write(1);
        final long channel = Files.size(TestSeries.file(root, 0));
        final long bound = 6 * channel;
        long most = 0;
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.builder(root)
            .retention(Retention.builder().maxBytes(bound).build()).open())
        {
            for (int i = 0; i < 50 * RECORDS_PER_CHANNEL; i += 100)
            {
                TestSeries.write(writer, i, 100);
                writer.agent().doWork();
                most = Math.max(most, bytes());
            }
            assertTrue(SeriesPosition.ordinal(writer.writeOffset()) > 45);
        }
        assertTrue(most <= bound + channel, most + " of " + bound);
        assertTrue(most >= bound, most + " of " + bound);
    }

    @Test
    void shouldTellReaderThatFellBehindWhenWrittenOn()
    {
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.builder(root)
            .retention(Retention.builder().maxChannels(3).build()).open();
            SeriesReader reader = SeriesReader.open(root, TestSeries.NAME))
        {
            TestSeries.write(writer, 0, 10 * RECORDS_PER_CHANNEL);
            final PositionDeletedException ex =
                assertThrows(PositionDeletedException.class, () -> TestSeries.readAll(reader));
            reader.moveTo(ex.firstPosition());
            final List<Long> rest = TestSeries.readAll(reader);

            assertEquals(10L * RECORDS_PER_CHANNEL - 1, rest.get(rest.size() - 1));
            assertEquals(3 * RECORDS_PER_CHANNEL, rest.size());
        }
    }

    @Test
    void shouldKeepWhatNamedReaderNeedsWhenBoundsSayOtherwise()
    {
        write(5 * RECORDS_PER_CHANNEL);
        final Path readers = root.resolve("readers");
        final Retention retention = Retention.builder().maxChannels(1).readers(readers).build();
        try (NamedReader reader = named(readers))
        {
            readUpTo(reader, 2 * RECORDS_PER_CHANNEL + 3);
            final Pruned pruned = retention.prune(root, TestSeries.NAME, SeriesRollTest.noting(events));

            assertEquals(SeriesPosition.of(2, 0), pruned.firstPosition());
            assertTrue(pruned.isHeld());
            assertEquals(2, pruned.channels());
            readUpTo(reader, 2 * RECORDS_PER_CHANNEL - 2);
            assertFalse(retention.prune(root, TestSeries.NAME, SeriesRollTest.noting(events)).isHeld());
            assertEquals(1, ordinals());
        }
    }

    @Test
    void shouldNotWaitForNamedReaderWhenItIsToKeepWithinBounds()
    {
        write(4 * RECORDS_PER_CHANNEL);
        final Path readers = root.resolve("readers");
        try (NamedReader reader = named(readers))
        {
            readUpTo(reader, 1);
            final Retention retention =
                Retention.builder().maxChannels(2).readers(readers).withinBounds(true).build();

            assertEquals(2, retention.prune(root, TestSeries.NAME, SeriesRollTest.noting(events)).channels());
        }
    }

    @Test
    void shouldNotWaitForNamedReaderWhenItHasExpired()
    {
        write(4 * RECORDS_PER_CHANNEL);
        final Path readers = root.resolve("readers");
        try (NamedReader reader = named(readers))
        {
            readUpTo(reader, 1);
        }
        final long inEightDaysNs = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()) + 8 * DAY_NS;
        final Retention retention = Retention.builder().maxChannels(2).readers(readers).build();
        final SeriesFolder folder = new SeriesFolder(root, TestSeries.NAME);

        assertTrue(retention.tryOut(root, TestSeries.NAME).isHeld());
        assertEquals(
            2,
            new Pruning(folder, retention, SeriesRollTest.noting(events), () -> inEightDaysNs).prune(true).channels());
    }

    @Test
    void shouldNeverExpireWhenTimesAreAsLongAsCanBe()
    {
        write(4 * RECORDS_PER_CHANNEL);
        final Path readers = root.resolve("readers");
        try (NamedReader reader = named(readers))
        {
            readUpTo(reader, 1);
        }
        final Duration forever = ChronoUnit.FOREVER.getDuration();
        final Retention byAge = Retention.builder().maxAge(forever).build();
        final Retention byCount =
            Retention.builder().maxChannels(2).readers(readers).readersExpireAfter(forever).build();

        assertEquals(0, byAge.tryOut(root, TestSeries.NAME).channels());
        assertTrue(byCount.tryOut(root, TestSeries.NAME).isHeld());
        assertEquals(0, byCount.tryOut(root, TestSeries.NAME).channels());
    }

    @Test
    void shouldKeepEverythingWhenNeedsCannotBeRead() throws IOException
    {
        write(4 * RECORDS_PER_CHANNEL);
        final Path readers = root.resolve("readers");
        try (NamedReader reader = named(readers))
        {
            readUpTo(reader, 4 * RECORDS_PER_CHANNEL);
        }
        try (var files = Files.list(readers))
        {
            for (final Path file : files.filter((path) -> path.toString().endsWith("position")).toList())
            {
                Files.write(file, new byte[100]);
            }
        }
        final Retention retention = Retention.builder().maxChannels(1).readers(readers).build();
        final Pruned pruned = retention.prune(root, TestSeries.NAME, SeriesRollTest.noting(events));

        assertEquals(0, pruned.channels());
        assertTrue(pruned.isHeld());
        assertEquals(1, events.size());
        assertTrue(events.get(0).startsWith("unpruned"), events.toString());
    }

    @Test
    void shouldDeleteNothingWhenSeriesIsSealed() throws IOException
    {
        write(3 * RECORDS_PER_CHANNEL);
        Files.createFile(Seal.manifest(root.resolve(TestSeries.NAME)));
        final Retention retention = Retention.builder().maxChannels(1).withinBounds(true).build();

        final SeriesSealedException ex = assertThrows(
            SeriesSealedException.class,
            () -> retention.prune(root, TestSeries.NAME, SeriesRollTest.noting(events)));
        assertEquals(Seal.manifest(root.resolve(TestSeries.NAME)), ex.manifest());
        assertThrows(SeriesSealedException.class, () -> retention.tryOut(root, TestSeries.NAME));
        assertEquals(
            0, Retention.builder().maxChannels(3).build().tryOut(root, TestSeries.NAME).channels());
        assertEquals(List.of(), events);
        assertEquals(3, ordinals());
    }

    @Test
    void shouldKeepChannelsWhenSealedSeriesIsWrittenOn() throws IOException
    {
        write(3 * RECORDS_PER_CHANNEL);
        final Path manifest = Files.createFile(Seal.manifest(root.resolve(TestSeries.NAME)));
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.builder(root)
            .listener(SeriesRollTest.noting(events))
            .retention(Retention.builder().maxChannels(2).build()).open())
        {
            TestSeries.write(writer, 0, 2 * RECORDS_PER_CHANNEL);
            writer.agent().doWork();
            assertTrue(events.contains("unpruned SeriesSealedException"), events.toString());
            assertFalse(events.toString().contains("deleted"), events.toString());
            assertEquals(6, ordinals());

            Files.delete(manifest);
            TestSeries.write(writer, 0, RECORDS_PER_CHANNEL);
            writer.agent().doWork();
            assertTrue(events.contains("deleted 0"), events.toString());
        }
    }

    @Test
    void shouldRefuseWhenBoundIsNone()
    {
        final Retention.Builder builder = Retention.builder();

        assertThrows(IllegalArgumentException.class, () -> builder.maxBytes(0));
        assertThrows(IllegalArgumentException.class, () -> builder.maxChannels(0));
        assertThrows(IllegalArgumentException.class, () -> builder.maxAge(Duration.ofNanos(-1)));
        assertThrows(IllegalArgumentException.class, () -> builder.readersExpireAfter(Duration.ZERO));
    }

    private void write(final int count)
    {
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.open(root))
        {
            TestSeries.write(writer, 0, count);
        }
    }

    private NamedReader named(final Path readers)
    {
        return SeriesReader.open(root, TestSeries.NAME).named(readers, "slow").open();
    }

    private static void readUpTo(final NamedReader reader, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            assertTrue(reader.next());
        }
        reader.store();
    }

    private long ordinals()
    {
        return TestSeries.files(root).stream().filter((name) -> name.endsWith(".kekbit")).count();
    }

    private long bytes() throws IOException
    {
        long bytes = 0;
        for (long ordinal = 0; ordinal < 60; ordinal++)
        {
            final Path file = TestSeries.file(root, ordinal);
            bytes += Files.exists(file) ? Files.size(file) : 0;
        }

        return bytes;
    }
}
