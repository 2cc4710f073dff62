package io.kekbit.examples.console;

import io.kekbit.core.ReaderState;
import io.kekbit.core.ShmReader;
import io.kekbit.examples.support.ExitStatus;
import io.kekbit.examples.support.TestProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class EchoTest
{
    @TempDir
    private Path folder;

    @Test
    void shouldPrintWhatIsTypedAndStopBothWhenSomebodySaysBye() throws Exception
    {
        try (TestProcess out = start("echo-out"); TestProcess in = start("echo-in"))
        {
            in.type("There are 10 kinds of people");
            in.type("");
            out.awaitOutput("There are 10 kinds of people\n");
            in.type("x".repeat(10_000));
            // A line that comes after the last one is not sent. In one piece: else nobody might be there to take it.
            in.type("Bye\nAnybody there?");

            assertEquals(0, in.awaitExit(), in.err());
            assertEquals(0, out.awaitExit(), out.err());
            assertEquals("There are 10 kinds of people\nBye\n", out.out());
            assertTrue(in.err().startsWith("not sent: "), in.err());
            assertClosed();
        }
    }

    @Test
    void shouldShowControlCharactersInsteadOfSendingThemToTheTerminalWhenTyped() throws Exception
    {
        try (TestProcess out = start("echo-out"); TestProcess in = start("echo-in"))
        {
            in.type("\u001b[2Jgone\u0007");
            in.type("Bye");

            assertEquals(0, out.awaitExit(), out.err());
            assertEquals("\\u001b[2Jgone\\u0007\nBye\n", out.out());
        }
    }

    @Test
    void shouldCloseChannelWhenInputEnds() throws Exception
    {
        try (TestProcess out = start("echo-out"); TestProcess in = start("echo-in"))
        {
            in.type("one");
            in.endInput();

            assertEquals(0, in.awaitExit(), in.err());
            assertEquals(0, out.awaitExit(), out.err());
            assertTrue(out.out().startsWith("one\nexamples/run echo-out: the writer closed its channel: "), out.out());
            assertClosed();
        }
    }

    @Test
    void shouldCloseChannelWhenInterrupted() throws Exception
    {
        try (TestProcess in = start("echo-in"))
        {
            in.type("one");
            in.awaitOutput("channel created: ");
            in.interrupt();

            assertEquals(128 + 15, in.awaitExit(), in.err());
            assertTrue(in.out().endsWith("interrupted, channel closed\n"), in.out());
            assertClosed();
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void shouldEndReaderWithStatusWhenWriterIsKilled() throws Exception
    {
        try (TestProcess out = start("echo-out"); TestProcess in = start("echo-in"))
        {
            in.type("one");
            out.awaitOutput("one");
            in.kill();

            assertEquals(ExitStatus.SILENT, out.awaitExit());
            assertTrue(out.err().startsWith("examples/run echo-out: the writer is gone, "), out.err());
        }
    }

    @Test
    void shouldEndReaderWithStatusWhenNoChannelAppears() throws Exception
    {
        try (TestProcess out = start("echo-out", "--wait=0"))
        {
            assertEquals(ExitStatus.NO_CHANNEL, out.awaitExit());
            assertTrue(out.err().startsWith("examples/run echo-out: no such channel: "), out.err());
        }
    }

    private TestProcess start(final String name, final String... args) throws Exception
    {
        final String[] all = new String[args.length + 2];
        all[0] = name;
        all[1] = "--root=" + root();
        System.arraycopy(args, 0, all, 2, args.length);

        return new TestProcess(folder, all);
    }

    private Path root()
    {
        return folder.resolve("channels");
    }

    private void assertClosed()
    {
        try (ShmReader reader = ShmReader.open(root(), 1))
        {
            reader.moveToEnd();
            assertEquals(ReaderState.CLOSED, reader.state());
        }
    }
}
