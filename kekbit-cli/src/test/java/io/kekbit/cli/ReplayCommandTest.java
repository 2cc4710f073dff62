package io.kekbit.cli;

import io.kekbit.cli.support.ExitCodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * {@code kekbit replay}.
 */
class ReplayCommandTest
{
    @TempDir
    private Path folder;

    @Test
    void shouldPrintEveryRecordOfSeriesWhenSpeedIsMax() throws Exception
    {
        try (TradeSeries series = TradeSeries.open(folder).write(1_000))
        {
            assertEquals(
                IntStream.range(0, 1_000).mapToObj(Integer::toString).toList(),
                quantities(series.folder().toString(), "--speed=max"));
        }
    }

    @Test
    void shouldBeginAndEndAtTimesWhenTheyAreGiven() throws Exception
    {
        try (TradeSeries series = TradeSeries.open(folder).write(1_000))
        {
            // Trade i has the time i seconds after ten o'clock.
            assertEquals(
                List.of("597", "598", "599"),
                quantities(
                    series.folder().toString(),
                    "--from=2024-01-02T10:09:57",
                    "--to=2024-01-02T10:10:00",
                    "--speed=1000"));
        }
    }

    @Test
    void shouldBeginAndEndAtRecordsWhenTheyAreGiven() throws Exception
    {
        try (TradeChannel channel = TradeChannel.create(folder).write(100))
        {
            assertEquals(
                List.of("7", "8"), quantities(channel.file().toString(), "--from=#7", "--to=#9", "--speed=1000"));
        }
    }

    @Test
    void shouldPrintFirstRecordsBeforeLaterOnesAreDueWhenPaceIsTheOriginal() throws Exception
    {
        try (TradeChannel channel = TradeChannel.create(folder).write(1_000);
            CommandProcess replay = new CommandProcess(folder, "replay", channel.file().toString()))
        {
            // All of it would take a quarter of an hour.
            replay.awaitOutput("\"quantity\":1,");

            assertTrue(!replay.out().contains("\"quantity\":500,"), replay.out());
            assertTrue(replay.handle().isAlive());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--speed=0", "--speed=fast", "--max-gap=-1"})
    void shouldRefuseWhenCommandLineMakesNoSense(final String option)
    {
        final Path file = SampleChannels.text(folder, 1);

        assertEquals(ExitCodes.USAGE, InProcess.run("replay", file.toString(), option).status());
    }

    @Test
    void shouldRefuseWhenThereAreNoTimes() throws IOException
    {
        final InProcess replay = InProcess.run("replay", SampleChannels.rust(folder, 1).toString());

        assertEquals(ExitCodes.FAILED, replay.status());
        assertTrue(replay.err().startsWith("kekbit: no times in "), replay.err());
    }

    private List<String> quantities(final String... args) throws IOException, InterruptedException
    {
        final String[] line = new String[args.length + 1];
        line[0] = "replay";
        System.arraycopy(args, 0, line, 1, args.length);
        try (CommandProcess replay = CommandProcess.run(folder, line))
        {
            assertEquals("", replay.err());
            assertEquals(ExitCodes.OK, replay.status());

            return replay.out().lines().map((text) -> text.replaceFirst(".*\"quantity\":(\\d+),.*", "$1")).toList();
        }
    }
}
