package io.kekbit.benchmarks.report;

import io.kekbit.benchmarks.Spread;
import io.kekbit.benchmarks.compare.Bound;
import io.kekbit.benchmarks.compare.Figure;
import io.kekbit.benchmarks.compare.JvmFlags;
import io.kekbit.benchmarks.compare.RawResults;
import io.kekbit.benchmarks.compare.Role;
import io.kekbit.benchmarks.compare.Row;
import io.kekbit.benchmarks.compare.Section;
import io.kekbit.benchmarks.compare.Store;
import io.kekbit.benchmarks.compare.Table;
import org.HdrHistogram.Histogram;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes {@code report.md} of raw results, with plots ({@code .svg}) and merged histograms ({@code .hgrm}) beside it.
 * The same raw results make the same report.
 */
public final class Report
{
    private static final String FILE = "report.md";
    private static final double NS_PER_US = 1_000.0;
    private static final String FAILED = "failed";

    private final StringBuilder text = new StringBuilder();
    private final List<Measured> tables = new ArrayList<>();
    private final List<Section> sections;
    private final Run run;
    private final Path output;

    /**
     * Read the raw results.
     *
     * @param sections that were to be measured.
     * @param run      what was run.
     * @param output   the folder with the raw results, which takes the report.
     */
    public Report(final List<Section> sections, final Run run, final Path output)
    {
        this.sections = sections;
        this.run = run;
        this.output = output;
        final RawResults raw = new RawResults(output);
        for (final Section section : sections)
        {
            for (final Table table : section.tables())
            {
                tables.add(new Measured(section, table, raw, run.rounds() * table.times()));
            }
        }
    }

    /**
     * Write it.
     *
     * @return the report.
     */
    public Path write()
    {
        head();
        verdicts();
        ahead();
        failures();
        machine();
        method();
        sections.forEach(this::section);
        files();
        final Path file = output.resolve(FILE);
        try
        {
            Files.writeString(file, text);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }

        return file;
    }

    private void head()
    {
        line("# Kekbit compared");
        line("");
        line("What kekbit costs beside hand-written loops that do no more than its file format needs (the floor), " +
            "and beside other libraries that do the same work. Measured on " + run.date() + " by");
        line("");
        line("    " + run.command());
        line("");
        line("which anyone can repeat." + (run.isQuick() ?
            " This is the quick plan: fewer sections, rows and rounds." : ""));
        if (run.isOfChangedSources())
        {
            line("");
            line("**The working folder had changes that are in no commit**, so that nobody has these sources but who " +
                "measured.");
        }
        for (final Store store : Store.values())
        {
            final String fileSystem = run.stores().get(store);
            if (fileSystem == null)
            {
                line("");
                line("**Skipped: there was no " + store.label() + " to measure on** (the option --" + store.label() +
                    " names a folder).");
            }
            else if (!fileSystem.startsWith(store.label()))
            {
                line("");
                line("**What is called " + store.label() + " here was " + fileSystem + ".**");
            }
        }
        line("");
    }

    private void verdicts()
    {
        line("## What had to be shown");
        line("");
        if (tables.stream().allMatch((measured) -> measured.table().bounds().isEmpty()))
        {
            line("There is no bound in these sections.");
            line("");
            return;
        }
        row("section", "what", "found: median (least..greatest round)", "ratio of the medians", "bound", "");
        rule(6, 2);
        for (final Measured measured : tables)
        {
            for (final Verdict verdict : Verdict.of(measured))
            {
                final Bound bound = verdict.bound();
                row(
                    measured.section().id(),
                    bound.what() + (verdict.against() == null ? "" : ", against " + verdict.against().label()),
                    Numbers.text(verdict.found()),
                    Numbers.text(verdict.medians()),
                    (bound.isAtMost() ? "at most " : "at least ") + Numbers.limit(bound.limit()),
                    verdict.word());
            }
        }
        line("");
        line("A ratio is taken in each round between two that were measured one shortly after the other; shown are " +
            "the median of the ratios and their spread. The ratio of the medians is that of the two medians of all " +
            "rounds. A bound is held, or not held, where both say so, and not decided where they differ; a round " +
            "keeps it by its own ratio. The floor of a figure is the hand-written loop with the best median of all.");
        line("");
    }

    private void ahead()
    {
        final List<String> sentences = tables.stream().flatMap((table) -> Ahead.sentences(table).stream()).toList();
        line("## Where a peer is ahead of kekbit");
        line("");
        sentences.forEach((sentence) -> line("- " + sentence));
        if (sentences.isEmpty())
        {
            line("In nothing that was measured.");
        }
        line("");
    }

    private void failures()
    {
        final Set<String> failures = new LinkedHashSet<>();
        for (final Measured measured : tables)
        {
            for (final Row row : measured.table().rows())
            {
                for (final String failure : measured.failures(row))
                {
                    failures.add(
                        measured.section().id() + "/" + measured.table().id() + ", " + row.label() + ", " + failure);
                }
            }
        }
        if (!failures.isEmpty())
        {
            line("## What failed");
            line("");
            for (final String failure : failures)
            {
                line("```");
                line(failure.replace("```", "'''"));
                line("```");
            }
            line("");
        }
    }

    private void machine()
    {
        line("## Machine");
        line("");
        row("", "");
        rule(2, 2);
        run.machine().forEach((name, value) -> row(name, name.endsWith("flags") ? "`" + value + "`" : value));
        run.stores().forEach((store, fileSystem) -> row("file system: " + store.label(), fileSystem));
        line("");
    }

    private void method()
    {
        line("## Method in brief");
        line("");
        final String unchecked = uncheckedLabels();
        line("- Each measurement has a JVM of its own with the flags above, the same for all" +
            (unchecked.isEmpty() ? "" : " but for bounds checks") + ", and warms up before it measures. No two run " +
            "at the same time.");
        line("- Rounds: " + run.rounds() + "; in a round each measurement is run once, in the order of the tables: " +
            "A B C, A B C, ... Figures are the median of the rounds and, in brackets, the least and the greatest.");
        line("- Channels are pre-touched, and lie on tmpfs, unless it is said otherwise. So are the peers' files.");
        line("- Percentiles in tables are medians over the rounds; plots and `.hgrm` files are of all rounds.");
        line("- " + (run.isUnchecked() ?
            "**Bounds checks were off**, of Agrona (kekbit, the floor and two peers) and of Chronicle." :
            "Bounds checks were on, as they are when nobody switches them off, of Agrona and of Chronicle" +
            (unchecked.isEmpty() ? "" : ". **Agrona's were off for " + unchecked + "**, as the settings for speed " +
            "that come with Aeron have it: `" + JvmFlags.AGRONA_UNCHECKED + "`") +
            ". The floors by address and word by word have none; kekbit has one of its own for each record, and " +
            "Agrona's for the buffer that is copied. The option `--unchecked` switches all of them off."));
        line("");
    }

    /**
     * Those among the rows that ran without checks while others ran with them.
     */
    private String uncheckedLabels()
    {
        return run.isUnchecked() ? "" : tables.stream()
            .flatMap((measured) -> measured.table().rows().stream())
            .filter((row) -> run.uncheckedSubjects().contains(row.subject()))
            .map(Row::label).distinct().collect(Collectors.joining(" and "));
    }

    private void section(final Section section)
    {
        line("## " + section.id() + ": " + section.question());
        line("");
        line(section.method());
        line("");
        tables.stream().filter((measured) -> measured.section() == section).forEach(this::table);
    }

    private void table(final Measured measured)
    {
        final Table table = measured.table();
        line("### " + table.title());
        line("");
        if (measured.isEmpty())
        {
            line("Not measured.");
            line("");
            return;
        }

        final List<Figure> compared = table.figures().stream()
            .filter((figure) -> figure.isCompared() && isComparable(measured, figure)).toList();
        if (table.times() > 1)
        {
            line("Rounds of this table: " + run.rounds() * table.times() + ".");
            line("");
        }
        // More than one ratio would make the table too wide to read.
        final boolean isOneTable = compared.size() <= 1;
        columns(measured, table.figures(), isOneTable ? compared : List.of());
        if (!isOneTable)
        {
            columns(measured, List.of(), compared);
        }
        floors(measured, compared);
        table.plots().forEach((histogram, heading) -> percentiles(measured, histogram, heading));
        table.charts().forEach((figure) -> chart(measured, table.figure(figure)));
    }

    private void columns(final Measured measured, final List<Figure> absolute, final List<Figure> compared)
    {
        final List<String> head = new ArrayList<>(List.of(""));
        absolute.forEach((figure) -> head.add(figure.label()));
        compared.forEach((figure) -> head.add(figure.label() + ": ratio to " + measured.table().against()));
        row(head.toArray(new String[0]));
        rule(head.size(), 1);
        for (final Row row : measured.table().rows())
        {
            final List<String> cells = new ArrayList<>(List.of(row.label()));
            absolute.forEach((figure) -> cells.add(cell(measured, row, figure)));
            compared.forEach((figure) -> cells.add(ratio(measured, row, figure)));
            row(cells.toArray(new String[0]));
        }
        line("");
    }

    private void floors(final Measured measured, final List<Figure> compared)
    {
        if (!Bound.FLOOR.equals(measured.table().against()))
        {
            return;
        }

        final Map<String, List<String>> figures = new LinkedHashMap<>();
        for (final Figure figure : compared)
        {
            figures.computeIfAbsent(measured.floor(figure).label(), (label) -> new ArrayList<>()).add(figure.label());
        }
        figures.forEach((label, labels) -> line("- The floor of " + String.join(", ", labels) + ": " + label + "."));
        line("");
    }

    private static boolean isComparable(final Measured measured, final Figure figure)
    {
        return measured.against(measured.table().against(), figure) != null;
    }

    private static String cell(final Measured measured, final Row row, final Figure figure)
    {
        final Spread spread = measured.spread(row, figure);
        final int failures = measured.failures(row).size();
        if (failures == 0)
        {
            return Numbers.text(spread);
        }

        return spread.isKnown() ? Numbers.text(spread) + ", " + failures + " " + FAILED : FAILED;
    }

    private static String ratio(final Measured measured, final Row row, final Figure figure)
    {
        final Row against = measured.against(measured.table().against(), figure);

        return row.equals(against) ? "1" : Numbers.text(measured.ratio(row, against, figure));
    }

    /**
     * All hand-written loops in one plot would hide what matters, so that only the best is drawn.
     */
    private void percentiles(final Measured measured, final String name, final String heading)
    {
        final Table table = measured.table();
        final String fileName = name.replace(Figure.PART, "");
        final Figure byMedian = Figure.cost("p50", name + "@50", 1);
        final Row floor = measured.floor(byMedian);
        final Map<String, Histogram> histograms = new LinkedHashMap<>();
        for (final Row row : table.rows())
        {
            final Histogram histogram = measured.histogram(row, name);
            if (histogram != null && histogram.getTotalCount() > 0)
            {
                hgrm(histogram, measured.section().id() + "-" + table.id() + "-" +
                    (fileName + "-" + row.label()).replaceAll("[^A-Za-z0-9]+", "-"));
                if (row.role() != Role.FLOOR || row.equals(floor))
                {
                    histograms.put(row.label(), histogram);
                }
            }
        }
        if (!histograms.isEmpty())
        {
            final String file = measured.section().id() + "-" + table.id() + "-" + fileName + ".svg";
            Plots.percentiles(heading, histograms, output.resolve(file));
            image(heading + ", by percentile", file);
        }
    }

    private void chart(final Measured measured, final Figure figure)
    {
        final Map<String, Spread> spreads = new LinkedHashMap<>();
        for (final Row row : measured.table().rows())
        {
            spreads.put(row.label(), measured.spread(row, figure));
        }
        final String file = measured.section().id() + "-" + measured.table().id() + "-" +
            figure.label().replaceAll("[^A-Za-z0-9]+", "-") + ".svg";
        Plots.spreads(measured.table().title(), figure.label(), spreads, output.resolve(file));
        image(figure.label() + ", " + measured.table().title(), file);
    }

    private void hgrm(final Histogram histogram, final String name)
    {
        try (PrintStream out = new PrintStream(output.resolve(name + ".hgrm").toFile(), StandardCharsets.UTF_8))
        {
            histogram.outputPercentileDistribution(out, NS_PER_US);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    private void files()
    {
        line("## Files");
        line("");
        line("- `raw/`: what each fork found, by section, table, measurement and round: figures, and histograms of " +
            "nanoseconds in HdrHistogram's compressed form.");
        line("- `*.hgrm`: histograms of all rounds together, in microseconds, as HdrHistogram prints percentiles; " +
            "its plotter takes them.");
        line("- `benchmarks/run report DIR` makes this page and the plots of `raw/` again.");
    }

    private void image(final String description, final String file)
    {
        line("![" + description + "](" + file + ")");
        line("");
    }

    private void row(final String... cells)
    {
        final StringBuilder row = new StringBuilder("|");
        for (final String cell : cells)
        {
            row.append(' ').append(cell.replace("|", "\\|")).append(" |");
        }
        line(row.toString());
    }

    /**
     * The line below a heading: the first columns to the left, figures to the right.
     */
    private void rule(final int columns, final int left)
    {
        line("|" + " --- |".repeat(left) + " ---: |".repeat(columns - left));
    }

    private void line(final String content)
    {
        text.append(content).append('\n');
    }
}
