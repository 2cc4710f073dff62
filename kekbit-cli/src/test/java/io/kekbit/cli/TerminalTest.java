package io.kekbit.cli;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * What is different when a person looks on: in a pseudo-terminal that util-linux's script opens.
 */
class TerminalTest
{
    private static final Path SCRIPT = Path.of("/usr/bin/script");
    private static final String ESCAPE = "\u001b[";

    @TempDir
    private Path root;

    @TempDir
    private Path folder;

    @BeforeEach
    void requireScript()
    {
        assumeTrue(Files.isExecutable(SCRIPT) && Files.exists(Path.of("/proc")), "needs script of util-linux");
    }

    @Test
    void shouldColourWhenOutputIsTerminal() throws Exception
    {
        SampleChannels.closedTrades(root, 42, 10);

        assertTrue(inTerminal("", "list", root.toString()).contains(ESCAPE + "1mID"));
    }

    @Test
    void shouldNotColourWhenSomebodySaidNo() throws Exception
    {
        SampleChannels.closedTrades(root, 42, 10);

        assertFalse(inTerminal("NO_COLOR=1 ", "list", root.toString()).contains(ESCAPE));
    }

    @Test
    void shouldNotColourWhenOutputIsFile() throws Exception
    {
        SampleChannels.closedTrades(root, 42, 10);
        final Path file = folder.resolve("list.txt");

        final String shown = inTerminal("", "list", root.toString(), ">", file.toString());

        assertEquals("", shown.strip());
        assertFalse(Files.readString(file).contains(ESCAPE));
    }

    @Test
    void shouldFitHelpToWindowWhenItsWidthIsKnown() throws Exception
    {
        final String shown = inTerminal("COLUMNS=60 ", "verify", "--help").replaceAll("\u001b\\[[0-9;]*m", "");

        assertTrue(shown.lines().filter((line) -> !line.startsWith("  kekbit")).allMatch((line) -> line.length() <= 60),
            shown);
    }

    private String inTerminal(final String variables, final String... args) throws Exception
    {
        final String command = variables + CommandProcess.commandLine(args).stream()
            .map((arg) -> arg.equals(">") ? arg : "'" + arg + "'")
            .collect(Collectors.joining(" "));
        try (CommandProcess process = CommandProcess.program(
            folder, List.of(SCRIPT.toString(), "-qec", command, "/dev/null")))
        {
            process.awaitExit();

            return process.out();
        }
    }
}
