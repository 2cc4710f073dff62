package io.kekbit.cli;

import io.kekbit.cli.support.ExitCodes;
import io.kekbit.core.ChannelState;
import io.kekbit.core.ChannelStatus;
import io.kekbit.core.EnvelopeWriter;
import io.kekbit.core.layout.ChannelPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * {@code kekbit close}.
 */
class CloseCommandTest
{
    @TempDir
    private Path root;

    @Test
    void shouldMarkChannelClosedWhenItsWriterIsGone(@TempDir final Path folder) throws Exception
    {
        final Path file = SampleChannels.abandonedTrades(root, 42, 10);
        final long used = ChannelStatus.of(file).used();

        try (CommandProcess process = CommandProcess.run(folder, "close", root.toString(), "trades"))
        {
            assertEquals(ExitCodes.OK, process.status(), process.err());
            assertTrue(process.out().startsWith("closed at position "), process.out());
        }

        assertEquals(ChannelState.CLOSED, ChannelStatus.of(file).state());
        assertEquals(used, ChannelStatus.of(file).used());
    }

    @Test
    void shouldRefuseWhenWriterLives(@TempDir final Path folder) throws Exception
    {
        try (EnvelopeWriter<?> writer = SampleChannels.trades(root, 42, 10);
            CommandProcess process = CommandProcess.run(folder, "close", root.toString(), "42"))
        {
            assertEquals(ExitCodes.FAILED, process.status());
            assertEquals(1, process.err().lines().count(), process.err());
            assertTrue(process.err().startsWith("kekbit: "), process.err());
            // It can go on.
            writer.heartbeat();
        }
    }

    @Test
    void shouldRefuseWhenChannelIsClosed()
    {
        final Path file = SampleChannels.closedTrades(root, 42, 10);

        final InProcess close = InProcess.run("close", file.toString());

        assertEquals(ExitCodes.FAILED, close.status());
        assertEquals(1, close.err().lines().count());
    }

    @Test
    void shouldRefuseWhenCrateMadeChannel() throws Exception
    {
        final Path file = SampleChannels.rust(root, 2);

        final InProcess close = InProcess.run("close", file.toString());

        assertEquals(ExitCodes.FAILED, close.status());
        assertNotEquals(ChannelState.CLOSED, ChannelStatus.of(file).state());
    }

    @Test
    void shouldPrintOneObjectWhenJsonIsAskedFor() throws Exception
    {
        SampleChannels.abandonedTrades(root, 42, 10);

        final InProcess close = InProcess.run("close", "--json", root.toString(), "42");

        assertEquals(ExitCodes.OK, close.status(), close.err());
        assertTrue(
            close.out().startsWith("{\"file\":\"" + ChannelPath.file(root, 42) + "\",\"closedAt\":"), close.out());
    }
}
