package io.kekbit.benchmarks.stream;

import io.kekbit.benchmarks.Result;
import io.kekbit.benchmarks.stream.peers.Receiver;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * How fast a reader gets through a channel that was written long before, by another process. The pages are in memory,
 * but not in this process's page table: the first access to each costs a fault, unless all are touched on opening,
 * which then takes longer; both times are told. The code is warmed up on another, short channel.
 */
@Command(name = "catch-up", description = "Reading a full channel for the first time.")
public final class CatchUp implements Callable<Integer>
{
    private static final int WARM_UP_PASSES = 10;
    private static final long WARM_UP_MESSAGES = 300_000;
    private static final double NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    @Mixin
    private CommonOptions options;

    @Option(
        names = "--bytes", paramLabel = "N", defaultValue = "1073741824",
        description = "Of messages with their framing in a channel of kekbit; other peers get as many messages. " +
            "Default: ${DEFAULT-VALUE}")
    private long bytes;

    @Override
    public Integer call()
    {
        final long messages = Math.max(1, bytes / (options.length + Long.BYTES));
        final Result result = new Result();
        try (Stage stage = new Stage(options, true))
        {
            if (stage.peer().isBounded())
            {
                throw new IllegalArgumentException(
                    "messages that nobody reads are not kept: subject=" + options.subject);
            }
            final Job warmUp = fill(stage, WARM_UP_MESSAGES);
            final Job job = fill(stage, messages);

            for (int i = 0; i < WARM_UP_PASSES; i++)
            {
                read(stage, warmUp, new Result());
            }
            read(stage, job, result);
        }
        result.write(options.result);

        return 0;
    }

    private Job fill(final Stage stage, final long messages)
    {
        final Job job = Job.fill(stage.nextChannel(), options.length, messages);
        stage.farSide().begin(job);
        stage.farSide().end();
        stage.farSide().release(job);

        return job;
    }

    private void read(final Stage stage, final Job job, final Result result)
    {
        final Arrivals arrivals = new Arrivals(options.length);
        final long startNs = System.nanoTime();
        final Receiver receiver = stage.peer().receiver(job.channel(), options.length, job.messages(), arrivals);
        final long openedNs = System.nanoTime();
        arrivals.await(receiver, job.messages(), job.maxSpins());
        final long endNs = System.nanoTime();
        stage.peer().release(job.channel());

        final double seconds = (endNs - openedNs) / (double)TimeUnit.SECONDS.toNanos(1);
        result
            .figure("openMs", (openedNs - startNs) / NANOS_PER_MILLI)
            .figure("readMs", (endNs - openedNs) / NANOS_PER_MILLI)
            .figure("totalMs", (endNs - startNs) / NANOS_PER_MILLI)
            .figure("messagesPerSecond", job.messages() / seconds)
            .figure("bytesPerSecond", job.messages() * options.length / seconds);
    }
}
