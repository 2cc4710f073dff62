package io.kekbit.cli;

import io.kekbit.cli.support.ExitCodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * What happens to those who mistype.
 */
class UsageTest
{
    @Test
    void shouldSayWhereHelpIsWhenCommandIsMissing(@TempDir final Path folder) throws Exception
    {
        try (CommandProcess process = CommandProcess.run(folder))
        {
            assertEquals(ExitCodes.USAGE, process.status());
            assertEquals("", process.out());
            assertEquals(
                "kekbit: a command is missing (kekbit --help explains)" + System.lineSeparator(), process.err());
        }
    }

    @Test
    void shouldNameSimilarCommandWhenThereIsNoSuchCommand()
    {
        final InProcess run = InProcess.run("verfy");

        assertEquals(ExitCodes.USAGE, run.status());
        assertEquals(1, run.err().lines().count());
        assertTrue(run.err().contains("did you mean verify?"), run.err());
    }

    @Test
    void shouldEndWithOneLineWhenOptionIsUnknown()
    {
        final InProcess run = InProcess.run("list", "--jsn", "/tmp");

        assertEquals(ExitCodes.USAGE, run.status());
        assertEquals(1, run.err().lines().count());
        assertTrue(run.err().contains("'--jsn'"), run.err());
        assertTrue(run.err().contains("(kekbit list --help explains)"), run.err());
    }

    @Test
    void shouldSayWhatIsMissingWhenChannelIsNotGiven()
    {
        final InProcess run = InProcess.run("info");

        assertEquals(ExitCodes.USAGE, run.status());
        assertEquals(1, run.err().lines().count());
        assertTrue(run.err().contains("CHANNEL"), run.err());
    }

    @Test
    void shouldRefuseNameThatIsEmpty()
    {
        final InProcess run = InProcess.run("info", "");

        assertEquals(ExitCodes.USAGE, run.status());
        assertTrue(run.err().contains("is empty"), run.err());
    }

    @Test
    void shouldExplainCommandWhenHelpIsAskedForByVerb()
    {
        assertEquals(InProcess.run("list", "--help"), InProcess.run("help", "list"));
    }

    @Test
    void shouldShowTraceOnlyWhenDebugIsAskedFor(@TempDir final Path folder) throws Exception
    {
        try (CommandProcess process = CommandProcess.run(folder, "--debug", "info", folder + "/missing"))
        {
            assertTrue(process.err().startsWith("kekbit: no such file: "), process.err());
            assertTrue(process.err().contains("\tat io.kekbit.cli."), process.err());
        }
    }

    @Test
    void shouldPrintVersionWhenAskedFor()
    {
        final InProcess run = InProcess.run("--version");

        assertEquals(ExitCodes.OK, run.status());
        assertTrue(run.out().startsWith("kekbit "), run.out());
    }

    @Test
    void shouldTakeNameForItselfWhenItBeginsWithAt(@TempDir final Path folder) throws Exception
    {
        final Path file = Files.writeString(folder.resolve("names"), "--help");

        final InProcess run = InProcess.run("info", folder.toString(), "@" + file);

        assertEquals(ExitCodes.NO_CHANNEL, run.status());
        assertTrue(run.err().contains("'@" + file + "'"), run.err());
    }

    @Test
    void shouldFailWhenOutputCannotBeWritten(@TempDir final Path folder) throws Exception
    {
        final Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "needs a device that is always full");
        final String command = String.join(" ", CommandProcess.commandLine("list", folder.toString()));
        try (CommandProcess process =
            CommandProcess.program(folder, List.of("sh", "-c", "exec " + command + " > " + full)))
        {
            assertEquals(ExitCodes.FAILED, process.awaitExit());
            assertTrue(process.err().startsWith("kekbit: standard output: "), process.err());
        }
    }
}
