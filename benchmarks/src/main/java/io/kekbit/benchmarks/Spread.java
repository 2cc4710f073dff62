package io.kekbit.benchmarks;

import java.util.Arrays;

/**
 * What several rounds, or several passes of one measurement, say about a figure or about a ratio of two.
 *
 * @param median   of the rounds: of an even number the mean of the two in the middle, and not a number of none.
 * @param least    of them.
 * @param greatest of them.
 * @param count    of rounds that have the figure.
 */
public record Spread(double median, double least, double greatest, int count)
{
    /**
     * Of some figures, those that are not numbers left out.
     *
     * @param figures one for each round.
     * @return their median and spread.
     */
    public static Spread of(final double... figures)
    {
        final double[] sorted = Arrays.stream(figures).filter((figure) -> !Double.isNaN(figure)).sorted().toArray();
        if (sorted.length == 0)
        {
            return new Spread(Double.NaN, Double.NaN, Double.NaN, 0);
        }

        final int middle = sorted.length / 2;
        final double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;

        return new Spread(median, sorted[0], sorted[sorted.length - 1], sorted.length);
    }

    /**
     * Ratios, each of two figures of the same round.
     *
     * @param ones   above the line, by round.
     * @param others below it, by round.
     * @return the ratios by round, not a number where a round lacks one of the figures, or has nothing below the line.
     */
    public static double[] ratios(final double[] ones, final double[] others)
    {
        final double[] ratios = new double[Math.min(ones.length, others.length)];
        for (int i = 0; i < ratios.length; i++)
        {
            final double ratio = ones[i] / others[i];
            ratios[i] = Double.isInfinite(ratio) ? Double.NaN : ratio;
        }

        return ratios;
    }

    /**
     * Of ratios, each of two figures of the same round. A round that lacks one of them is left out.
     *
     * @param ones   above the line, by round.
     * @param others below it, by round.
     * @return median and spread of the ratios.
     */
    public static Spread ofRatios(final double[] ones, final double[] others)
    {
        return of(ratios(ones, others));
    }

    /**
     * Whether any round has the figure.
     *
     * @return true when there is a median.
     */
    public boolean isKnown()
    {
        return count > 0;
    }
}
