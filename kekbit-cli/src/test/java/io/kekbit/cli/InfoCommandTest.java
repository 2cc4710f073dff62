package io.kekbit.cli;

import io.kekbit.cli.support.ExitCodes;
import io.kekbit.core.EnvelopeWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * {@code kekbit info}.
 */
class InfoCommandTest
{
    @TempDir
    private Path root;

    @Test
    void shouldShowWhatChannelSaysOfItselfWhenItIsBeingWritten(@TempDir final Path folder) throws Exception
    {
        try (EnvelopeWriter<?> writer = SampleChannels.trades(root, 42, 100);
            CommandProcess process = CommandProcess.run(folder, "info", root.toString(), "trades"))
        {
            final String out = process.out();

            assertEquals("", process.err());
            assertShows(out, "channel id          42, 0x2a");
            assertShows(out, "content             SBE io.kekbit.marketdata 19266:1");
            assertShows(out, "records             100");
            assertShows(out, "created             2024-01-02T03:04:05Z");
            assertShows(out, "envelope            time, sequence, crc32c");
            assertShows(out, "lock held by        process " + ProcessHandle.current().pid());
            assertShows(out, "writers so far      1");
            assertEquals(ExitCodes.OK, process.status());
            // Not disturbed.
            writer.heartbeat();
        }
    }

    @Test
    void shouldSayThatThereIsNoExtensionWhenCrateMadeChannel() throws Exception
    {
        final Path file = SampleChannels.rust(root, 1);

        final InProcess info = InProcess.run("info", file.toString());

        assertEquals(ExitCodes.OK, info.status());
        assertShows(info.out(), "present             no: made by the Rust crate");
        assertShows(info.out(), "writer id           1850");
        assertShows(info.out(), "lock held by        nobody");
    }

    @Test
    void shouldTellWhenFileIsNamedAsAnotherChannel() throws Exception
    {
        final Path file = SampleChannels.text(root, 1);
        final Path copy = Files.copy(file, file.resolveSibling("0000_0002.kekbit"));

        assertShows(InProcess.run("info", copy.toString()).out(), "problem             the file is named as channel 2");
    }

    @Test
    void shouldPrintOneObjectWhenJsonIsAskedFor()
    {
        SampleChannels.closedTrades(root, 42, 100);

        final InProcess info = InProcess.run("info", "--json", root.toString(), "0x2a");

        assertEquals(1, info.out().lines().count());
        assertShows(info.out(), "\"envelope\":[\"time\",\"sequence\",\"crc32c\"]");
        assertShows(info.out(), "\"isThisBoot\":");
        assertShows(info.out(), "\"index\":{\"offset\":");
    }

    @Test
    void shouldFindChannelWhenItsIdIsDecimalHexadecimalOrItsLabel()
    {
        SampleChannels.text(root, 42);

        for (final String id : new String[]{"42", "0x2a", "0X0000_002A", "greetings"})
        {
            assertShows(InProcess.run("info", root.toString(), id).out(), "channel id          42, 0x2a");
        }
    }

    @Test
    void shouldAskForIdWhenTwoChannelsHaveTheLabel()
    {
        SampleChannels.text(root, 1);
        SampleChannels.text(root, 2);

        final InProcess info = InProcess.run("info", root.toString(), "greetings");

        assertEquals(ExitCodes.USAGE, info.status());
        assertEquals("kekbit: 2 channels have the label 'greetings': ids 1, 2. Say which by its id", info.err().trim());
    }

    @Test
    void shouldSaySoWhenThereIsNoSuchChannel()
    {
        SampleChannels.text(root, 1);

        final InProcess info = InProcess.run("info", root.toString(), "2");

        assertEquals(ExitCodes.NO_CHANNEL, info.status());
        assertEquals(1, info.err().lines().count());
        assertShows(info.err(), "no channel with id or label '2' below");
    }

    private static void assertShows(final String out, final String expected)
    {
        assertTrue(out.contains(expected), out);
    }
}
