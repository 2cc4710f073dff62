package io.kekbit.cli;

import io.kekbit.cli.support.ExitCodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What people are told is what is stored in src/test/resources/help: whoever changes a help text sees the whole of it
 * once. The files are rewritten by
 * <pre>
 * mvn -pl kekbit-cli -am test -Dtest=HelpTextTest -Dsurefire.failIfNoSpecifiedTests=false -Dhelp.rewrite=true
 * </pre>
 */
class HelpTextTest
{
    private static final Path FOLDER = Path.of("src", "test", "resources", "help");
    private static final int MAX_COLUMNS = 100;

    static List<String> verbs()
    {
        final List<String> verbs = new ArrayList<>(List.of("kekbit"));
        Kekbit.commandLine().getSubcommands().forEach((verb, commandLine) ->
        {
            if (!commandLine.getCommandSpec().usageMessage().hidden())
            {
                verbs.add(verb);
                commandLine.getSubcommands().keySet().forEach((further) -> verbs.add(verb + " " + further));
            }
        });

        return verbs;
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void shouldExplainAsStoredWhenHelpIsAskedFor(final String verb) throws IOException
    {
        final String help = help(verb);

        final Path file = FOLDER.resolve(verb.replace(' ', '-') + ".txt");
        if (Boolean.getBoolean("help.rewrite"))
        {
            Files.createDirectories(FOLDER);
            Files.writeString(file, help);
        }
        assertEquals(Files.readString(file), help);
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void shouldShowExamplesAndExitCodesWhenHelpIsAskedFor(final String verb)
    {
        final String help = help(verb);

        assertTrue(help.contains("\nExamples:\n  kekbit"), help);
        assertTrue(help.contains("\nExit status:\n  0   "), help);
        assertTrue(help.lines().allMatch((line) -> line.length() <= MAX_COLUMNS), help);
    }

    @Test
    void shouldHaveNoStoredHelpOfCommandsThatAreGone() throws IOException
    {
        try (Stream<Path> files = Files.list(FOLDER))
        {
            final Set<String> stored = files
                .map((file) -> file.getFileName().toString().replace(".txt", ""))
                .collect(Collectors.toCollection(TreeSet::new));

            assertEquals(
                verbs().stream().map((verb) -> verb.replace(' ', '-')).collect(Collectors.toCollection(TreeSet::new)),
                stored);
        }
    }

    @Test
    void shouldPrintStoredHelpWhenRunAsProcess(@TempDir final Path folder) throws Exception
    {
        try (CommandProcess process = CommandProcess.run(folder, "--help"))
        {
            assertEquals(Files.readString(FOLDER.resolve("kekbit.txt")), process.out());
            assertEquals("", process.err());
            assertEquals(ExitCodes.OK, process.status());
        }
    }

    private static String help(final String verb)
    {
        final StringWriter printed = new StringWriter();
        final CommandLine commandLine = Kekbit.commandLine().setOut(new PrintWriter(printed));
        assertEquals(ExitCodes.OK, verb.equals("kekbit") ?
            commandLine.execute("--help") : commandLine.execute((verb + " --help").split(" ")));

        return printed.toString();
    }
}
