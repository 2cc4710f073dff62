package io.kekbit.core;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class ProportionalIdleStrategyTest
{
    private final ProportionalIdleStrategy idleStrategy = new ProportionalIdleStrategy(100);

    @Test
    void shouldSpinOnceWhenNothingWasEverRead()
    {
        assertEquals(1, idleStrategy.spins());
    }

    @Test
    void shouldSpinAsOftenAsRecordsWereReadWhenNothingIsLeft()
    {
        idleStrategy.idle(3);
        idleStrategy.idle(4);

        assertEquals(1 + 3 + 4, idleStrategy.spins());
    }

    @Test
    void shouldWaitAtOnceWhenLessWasReadThanBefore()
    {
        idleStrategy.idle(50);
        idleStrategy.idle(49);

        assertEquals(1, idleStrategy.spins());
    }

    @Test
    void shouldForgetHowMuchWasReadLastWhenItHasWaited()
    {
        idleStrategy.idle(50);
        idleStrategy.idle(0);
        idleStrategy.idle(3);

        assertEquals(1 + 3, idleStrategy.spins());
    }

    @Test
    void shouldSpinOnceAgainWhenItHasWaitedForABatch()
    {
        idleStrategy.idle(50);
        idleStrategy.idle(0);

        assertEquals(1, idleStrategy.spins());
    }

    @Test
    void shouldKeepToTheLimitWhenMuchWasRead()
    {
        idleStrategy.idle(60);
        idleStrategy.idle(60);

        assertEquals(100, idleStrategy.spins());
    }

    @Test
    void shouldKeepToTheLimitWhenTheSumIsBeyondAnInt()
    {
        final ProportionalIdleStrategy boundless = new ProportionalIdleStrategy(Integer.MAX_VALUE);
        boundless.idle(Integer.MAX_VALUE);
        boundless.idle(Integer.MAX_VALUE);

        assertEquals(Integer.MAX_VALUE, boundless.spins());
    }

    @Test
    void shouldForgetWhatWasReadWhenReset()
    {
        idleStrategy.idle(50);
        idleStrategy.reset();

        assertEquals(1, idleStrategy.spins());
    }

    @Test
    void shouldOnlySpinWhenTheLimitIsOne()
    {
        final ProportionalIdleStrategy spinning = new ProportionalIdleStrategy(1);
        spinning.idle(256);

        assertEquals(1, spinning.spins());
    }

    @Test
    void shouldRefuseWhenTheLimitIsLessThanOne()
    {
        assertThrows(IllegalArgumentException.class, () -> new ProportionalIdleStrategy(0));
    }

    @Test
    void shouldSayItsNameWhenAsked()
    {
        assertEquals("proportional", idleStrategy.alias());
    }
}
