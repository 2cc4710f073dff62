package io.kekbit.benchmarks.report;

import io.kekbit.benchmarks.Spread;
import io.kekbit.benchmarks.compare.Bound;
import io.kekbit.benchmarks.compare.Figure;
import io.kekbit.benchmarks.compare.Row;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Whether a bound was held. A ratio has to keep it in two ways: as the median of the ratios of the rounds, and as the
 * ratio of the medians of all rounds.
 *
 * @param measured the table.
 * @param bound    that is judged.
 * @param against  the row that it was compared with, or null when it is the figure itself or there is no such row.
 * @param found    median and spread of the ratios, or of the figure.
 * @param medians  the ratio of the medians, not a number when it is the figure itself or there is none.
 * @param kept     how many rounds keep the bound, each by itself.
 */
public record Verdict(Measured measured, Bound bound, Row against, Spread found, double medians, int kept)
{
    /**
     * Judge all bounds of a table.
     *
     * @param measured the table.
     * @return a verdict for each.
     */
    public static List<Verdict> of(final Measured measured)
    {
        final List<Verdict> verdicts = new ArrayList<>();
        for (final Bound bound : measured.table().bounds())
        {
            verdicts.add(of(measured, bound));
        }

        return verdicts;
    }

    private static Verdict of(final Measured measured, final Bound bound)
    {
        final Figure figure = measured.table().figure(bound.figure());
        final Row row = measured.table().row(bound.row());
        if (Bound.ITSELF.equals(bound.against()))
        {
            return of(measured, bound, null, measured.byRound(row, figure), Double.NaN);
        }

        final Row against = measured.against(bound.against(), figure);

        return against == null ? of(measured, bound, null, new double[0], Double.NaN) : of(
            measured, bound, against, measured.ratios(row, against, figure),
            measured.ratioOfMedians(row, against, figure));
    }

    private static Verdict of(
        final Measured measured, final Bound bound, final Row against, final double[] rounds, final double medians)
    {
        final int kept = (int)Arrays.stream(rounds).filter(bound::isHeld).count();

        return new Verdict(measured, bound, against, Spread.of(rounds), medians, kept);
    }

    /**
     * In words.
     *
     * @return held, not held, not decided, or not measured; and in how many rounds it was kept when not in all.
     */
    public String word()
    {
        if (!found.isKnown())
        {
            return "not measured";
        }

        final boolean isHeld = bound.isHeld(found.median());
        final String word;
        if (against != null && isHeld != bound.isHeld(medians))
        {
            word = "**not decided** (median of the ratios " + Numbers.limit(found.median()) +
                ", ratio of the medians " + Numbers.limit(medians) + ")";
        }
        else
        {
            word = isHeld ? "held" : "**not held**";
        }
        if (kept == measured.rounds())
        {
            return word;
        }

        final int missing = measured.rounds() - found.count();

        return word + ", kept in " + kept + " of " + measured.rounds() + " rounds" +
            (missing > 0 ? ", " + missing + " not measured" : "");
    }
}
