package io.kekbit.cli;

import io.kekbit.cli.support.ExitCodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * {@code kekbit list} and {@code kekbit info} of series.
 */
class SeriesListTest
{
    @TempDir
    private Path root;

    @TempDir
    private Path positions;

    @Test
    void shouldShowSeriesBehindChannelsWhenRootHasBoth()
    {
        SampleChannels.text(root, 1);
        final long rolls;
        try (TradeSeries series = TradeSeries.open(root).write(1_000))
        {
            rolls = series.rolls();
        }

        final InProcess list = InProcess.run("list", root.toString());

        assertEquals(ExitCodes.OK, list.status());
        final List<String> lines = list.out().lines().map((line) -> line.replaceAll(" +", " ")).toList();
        assertEquals(5, lines.size(), list.out());
        assertTrue(lines.get(3).startsWith("SERIES STATE CONTENT CHANNELS SIZE RECORDS ROLLS PID "), list.out());
        assertTrue(lines.get(4).startsWith("ticks closed SBE io.kekbit.marketdata 19266:1 " + (rolls + 1)), list.out());
        assertTrue(lines.get(4).contains(" 1,000 " + rolls + " - "), list.out());
    }

    @Test
    void shouldShowHowFarNamedReadersAreBehindWhenPositionsAreGiven()
    {
        TradeSeries.open(root).write(1_000).close();
        TradeSeries.read(root, positions, "risk", 400);

        final InProcess list = InProcess.run("list", root.toString(), "--positions", positions.toString());

        assertEquals(ExitCodes.OK, list.status(), list.err());
        assertTrue(list.out().replaceAll(" +", " ").contains("\nREADER STREAM BEHIND RECORDS TIME IN USE STORED\n"),
            list.out());
        assertTrue(list.out().matches("(?s).*\nrisk +ticks +\\S+ KiB +600 .* no .*"), list.out());
    }

    @Test
    void shouldPrintLagsWhenJsonIsAskedFor()
    {
        TradeSeries.open(root).write(1_000).close();
        TradeSeries.read(root, positions, "risk", 1_000);

        final InProcess list = InProcess.run("list", "--json", root.toString(), "--positions", positions.toString());

        assertEquals(2, list.out().lines().count());
        assertTrue(list.out().contains("{\"series\":\"ticks\",\"folder\":"), list.out());
        assertTrue(list.out().contains("{\"reader\":\"risk\",\"series\":\"ticks\","), list.out());
        assertTrue(list.out().contains("\"lagRecords\":0,"), list.out());
    }

    @Test
    void shouldTellThatReaderFellBehindWhenItsChannelWasDeleted() throws Exception
    {
        try (TradeSeries series = TradeSeries.open(root).write(1_000))
        {
            TradeSeries.read(root, positions, "risk", 1);
            Files.delete(series.folder().resolve("0000_0000/0000_0001.kekbit"));
        }

        final InProcess list = InProcess.run("list", root.toString(), "--positions", positions.toString());

        assertEquals(ExitCodes.FAILED, list.status());
        assertTrue(list.err().startsWith("kekbit: reader risk fell behind what the series keeps: "), list.err());
    }

    @Test
    void shouldRefuseWhenThereIsNoFolderOfPositions()
    {
        final InProcess list = InProcess.run("list", root.toString(), "--positions", root.resolve("typo").toString());

        assertEquals(ExitCodes.FAILED, list.status());
        assertTrue(list.err().contains("no such folder of named readers"), list.err());
    }

    @Test
    void shouldShowChannelsWhenInfoOfSeriesIsAskedFor()
    {
        final long rolls;
        try (TradeSeries series = TradeSeries.open(root).write(1_000))
        {
            rolls = series.rolls();
        }

        final InProcess info = InProcess.run("info", root.toString(), TradeSeries.NAME);

        assertEquals(ExitCodes.OK, info.status(), info.err());
        assertTrue(info.out().contains("1,000, #0 to #999"), info.out());
        assertTrue(info.out().contains(rolls + " rolls since it was created"), info.out());
        assertEquals(rolls + 1, info.out().lines().filter((line) -> line.contains("16.0 KiB")).count());
    }
}
