package io.kekbit.benchmarks;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

class SpreadTest
{
    @Test
    void shouldTakeTheOneInTheMiddleWhenTheNumberOfRoundsIsOdd()
    {
        assertEquals(new Spread(3, 1, 100, 3), Spread.of(100, 1, 3));
    }

    @Test
    void shouldTakeTheMeanOfTheTwoInTheMiddleWhenTheNumberOfRoundsIsEven()
    {
        assertEquals(new Spread(2.5, 1, 100, 4), Spread.of(100, 1, 3, 2));
    }

    @Test
    void shouldCompareWithinARoundWhenRatiosAreTaken()
    {
        // The second round was ten times slower for both: the ratio is as in the others.
        assertEquals(new Spread(1.5, 1.5, 1.5, 3), Spread.ofRatios(array(3, 30, 6), array(2, 20, 4)));
    }

    @Test
    void shouldLeaveOutARoundWhenItLacksOneOfTheTwo()
    {
        assertEquals(new Spread(2, 2, 2, 1), Spread.ofRatios(array(Double.NaN, 4, 9), array(1, 2, 0)));
    }

    @Test
    void shouldBeUnknownWhenNoRoundHasIt()
    {
        assertFalse(Spread.of(Double.NaN).isKnown());
    }

    private static double[] array(final double... numbers)
    {
        return numbers;
    }
}
