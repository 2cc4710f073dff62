package io.kekbit.benchmarks.report;

import io.kekbit.benchmarks.Result;
import io.kekbit.benchmarks.Spread;
import io.kekbit.benchmarks.compare.Bound;
import io.kekbit.benchmarks.compare.Figure;
import io.kekbit.benchmarks.compare.Measurement;
import io.kekbit.benchmarks.compare.RawResults;
import io.kekbit.benchmarks.compare.Role;
import io.kekbit.benchmarks.compare.Row;
import io.kekbit.benchmarks.compare.Section;
import io.kekbit.benchmarks.compare.Table;
import org.HdrHistogram.Histogram;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A table with all that was measured for it.
 */
public final class Measured
{
    private final Section section;
    private final Table table;
    private final int rounds;
    private final Map<Row, List<Result>> results = new HashMap<>();
    private final Map<Row, List<String>> failures = new HashMap<>();

    /**
     * Read it.
     *
     * @param section that the table belongs to.
     * @param table   that was measured.
     * @param raw     results.
     * @param rounds  that were to be run.
     */
    public Measured(final Section section, final Table table, final RawResults raw, final int rounds)
    {
        this.section = section;
        this.table = table;
        this.rounds = rounds;
        for (final Row row : table.rows())
        {
            final Measurement measurement = table.measurement(row);
            final List<Result> rowResults = new ArrayList<>();
            final List<String> rowFailures = new ArrayList<>();
            for (int round = 1; round <= rounds; round++)
            {
                rowResults.add(raw.result(section, table, measurement, round));
                final String failure = raw.failure(section, table, measurement, round);
                if (failure != null)
                {
                    rowFailures.add("round " + round + ": " + failure);
                }
            }
            results.put(row, rowResults);
            failures.put(row, rowFailures);
        }
    }

    /**
     * The section it belongs to.
     *
     * @return the section.
     */
    public Section section()
    {
        return section;
    }

    /**
     * What was measured.
     *
     * @return the table.
     */
    public Table table()
    {
        return table;
    }

    /**
     * How often each row was to be measured.
     *
     * @return the number of rounds, failed ones among them.
     */
    public int rounds()
    {
        return rounds;
    }

    /**
     * How forks of a row failed.
     *
     * @param row of the table.
     * @return a message for each, none when none failed.
     */
    public List<String> failures(final Row row)
    {
        return failures.get(row);
    }

    /**
     * Whether there is any result, of any row.
     *
     * @return false when nothing was measured.
     */
    public boolean isEmpty()
    {
        return results.values().stream().flatMap(List::stream).allMatch((result) -> result == null) &&
            failures.values().stream().allMatch(List::isEmpty);
    }

    /**
     * A figure by round.
     *
     * @param row    of the table.
     * @param figure of the table.
     * @return for each round the figure, not a number where the round has none.
     */
    public double[] byRound(final Row row, final Figure figure)
    {
        return results.get(row).stream()
            .mapToDouble((result) -> result == null ? Double.NaN : figure.in(result, row))
            .toArray();
    }

    /**
     * A figure over the rounds.
     *
     * @param row    of the table.
     * @param figure of the table.
     * @return median and spread.
     */
    public Spread spread(final Row row, final Figure figure)
    {
        return Spread.of(byRound(row, figure));
    }

    /**
     * A figure of a row compared with that of another, by round.
     *
     * @param row     above the line.
     * @param against below it.
     * @param figure  of both.
     * @return for each round the ratio, not a number where the round lacks one of the two.
     */
    public double[] ratios(final Row row, final Row against, final Figure figure)
    {
        return Spread.ratios(byRound(row, figure), byRound(against, figure));
    }

    /**
     * The median of a figure of a row compared with the median of that of another.
     *
     * @param row     above the line.
     * @param against below it.
     * @param figure  of both.
     * @return the ratio of the two, each of all its rounds; not a number where one of them has none.
     */
    public double ratioOfMedians(final Row row, final Row against, final Figure figure)
    {
        final double[] one = {spread(row, figure).median()};
        final double[] other = {spread(against, figure).median()};

        return Spread.ratios(one, other)[0];
    }

    /**
     * A figure of a row compared with that of another.
     *
     * @param row     above the line.
     * @param against below it.
     * @param figure  of both.
     * @return median and spread of the ratios, each of the two in the same round.
     */
    public Spread ratio(final Row row, final Row against, final Figure figure)
    {
        return Spread.ofRatios(byRound(row, figure), byRound(against, figure));
    }

    /**
     * The hand-written loop with the best median.
     *
     * @param figure by which it is the best.
     * @return the row, or null when none was measured.
     */
    public Row floor(final Figure figure)
    {
        Row best = null;
        double bestMedian = Double.NaN;
        for (final Row row : table.rows())
        {
            final double median = spread(row, figure).median();
            if (row.role() == Role.FLOOR && !Double.isNaN(median) &&
                (best == null || figure.direction().isBetter(median, bestMedian)))
            {
                best = row;
                bestMedian = median;
            }
        }

        return best;
    }

    /**
     * Find what is compared with.
     *
     * @param label  of a row, or {@link Bound#FLOOR}.
     * @param figure by which the floor is chosen.
     * @return the row, or null when there is no floor.
     */
    public Row against(final String label, final Figure figure)
    {
        return Bound.FLOOR.equals(label) ? floor(figure) : table.row(label);
    }

    /**
     * The channel as it should be used.
     *
     * @return the first such row, or null.
     */
    public Row kekbit()
    {
        return table.rows().stream().filter((row) -> row.role() == Role.KEKBIT).findFirst().orElse(null);
    }

    /**
     * All rounds in one histogram.
     *
     * @param row  of the table.
     * @param name of the histogram, possibly with {@link Figure#PART}.
     * @return the histogram, or null when no round has it.
     */
    public Histogram histogram(final Row row, final String name)
    {
        final String own = name.replace(Figure.PART, row.part());
        Histogram all = null;
        for (final Result result : results.get(row))
        {
            final Histogram one = result == null ? null : result.histograms().get(own);
            if (one != null)
            {
                if (all == null)
                {
                    all = Result.histogram();
                }
                all.add(one);
            }
        }

        return all;
    }
}
