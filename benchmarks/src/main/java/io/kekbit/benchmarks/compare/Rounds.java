package io.kekbit.benchmarks.compare;

import io.kekbit.benchmarks.Result;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Runs a plan, round after round: each measurement of each table once, then all of them again; a table that is measured
 * more often has several rounds in each of these. So what a machine does
 * for a while meets all subjects, and two that are compared were measured one shortly after the other.
 */
public final class Rounds
{
    private static final double NS_PER_SECOND = 1e9;
    private static final double SECONDS_PER_MINUTE = 60;

    private final List<Item> items = new ArrayList<>();
    private final Map<Measurement, Double> seconds = new HashMap<>();
    private final int rounds;
    private final RawResults raw;
    private final Fork fork;
    private final PrintWriter out;

    private record Item(Section section, Table table, Measurement measurement, int time)
    {
        int number(final int round)
        {
            return (round - 1) * table.times() + time;
        }

        String name()
        {
            return section.id() + "/" + table.id() + " " + measurement.subject() +
                (measurement.options().isEmpty() ? "" : " " + String.join(" ", measurement.options()));
        }
    }

    /**
     * Ready to run.
     *
     * @param sections in order.
     * @param rounds   how often each measurement is run.
     * @param raw      takes the results.
     * @param fork     runs a measurement.
     * @param out      for progress.
     */
    public Rounds(
        final List<Section> sections,
        final int rounds,
        final RawResults raw,
        final Fork fork,
        final PrintWriter out)
    {
        this.rounds = rounds;
        this.raw = raw;
        this.fork = fork;
        this.out = out;
        for (final Section section : sections)
        {
            for (final Table table : section.tables())
            {
                for (int time = 1; time <= table.times(); time++)
                {
                    for (final Measurement measurement : table.measurements())
                    {
                        items.add(new Item(section, table, measurement, time));
                        seconds.put(measurement, (double)measurement.seconds());
                    }
                }
            }
        }
    }

    /**
     * Run all.
     *
     * @return how many failed.
     * @throws InterruptedException when they are to be stopped.
     */
    public int run() throws InterruptedException
    {
        int failures = 0;
        for (int round = 1; round <= rounds; round++)
        {
            for (int i = 0; i < items.size(); i++)
            {
                failures += run(items.get(i), round, i) ? 0 : 1;
            }
        }

        return failures;
    }

    /**
     * How many measurements are run in all.
     *
     * @return the number of forks.
     */
    public int forks()
    {
        return items.size() * rounds;
    }

    /**
     * How long all rounds take, by what is known of each measurement.
     *
     * @return minutes.
     */
    public double minutes()
    {
        return minutesLeft(1, 0);
    }

    private boolean run(final Item item, final int round, final int index) throws InterruptedException
    {
        out.printf(
            Locale.ROOT,
            "[%d of %d, about %.0f min left] round %d: %s",
            (round - 1) * items.size() + index + 1,
            forks(),
            Math.ceil(minutesLeft(round, index)),
            item.number(round),
            item.name());
        out.flush();

        final Path file = raw.file(item.section(), item.table(), item.measurement(), item.number(round));
        final long started = System.nanoTime();
        try
        {
            fork.run(item.measurement(), file);
            check(item, file);
            out.printf(Locale.ROOT, ": %.1f s%n", (System.nanoTime() - started) / NS_PER_SECOND);
            out.flush();

            return true;
        }
        catch (final ForkFailedException ex)
        {
            raw.fail(file, ex.getMessage());
            out.println(": FAILED: " + ex.getMessage().replace("\n", "\n    "));
            out.flush();

            return false;
        }
        finally
        {
            seconds.put(item.measurement(), (System.nanoTime() - started) / NS_PER_SECOND);
        }
    }

    /**
     * A figure that nobody wrote is better found in the first round than in the report.
     */
    private static void check(final Item item, final Path file) throws ForkFailedException
    {
        if (!Files.exists(file))
        {
            throw new ForkFailedException("it wrote no result");
        }

        final Result result = Result.read(file);
        for (final Row row : item.table().rows())
        {
            if (item.table().measurement(row).equals(item.measurement()))
            {
                for (final Figure figure : item.table().figures())
                {
                    if (figure.isCompared() && Double.isNaN(figure.in(result, row)))
                    {
                        throw new ForkFailedException(
                            "its result lacks a figure: source=" + figure.source() + " row=" + row.label() +
                            " figures=" + result.figures().keySet() + " histograms=" + result.histograms().keySet());
                    }
                }
            }
        }
    }

    private double minutesLeft(final int round, final int index)
    {
        double left = 0;
        for (int i = 0; i < items.size(); i++)
        {
            final int runs = rounds - round + (i < index ? 0 : 1);
            left += runs * seconds.get(items.get(i).measurement());
        }

        return left / SECONDS_PER_MINUTE;
    }
}
