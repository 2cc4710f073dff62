package io.kekbit.cli.demo;

import io.kekbit.core.EnvelopeWriter;
import io.kekbit.core.handlers.SequenceHandler;
import io.kekbit.sbe.SbeDataFormat;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.OffsetEpochNanoClock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The process of the demonstration that writes: it begins the channel, or goes on behind the last trade of a writer
 * that was killed, by the same line of code.
 */
@Command(name = "demo-writer", description = "Writes the trades of kekbit demo.", hidden = true)
public final class DemoWriterCommand implements Callable<Integer>
{
    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);
    /** The most trades between two looks at the clock, and how many of them there are in a second at least. */
    private static final int MAX_BURST = 16;
    private static final int MIN_BURSTS_PER_SECOND = 1_000;
    /** How long to wait for being killed, where whoever wanted to is gone. */
    private static final long DOOMED_FOR_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long SHORTEST_PAUSE_NS = TimeUnit.MICROSECONDS.toNanos(60);

    private final EpochNanoClock clock = new OffsetEpochNanoClock();

    @Option(names = "--root", required = true)
    private Path root;

    @Option(names = "--trades", required = true)
    private long trades;

    /** Trades a second; 0 for as many as it can. */
    @Option(names = "--rate", required = true)
    private long rate;

    @Option(names = "--capacity", required = true)
    private long capacity;

    /** Whether to leave out the last trade and to wait for the end. */
    @Option(names = "--doomed")
    private boolean isDoomed;

    /**
     * Writes until the channel holds as many trades as asked for.
     *
     * @return 0, unless it is killed before.
     */
    @Override
    public Integer call()
    {
        final SequenceHandler sequence = new SequenceHandler();
        try (EnvelopeWriter<SbeDataFormat> writer = DemoChannel.createOrResume(root, capacity, sequence))
        {
            write(writer, sequence, isDoomed ? trades - 1 : trades);
            final long startNs = System.nanoTime();
            while (isDoomed && System.nanoTime() - startNs < DOOMED_FOR_NS)
            {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
        }

        return 0;
    }

    private void write(
        final EnvelopeWriter<SbeDataFormat> writer, final SequenceHandler sequence, final long until)
    {
        final DemoTrade trade = new DemoTrade();
        final long startNs = System.nanoTime();
        final long first = sequence.last();
        final long burst = rate == 0 ? MAX_BURST : Math.max(1, Math.min(MAX_BURST, rate / MIN_BURSTS_PER_SECOND));
        while (sequence.last() < until)
        {
            if (sequence.last() % burst == 0)
            {
                awaitTurn(startNs, sequence.last() - first);
            }
            writer.claim(DemoTrade.LENGTH);
            trade.encode(writer.slot(), sequence.last() + 1, clock.nanoTime());
            writer.commit(DemoTrade.LENGTH);
        }
    }

    private void awaitTurn(final long startNs, final long written)
    {
        if (rate > 0)
        {
            final long dueNs = startNs + (long)((double)written / rate * NANOS_PER_SECOND);
            final long earlyNs = dueNs - System.nanoTime();
            if (earlyNs > SHORTEST_PAUSE_NS)
            {
                LockSupport.parkNanos(earlyNs);
            }
        }
    }
}
