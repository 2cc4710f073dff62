package io.kekbit.benchmarks.report;

import io.kekbit.benchmarks.Spread;
import io.kekbit.benchmarks.compare.Figure;
import io.kekbit.benchmarks.compare.Role;
import io.kekbit.benchmarks.compare.Row;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a peer is ahead of kekbit: by the median of the ratios or by the ratio of the medians, in any figure that is
 * compared.
 */
final class Ahead
{
    private Ahead()
    {
    }

    static List<String> sentences(final Measured measured)
    {
        final List<String> sentences = new ArrayList<>();
        final Row kekbit = measured.kekbit();
        if (kekbit == null)
        {
            return sentences;
        }

        for (final Row row : measured.table().rows())
        {
            final List<String> figures = row.role() == Role.PEER ? figures(measured, row, kekbit) : List.of();
            if (!figures.isEmpty())
            {
                sentences.add(
                    row.label() + " is ahead in " + measured.table().title() + ": " + String.join("; ", figures) + ".");
            }
        }

        return sentences;
    }

    private static List<String> figures(final Measured measured, final Row row, final Row kekbit)
    {
        final List<String> figures = new ArrayList<>();
        for (final Figure figure : measured.table().figures())
        {
            final Spread ratio = measured.ratio(row, kekbit, figure);
            final double medians = measured.ratioOfMedians(row, kekbit, figure);
            final boolean isAheadByRatios = figure.direction().isBetter(ratio.median(), 1);
            final boolean isAheadByMedians = figure.direction().isBetter(medians, 1);
            if (figure.isCompared() && (isAheadByRatios || isAheadByMedians))
            {
                final boolean isAlways = figure.direction().isBetter(ratio.least(), 1) &&
                    figure.direction().isBetter(ratio.greatest(), 1);
                figures.add(
                    figure.label() + " " + Numbers.text(measured.spread(row, figure)) + " against " +
                    Numbers.text(measured.spread(kekbit, figure)) + ", " + Numbers.text(ratio) + " times kekbit's" +
                    (isAlways ? "" : ", though not in every round") +
                    only(isAheadByRatios, isAheadByMedians, medians));
            }
        }

        return figures;
    }

    private static String only(final boolean isByRatios, final boolean isByMedians, final double medians)
    {
        if (isByRatios && isByMedians)
        {
            return "";
        }

        return (isByMedians ? ", and by the medians only" : ", and by the median of the ratios only") +
            ": the ratio of the medians is " + Numbers.text(medians);
    }
}
