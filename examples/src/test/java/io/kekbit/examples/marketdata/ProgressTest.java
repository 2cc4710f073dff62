package io.kekbit.examples.marketdata;

import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.StringWriter;

import static org.junit.jupiter.api.Assertions.assertEquals;

class ProgressTest
{
    private static final long SECOND_NS = 1_000_000_000;

    private final StringWriter out = new StringWriter();
    private final Progress progress = new Progress(new PrintWriter(out, true), "done");

    @Test
    void shouldPrintNothingWhenWorkHasJustBegun()
    {
        progress.update(-SECOND_NS, 0);
        progress.update(7 * SECOND_NS, 1);
        progress.update(7 * SECOND_NS + 1, 2);

        assertEquals("", out.toString());
    }

    @Test
    void shouldPrintCountAndRateOfIntervalWhenTimeHasPassed()
    {
        progress.update(-SECOND_NS, 1);
        progress.update(0, 1_001);
        progress.update(2 * SECOND_NS, 5_001);

        assertEquals(
            "done 1,001 messages, 1,000 messages/s%ndone 5,001 messages, 2,000 messages/s%n".formatted(),
            out.toString());
    }
}
