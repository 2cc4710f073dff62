package io.kekbit.benchmarks.compare;

import java.util.List;

/**
 * A row of a table.
 *
 * @param label   what the reader of a report sees.
 * @param role    what it stands for.
 * @param subject that is measured.
 * @param options of this row beside those of its table.
 * @param part    of the result that belongs to this row when rows share a measurement, or an empty string.
 */
public record Row(String label, Role role, String subject, List<String> options, String part)
{
    /**
     * A row with a measurement of its own.
     *
     * @param label   what the reader of a report sees.
     * @param role    what it stands for.
     * @param subject that is measured.
     * @param options of this row beside those of its table.
     * @return the row.
     */
    public static Row of(final String label, final Role role, final String subject, final String... options)
    {
        return new Row(label, role, subject, List.of(options), "");
    }

    /**
     * A row that shows a part of a result.
     *
     * @param label   what the reader of a report sees.
     * @param role    what it stands for.
     * @param subject that is measured.
     * @param part    which takes the place of {@link Figure#PART} in the figures.
     * @return the row.
     */
    public static Row part(final String label, final Role role, final String subject, final String part)
    {
        return new Row(label, role, subject, List.of(), part);
    }
}
