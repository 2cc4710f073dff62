package io.kekbit.benchmarks.report;

import org.HdrHistogram.Histogram;
import org.jfree.data.xy.XYSeries;
import org.junit.jupiter.api.Test;

import java.text.FieldPosition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PlotsTest
{
    private static final double CLOSE = 1e-9;

    @Test
    void shouldPlaceANineAfterTheOther()
    {
        assertEquals(0, Plots.nines(0), CLOSE);
        assertEquals(1, Plots.nines(0.9), CLOSE);
        assertEquals(2, Plots.nines(0.99), CLOSE);
        assertEquals(3, Plots.nines(0.999), CLOSE);
    }

    @Test
    void shouldWritePercentilesAsPeopleDo()
    {
        assertEquals("0%", percent(0));
        assertEquals("90%", percent(1));
        assertEquals("99%", percent(2));
        assertEquals("99.9%", percent(3));
        assertEquals("99.999%", percent(5));
    }

    @Test
    void shouldStepUpWhereTheShareOfSlowerOnesBegins()
    {
        final Histogram histogram = new Histogram(3);
        histogram.recordValueWithCount(1_000, 99);
        histogram.recordValue(7_000);

        final XYSeries line = Plots.line("a", histogram);

        assertEquals(4, line.getItemCount());
        assertEquals(1, line.getY(1).doubleValue(), 0.01);
        assertEquals(2, line.getX(1).doubleValue(), CLOSE);
        assertEquals(2, line.getX(2).doubleValue(), CLOSE);
        assertEquals(7, line.getY(2).doubleValue(), 0.01);
        assertEquals(2, line.getX(3).doubleValue(), CLOSE);
    }

    @Test
    void shouldLeaveOutPointsThatNobodyCanSee()
    {
        final Histogram histogram = new Histogram(5);
        for (int i = 0; i < 100_000; i++)
        {
            histogram.recordValue(100_000 + i);
        }

        final XYSeries line = Plots.line("a", histogram);

        assertTrue(line.getItemCount() < 4_000, "items=" + line.getItemCount());
        assertEquals(199.999, line.getMaxY(), 0.01);
        assertEquals(5, line.getMaxX(), CLOSE);
    }

    private static String percent(final double nines)
    {
        return new Plots.Percent().format(nines, new StringBuffer(), new FieldPosition(0)).toString();
    }
}
