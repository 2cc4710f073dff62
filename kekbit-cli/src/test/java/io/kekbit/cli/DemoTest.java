package io.kekbit.cli;

import io.kekbit.cli.support.ExitCodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The command as a process, which starts others.
 */
class DemoTest
{
    @TempDir
    private Path folder;

    @Test
    void shouldReadEveryTradeAndLeaveNothingWhenNothingIsAskedFor() throws Exception
    {
        try (CommandProcess demo = CommandProcess.run(folder, "demo", "--trades=20000", "--rate=0"))
        {
            assertEquals("", demo.err());
            assertEquals(ExitCodes.OK, demo.status(), demo.out());
            assertTrue(demo.out().contains("\"tradeId\":20000,"), demo.out());
            assertTrue(
                demo.out().endsWith("from the closed channel: 20,000 trades read, none missing, none twice\n"),
                demo.out());
            assertGone(demo);
        }
    }

    @Test
    void shouldShowNoGapAndNothingTwiceWhenWriterIsKilled() throws Exception
    {
        try (CommandProcess demo = CommandProcess.run(folder, "demo", "--kill=1", "--trades=20000"))
        {
            assertEquals("", demo.err());
            assertEquals(ExitCodes.OK, demo.status(), demo.out());
            assertTrue(demo.out().contains("\nkill -9  process "), demo.out());
            assertTrue(demo.out().contains(" takes the channel over after trade "), demo.out());
            assertTrue(
                demo.out().contains("while they were written: 20,000 trades read, none missing, none twice\n"),
                demo.out());
            assertGone(demo);
        }
    }

    @Test
    void shouldShowErrorAtCreationWhenDiskIsFull() throws Exception
    {
        try (CommandProcess demo = CommandProcess.run(folder, "demo", "--disk-full"))
        {
            assertEquals("", demo.err());
            assertEquals(ExitCodes.OK, demo.status(), demo.out());
            assertTrue(demo.out().contains("\nerror    "), demo.out());
            assertTrue(demo.out().contains("\nleft     no file with anything in it\n"), demo.out());
            assertTrue(demo.out().endsWith("none missing, none twice, state CLOSED\n"), demo.out());
        }
    }

    private static void assertGone(final CommandProcess demo) throws IOException
    {
        final String file = demo.out().lines().findFirst().orElseThrow().replaceFirst("channel +", "");

        assertFalse(Files.exists(Path.of(file).getParent().getParent()), file);
    }
}
