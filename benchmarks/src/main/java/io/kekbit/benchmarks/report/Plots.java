package io.kekbit.benchmarks.report;

import io.kekbit.benchmarks.Spread;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.axis.SymbolAxis;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYErrorRenderer;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.data.Range;
import org.jfree.data.xy.XYIntervalSeries;
import org.jfree.data.xy.XYIntervalSeriesCollection;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.jfree.svg.SVGGraphics2D;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.text.FieldPosition;
import java.text.NumberFormat;
import java.text.ParsePosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Draws SVG files. The colours can be told apart by the colour-blind, and every line has dashes of its own.
 */
final class Plots
{
    private static final int WIDTH = 900;
    private static final int HEIGHT = 540;
    private static final int ROW_HEIGHT = 34;
    private static final int FRAME_HEIGHT = 130;
    private static final double NS_PER_US = 1_000;
    private static final double LAST_PERCENTILES = 7;
    private static final double HUNDRED = 100;
    private static final double PIXEL = 0.01;
    private static final double SPARE = 0.5;
    private static final double DECADE_PART = 1.3;
    private static final float LINE_WIDTH = 2.2f;
    private static final double DOT = 9;
    private static final Color GRID = new Color(0xd0, 0xd0, 0xd0);
    private static final String FONT = "SansSerif";

    // The palette of Okabe and Ito, without its yellow, which is pale on white.
    private static final Color[] COLOURS = {
        new Color(0x00, 0x72, 0xb2), new Color(0x00, 0x00, 0x00), new Color(0xd5, 0x5e, 0x00),
        new Color(0x00, 0x9e, 0x73), new Color(0xcc, 0x79, 0xa7), new Color(0x56, 0xb4, 0xe9),
        new Color(0xe6, 0x9f, 0x00)};

    private static final float[][] DASHES = {
        null, {9, 3}, {3, 3}, {12, 3, 3, 3}, {6, 6}, {1, 3}, {15, 4}};

    private static final List<String> LABELS =
        List.of("kekbit", "floor", "Agrona ring", "Aeron IPC", "Chronicle Queue");

    private Plots()
    {
    }

    /**
     * Percentiles of latencies: the further right, the rarer.
     *
     * @param title      with the parameters.
     * @param histograms of nanoseconds by label, in the order of the legend.
     * @param file       to write.
     */
    static void percentiles(final String title, final Map<String, Histogram> histograms, final Path file)
    {
        final XYSeriesCollection lines = new XYSeriesCollection();
        double last = 1;
        histograms.forEach((label, histogram) -> lines.addSeries(line(label, histogram)));
        for (int i = 0; i < lines.getSeriesCount(); i++)
        {
            last = Math.max(last, lines.getSeries(i).getMaxX());
        }

        final NumberAxis percentiles = new NumberAxis("percentile");
        percentiles.setTickUnit(new NumberTickUnit(1, new Percent()));
        percentiles.setRange(0, last);
        final LogAxis latency = new LogAxis("latency in microseconds");
        latency.setBase(10);
        latency.setTickUnit(new NumberTickUnit(1));
        latency.setMinorTickMarksVisible(true);
        latency.setNumberFormatOverride(new DecimalFormat("#,##0.###", DecimalFormatSymbols.getInstance(Locale.ROOT)));
        latency.setRange(latencies(lines));

        final XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, false);
        renderer.setDrawSeriesLineAsPath(true);
        for (int i = 0; i < lines.getSeriesCount(); i++)
        {
            final int style = style(lines.getSeries(i).getKey().toString(), i);
            renderer.setSeriesPaint(i, COLOURS[style]);
            renderer.setSeriesStroke(i, stroke(style));
        }
        renderer.setLegendLine(new java.awt.geom.Line2D.Double(0, 0, 40, 0));
        draw(title, new XYPlot(lines, percentiles, latency, renderer), true, HEIGHT, file);
    }

    /**
     * A dot for the median of each row, with whiskers from the least to the greatest round.
     *
     * @param title   with the parameters.
     * @param figure  with its unit.
     * @param spreads by label, from top to bottom.
     * @param file    to write.
     */
    static void spreads(final String title, final String figure, final Map<String, Spread> spreads, final Path file)
    {
        final List<String> labels = new ArrayList<>(spreads.keySet());
        final XYIntervalSeries dots = new XYIntervalSeries("median, least and greatest round");
        double greatest = 0;
        for (int i = 0; i < labels.size(); i++)
        {
            final Spread spread = spreads.get(labels.get(i));
            if (spread.isKnown())
            {
                dots.add(i, i, i, spread.median(), spread.least(), spread.greatest());
                greatest = Math.max(greatest, spread.greatest());
            }
        }
        final XYIntervalSeriesCollection all = new XYIntervalSeriesCollection();
        all.addSeries(dots);

        final SymbolAxis rows = new SymbolAxis(null, labels.toArray(new String[0]));
        rows.setInverted(true);
        rows.setGridBandsVisible(false);
        rows.setRange(-SPARE, labels.size() - SPARE);
        final NumberAxis amounts = new NumberAxis(figure);
        amounts.setRange(0, greatest == 0 ? 1 : greatest * (1 + SPARE / 10));

        final XYErrorRenderer renderer = new XYErrorRenderer();
        renderer.setDrawXError(false);
        renderer.setSeriesPaint(0, COLOURS[0]);
        renderer.setSeriesShape(0, new Ellipse2D.Double(-DOT / 2, -DOT / 2, DOT, DOT));
        renderer.setErrorStroke(new BasicStroke(LINE_WIDTH));
        final XYPlot plot = new XYPlot(all, rows, amounts, renderer);
        plot.setOrientation(PlotOrientation.HORIZONTAL);
        draw(title, plot, false, FRAME_HEIGHT + ROW_HEIGHT * labels.size(), file);
    }

    /**
     * A histogram as a line: to the right the nines of the percentile, up the microseconds.
     */
    static XYSeries line(final String label, final Histogram histogram)
    {
        final XYSeries line = new XYSeries(label, false, true);
        final double all = histogram.getTotalCount();
        double below = 0;
        for (final HistogramIterationValue value : histogram.recordedValues())
        {
            // From the share that was faster to the share that was not slower, this was the latency.
            final double us = Math.max(value.getValueIteratedTo(), 1) / NS_PER_US;
            final double from = nines(below / all);
            below = value.getTotalCountToThisValue();
            final double to = Math.min(nines(below / all), Math.log10(all));
            // What nobody can see would make a file of megabytes.
            if (line.isEmpty() || to - line.getMaxX() > PIXEL || us / line.getMaxY() > 1 + PIXEL || below == all)
            {
                line.add(from, us);
                line.add(to, us);
            }
        }

        return line;
    }

    /**
     * Where a share is on the axis: 0.9 is at 1, 0.99 at 2.
     */
    static double nines(final double share)
    {
        return share >= 1 ? LAST_PERCENTILES : Math.min(-Math.log10(1 - share), LAST_PERCENTILES);
    }

    private static Range latencies(final XYSeriesCollection lines)
    {
        double least = Double.MAX_VALUE;
        double greatest = 0;
        for (int i = 0; i < lines.getSeriesCount(); i++)
        {
            least = Math.min(least, lines.getSeries(i).getMinY());
            greatest = Math.max(greatest, lines.getSeries(i).getMaxY());
        }

        return new Range(
            Math.pow(10, Math.floor(Math.log10(least))) / DECADE_PART,
            Math.pow(10, Math.ceil(Math.log10(greatest * DECADE_PART))));
    }

    /**
     * Kekbit, the floor and each peer look the same in all plots.
     */
    private static int style(final String label, final int index)
    {
        final int known = label.startsWith("floor") ? LABELS.indexOf("floor") : LABELS.indexOf(label);

        return known >= 0 ? known : (LABELS.size() + index) % COLOURS.length;
    }

    private static BasicStroke stroke(final int style)
    {
        final float[] dashes = DASHES[style];

        return dashes == null ? new BasicStroke(LINE_WIDTH) :
            new BasicStroke(LINE_WIDTH, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, dashes, 0);
    }

    private static void draw(
        final String title,
        final XYPlot plot,
        final boolean hasLegend,
        final int height,
        final Path file)
    {
        plot.setBackgroundPaint(Color.WHITE);
        plot.setDomainGridlinePaint(GRID);
        plot.setRangeGridlinePaint(GRID);
        final JFreeChart chart = new JFreeChart(title, new Font(FONT, Font.BOLD, 15), plot, hasLegend);
        chart.setBackgroundPaint(Color.WHITE);
        chart.setPadding(new RectangleInsets(4, 4, 4, 30));
        if (hasLegend)
        {
            chart.getLegend().setPosition(RectangleEdge.BOTTOM);
            chart.getLegend().setItemFont(new Font(FONT, Font.PLAIN, 13));
            chart.getLegend().setFrame(org.jfree.chart.block.BlockBorder.NONE);
        }
        final SVGGraphics2D graphics = new SVGGraphics2D(WIDTH, height);
        // Else the names of clips have the time in them, and a plot that is drawn again differs.
        graphics.setDefsKeyPrefix("plot");
        graphics.setGeomDoubleConverter((number) -> Double.toString(Math.round(number * HUNDRED) / HUNDRED));
        chart.draw(graphics, new Rectangle2D.Double(0, 0, WIDTH, height));
        try
        {
            Files.writeString(file, graphics.getSVGDocument());
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    /**
     * Writes a place on the axis as a percentile: 2 is 99%.
     */
    static final class Percent extends NumberFormat
    {
        private static final long serialVersionUID = 1L;

        @Override
        public StringBuffer format(final double nines, final StringBuffer text, final FieldPosition position)
        {
            final int count = (int)Math.round(nines);
            text.append(count == 0 ? "0" : "9".repeat(Math.min(count, 2)));
            if (count == 1)
            {
                text.append('0');
            }
            else if (count > 2)
            {
                text.append('.').append("9".repeat(count - 2));
            }

            return text.append('%');
        }

        @Override
        public StringBuffer format(final long nines, final StringBuffer text, final FieldPosition position)
        {
            return format((double)nines, text, position);
        }

        @Override
        public Number parse(final String text, final ParsePosition position)
        {
            throw new UnsupportedOperationException("labels are only written");
        }
    }
}
