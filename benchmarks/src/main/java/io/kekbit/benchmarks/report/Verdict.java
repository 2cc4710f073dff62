package io.kekbit.benchmarks.report;

import io.kekbit.benchmarks.Spread;
import io.kekbit.benchmarks.compare.Bound;
import io.kekbit.benchmarks.compare.Figure;
import io.kekbit.benchmarks.compare.Row;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether a bound was held.
 *
 * @param measured the table.
 * @param bound    that is judged.
 * @param against  the row that it was compared with, or null when it is the figure itself or there is no such row.
 * @param found    median and spread of the ratios, or of the figure.
 */
public record Verdict(Measured measured, Bound bound, Row against, Spread found)
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
            final Figure figure = measured.table().figure(bound.figure());
            final Row row = measured.table().row(bound.row());
            if (Bound.ITSELF.equals(bound.against()))
            {
                verdicts.add(new Verdict(measured, bound, null, measured.spread(row, figure)));
            }
            else
            {
                final Row against = measured.against(bound.against(), figure);
                final Spread ratio = against == null ? Spread.of() : measured.ratio(row, against, figure);
                verdicts.add(new Verdict(measured, bound, against, ratio));
            }
        }

        return verdicts;
    }

    /**
     * In words.
     *
     * @return held, not held, or not measured, and in how many rounds when some of them are missing.
     */
    public String word()
    {
        if (!found.isKnown())
        {
            return "not measured";
        }

        final String word = bound.isHeld(found.median()) ? "held" : "**not held**";

        return found.count() == measured.rounds() ? word :
            word + ", in " + found.count() + " of " + measured.rounds() + " rounds only";
    }
}
