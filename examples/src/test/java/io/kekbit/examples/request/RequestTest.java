package io.kekbit.examples.request;

import io.kekbit.core.ReaderState;
import io.kekbit.core.ShmReader;
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

class RequestTest
{
    private static final int REQUESTS_CHANNEL = 1;
    private static final int REPLIES_CHANNEL = 2;

    @TempDir
    private Path folder;

    @Test
    void shouldGetEverySumBackWhenRequestsAreSent() throws Exception
    {
        try (TestProcess reply = start("reply"); TestProcess request = start("request", "--count=50", "--pause=0"))
        {
            assertEquals(0, request.awaitExit(), request.err());
            assertEquals(0, reply.awaitExit(), reply.err());
            assertTrue(request.out().contains("request 50: "), request.out());
            assertTrue(request.out().contains("50 requests, 50 right answers\n"), request.out());
            assertTrue(reply.out().contains("50 requests answered\n"), reply.out());
            assertClosed(REQUESTS_CHANNEL);
            assertClosed(REPLIES_CHANNEL);
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void shouldCloseOwnChannelAndEndWithStatusWhenOtherOneIsKilled() throws Exception
    {
        final String[] others = {"--requests=11", "--replies=12"};
        // Two pairs, so that it is waited once only until silence has lasted long enough.
        try (TestProcess deadReply = start("reply"); TestProcess request = start("request", "--count=1000");
            TestProcess reply = start("reply", others);
            TestProcess deadRequest = start("request", others[0], others[1], "--count=1000"))
        {
            request.awaitOutput("request 1: ");
            deadRequest.awaitOutput("request 1: ");
            deadReply.kill();
            deadRequest.kill();

            assertEquals(ExitStatus.SILENT, request.awaitExit());
            assertTrue(request.err().startsWith("examples/run request: who replies is gone, "), request.err());
            assertClosed(REQUESTS_CHANNEL);
            assertEquals(ExitStatus.SILENT, reply.awaitExit());
            assertTrue(reply.err().startsWith("examples/run reply: who asks is gone, "), reply.err());
            assertClosed(12);
        }
    }

    @Test
    void shouldCloseRequestsWhenInterrupted() throws Exception
    {
        try (TestProcess request = start("request"))
        {
            request.awaitOutput("waiting for somebody who replies");
            request.interrupt();

            assertEquals(128 + 15, request.awaitExit());
            assertTrue(request.out().endsWith("channel of requests closed\n"), request.out());
            assertClosed(REQUESTS_CHANNEL);
        }
    }

    private TestProcess start(final String name, final String... options) throws IOException
    {
        final String[] args = new String[options.length + 2];
        args[0] = name;
        args[1] = "--root=" + root();
        System.arraycopy(options, 0, args, 2, options.length);

        return new TestProcess(folder, args);
    }

    private Path root()
    {
        return folder.resolve("channels");
    }

    private void assertClosed(final long channelId)
    {
        try (ShmReader reader = ShmReader.open(root(), channelId))
        {
            reader.moveToEnd();
            assertEquals(ReaderState.CLOSED, reader.state());
        }
    }
}
