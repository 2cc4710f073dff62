package io.kekbit.examples.console;

import io.kekbit.examples.support.ExitStatus;
import io.kekbit.examples.support.TestProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.io.IOException;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ChatTest
{
    @TempDir
    private Path folder;

    @Test
    void shouldCarryLinesBothWaysWhenTwoTalk() throws Exception
    {
        try (TestProcess ann = start(1, 2); TestProcess bob = start(2, 1))
        {
            ann.type("Hello, Bob");
            bob.awaitOutput("> Hello, Bob\n");
            bob.type("Hello, Ann");
            ann.awaitOutput("> Hello, Ann\n");
            bob.type("Bye");

            assertEquals(0, bob.awaitExit(), bob.err());
            assertEquals(0, ann.awaitExit(), ann.err());
            assertTrue(ann.out().contains("> Bye\nexamples/run chat: the other one closed its channel: "), ann.out());
            assertTrue(ann.out().endsWith("your channel is closed\n"), ann.out());
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void shouldCloseOwnChannelAndEndWithStatusWhenOtherOneIsKilled() throws Exception
    {
        try (TestProcess ann = start(1, 2); TestProcess bob = start(2, 1))
        {
            ann.awaitOutput("you can talk now");
            bob.kill();

            assertEquals(ExitStatus.SILENT, ann.awaitExit());
            assertTrue(ann.err().startsWith("examples/run chat: the other one is gone, "), ann.err());
            assertTrue(ann.out().endsWith("your channel is closed\n"), ann.out());
        }
    }

    private TestProcess start(final int me, final int other) throws IOException
    {
        return new TestProcess(
            folder, "chat", "--root=" + folder.resolve("channels"), "--me=" + me, "--other=" + other);
    }
}
