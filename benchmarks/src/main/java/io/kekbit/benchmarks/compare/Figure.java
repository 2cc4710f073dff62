package io.kekbit.benchmarks.compare;

import io.kekbit.benchmarks.Result;
import org.HdrHistogram.Histogram;

/**
 * A column of a table: where in a result it stands and how it is shown.
 *
 * @param label        above the column, with the unit.
 * @param source       the name of a figure, or the name of a histogram and a percentile: {@code roundTrip@99.9}.
 * @param unit         that the source is divided by: 1,000 shows nanoseconds as microseconds.
 * @param direction    which of two is better.
 * @param isCompared   whether there is a column of ratios for it.
 */
public record Figure(String label, String source, double unit, Direction direction, boolean isCompared)
{
    /**
     * Stands in a source for the part of the result that belongs to a row.
     */
    public static final String PART = "{}";

    /**
     * Which of two figures is better.
     */
    public enum Direction
    {
        /**
         * A cost.
         */
        LESS_IS_BETTER,

        /**
         * A rate.
         */
        MORE_IS_BETTER,

        /**
         * Neither, it is only to be known.
         */
        NEITHER;

        /**
         * Compare two.
         *
         * @param one   figure.
         * @param other figure.
         * @return whether the one is better.
         */
        public boolean isBetter(final double one, final double other)
        {
            return switch (this)
            {
                case LESS_IS_BETTER -> one < other;
                case MORE_IS_BETTER -> one > other;
                case NEITHER -> false;
            };
        }
    }

    /**
     * A cost that is compared.
     *
     * @param label  above the column.
     * @param source of the figure.
     * @param unit   that the source is divided by.
     * @return the figure.
     */
    public static Figure cost(final String label, final String source, final double unit)
    {
        return new Figure(label, source, unit, Direction.LESS_IS_BETTER, true);
    }

    /**
     * A rate that is compared.
     *
     * @param label  above the column.
     * @param source of the figure.
     * @param unit   that the source is divided by.
     * @return the figure.
     */
    public static Figure rate(final String label, final String source, final double unit)
    {
        return new Figure(label, source, unit, Direction.MORE_IS_BETTER, true);
    }

    /**
     * A figure that is shown and not compared.
     *
     * @param label  above the column.
     * @param source of the figure.
     * @param unit   that the source is divided by.
     * @return the figure.
     */
    public static Figure shown(final String label, final String source, final double unit)
    {
        return new Figure(label, source, unit, Direction.NEITHER, false);
    }

    /**
     * Find it.
     *
     * @param result of a measurement.
     * @param row    for which.
     * @return the figure in its unit, or not a number when the result has none.
     */
    public double in(final Result result, final Row row)
    {
        final String name = source.replace(PART, row.part());
        final int at = name.indexOf('@');
        if (at < 0)
        {
            final Double figure = result.figures().get(name);

            return figure == null ? Double.NaN : figure / unit;
        }

        final Histogram histogram = result.histograms().get(name.substring(0, at));
        final double percentile = Double.parseDouble(name.substring(at + 1));

        return histogram == null ? Double.NaN : histogram.getValueAtPercentile(percentile) / unit;
    }
}
