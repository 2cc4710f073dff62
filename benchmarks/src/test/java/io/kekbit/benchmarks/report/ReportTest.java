package io.kekbit.benchmarks.report;

import io.kekbit.benchmarks.Result;
import io.kekbit.benchmarks.compare.Bound;
import io.kekbit.benchmarks.compare.Figure;
import io.kekbit.benchmarks.compare.RawResults;
import io.kekbit.benchmarks.compare.Role;
import io.kekbit.benchmarks.compare.Row;
import io.kekbit.benchmarks.compare.Section;
import io.kekbit.benchmarks.compare.Store;
import io.kekbit.benchmarks.compare.Table;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ReportTest
{
    private static final int ROUNDS = 3;
    private static final Row KEKBIT = Row.of("kekbit", Role.KEKBIT, "kekbit");
    private static final Row SLOW_FLOOR = Row.of("floor: slow", Role.FLOOR, "floor-slow");
    private static final Row FAST_FLOOR = Row.of("floor: fast", Role.FLOOR, "floor-fast");
    private static final Row PEER = Row.of("Peer", Role.PEER, "peer");

    private final Table table = new Table("trip", "round trip, 64 B", "round-trip", "--length", "64")
        .row(KEKBIT)
        .row(SLOW_FLOOR)
        .row(FAST_FLOOR)
        .row(PEER)
        .figures(Figure.cost("p50 us", "trip@50", 1_000), Figure.shown("bytes", "bytes", 1))
        .bound(new Bound("round trip", "p50 us", "kekbit", Bound.FLOOR, 1.15, true))
        .bound(new Bound("allocation", "bytes", "kekbit", Bound.ITSELF, 0.01, true))
        .plot("trip", "round trip by percentile")
        .chart("p50 us");
    private final Section section = new Section("trips", "how long?", "By the clock.", List.of(table));

    @TempDir
    private Path folder;

    private RawResults raw;

    @BeforeEach
    void prepare()
    {
        raw = new RawResults(folder);
        keepRun("1.0, commit abc");
        measured(KEKBIT, 110, 120, 115);
        measured(SLOW_FLOOR, 150, 100, 150);
        measured(FAST_FLOOR, 100, 120, 100);
        measured(PEER, 90, 130, 100);
    }

    @Test
    void shouldShowMediansAndSpreadAndRatiosToTheBestFloor() throws IOException
    {
        final String report = report();

        assertTrue(report.contains("""
            |  | p50 us | bytes | p50 us: ratio to the floor |
            | --- | ---: | ---: | ---: |
            | kekbit | 115 (110..120) | 0 | 1.10 (1.00..1.15) |
            | floor: slow | 150 (100..150) | 0 | 1.50 (0.833..1.50) |
            | floor: fast | 100 (100..120) | 0 | 1 |
            | Peer | 100 (90.0..130) | 0 | 1.00 (0.900..1.08) |
            """), report);
        assertTrue(report.contains("- The floor of p50 us: floor: fast."), report);
    }

    @Test
    void shouldJudgeEveryBoundByBothMedians() throws IOException
    {
        final String report = report();

        assertTrue(report.contains(
            "| trips | round trip, against floor: fast | 1.10 (1.00..1.15) | 1.15 | at most 1.15 | held |"), report);
        assertTrue(report.contains("| trips | allocation | 0 | – | at most 0.01 | held |"), report);
    }

    @Test
    void shouldSayThatABoundIsNotHeld() throws IOException
    {
        measured(KEKBIT, 130, 140, 150);

        assertTrue(report().contains(
            "| 1.30 (1.17..1.50) | 1.40 | at most 1.15 | **not held**, kept in 0 of 3 rounds |"));
    }

    @Test
    void shouldNotDecideWhenOnlyTheMedianOfTheRatiosKeepsTheBound() throws IOException
    {
        // Round by round 1.10, 1.00 and 1.18, but 118 of 100 by the medians.
        measured(KEKBIT, 110, 120, 118);

        final String report = report();

        assertTrue(report.contains("| 1.10 (1.00..1.18) | 1.18 | at most 1.15 | **not decided** (median of the " +
            "ratios 1.1, ratio of the medians 1.18), kept in 2 of 3 rounds |"), report);
    }

    @Test
    void shouldNotDecideWhenOnlyTheRatioOfTheMediansKeepsTheBound() throws IOException
    {
        measured(SLOW_FLOOR, 900, 900, 900);
        measured(FAST_FLOOR, 100, 200, 300);
        measured(KEKBIT, 120, 210, 360);

        final String report = report();

        assertTrue(report.contains("| 1.20 (1.05..1.20) | 1.05 | at most 1.15 | **not decided** (median of the " +
            "ratios 1.2, ratio of the medians 1.05), kept in 1 of 3 rounds |"), report);
    }

    @Test
    void shouldCountTheRoundsThatKeepTheBoundWhenItIsHeld() throws IOException
    {
        measured(KEKBIT, 110, 200, 110);

        final String report = report();

        assertTrue(report.contains(
            "| 1.10 (1.10..1.67) | 1.10 | at most 1.15 | held, kept in 2 of 3 rounds |"), report);
    }

    @Test
    void shouldSayInHowManyRoundsABoundIsKeptWhenSomeFailed() throws IOException
    {
        raw.fail(raw.file(section, table, table.measurement(KEKBIT), 1), "it hung");

        final String report = report();

        // 115 and 120 are 118 in the middle, of 100.
        assertTrue(report.contains("| 1.08 (1.00..1.15) | 1.18 | at most 1.15 | **not decided** (median of the " +
            "ratios 1.075, ratio of the medians 1.175), kept in 2 of 3 rounds, 1 not measured |"), report);
    }

    @Test
    void shouldSayWhereAPeerIsAhead() throws IOException
    {
        final String report = report();

        assertTrue(report.contains("- Peer is ahead in round trip, 64 B: p50 us 100 (90.0..130) against " +
            "115 (110..120), 0.870 (0.818..1.08) times kekbit's, though not in every round."), report);
        assertFalse(report.contains("floor: fast is ahead"), report);
    }

    @Test
    void shouldSayThatAPeerIsAheadWhenItIsByTheMediansOnly() throws IOException
    {
        // 112 against 115 by the medians, but slower in two of three rounds.
        measured(PEER, 112, 100, 120);

        final String report = report();

        assertTrue(report.contains("- Peer is ahead in round trip, 64 B: p50 us 112 (100..120) against " +
            "115 (110..120), 1.02 (0.833..1.04) times kekbit's, though not in every round, and by the medians only: " +
            "the ratio of the medians is 0.974."), report);
    }

    @Test
    void shouldSayThatAPeerIsAheadWhenItIsByTheRatiosOnly() throws IOException
    {
        measured(PEER, 118, 119, 114);

        final String report = report();

        assertTrue(report.contains("- Peer is ahead in round trip, 64 B: p50 us 118 (114..119) against " +
            "115 (110..120), 0.992 (0.991..1.07) times kekbit's, though not in every round, and by the median of the " +
            "ratios only: the ratio of the medians is 1.03."), report);
    }

    @Test
    void shouldSayThatNoPeerIsAheadWhenNoneIs() throws IOException
    {
        measured(PEER, 200, 200, 200);

        assertTrue(report().contains("In nothing that was measured."));
    }

    @Test
    void shouldTellWhatFailed() throws IOException
    {
        for (int round = 1; round <= ROUNDS; round++)
        {
            raw.fail(raw.file(section, table, table.measurement(PEER), round), "its exit status is 3\nout of luck");
        }
        raw.fail(raw.file(section, table, table.measurement(KEKBIT), 1), "it hung");

        final String report = report();

        assertTrue(report.contains("| Peer | failed | failed | – |"), report);
        assertTrue(report.contains("| kekbit | 118 (115..120), 1 failed |"), report);
        assertTrue(report.contains("trips/trip, Peer, round 3: its exit status is 3\nout of luck"), report);
    }

    @Test
    void shouldTellWhatCouldNotBeMeasured() throws IOException
    {
        assertTrue(report().contains("**Skipped: there was no ext4 to measure on**"));
    }

    @Test
    void shouldSayNearTheTopThatTheSourcesWereChanged() throws IOException
    {
        assertFalse(report().contains("**The working folder had changes that are in no commit**"));

        keepRun("1.0, commit abc-dirty");

        final String report = report();
        final int said = report.indexOf("**The working folder had changes that are in no commit**");
        assertTrue(said > 0 && said < report.indexOf("## What had to be shown"), report);
    }

    @Test
    void shouldSayWhoRanWithoutBoundsChecks() throws IOException
    {
        final String report = report();

        assertTrue(report.contains("**Agrona's were off for Peer**"), report);
        assertTrue(report.contains("the same for all but for bounds checks, "), report);
    }

    @Test
    void shouldReadARunThatKnewOfNoUncheckedSubjects() throws IOException
    {
        final Path file = folder.resolve("raw").resolve("run.txt");
        Files.write(file, Files.readAllLines(file).stream().filter((line) -> !line.contains("subjects")).toList());

        final String report = report();

        assertTrue(report.contains("the same for all, "), report);
        assertFalse(report.contains("Agrona's were off"), report);
    }

    @Test
    void shouldWritePlotsAndMergedHistograms() throws IOException
    {
        report();

        final String plot = Files.readString(folder.resolve("trips-trip-trip.svg"));
        assertTrue(plot.contains("round trip by percentile"), plot);
        assertTrue(plot.contains(">99.9%<"), plot);
        assertTrue(plot.contains(">floor: fast<"), plot);
        assertFalse(plot.contains(">floor: slow<"), plot);
        final String percentiles = Files.readString(folder.resolve("trips-trip-trip-kekbit.hgrm"));
        assertTrue(percentiles.contains("Total count    =         3000"), percentiles);
        assertTrue(Files.readString(folder.resolve("trips-trip-p50-us.svg")).contains(">floor: slow<"));
    }

    @Test
    void shouldBeTheSameWhenMadeAgain() throws IOException
    {
        final String report = report();
        final String plot = Files.readString(folder.resolve("trips-trip-trip.svg"));

        assertEquals(report, report());
        assertEquals(plot, Files.readString(folder.resolve("trips-trip-trip.svg")));
    }

    private void keepRun(final String kekbit)
    {
        new Run("2026-01-02", true, List.of(), ROUNDS, false, List.of("peer"), Map.of(Store.TMPFS, "tmpfs (rw)"),
            Map.of("CPU", "a CPU", "kekbit", kekbit)).keep(raw);
    }

    private void measured(final Row row, final long... us)
    {
        for (int round = 1; round <= ROUNDS; round++)
        {
            final Histogram histogram = new Histogram(5);
            histogram.recordValueWithCount(us[round - 1] * 1_000, 1_000);
            new Result().figure("bytes", 0).histogram("trip", histogram)
                .write(raw.file(section, table, table.measurement(row), round));
        }
    }

    private String report() throws IOException
    {
        return Files.readString(new Report(List.of(section), Run.kept(raw), folder).write());
    }
}
