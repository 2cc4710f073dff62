package io.kekbit.benchmarks.scale;

import io.kekbit.benchmarks.Result;
import io.kekbit.benchmarks.Spread;
import io.kekbit.benchmarks.operations.Channels;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What readers that poll without a pause cost the writer, which writes as fast as it can. Where there are as many
 * readers as processors, or more, the writer has to share its processor with them, and loses it for a while; the mean
 * then tells more of the operating system than of the channel.
 * <p>
 * Figures: {@code nsPerRecord}, the median of the passes; {@code nsPerRecordBest}; {@code claimToCommitP50Ns} and
 * {@code claimToCommitP99Ns}, of passes of their own, in which the clock is read around each record; {@code
 * processors}. Histogram: {@code claimToCommit}.
 */
@Command(name = "readers", description = "What readers that poll cost the writer.")
public final class ReadersMeasurement extends ScaleMeasurement
{
    private static final double P50 = 50;
    private static final double P99 = 99;

    @Option(names = "--readers", required = true, description = "How many threads poll.")
    private int readers;

    @Option(names = "--capacity", defaultValue = "67108864", description = "Bytes of a channel: ${DEFAULT-VALUE}.")
    private long capacity;

    @Option(names = "--length", defaultValue = "64", description = "Bytes of content: ${DEFAULT-VALUE}.")
    private int length;

    @Option(names = "--warm-up", defaultValue = "3", description = "Passes before, of each kind: ${DEFAULT-VALUE}.")
    private int warmUp;

    @Option(names = "--passes", defaultValue = "5", description = "Passes measured, of each kind: ${DEFAULT-VALUE}.")
    private int passes;

    private final Histogram claimToCommit = Result.histogram();
    private ExecutorService executor;

    @Override
    Result measure() throws Exception
    {
        executor = Executors.newCachedThreadPool();
        try
        {
            for (int i = 0; i < warmUp; i++)
            {
                pass(false);
                pass(true);
            }
            claimToCommit.reset();

            final double[] nsPerRecord = new double[passes];
            for (int i = 0; i < passes; i++)
            {
                nsPerRecord[i] = pass(false);
                pass(true);
            }

            final Spread spread = Spread.of(nsPerRecord);

            return new Result()
                .figure("nsPerRecord", spread.median())
                .figure("nsPerRecordBest", spread.least())
                .figure("claimToCommitP50Ns", claimToCommit.getValueAtPercentile(P50))
                .figure("claimToCommitP99Ns", claimToCommit.getValueAtPercentile(P99))
                .figure("processors", Runtime.getRuntime().availableProcessors())
                .histogram("claimToCommit", claimToCommit);
        }
        finally
        {
            executor.shutdownNow();
        }
    }

    private double pass(final boolean isTimedOneByOne) throws Exception
    {
        final int records = Filling.records(capacity, length);
        final List<Future<?>> pollers = new ArrayList<>();
        final CountDownLatch opened = new CountDownLatch(readers);
        final long tookNs;
        try (Filling channel = Filling.create(subject(), folder(), CHANNEL_ID, capacity))
        {
            for (int i = 0; i < readers; i++)
            {
                pollers.add(executor.submit(() -> poll(opened, records)));
            }
            opened.await();

            final long startNs = System.nanoTime();
            if (isTimedOneByOne)
            {
                channel.fill(length, records, claimToCommit);
            }
            else
            {
                channel.fill(length, records);
            }
            tookNs = System.nanoTime() - startNs;

            for (final Future<?> poller : pollers)
            {
                poller.get();
            }
        }
        Channels.delete(folder());

        return (double)tookNs / records;
    }

    private void poll(final CountDownLatch opened, final int records)
    {
        try (Polling reader = Polling.open(subject(), folder(), CHANNEL_ID))
        {
            opened.countDown();
            reader.pollUntil(records);
        }
        finally
        {
            // Where it could not be opened, the writer is not to wait; it is told by the future.
            opened.countDown();
        }
    }
}
