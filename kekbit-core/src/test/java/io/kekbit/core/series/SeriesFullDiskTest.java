package io.kekbit.core.series;

import io.kekbit.core.DataFormat;
import io.kekbit.core.ReaderState;
import io.kekbit.core.exceptions.ChannelFullException;
import io.kekbit.core.exceptions.NotEnoughSpaceException;
import io.kekbit.core.exceptions.PositionDeletedException;
import io.kekbit.core.positions.NamedReader;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;

import static io.kekbit.core.series.TestSeries.RECORDS_PER_CHANNEL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A disk on which the next channel of a series cannot be made, without one: creating a channel is made to fail.
 */
class SeriesFullDiskTest
{
    // By the writer's thread and by the agent's.
    private final List<String> events = new CopyOnWriteArrayList<>();
    private FullDisk disk;

    @TempDir
    private Path root;

    @BeforeEach
    void createDisk()
    {
        disk = new FullDisk(root);
    }

    @Test
    void shouldRefuseUntilThereIsSpaceWhenPolicyIsInline()
    {
        try (SeriesWriter<DataFormat> writer = open(NextChannelPolicy.INLINE))
        {
            disk.resize(1, 0);
            TestSeries.write(writer, 0, RECORDS_PER_CHANNEL);

            assertRefused(writer);
            assertEquals(List.of("late 1 INLINE", "failed 1 NotEnoughSpaceException"), events);
            assertTrue(writer.tryClaim(8) < 0);
            disk.resize(2, 0);
            TestSeries.write(writer, RECORDS_PER_CHANNEL, RECORDS_PER_CHANNEL);
        }
        assertHolds(0, 2 * RECORDS_PER_CHANNEL);
    }

    @Test
    void shouldRefuseUntilThereIsSpaceWhenPolicyIsInlineAndAgentRunsAndNamedReaderIsBehind()
    {
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        final Path readers = root.resolve("readers");
        try (SeriesWriter<DataFormat> writer = open(NextChannelPolicy.INLINE, readers);
            AgentRunner runner = runner(writer, failure))
        {
            AgentRunner.startOnThread(runner);
            disk.resize(3, 0);
            TestSeries.write(writer, 0, 1);
            try (NamedReader reader = readOne(readers))
            {
                long next = TestSeries.write(writer, 1, 3 * RECORDS_PER_CHANNEL - 1);
                assertRefused(writer);
                assertFalse(events.toString().contains("deleted"), events.toString());

                disk.resize(10, 0);
                next = TestSeries.write(writer, next, 2 * RECORDS_PER_CHANNEL);
                assertEquals(LongStream.range(1, next).boxed().toList(), TestSeries.readAll(reader));
            }
        }
        assertNull(failure.get());
    }

    @Test
    void shouldDeleteOldestAndGoOnWhenPolicyIsToPrune()
    {
        final int count = 20 * RECORDS_PER_CHANNEL;
        try (SeriesWriter<DataFormat> writer = open(NextChannelPolicy.PRUNE))
        {
            disk.resize(4, 0);
            TestSeries.write(writer, 0, count);
        }
        assertEquals(deletions(0, 16), deletions());
        assertHolds(16 * RECORDS_PER_CHANNEL, count);
    }

    @Test
    void shouldDeleteWhatNamedReaderNeedsWhenPolicyIsToPruneAndAgentRuns()
    {
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        final Path readers = root.resolve("readers");
        final int count = 20 * RECORDS_PER_CHANNEL;
        try (SeriesWriter<DataFormat> writer = open(NextChannelPolicy.PRUNE, readers);
            AgentRunner runner = runner(writer, failure))
        {
            AgentRunner.startOnThread(runner);
            disk.resize(4, 0);
            TestSeries.write(writer, 0, 2);
            try (NamedReader reader = readOne(readers))
            {
                disk.hold(0);
                TestSeries.write(writer, 2, count - 2);

                // What it has open it reads to the end.
                for (long number = 1; number < RECORDS_PER_CHANNEL; number++)
                {
                    assertTrue(reader.next());
                    assertEquals(number, TestSeries.number(reader));
                }
                final PositionDeletedException ex = assertThrows(PositionDeletedException.class, reader::next);
                assertEquals(
                    SeriesPosition.of(deletions().size(), 0), ex.firstPosition(), () -> events.toString());
                reader.moveTo(ex.firstPosition());
                assertTrue(reader.next());
                assertEquals((long)deletions().size() * RECORDS_PER_CHANNEL, TestSeries.number(reader));
            }
        }
        assertNull(failure.get());
        final int deleted = deletions().size();
        assertEquals(deletions(0, deleted), deletions());
        assertTrue(disk.ordinals().length <= 4);
        assertHolds(deleted * RECORDS_PER_CHANNEL, count);
    }

    @Test
    void shouldDeleteNoMoreWhenNothingIsFreedByIt()
    {
        int next = 8 * RECORDS_PER_CHANNEL;
        try (SeriesWriter<DataFormat> writer = open(NextChannelPolicy.PRUNE))
        {
            TestSeries.write(writer, 0, next);
            disk.resize(8, 0);
            LongStream.range(0, 8).forEach(disk::hold);

            assertRefused(writer);
            assertEquals(deletions(0, 3), deletions());
            assertRefused(writer);
            assertTrue(writer.tryClaim(8) < 0);
            assertEquals(deletions(0, 3), deletions());

            // The readers go on.
            disk.letGo();
            TestSeries.write(writer, next, 3 * RECORDS_PER_CHANNEL);
            next += 3 * RECORDS_PER_CHANNEL;
            assertEquals(deletions(0, 3), deletions());
            TestSeries.write(writer, next, RECORDS_PER_CHANNEL);
            next += RECORDS_PER_CHANNEL;
            assertEquals(deletions(0, 4), deletions());
        }
        assertHolds(4 * RECORDS_PER_CHANNEL, next);
    }

    @Test
    void shouldDeleteOnAndOnWhenOnlyOldestAreOpen()
    {
        final int count = 9 * RECORDS_PER_CHANNEL;
        try (SeriesWriter<DataFormat> writer = open(NextChannelPolicy.PRUNE))
        {
            TestSeries.write(writer, 0, count - RECORDS_PER_CHANNEL);
            disk.resize(8, 0);
            disk.hold(0);
            disk.hold(1);

            TestSeries.write(writer, count - RECORDS_PER_CHANNEL, RECORDS_PER_CHANNEL);
            assertEquals(deletions(0, 3), deletions());
        }
        assertHolds(3 * RECORDS_PER_CHANNEL, count);
    }

    @Test
    void shouldDeleteMoreWhenSpaceIsFreedLaterAndIsNotEnough()
    {
        final int count = 9 * RECORDS_PER_CHANNEL;
        try (SeriesWriter<DataFormat> writer = open(NextChannelPolicy.PRUNE))
        {
            TestSeries.write(writer, 0, count - RECORDS_PER_CHANNEL);
            disk.resize(8, 0);
            LongStream.range(0, 3).forEach(disk::hold);
            assertRefused(writer);
            assertEquals(deletions(0, 3), deletions());

            // Others have taken most of it.
            disk.letGo();
            disk.resize(5, disk.channelLength() * 3 / 4);
            TestSeries.write(writer, count - RECORDS_PER_CHANNEL, RECORDS_PER_CHANNEL);
            assertEquals(deletions(0, 4), deletions());
        }
        assertHolds(4 * RECORDS_PER_CHANNEL, count);
    }

    @Test
    void shouldDeleteNothingWhenPolicyIsToPruneAndSeriesIsSealed() throws IOException
    {
        try (SeriesWriter<DataFormat> writer = open(NextChannelPolicy.PRUNE))
        {
            TestSeries.write(writer, 0, 3 * RECORDS_PER_CHANNEL);
        }
        final Path manifest = Files.createFile(Seal.manifest(disk.path()));
        try (SeriesWriter<DataFormat> writer = open(NextChannelPolicy.PRUNE))
        {
            disk.resize(4, 0);
            TestSeries.write(writer, 3 * RECORDS_PER_CHANNEL, RECORDS_PER_CHANNEL);

            assertRefused(writer);
            assertEquals(List.of(), deletions());
            assertTrue(events.contains("unpruned SeriesSealedException"), events.toString());
            Files.delete(manifest);
            TestSeries.write(writer, 4 * RECORDS_PER_CHANNEL, 1);
            assertEquals(deletions(0, 1), deletions());
        }
        assertHolds(RECORDS_PER_CHANNEL, 4 * RECORDS_PER_CHANNEL + 1);
    }

    private SeriesWriter<DataFormat> open(final NextChannelPolicy policy)
    {
        return disk.builder().nextChannelPolicy(policy).listener(SeriesRollTest.noting(events)).open();
    }

    private SeriesWriter<DataFormat> open(final NextChannelPolicy policy, final Path readers)
    {
        return disk.builder().nextChannelPolicy(policy).listener(SeriesRollTest.noting(events))
            .retention(Retention.builder().maxChannels(2).readers(readers).build()).open();
    }

    private static AgentRunner runner(final SeriesWriter<?> writer, final AtomicReference<Throwable> failure)
    {
        return new AgentRunner(new SleepingMillisIdleStrategy(1), failure::set, null, writer.agent());
    }

    private NamedReader readOne(final Path readers)
    {
        final NamedReader reader = SeriesReader.open(root, TestSeries.NAME).named(readers, "slow").open();
        assertTrue(reader.next());
        assertEquals(0, TestSeries.number(reader));
        reader.store();

        return reader;
    }

    private static void assertRefused(final SeriesWriter<?> writer)
    {
        final UnsafeBuffer record = new UnsafeBuffer(new byte[Long.BYTES]);
        final ChannelFullException ex =
            assertThrows(ChannelFullException.class, () -> writer.write(record, 0, Long.BYTES));
        assertInstanceOf(NotEnoughSpaceException.class, ex.getCause());
    }

    private List<String> deletions()
    {
        return events.stream().filter((event) -> event.startsWith("deleted")).toList();
    }

    private static List<String> deletions(final int first, final int end)
    {
        return LongStream.range(first, end).mapToObj((ordinal) -> "deleted " + ordinal).toList();
    }

    private void assertHolds(final long first, final long end)
    {
        try (SeriesReader reader = SeriesReader.open(root, TestSeries.NAME))
        {
            assertEquals(first, reader.extension().firstRecordNumber());
            assertEquals(TestSeries.numbers(first, end), TestSeries.readAll(reader));
            assertSame(ReaderState.CLOSED, reader.state());
        }
    }
}
