package io.kekbit.examples.marketdata;

import org.agrona.concurrent.CachedNanoClock;
import org.agrona.concurrent.NanoClock;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class PacerTest
{
    private static final long START = 1_000;

    private final CachedNanoClock clock = new CachedNanoClock();

    PacerTest()
    {
        clock.update(START);
    }

    @Test
    void shouldScheduleFromStartWhenRateDoesNotDivideASecond()
    {
        final Pacer pacer = new Pacer(clock, 3);

        assertEquals(START, pacer.dueNs(0));
        assertEquals(START + 333_333_333, pacer.dueNs(1));
        assertEquals(START + 666_666_666, pacer.dueNs(2));
        assertEquals(START + 1_000_000_000, pacer.dueNs(3));
    }

    @Test
    void shouldNotDriftWhenThereAreManyMessages()
    {
        final Pacer pacer = new Pacer(clock, 999_999_999);

        assertEquals(START + 100 * 1_000_000_000L, pacer.dueNs(100 * 999_999_999L));
    }

    @Test
    void shouldNotWaitWhenMessageIsLate()
    {
        final Pacer pacer = new Pacer(clock, 1_000);
        clock.update(START + 5_000_000);

        pacer.await(2);

        assertEquals(3_000_000, pacer.maxLatenessNs());
    }

    @Test
    void shouldKeepTheScheduleWhenAMessageWasLate()
    {
        final Pacer pacer = new Pacer(clock, 1_000);
        clock.update(START + 5_000_000);
        pacer.await(2);

        assertEquals(START + 6_000_000, pacer.dueNs(6));
    }

    @Test
    void shouldWaitUntilDueWhenMessageIsEarly()
    {
        final long[] now = {0};
        final NanoClock steppingClock = () -> now[0] += 100;
        final Pacer pacer = new Pacer(steppingClock, 100_000);

        pacer.await(1);

        assertEquals(pacer.dueNs(1), now[0]);
        assertEquals(0, pacer.maxLatenessNs());
    }

    @Test
    void shouldReturnAtOnceWhenUnpaced()
    {
        final Pacer pacer = new Pacer(clock, Pacer.UNPACED);

        pacer.await(Long.MAX_VALUE);

        assertEquals(0, pacer.maxLatenessNs());
    }
}
