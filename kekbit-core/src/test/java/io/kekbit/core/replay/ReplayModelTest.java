package io.kekbit.core.replay;

import io.kekbit.core.ShmReader;
import io.kekbit.core.TickUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Random times, of which some are missing and some step back, replayed with a clock that moves and pauses at random:
 * at each moment exactly those records were handed over that a plain computation says are due.
 */
class ReplayModelTest
{
    private static final long T = 1_700_000_000_000_000_000L;
    private static final int RECORDS = 1_000;
    private static final long MAX_GAP = 5_000;

    @TempDir
    private Path root;
    private final ReplayClock clock = new ReplayClock();
    private long handedOver;
    private long lastTime;
    private long nowNs;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldHaveHandedOverWhatIsDueWhenTimesAreRandom(final int seed)
    {
        final Random random = new Random(seed);
        final int speed = 1 + random.nextInt(10);
        final long maxGap = random.nextBoolean() ? MAX_GAP : Long.MAX_VALUE;
        final long[] times = randomTimes(random);
        final long[] due = dueTimes(times, speed, maxGap);
        try (ShmReader reader = new Streams(root).withField(1, times))
        {
            final Replayer replayer = Replayer.builder(reader)
                .byField(Streams.FIELD, TickUnit.NANOS)
                .speed(speed)
                .maxGap(maxGap)
                .limit(RECORDS + 1)
                .nanoClock(() -> nowNs)
                .clock(clock)
                .into((buffer, offset, length, position, nextPosition) ->
                    onRecord(Streams.number(buffer, offset), Streams.FIELD.timestamp(buffer, offset, length)));

            nowNs = random.nextLong();
            long elapsedNs = 0;
            while (!replayer.state().isFinal())
            {
                replayer.doWork();
                assertEquals(dueUntil(due, elapsedNs), handedOver, "elapsedNs=" + elapsedNs);
                if (random.nextInt(20) == 0)
                {
                    pause(replayer, random);
                }
                final long stepNs = random.nextInt(2_000) / speed;
                nowNs += stepNs;
                elapsedNs += stepNs;
            }
            assertEquals(RECORDS, handedOver);
        }
    }

    private void onRecord(final long number, final long time)
    {
        assertEquals(handedOver++, number);
        final long clockTime = clock.nanoTime();
        assertTrue(clockTime >= lastTime, "the clock went back");
        assertTrue(time < 0 || clockTime >= time, "the clock is before the record");
        lastTime = clockTime;
    }

    private void pause(final Replayer replayer, final Random random)
    {
        replayer.pause();
        replayer.doWork();
        nowNs += random.nextInt(1_000_000);
        final long before = clock.nanoTime();
        replayer.doWork();
        assertEquals(before, clock.nanoTime());
        replayer.resume();
        // Goes on from now.
        final long records = handedOver;
        replayer.doWork();
        assertEquals(records, handedOver);
    }

    private static long[] randomTimes(final Random random)
    {
        final long[] times = new long[RECORDS];
        long time = T;
        // The first one has a time: it is what all others are counted from.
        times[0] = time;
        for (int i = 1; i < RECORDS; i++)
        {
            time += random.nextInt(100) == 0 ? random.nextInt(100_000) :
                random.nextInt(10) == 0 ? -random.nextInt(3_000) : random.nextInt(2_000);
            times[i] = random.nextInt(10) == 0 ? -1 : time;
        }

        return times;
    }

    private static long[] dueTimes(final long[] times, final int speed, final long maxGap)
    {
        final List<Long> known = new ArrayList<>();
        final long[] due = new long[times.length];
        long played = 0;
        for (int i = 0; i < times.length; i++)
        {
            if (times[i] >= 0)
            {
                final long latest = known.stream().mapToLong((time) -> time).max().orElse(times[i]);
                played += Math.min(maxGap, Math.max(0, times[i] - latest));
                known.add(times[i]);
            }
            due[i] = (played + speed - 1) / speed;
        }

        return due;
    }

    private static long dueUntil(final long[] due, final long elapsedNs)
    {
        long count = 0;
        while (count < due.length && due[(int)count] <= elapsedNs)
        {
            count++;
        }

        return count;
    }
}
