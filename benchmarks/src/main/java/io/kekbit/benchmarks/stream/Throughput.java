package io.kekbit.benchmarks.stream;

import io.kekbit.benchmarks.Result;
import io.kekbit.benchmarks.Spread;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * How many messages per second go from a writer to a reader, both as fast as they can. Each pass has a new channel,
 * made before its time begins; the time ends when the reader has the last message. The figure is the median of the
 * passes. What is sent is numbered, and a number that is missing ends the measurement. Messages carry no time here,
 * since taking it would be measured too.
 */
@Command(name = "throughput", description = "Messages per second from writer to reader.")
public final class Throughput implements Callable<Integer>
{
    @Mixin
    private CommonOptions options;

    @Option(
        names = "--processes", arity = "1", paramLabel = "BOOLEAN", defaultValue = "false",
        description = "Whether the reader is a process of its own. Default: ${DEFAULT-VALUE}")
    private boolean isFarSideProcess;

    @Option(
        names = "--messages", paramLabel = "N", defaultValue = "2000000",
        description = "In each pass. Default: ${DEFAULT-VALUE}")
    private long messages;

    @Option(
        names = "--warm-up-passes", paramLabel = "N", defaultValue = "4",
        description = "Passes before the measured ones. Default: ${DEFAULT-VALUE}")
    private int warmUpPasses;

    @Option(names = "--passes", paramLabel = "N", defaultValue = "9", description = "Default: ${DEFAULT-VALUE}")
    private int passes;

    @Option(
        names = "--max-spins", paramLabel = "N", defaultValue = "1",
        description = "How often the reader spins at most before it looks again where nothing was there. With more " +
            "than 1 it waits in proportion to what it read last. Default: ${DEFAULT-VALUE}")
    private int maxSpins;

    @Option(
        names = "--local-counter", arity = "1", paramLabel = "BOOLEAN", defaultValue = "false",
        description = "Whether the writer's loop has the number of the message in a local variable, instead of in a " +
            "field. Default: ${DEFAULT-VALUE}")
    private boolean isCounterLocal;

    @Override
    public Integer call()
    {
        final double[] rates = new double[passes];
        long allocatedBytes = 0;
        try (Stage stage = new Stage(options, isFarSideProcess))
        {
            for (int i = 0; i < warmUpPasses; i++)
            {
                pass(stage);
            }
            for (int i = 0; i < passes; i++)
            {
                final Pass pass = pass(stage);
                rates[i] = messages * (double)TimeUnit.SECONDS.toNanos(1) / pass.tookNs;
                allocatedBytes += pass.allocatedBytes;
            }
        }
        final Spread spread = Spread.of(rates);

        new Result()
            .figure("messagesPerSecond", spread.median())
            .figure("slowestPassMessagesPerSecond", spread.least())
            .figure("fastestPassMessagesPerSecond", spread.greatest())
            .figure("allocatedBytesPerMessage", (double)allocatedBytes / (passes * messages))
            .write(options.result);

        return 0;
    }

    private Pass pass(final Stage stage)
    {
        final int channel = stage.nextChannel();
        final Messages sending =
            new Messages(stage.peer().sender(channel, options.length, messages), options.length);
        final Job job = Job.receive(channel, options.length, messages, maxSpins);
        stage.farSide().begin(job);
        sending.awaitConnection();

        final long allocated = Allocation.ofThisThread();
        final long startNs = System.nanoTime();
        if (isCounterLocal)
        {
            sendAll(sending, messages);
        }
        else
        {
            sending.sendUntil(messages);
        }
        final long allocatedHere = Allocation.ofThisThread() - allocated;
        final Outcome outcome = stage.farSide().end();
        if (outcome.lastTime() != messages - 1)
        {
            throw new IllegalStateException("damaged: time=" + outcome.lastTime() + " expected=" + (messages - 1));
        }
        stage.discard(job);

        return new Pass(outcome.endNs() - startNs, allocatedHere + outcome.allocatedBytes());
    }

    private static void sendAll(final Messages sending, final long messages)
    {
        for (long i = 0; i < messages; i++)
        {
            sending.send(i, i);
        }
    }

    private record Pass(long tookNs, long allocatedBytes)
    {
    }
}
