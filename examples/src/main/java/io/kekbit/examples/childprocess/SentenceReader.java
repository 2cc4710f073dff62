package io.kekbit.examples.childprocess;

import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.ReaderState;
import io.kekbit.core.ShmReader;
import io.kekbit.examples.support.EndOfChannel;
import io.kekbit.examples.support.ExitStatus;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.agrona.concurrent.SystemNanoClock;
import org.agrona.concurrent.YieldingIdleStrategy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * A process that reads.
 */
@Command(name = "child-process-reader", description = "Reads the records of child-process.", hidden = true)
public final class SentenceReader implements Callable<Integer>
{
    private static final long WAIT_NS = TimeUnit.SECONDS.toNanos(60);
    private static final int READ_LIMIT = 256;

    /**
     * Polls in vain between two looks at the channel's state, which takes a look at the clock.
     */
    private static final int STATE_INTERVAL = 64;

    @Option(names = "--root", required = true)
    private Path root;

    @Spec
    private CommandSpec command;

    /**
     * Reads all records, and compares each with what it has to be.
     *
     * @return the exit status.
     * @throws IOException where there is no room to warm up.
     */
    @Override
    public Integer call() throws IOException
    {
        WarmUp.run(root);
        try (ShmReader reader = ShmReader.builder(root, ChildProcess.CHANNEL_ID)
            .format(RawBinDataFormat.INSTANCE)
            .tryOpen(WAIT_NS, new SleepingMillisIdleStrategy(1)))
        {
            return read(reader);
        }
    }

    private int read(final ShmReader reader)
    {
        final Sentence.Check check = new Sentence.Check();
        final IdleStrategy idleStrategy = new YieldingIdleStrategy();
        final EndOfChannel end = new EndOfChannel(reader, SystemNanoClock.INSTANCE);
        long lastNs = 0;
        int pollsInVain = 0;
        while (true)
        {
            final int records = reader.read(check, READ_LIMIT);
            if (records > 0)
            {
                lastNs = System.nanoTime();
            }
            else if (++pollsInVain % STATE_INTERVAL == 0 && end.isReached())
            {
                break;
            }
            idleStrategy.idle(records);
        }

        if (end.state() != ReaderState.CLOSED || check.differences() > 0)
        {
            command.commandLine().getErr().println(
                ExitStatus.message(end.state(), "the writer", reader) + " different=" + check.differences());

            return end.state() == ReaderState.CLOSED ? ExitStatus.FAILED : ExitStatus.of(end.state());
        }
        command.commandLine().getOut().println(Sentence.rate(check.records(), lastNs - check.firstNs()));

        return ExitStatus.OK;
    }
}
