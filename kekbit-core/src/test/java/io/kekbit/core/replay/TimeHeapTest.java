package io.kekbit.core.replay;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Comparator;
import java.util.Random;
import java.util.TreeSet;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * The heap beside a sorted set, for random steps.
 */
class TimeHeapTest
{
    private static final int STEPS = 20_000;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 8, 64})
    void shouldHaveTheLeastFirstWhenStepsAreRandom(final int sources)
    {
        final Random random = new Random(sources);
        final long[] times = new long[sources];
        final TreeSet<Integer> sorted = new TreeSet<>(
            Comparator.<Integer>comparingLong((source) -> times[source]).thenComparingInt((source) -> source));
        final TimeHeap heap = new TimeHeap(sources);
        for (int step = 0; step < STEPS; step++)
        {
            // Few times, so that many are the same.
            final long time = random.nextInt(10);
            final int source = random.nextInt(sources);
            switch (random.nextInt(4))
            {
                case 0 ->
                {
                    if (!sorted.isEmpty())
                    {
                        final int first = sorted.pollFirst();
                        times[first] = time;
                        sorted.add(first);
                        heap.replaceFirst(time);
                    }
                }
                case 1 ->
                {
                    if (!sorted.isEmpty())
                    {
                        sorted.pollFirst();
                        heap.removeFirst();
                    }
                }
                case 2 -> assertEquals(sorted.remove(source), heap.remove(source));
                default ->
                {
                    if (!sorted.contains(source))
                    {
                        times[source] = time;
                        sorted.add(source);
                        heap.add(source, time);
                    }
                }
            }

            assertEquals(sorted.size(), heap.size());
            if (!sorted.isEmpty())
            {
                assertEquals(sorted.first(), heap.first());
                assertEquals(times[heap.first()], heap.time(heap.first()));
            }
        }
    }
}
