package io.kekbit.cli;

import io.kekbit.cli.support.ExitCodes;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The command as a process, beside a writer that writes.
 */
class TailTest
{
    private static final int SIGINT = 2;

    @TempDir
    private Path folder;

    @Test
    void shouldPrintLastRecordsWhenChannelIsOpen() throws Exception
    {
        try (TradeChannel channel = TradeChannel.create(folder).write(2_000))
        {
            assertEquals(List.of("1998", "1999"), quantities("-n2", channel.file().toString()));
            assertEquals(10, quantities(channel.file().toString()).size());
            assertEquals(
                List.of("3", "5"),
                quantities(channel.file().toString(), "-n2", "--where=quantity<6", "--where=aggressorSide=SELL"));
        }
    }

    @Test
    void shouldPrintWhatStandsBeforeLastRecordWhenContextIsAskedFor() throws Exception
    {
        try (TradeChannel channel = TradeChannel.create(folder).write(2_000))
        {
            assertEquals(List.of("1998", "1999"), quantities(channel.file().toString(), "-n1", "-C1"));
            assertEquals(
                List.of("1996", "1997", "1998", "1999"),
                quantities(channel.file().toString(), "-n1", "-C2", "--where=quantity=1998"));
        }
    }

    @Test
    void shouldPrintWhatIsWrittenAndEndWhenChannelIsClosed() throws Exception
    {
        try (TradeChannel channel = TradeChannel.create(folder).write(5);
            CommandProcess tail = new CommandProcess(folder, "tail", "-f", "-n1", channel.file().toString()))
        {
            tail.awaitOutput("\"quantity\":4,");
            channel.write(1);
            tail.awaitOutput("\"quantity\":5,");
            channel.write(1_000);
            tail.awaitOutput("\"quantity\":1005,");
            channel.end();

            assertEquals(ExitCodes.OK, tail.awaitExit());
            assertEquals(1_002, tail.out().lines().count());
            assertEquals("kekbit: the writer closed the channel: position=128776\n", tail.err());
        }
    }

    @Test
    void shouldEndAtPlaceThatIsWrittenLaterWhenOneIsGiven() throws Exception
    {
        try (TradeChannel channel = TradeChannel.create(folder).write(5);
            CommandProcess tail = new CommandProcess(
                folder, "tail", "-f", "-n1", channel.file().toString(), "--to=#7", "--format=text"))
        {
            tail.awaitOutput("quantity=4");
            channel.write(10);

            assertEquals(ExitCodes.OK, tail.awaitExit());
            assertEquals(3, tail.out().lines().count());
            assertEquals("", tail.err());
        }
    }

    @Test
    void shouldSayThatWriterIsGoneWhenNobodyWrites() throws Exception
    {
        final Path abandoned = folder.resolve("abandoned.kekbit");
        try (TradeChannel channel = TradeChannel.create(folder, 300).write(3))
        {
            // As a writer leaves it that was killed: open, and nobody has the lock beside it.
            Files.copy(channel.file(), abandoned);
        }

        try (CommandProcess tail = CommandProcess.run(folder, "tail", "-f", abandoned.toString()))
        {
            assertEquals(3, tail.out().lines().count());
            assertTrue(tail.err().startsWith("kekbit: nobody writes this channel: waiting "), tail.err());
            assertTrue(
                tail.err().endsWith("kekbit: the writer is gone, and did not close the channel: position=392\n"),
                tail.err());
            assertEquals(ExitCodes.FAILED, tail.status());
        }
    }

    @Test
    void shouldEndWhenAnotherChannelTakesThePlaceOfTheFile() throws Exception
    {
        try (TradeChannel channel = TradeChannel.create(folder.resolve("first")).write(3);
            TradeChannel other = TradeChannel.create(folder.resolve("second")).write(3);
            CommandProcess tail = new CommandProcess(folder, "tail", "-f", channel.file().toString()))
        {
            tail.awaitOutput("\"quantity\":2,");
            channel.write(1);
            tail.awaitOutput("\"quantity\":3,");
            Files.move(other.file(), channel.file(), StandardCopyOption.ATOMIC_MOVE);

            assertEquals(ExitCodes.NO_CHANNEL, tail.awaitExit());
            assertTrue(tail.err().startsWith("kekbit: another file has taken the place"), tail.err());
        }
    }

    @Test
    void shouldEndWithWholeLineWhenControlCIsTyped() throws Exception
    {
        Assumptions.assumeFalse(isIgnored(SIGINT), "this build runs in the background of a shell");
        final String command = String.join(" ", CommandProcess.commandLine(
            "tail", "-f", TradeChannel.create(folder).write(3).file().toString()));
        try (CommandProcess terminal = CommandProcess.program(
            folder, List.of("script", "-qec", command, "/dev/null")))
        {
            terminal.awaitOutput("\"quantity\":2,");
            terminal.input().write(3);
            terminal.input().flush();
            terminal.awaitExit();

            assertTrue(terminal.out().replace("^C", "").endsWith("}}\r\n"), terminal.out());
            assertTrue(!terminal.out().contains("Exception"), terminal.out());
        }
    }

    private static boolean isIgnored(final int signal) throws IOException
    {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter((line) -> line.startsWith("SigIgn:"))
            .anyMatch((line) -> new BigInteger(line.substring("SigIgn:".length()).strip(), 16).testBit(signal - 1));
    }

    private List<String> quantities(final String... args) throws IOException, InterruptedException
    {
        final String[] line = new String[args.length + 1];
        line[0] = "tail";
        System.arraycopy(args, 0, line, 1, args.length);
        try (CommandProcess tail = CommandProcess.run(folder, line))
        {
            assertEquals("", tail.err());
            assertEquals(ExitCodes.OK, tail.status());

            return tail.out().lines().map((text) -> text.replaceFirst(".*\"quantity\":(\\d+),.*", "$1")).toList();
        }
    }
}
