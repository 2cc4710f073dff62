package io.kekbit.benchmarks.stream;

import io.kekbit.benchmarks.stream.peers.Sender;
import org.HdrHistogram.Histogram;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.NanoClock;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

class PaceTest
{
    private static final int LENGTH = 32;
    private static final long START_NS = 50_000;
    private static final long PER_SECOND = 1_000_000;
    private static final long INTERVAL_NS = 1_000;
    private static final long STALL_NS = 100_000;

    private final SteppingClock clock = new SteppingClock();
    private final LatencyArrivals arrivals = new LatencyArrivals(LENGTH, clock);
    private final List<Long> times = new ArrayList<>();

    @Test
    void shouldPutTimeIntoEachMessageAtWhichItWasDue()
    {
        OpenLoop.sendAll(new Messages(sender(-1), LENGTH), new Pace(clock, START_NS, PER_SECOND), 100);

        for (int i = 0; i < 100; i++)
        {
            assertEquals(START_NS + i * INTERVAL_NS, times.get(i));
        }
    }

    @Test
    void shouldKeepToTheTimesWhenSenderWasHeldUp()
    {
        final Pace pace = new Pace(clock, START_NS, PER_SECOND);

        OpenLoop.sendAll(new Messages(sender(10), LENGTH), pace, 1_000);

        assertEquals(START_NS + 999 * INTERVAL_NS, times.get(999));
    }

    @Test
    void shouldShowStallInEveryMessageThatHadToWait()
    {
        final Pace pace = new Pace(clock, START_NS, PER_SECOND);

        OpenLoop.sendAll(new Messages(sender(10), LENGTH), pace, 1_000);

        // The one that was held up, then those due during the stall: each waits an interval less than the one before,
        // but for what it takes to send them.
        final Histogram latencies = arrivals.latencies();
        assertEquals(1_000, latencies.getTotalCount());
        assertEquals(STALL_NS, latencies.getMaxValue(), STALL_NS / 100.0);
        final long longerThanHalf = latencies.getCountBetweenValues(STALL_NS / 2, latencies.getMaxValue());
        assertEquals(STALL_NS / 2.0 / INTERVAL_NS, longerThanHalf, 5);
        assertEquals(STALL_NS / (double)INTERVAL_NS, pace.late(), 5);
    }

    @Test
    void shouldCallNothingLateWhenNothingHoldsUpTheSender()
    {
        final Pace pace = new Pace(clock, START_NS, PER_SECOND);

        OpenLoop.sendAll(new Messages(sender(-1), LENGTH), pace, 1_000);

        assertEquals(0, pace.late());
    }

    @Test
    void shouldNotDriftWhenIntervalIsNoWholeNumber()
    {
        final Pace pace = new Pace(clock, 0, 300_000_000);
        clock.nowNs = 999_999_000;

        assertEquals(1_000_000_000, pace.await(300_000_000));
    }

    private Sender sender(final long heldUpAt)
    {
        return (final DirectBuffer source, final int offset, final int length) ->
        {
            final long sequence = source.getLong(offset);
            if (sequence == heldUpAt)
            {
                clock.nowNs += STALL_NS;
            }
            times.add(source.getLong(offset + Long.BYTES));
            arrivals.onMessage(sequence, source.getLong(offset + Long.BYTES), length);

            return true;
        };
    }

    /**
     * Each look takes 10 nanoseconds.
     */
    private static final class SteppingClock implements NanoClock
    {
        private long nowNs;

        @Override
        public long nanoTime()
        {
            nowNs += 10;

            return nowNs;
        }
    }
}
