package io.kekbit.benchmarks.report;

import io.kekbit.benchmarks.Spread;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;

/**
 * Numbers as a reader wants them: three or four digits that matter.
 */
public final class Numbers
{
    /**
     * What stands in a table where nothing was measured.
     */
    static final String NONE = "–";

    private static final double HUNDRED = 100;
    private static final double TEN = 10;
    private static final double THOUSANDTH = 0.001;

    private Numbers()
    {
    }

    /**
     * With the digits that matter.
     *
     * @param number to show.
     * @return the text, a dash for what is not a number.
     */
    public static String text(final double number)
    {
        final double size = Math.abs(number);
        final String format;
        if (Double.isNaN(number))
        {
            return NONE;
        }
        else if (size == 0)
        {
            return "0";
        }
        else if (size < THOUSANDTH)
        {
            return "<0.001";
        }
        else if (size >= HUNDRED)
        {
            format = "%,.0f";
        }
        else if (size >= TEN)
        {
            format = "%.1f";
        }
        else if (size >= 1)
        {
            format = "%.2f";
        }
        else
        {
            format = "%.3f";
        }

        return String.format(Locale.ROOT, format, number);
    }

    /**
     * As it was written in the plan.
     */
    static String limit(final double number)
    {
        return new DecimalFormat("0.####", DecimalFormatSymbols.getInstance(Locale.ROOT)).format(number);
    }

    /**
     * A median, and the spread behind it.
     *
     * @param spread to show.
     * @return the text, a dash where no round has the figure.
     */
    public static String text(final Spread spread)
    {
        if (!spread.isKnown())
        {
            return NONE;
        }

        final String median = text(spread.median());
        final String least = text(spread.least());
        final String greatest = text(spread.greatest());

        return least.equals(greatest) ? median : median + " (" + least + ".." + greatest + ")";
    }
}
