package io.kekbit.examples.childprocess;

import io.kekbit.examples.support.TestProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ChildProcessTest
{
    private static final String COUNTS = " | 1,420,000 bytes of content, 20,000 records, ";

    @TempDir
    private Path folder;

    @Test
    void shouldPrintRatesForNoneOneAndTwoReadersWhenNoNumberIsGiven() throws Exception
    {
        try (TestProcess example =
            new TestProcess(folder, "child-process", "--records=20000", "--root=" + root()))
        {
            assertEquals(0, example.awaitExit(), example.out() + example.err());
            final String out = example.out();
            assertEquals(3, out.lines().filter(line -> line.startsWith("writer    " + COUNTS)).count(), out);
            assertEquals(2, out.lines().filter(line -> line.startsWith("reader 1  " + COUNTS)).count(), out);
            assertEquals(1, out.lines().filter(line -> line.startsWith("reader 2  " + COUNTS)).count(), out);
            assertTrue(out.contains("\nwith 2: 1,420,000 bytes"), out);
            assertTrue(out.contains("\nwhy readers cost the writer something: "), out);
            assertNothingIsLeft();
        }
    }

    @Test
    void shouldEndAllAndLeaveNothingWhenWriterIsKilled() throws Exception
    {
        try (TestProcess example =
            new TestProcess(folder, "child-process", "--readers=1", "--root=" + root()))
        {
            final ProcessHandle writer = example.awaitChild("child-process-writer");
            writer.destroyForcibly();

            assertEquals(128 + 9, example.awaitExit(), example.out());
            assertTrue(example.err().contains("writer failed: status=137"), example.err());
            assertNothingIsLeft();
        }
    }

    private Path root()
    {
        return folder.resolve("channels");
    }

    private void assertNothingIsLeft() throws IOException
    {
        try (Stream<Path> files = Files.list(root()))
        {
            assertEquals(0, files.count());
        }
    }
}
