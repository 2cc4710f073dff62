package io.kekbit.benchmarks.compare;

import io.kekbit.benchmarks.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RoundsTest
{
    private final List<String> ran = new ArrayList<>();
    private final StringWriter out = new StringWriter();

    @TempDir
    private Path folder;

    @Test
    void shouldRunAllOnceBeforeAnyIsRunAgain() throws Exception
    {
        rounds((measurement, result) -> write(measurement, result, 1)).run();

        assertEquals(List.of("a", "b", "c", "a", "b", "c"), ran);
    }

    @Test
    void shouldHaveRoundsWithinARoundWhenATableIsMeasuredMoreOften() throws Exception
    {
        final Table table = table().often(2);

        rounds(table, (measurement, result) -> write(measurement, result, 1)).run();

        final RawResults raw = new RawResults(folder);
        assertEquals(List.of("a", "b", "c", "a", "b", "c", "a", "b", "c", "a", "b", "c"), ran);
        assertNotNull(raw.result(sections(table).get(0), table, table.measurement(table.row("c")), 4));
    }

    @Test
    void shouldRunOnceForRowsThatShareAMeasurement() throws Exception
    {
        final Table table = new Table("t", "a table", "probe")
            .row(Row.part("one", Role.OTHER, "a", "One"))
            .row(Row.part("two", Role.OTHER, "a", "Two"));

        new Rounds(sections(table), 1, new RawResults(folder), (measurement, result) -> write(measurement, result, 1),
            new PrintWriter(out)).run();

        assertEquals(List.of("a"), ran);
    }

    @Test
    void shouldKeepTheFailureAndRunTheOthersWhenAForkFails() throws Exception
    {
        final Table table = table();

        final int failures = rounds(
            table,
            (measurement, result) ->
            {
                if ("b".equals(measurement.subject()))
                {
                    throw new ForkFailedException("its exit status is 3");
                }
                write(measurement, result, 1);
            }).run();

        final Section section = sections(table).get(0);
        final RawResults raw = new RawResults(folder);
        assertEquals(2, failures);
        assertEquals(
            "its exit status is 3", raw.failure(section, table, table.measurement(table.row("b")), 2));
        assertNull(raw.result(section, table, table.measurement(table.row("b")), 2));
        assertNotNull(raw.result(section, table, table.measurement(table.row("c")), 2));
        assertTrue(out.toString().contains("FAILED: its exit status is 3"), out.toString());
    }

    @Test
    void shouldCountAsFailureWhenAComparedFigureIsMissing() throws Exception
    {
        final Table table = table().figures(Figure.cost("us", "microseconds", 1));

        final int failures = rounds(table, (measurement, result) -> write(measurement, result, 1)).run();

        assertEquals(6, failures);
        assertTrue(out.toString().contains("its result lacks a figure: source=microseconds"), out.toString());
    }

    @Test
    void shouldTellHowManyAreLeftAndForHowLong() throws Exception
    {
        final Rounds rounds = rounds((measurement, result) -> write(measurement, result, 1));
        final double minutes = rounds.minutes();

        rounds.run();

        assertEquals(6 * 4 / 60.0, minutes, 1e-9);
        assertTrue(
            out.toString().startsWith("[1 of 6, about 1 min left] round 1: section/t a --length 64: "),
            out.toString());
    }

    private void write(final Measurement measurement, final Path result, final double ns)
    {
        ran.add(measurement.subject());
        new Result().figure("ns", ns).write(result);
    }

    private Rounds rounds(final Fork fork)
    {
        return rounds(table(), fork);
    }

    private Rounds rounds(final Table table, final Fork fork)
    {
        return new Rounds(sections(table), 2, new RawResults(folder), fork, new PrintWriter(out));
    }

    private static Table table()
    {
        return new Table("t", "a table", "probe", "--length", "64")
            .row(Row.of("a", Role.KEKBIT, "a"))
            .row(Row.of("b", Role.PEER, "b"))
            .row(Row.of("c", Role.FLOOR, "c"));
    }

    private static List<Section> sections(final Table table)
    {
        return List.of(new Section("section", "why?", "So.", List.of(table)));
    }
}
