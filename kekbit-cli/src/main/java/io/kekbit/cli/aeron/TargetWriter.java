package io.kekbit.cli.aeron;

import io.kekbit.core.Writer;
import org.agrona.CloseHelper;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.SleepingMillisIdleStrategy;

import java.nio.file.Path;

/**
 * A channel or series to write to, with the thread that makes the next channel of a series ready.
 */
final class TargetWriter implements AutoCloseable
{
    private static final int PAUSE_MS = 5;

    private final Writer<?> writer;
    private final Path file;
    private final AgentRunner runner;
    private boolean isLeft;

    /**
     * @param writer to write with, closed with this.
     * @param file   of the channel, or folder of the series.
     * @param agent  of a series, or null.
     */
    TargetWriter(final Writer<?> writer, final Path file, final Agent agent)
    {
        this.writer = writer;
        this.file = file;
        runner = agent == null ? null :
            new AgentRunner(
                new SleepingMillisIdleStrategy(PAUSE_MS),
                (ex) ->
                {
                    // What the agent cannot do, the writer is told when it needs it.
                },
                null,
                agent);
        if (runner != null)
        {
            AgentRunner.startOnThread(runner);
        }
    }

    Writer<?> writer()
    {
        return writer;
    }

    Path file()
    {
        return file;
    }

    /**
     * Let it be as if this process had been killed: it is not marked closed, so that another run can go on with it, and
     * a later {@link #close()} does nothing to it. The writer lock ends with the process.
     */
    void leave()
    {
        isLeft = true;
    }

    /**
     * Close it, unless it was left. Further calls do nothing.
     */
    @Override
    public void close()
    {
        CloseHelper.close(runner);
        if (!isLeft)
        {
            writer.close();
        }
    }
}
