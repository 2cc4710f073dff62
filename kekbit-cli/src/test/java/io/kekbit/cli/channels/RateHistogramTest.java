package io.kekbit.cli.channels;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * Intervals that grow with what they hold.
 */
class RateHistogramTest
{
    @Test
    void shouldWidenIntervalsWhenTimesGoOn()
    {
        final RateHistogram rate = new RateHistogram(10);
        for (int i = 0; i < 320; i++)
        {
            rate.add(1000 + i, 2);
        }

        assertEquals(20, rate.width());
        assertEquals(16, rate.intervals());
        for (int i = 0; i < rate.intervals(); i++)
        {
            assertEquals(20, rate.records(i));
            assertEquals(40, rate.bytes(i));
        }
    }

    @Test
    void shouldEndWhenTimesAreAsFarApartAsCanBe()
    {
        final RateHistogram rate = new RateHistogram(1);
        rate.add(0, 1);
        rate.add(Long.MAX_VALUE, 1);

        assertEquals(1, rate.records(0));
        assertEquals(1, rate.records(rate.intervals() - 1));
    }

    @Test
    void shouldCountAsFirstWhenTimeIsBeforeFirst()
    {
        final RateHistogram rate = new RateHistogram(10);
        rate.add(100, 1);
        rate.add(50, 1);

        assertEquals(1, rate.intervals());
        assertEquals(2, rate.records(0));
    }
}
