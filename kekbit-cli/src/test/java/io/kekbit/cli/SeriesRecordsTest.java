package io.kekbit.cli;

import io.kekbit.cli.support.ExitCodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * {@code kekbit cat} and {@code kekbit tail} of a series.
 */
class SeriesRecordsTest
{
    private static final int TRADES = 1_000;

    @TempDir
    private Path folder;

    @Test
    void shouldPrintEveryRecordOnceWhenSeriesHasRolled() throws Exception
    {
        try (TradeSeries series = TradeSeries.open(folder).write(TRADES))
        {
            assertTrue(series.rolls() > 3, "rolls=" + series.rolls());

            assertEquals(
                IntStream.range(0, TRADES).mapToObj(Integer::toString).toList(),
                quantities("cat", folder.toString(), TradeSeries.NAME));
        }
    }

    @Test
    void shouldFindPlacesInAllChannelsWhenAskedFor() throws Exception
    {
        try (TradeSeries series = TradeSeries.open(folder).write(TRADES))
        {
            final String path = series.folder().toString();

            assertEquals(List.of("700", "701"), quantities("cat", path, "--from=#700", "--to=#702"));
            // Trade i has the time i seconds after ten o'clock.
            assertEquals(
                List.of("597", "598", "599"),
                quantities("cat", path, "--from=2024-01-02T10:09:57", "--to=2024-01-02T10:10:00"));
        }
    }

    @Test
    void shouldPrintContextOfAnotherChannelWhenChosenRecordIsTheFirstOfItsChannel() throws Exception
    {
        try (TradeSeries series = TradeSeries.open(folder))
        {
            int first = 0;
            while (series.rolls() == 0)
            {
                series.write(1);
                first++;
            }
            first--;

            assertEquals(
                List.of(first - 2 + "", first - 1 + "", first + ""),
                quantities("cat", series.folder().toString(), "-C2", "--where=quantity=" + first));
        }
    }

    @Test
    void shouldPrintLastRecordsWhenTheyAreInSeveralChannels() throws Exception
    {
        try (TradeSeries series = TradeSeries.open(folder).write(TRADES))
        {
            assertEquals(
                IntStream.range(TRADES - 400, TRADES).mapToObj(Integer::toString).toList(),
                quantities("tail", "-n400", series.folder().toString()));
            assertEquals(
                List.of("1", "3", "5"),
                quantities("tail", series.folder().toString(), "--where=quantity<6", "--where=aggressorSide=SELL"));
        }
    }

    @Test
    void shouldPrintLastRecordsThereAreWhenFirstChannelsWereDeleted() throws Exception
    {
        try (TradeSeries series = TradeSeries.open(folder).write(TRADES))
        {
            Files.delete(series.folder().resolve("0000_0000/0000_0001.kekbit"));

            final List<String> all = quantities("tail", "-n100000", series.folder().toString());

            assertEquals(quantities("cat", series.folder().toString()), all);
            assertEquals("999", all.get(all.size() - 1));
            assertTrue(all.size() < TRADES, "size=" + all.size());
        }
    }

    @Test
    void shouldPrintEachRecordAsItsChannelSaysWhenTheyDiffer() throws Exception
    {
        TradeSeries.open(folder).write(2).close();
        TradeSeries.openWithoutEnvelope(folder).write(2).close();

        final List<String> lines;
        try (CommandProcess cat = CommandProcess.run(folder, "cat", folder.toString(), TradeSeries.NAME))
        {
            lines = cat.out().lines().toList();
        }

        assertEquals(List.of("0", "1", "2", "3"), quantities(String.join("\n", lines)));
        assertTrue(lines.get(1).contains("\"sequence\":2,"), lines.get(1));
        assertTrue(lines.get(2).startsWith("{\"position\":4294967304,\"message\":"), lines.get(2));
    }

    @Test
    void shouldPrintWhatStandsBeforeDamageWhenAChannelIsDamaged() throws Exception
    {
        final Path file;
        try (TradeSeries series = TradeSeries.open(folder).write(TRADES))
        {
            file = series.folder().resolve("0000_0000/0000_0002.kekbit");
        }
        final byte[] bytes = Files.readAllBytes(file);
        // The length of the channel's first record, behind the heartbeat that it begins with.
        bytes[1_024 + 8 + 3] = 0x7F;
        Files.write(file, bytes);

        try (CommandProcess cat = CommandProcess.run(folder, "cat", folder.toString(), TradeSeries.NAME))
        {
            assertEquals(ExitCodes.DAMAGED, cat.status(), cat.err());
            assertEquals(127, cat.out().lines().count());
            assertTrue(cat.err().contains("position=4294967304 file=" + file), cat.err());
            assertTrue(cat.err().contains("--from=8589934592 goes on in the next channel"), cat.err());
        }
        assertEquals(
            TRADES - 1, Integer.parseInt(quantities("cat", folder.toString(), TradeSeries.NAME, "--from=8589934592")
                .stream().reduce((before, last) -> last).orElseThrow()));
    }

    @Test
    void shouldSayWhereSeriesBeginsWhenRecordWasDeleted() throws Exception
    {
        try (TradeSeries series = TradeSeries.open(folder).write(TRADES))
        {
            Files.delete(series.folder().resolve("0000_0000/0000_0001.kekbit"));

            final InProcess cat = InProcess.run("cat", series.folder().toString(), "--from=#5");

            assertEquals(ExitCodes.FAILED, cat.status());
            assertTrue(cat.err().contains("It begins at position 4294967296 now"), cat.err());
        }
    }

    @Test
    void shouldFollowRollsAndEndWhenSeriesIsClosed() throws Exception
    {
        try (TradeSeries series = TradeSeries.open(folder).write(5);
            CommandProcess tail = new CommandProcess(
                folder, "tail", "-f", "-n1", folder.toString(), TradeSeries.NAME))
        {
            tail.awaitOutput("\"quantity\":4,");
            series.write(TRADES);
            tail.awaitOutput("\"quantity\":1004,");
            series.end();

            assertEquals(ExitCodes.OK, tail.awaitExit());
            assertEquals(
                IntStream.range(4, TRADES + 5).mapToObj(Integer::toString).toList(), quantities(tail.out()));
            assertTrue(tail.err().startsWith("kekbit: the writer closed the series: position="), tail.err());
        }
    }

    @Test
    void shouldCopyAllChannelsToOneWhenSeriesIsExported() throws Exception
    {
        try (TradeSeries series = TradeSeries.open(folder).write(TRADES))
        {
            final String copies = folder.resolve("copies").toString();

            final InProcess export =
                InProcess.run("export", series.folder().toString(), "--channel", copies, "--id=9", "--from=#100");

            assertEquals(ExitCodes.OK, export.status(), export.err());
            assertEquals(
                IntStream.range(100, TRADES).mapToObj(Integer::toString).toList(), quantities("cat", copies, "9"));
        }
    }

    @Test
    void shouldSayWhatToNameWhenCommandIsForSingleChannels()
    {
        TradeSeries.open(folder).write(1).close();

        final InProcess close = InProcess.run("close", folder.toString(), TradeSeries.NAME);

        assertEquals(ExitCodes.USAGE, close.status());
        assertTrue(close.err().startsWith("kekbit: a series, and this is for single channels: "), close.err());
    }

    private List<String> quantities(final String... args) throws IOException, InterruptedException
    {
        try (CommandProcess process = CommandProcess.run(folder, args))
        {
            assertEquals("", process.err());
            assertEquals(ExitCodes.OK, process.status());

            return quantities(process.out());
        }
    }

    private static List<String> quantities(final String out)
    {
        return out.lines().map((text) -> text.replaceFirst(".*\"quantity\":(\\d+),.*", "$1")).toList();
    }
}
