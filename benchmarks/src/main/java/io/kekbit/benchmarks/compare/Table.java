package io.kekbit.benchmarks.compare;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Rows that are measured in the same way, one after the other in each round, and what is told about them. It is built
 * step by step and not changed any more once it is in a plan.
 */
public final class Table
{
    private final String id;
    private final String title;
    private final String measurement;
    private final List<String> options = new ArrayList<>();
    private final List<Row> rows = new ArrayList<>();
    private final List<Figure> figures = new ArrayList<>();
    private final List<Bound> bounds = new ArrayList<>();
    private final Map<String, String> plots = new LinkedHashMap<>();
    private final List<String> charts = new ArrayList<>();
    private String against = Bound.FLOOR;
    private Store store = Store.TMPFS;
    private int times = 1;
    private int seconds = 4;
    private long space = 1L << 30;

    /**
     * An empty table.
     *
     * @param id          unique in its section, for file names.
     * @param title       with the parameters.
     * @param measurement name of the command that measures.
     * @param options     for all rows.
     */
    public Table(final String id, final String title, final String measurement, final String... options)
    {
        this.id = id;
        this.title = title;
        this.measurement = measurement;
        Collections.addAll(this.options, options);
    }

    /**
     * Measure elsewhere than on tmpfs.
     *
     * @param kind of file system.
     * @return this.
     */
    public Table on(final Store kind)
    {
        store = kind;
        return this;
    }

    /**
     * Add rows.
     *
     * @param added in the order of measuring.
     * @return this.
     */
    public Table rows(final List<Row> added)
    {
        rows.addAll(added);
        return this;
    }

    /**
     * Add a row.
     *
     * @param added after the others.
     * @return this.
     */
    public Table row(final Row added)
    {
        rows.add(added);
        return this;
    }

    /**
     * Add columns.
     *
     * @param added from left to right.
     * @return this.
     */
    public Table figures(final Figure... added)
    {
        Collections.addAll(figures, added);
        return this;
    }

    /**
     * Add what must be shown.
     *
     * @param bound to be judged.
     * @return this.
     */
    public Table bound(final Bound bound)
    {
        bounds.add(bound);
        return this;
    }

    /**
     * Compare the rows with one of them instead of the floor.
     *
     * @param label of the row.
     * @return this.
     */
    public Table against(final String label)
    {
        against = label;
        return this;
    }

    /**
     * Draw the percentiles of a histogram.
     *
     * @param histogram its name, which may have {@link Figure#PART} in it.
     * @param heading   of the plot.
     * @return this.
     */
    public Table plot(final String histogram, final String heading)
    {
        plots.put(histogram, heading);
        return this;
    }

    /**
     * Draw medians and spread of a figure.
     *
     * @param figure its label.
     * @return this.
     */
    public Table chart(final String figure)
    {
        charts.add(figure);
        return this;
    }

    /**
     * Measure more often than once in a round, because it is short and depends much on where the threads are put.
     *
     * @param number of times, one after the other: A B C, A B C.
     * @return this.
     */
    public Table often(final int number)
    {
        times = number;
        return this;
    }

    /**
     * Tell what a row needs, when it is not the usual.
     *
     * @param guess        of the seconds that it takes.
     * @param neededOnDisk the bytes that its files take.
     * @return this.
     */
    public Table takes(final int guess, final long neededOnDisk)
    {
        seconds = guess;
        space = neededOnDisk;
        return this;
    }

    /**
     * What is measured for a row. Rows that are parts of one result have the same.
     *
     * @param row of this table.
     * @return the measurement.
     */
    public Measurement measurement(final Row row)
    {
        final List<String> all = new ArrayList<>(options);
        all.addAll(row.options());

        return new Measurement(measurement, row.subject(), store, List.copyOf(all), seconds);
    }

    /**
     * What is measured for this table in a round.
     *
     * @return the measurements in order, each once.
     */
    public Set<Measurement> measurements()
    {
        final Set<Measurement> all = new LinkedHashSet<>();
        for (final Row row : rows)
        {
            all.add(measurement(row));
        }

        return all;
    }

    /**
     * Find a row.
     *
     * @param label of it.
     * @return the row.
     */
    public Row row(final String label)
    {
        return rows.stream().filter((row) -> row.label().equals(label)).findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no such row: label=" + label + " table=" + id));
    }

    /**
     * Find a column.
     *
     * @param label of it.
     * @return the figure.
     */
    public Figure figure(final String label)
    {
        return figures.stream().filter((figure) -> figure.label().equals(label)).findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no such figure: label=" + label + " table=" + id));
    }

    /**
     * The name for files.
     *
     * @return unique in the section.
     */
    public String id()
    {
        return id;
    }

    /**
     * The heading, with the parameters.
     *
     * @return for the report.
     */
    public String title()
    {
        return title;
    }

    /**
     * How often it is measured in a round.
     *
     * @return once unless it was told.
     */
    public int times()
    {
        return times;
    }

    /**
     * The kind of file system that is measured on.
     *
     * @return tmpfs unless it was told.
     */
    public Store store()
    {
        return store;
    }

    /**
     * The bytes that a row's files take.
     *
     * @return an upper bound.
     */
    public long space()
    {
        return space;
    }

    /**
     * All rows.
     *
     * @return in order.
     */
    public List<Row> rows()
    {
        return rows;
    }

    /**
     * All columns.
     *
     * @return in order.
     */
    public List<Figure> figures()
    {
        return figures;
    }

    /**
     * What must be shown.
     *
     * @return the bounds, possibly none.
     */
    public List<Bound> bounds()
    {
        return bounds;
    }

    /**
     * The histograms whose percentiles are drawn.
     *
     * @return the headings of the plots by their names.
     */
    public Map<String, String> plots()
    {
        return plots;
    }

    /**
     * The figures whose medians and spread are drawn.
     *
     * @return their labels.
     */
    public List<String> charts()
    {
        return charts;
    }

    /**
     * What rows are compared with.
     *
     * @return the label of a row, or {@link Bound#FLOOR}.
     */
    public String against()
    {
        return against;
    }
}
