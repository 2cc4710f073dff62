package io.kekbit.benchmarks;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class BenchmarksTest
{
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @Test
    void shouldListSectionsAndHowLongTheyTake()
    {
        assertEquals(0, execute("compare", "--list", "--only", "write,sbe", "--tmpfs", folder.toString()));

        assertTrue(out.toString().startsWith("write        what does it cost to write a record?"), out.toString());
        assertTrue(out.toString().contains("sbe "), out.toString());
    }

    @Test
    void shouldSayWhichSectionsThereAreWhenOneIsUnknown()
    {
        assertEquals(1, execute("compare", "--only", "writing", "--tmpfs", folder.toString()));

        assertTrue(err.toString().startsWith(
            "benchmarks/run compare: no such section: name=writing (there are write,"), err.toString());
    }

    @Test
    void shouldNotMixResultsWithThoseOfAnotherRun() throws IOException
    {
        Files.createDirectories(folder.resolve("raw"));

        assertEquals(1, execute(
            "compare", "--only", "loaded", "--tmpfs", folder.toString(), "--output", folder.toString()));

        assertTrue(err.toString().contains("there are results already: folder=" + folder), err.toString());
    }

    @Test
    void shouldSayWhatIsMissingWhenThereAreNoRawResults()
    {
        assertEquals(1, execute("report", folder.toString()));

        assertTrue(err.toString().contains("no raw results: folder=" + folder), err.toString());
    }

    private int execute(final String... args)
    {
        final CommandLine commandLine = Benchmarks.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));

        return commandLine.execute(args);
    }
}
