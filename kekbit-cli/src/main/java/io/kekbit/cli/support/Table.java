package io.kekbit.cli.support;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Lines in columns, as wide as their longest cell. Not thread-safe.
 */
public final class Table
{
    private static final String GAP = "  ";

    private final List<String> headings = new ArrayList<>();
    private final List<Boolean> areNumbers = new ArrayList<>();
    private final List<UnaryOperator<String>> colours = new ArrayList<>();
    private final List<List<String>> rows = new ArrayList<>();

    /**
     * A column of text.
     *
     * @param heading of the column.
     * @return this.
     */
    public Table text(final String heading)
    {
        return column(heading, false, UnaryOperator.identity());
    }

    /**
     * A column of numbers, which end below each other.
     *
     * @param heading of the column.
     * @return this.
     */
    public Table number(final String heading)
    {
        return column(heading, true, UnaryOperator.identity());
    }

    /**
     * A column of text in colours.
     *
     * @param heading of the column.
     * @param colour  colours the text of a cell.
     * @return this.
     */
    public Table coloured(final String heading, final UnaryOperator<String> colour)
    {
        return column(heading, false, colour);
    }

    /**
     * A line.
     *
     * @param cells one for each column.
     */
    public void row(final String... cells)
    {
        if (cells.length != headings.size())
        {
            throw new IllegalArgumentException("cells=" + cells.length + " columns=" + headings.size());
        }
        rows.add(List.of(cells));
    }

    /**
     * Print the headings and all lines.
     *
     * @param out to print to.
     */
    public void print(final PrintWriter out)
    {
        final int[] widths = new int[headings.size()];
        for (int i = 0; i < widths.length; i++)
        {
            widths[i] = width(headings.get(i));
            for (final List<String> row : rows)
            {
                widths[i] = Math.max(widths[i], width(row.get(i)));
            }
        }

        final StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++)
        {
            append(line, i, headings.get(i), widths, UnaryOperator.identity());
        }
        out.println(Colors.out().heading(line.toString()));
        for (final List<String> row : rows)
        {
            line.setLength(0);
            for (int i = 0; i < widths.length; i++)
            {
                append(line, i, row.get(i), widths, colours.get(i));
            }
            out.println(line);
        }
    }

    private Table column(final String heading, final boolean isNumber, final UnaryOperator<String> colour)
    {
        headings.add(heading);
        areNumbers.add(isNumber);
        colours.add(colour);

        return this;
    }

    private void append(
        final StringBuilder line,
        final int column,
        final String cell,
        final int[] widths,
        final UnaryOperator<String> colour)
    {
        final String padding = " ".repeat(widths[column] - width(cell));
        final boolean isLast = column == widths.length - 1;
        if (areNumbers.get(column))
        {
            line.append(padding).append(colour.apply(cell));
        }
        else
        {
            line.append(colour.apply(cell)).append(isLast ? "" : padding);
        }
        line.append(isLast ? "" : GAP);
    }

    private static int width(final String cell)
    {
        return cell.codePointCount(0, cell.length());
    }
}
