package io.kekbit.core.replay;

import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.ReaderState;
import io.kekbit.core.TickUnit;
import io.kekbit.core.Writer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Random streams read as one, beside a list that is sorted.
 */
class MergedReaderModelTest
{
    private static final int ROUNDS = 12;
    private static final int MAX_SOURCES = 9;
    private static final int MAX_RECORDS = 300;

    private record Entry(long time, int source, long number)
    {
    }

    @TempDir
    private Path root;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldBeSortedByTimeThenSourceThenOrderWhenStreamsAreClosed(final boolean isStamped)
    {
        for (int round = 0; round < ROUNDS; round++)
        {
            final Random random = new Random(round);
            final List<List<Entry>> sources = randomSources(random, 3, false);
            final List<Entry> expected = new ArrayList<>();
            sources.forEach(expected::addAll);
            // A stable sort: those of the same time stay in the order of the streams, and in their own.
            expected.sort(Comparator.comparingLong(Entry::time));

            try (MergedReader merged = write(sources, round, isStamped))
            {
                assertSame(expected, readAll(merged, random));
                assertEquals(0, merged.lateRecords());
                assertEquals(ReaderState.CLOSED, merged.state());
            }
        }
    }

    @Test
    void shouldTakeTheLeastOfWhatStreamsHaveNextWhenTheirTimesStepBack()
    {
        for (int round = 0; round < ROUNDS; round++)
        {
            final Random random = new Random(round);
            final List<List<Entry>> sources = randomSources(random, -2, true);

            try (MergedReader merged = write(sources, round, false))
            {
                assertSame(leastFirst(sources), readAll(merged, random));
            }
        }
    }

    @Test
    void shouldTakeOneOfEachInTurnWhenRoundRobin()
    {
        for (int round = 0; round < ROUNDS; round++)
        {
            final Random random = new Random(round);
            final List<List<Entry>> sources = randomSources(random, 3, false);
            final List<Entry> expected = new ArrayList<>();
            for (int i = 0; i < MAX_RECORDS; i++)
            {
                for (final List<Entry> source : sources)
                {
                    if (i < source.size())
                    {
                        expected.add(source.get(i));
                    }
                }
            }

            final MergedReaderBuilder builder = MergedReader.builder().roundRobin();
            final Streams streams = new Streams(root);
            for (int source = 0; source < sources.size(); source++)
            {
                builder.add(streams.withField(id(round, source), times(sources.get(source))));
            }
            try (MergedReader merged = builder.build())
            {
                assertSame(expected, withoutTimes(sources, readAll(merged, random)));
            }
        }
    }

    @Test
    void shouldKeepOrderWhateverComesFirstWhenStreamsAreLiveAndWaitedFor()
    {
        for (int round = 0; round < ROUNDS; round++)
        {
            final Random random = new Random(round);
            final List<List<Entry>> sources = randomSources(random, 3, false);
            final Streams streams = new Streams(root);
            final List<Writer<RawBinDataFormat>> writers = new ArrayList<>();
            final MergedReaderBuilder builder = MergedReader.builder().slack(Long.MAX_VALUE);
            for (int source = 0; source < sources.size(); source++)
            {
                writers.add(streams.stamping(id(round, source)));
                builder.add(streams.open(id(round, source)));
            }
            final List<Entry> expected = new ArrayList<>();
            sources.forEach(expected::addAll);
            expected.sort(Comparator.comparingLong(Entry::time));

            final List<Entry> read = new ArrayList<>();
            final List<Integer> next = new ArrayList<>(sources.stream().map((source) -> 0).toList());
            try (MergedReader merged = builder.build())
            {
                while (merged.state() != ReaderState.CLOSED)
                {
                    final int source = random.nextInt(sources.size());
                    final int index = next.get(source);
                    if (index < sources.get(source).size())
                    {
                        streams.append(writers.get(source), index, sources.get(source).get(index).time());
                        next.set(source, index + 1);
                    }
                    else
                    {
                        writers.get(source).close();
                    }
                    read(merged, 1 + random.nextInt(3), read);
                }

                assertSame(expected, read);
                assertEquals(0, merged.lateRecords());
            }
        }
    }

    @Test
    void shouldGoOnWithEveryStreamWhereItStoppedWhenPositionsWereStored()
    {
        for (int round = 0; round < ROUNDS; round++)
        {
            final Random random = new Random(round);
            final List<List<Entry>> sources = randomSources(random, 3, false);
            final List<Entry> whole = leastFirst(sources);
            final long[] positions = new long[sources.size()];
            final List<Entry> read = new ArrayList<>();
            final int stop = random.nextInt(whole.size() + 1);
            try (MergedReader merged = write(sources, round, true))
            {
                while (read.size() < stop)
                {
                    read(merged, stop - read.size(), read);
                }
                for (int source = 0; source < positions.length; source++)
                {
                    positions[source] = merged.position(source);
                }
            }

            final Streams streams = new Streams(root);
            final MergedReaderBuilder builder = MergedReader.builder();
            for (int source = 0; source < positions.length; source++)
            {
                builder.add(streams.open(id(round, source)));
            }
            try (MergedReader merged = builder.build())
            {
                // Somewhere else first.
                read(merged, random.nextInt(50), new ArrayList<>());
                for (int source = 0; source < positions.length; source++)
                {
                    merged.moveTo(source, positions[source]);
                }
                read.addAll(readAll(merged, random));
            }
            assertSame(whole, read);
        }
    }

    private MergedReader write(final List<List<Entry>> sources, final int round, final boolean isStamped)
    {
        final Streams streams = new Streams(root);
        final MergedReaderBuilder builder = MergedReader.builder();
        for (int source = 0; source < sources.size(); source++)
        {
            final long[] times = times(sources.get(source));
            final long id = id(round, source) + (isStamped ? 0 : 1L << 32);
            if (isStamped)
            {
                builder.add(streams.stamped(id, times));
            }
            else
            {
                builder.add(streams.withField(id, times), Streams.FIELD, TickUnit.NANOS);
            }
        }

        return builder.build();
    }

    private static long id(final int round, final int source)
    {
        return 1 + round * 100L + source;
    }

    private static long[] times(final List<Entry> source)
    {
        return source.stream().mapToLong(Entry::time).toArray();
    }

    /**
     * @param minStep    the least by which a time differs from the one before it.
     * @param hasUntimed whether some records have no time.
     */
    private static List<List<Entry>> randomSources(final Random random, final int minStep, final boolean hasUntimed)
    {
        final List<List<Entry>> sources = new ArrayList<>();
        final int count = 1 + random.nextInt(MAX_SOURCES);
        for (int source = 0; source < count; source++)
        {
            final List<Entry> entries = new ArrayList<>();
            final int records = random.nextInt(5) == 0 ? 0 : random.nextInt(MAX_RECORDS);
            long time = 1_000 + random.nextInt(100);
            for (int i = 0; i < records; i++)
            {
                // Steps of 0 are frequent.
                time += minStep < 0 ? minStep + random.nextInt(6) : random.nextInt(minStep);
                entries.add(new Entry(hasUntimed && random.nextInt(10) == 0 ? -1 : time, source, i));
            }
            sources.add(entries);
        }

        return sources;
    }

    /**
     * What is to come out, found the slow way.
     */
    private static List<Entry> leastFirst(final List<List<Entry>> sources)
    {
        final List<ArrayDeque<Entry>> queues = new ArrayList<>();
        final long[] latest = new long[sources.size()];
        for (int source = 0; source < sources.size(); source++)
        {
            queues.add(new ArrayDeque<>(sources.get(source)));
            latest[source] = -1;
        }

        final List<Entry> merged = new ArrayList<>();
        while (queues.stream().anyMatch((queue) -> !queue.isEmpty()))
        {
            int best = -1;
            long bestTime = 0;
            for (int source = 0; source < queues.size(); source++)
            {
                final Entry head = queues.get(source).peek();
                final long time = head == null ? 0 : head.time() < 0 ? latest[source] : head.time();
                if (head != null && (best < 0 || time < bestTime))
                {
                    best = source;
                    bestTime = time;
                }
            }
            latest[best] = bestTime;
            merged.add(queues.get(best).poll());
        }

        return merged;
    }

    private static List<Entry> readAll(final MergedReader merged, final Random random)
    {
        final List<Entry> entries = new ArrayList<>();
        int records;
        do
        {
            records = read(merged, 1 + random.nextInt(20), entries);
        }
        while (records > 0);

        return entries;
    }

    private static int read(final MergedReader merged, final int limit, final List<Entry> entries)
    {
        return merged.read((source, buffer, offset, length, position, nextPosition) ->
        {
            final long time = Streams.FIELD.timestamp(buffer, offset, length);
            assertTrue(time < 0 || merged.time() < 0 || time == merged.time());
            entries.add(new Entry(time, source, Streams.number(buffer, offset)));
        }, limit);
    }

    /**
     * Names the first difference instead of both lists.
     */
    private static void assertSame(final List<Entry> expected, final List<Entry> actual)
    {
        for (int i = 0; i < Math.min(expected.size(), actual.size()); i++)
        {
            assertEquals(expected.get(i), actual.get(i), "index=" + i);
        }
        assertEquals(expected.size(), actual.size());
    }

    private static List<Entry> withoutTimes(final List<List<Entry>> sources, final List<Entry> entries)
    {
        return entries.stream().map((entry) -> sources.get(entry.source()).get((int)entry.number())).toList();
    }
}
