package io.kekbit.benchmarks.stream;

import io.kekbit.benchmarks.Result;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * How late messages arrive that are due at a fixed rate, whatever becomes of those before them. Latency counts from the
 * time at which a message was due, not from when it was sent, so that a sender that is held up shows in every message
 * that had to wait for it: there is no coordinated omission. Told beside the latency: the share of messages that were
 * sent more than a microsecond late, and the rate that was kept.
 * <p>
 * The time goes from process to process, which is sound on Linux, where {@link System#nanoTime()} is
 * {@code CLOCK_MONOTONIC} and the same for all of them.
 * <p>
 * Long runs are cut into channels of at most 1 GiB of messages, between which the clock
 * stops. The first ones are for warming up.
 */
@Command(name = "open-loop", description = "Latency at a fixed rate, from the time a message was due.")
public final class OpenLoop implements Callable<Integer>
{
    private static final long MAX_CHANNEL_LENGTH = 1L << 30;
    private static final long LEAD_NS = TimeUnit.MILLISECONDS.toNanos(10);

    @Mixin
    private CommonOptions options;

    @Option(
        names = "--processes", arity = "1", paramLabel = "BOOLEAN", defaultValue = "false",
        description = "Whether the reader is a process of its own. Default: ${DEFAULT-VALUE}")
    private boolean isFarSideProcess;

    @Option(
        names = "--rate", paramLabel = "N", defaultValue = "100000",
        description = "Messages per second. Default: ${DEFAULT-VALUE}")
    private long perSecond;

    @Option(
        names = "--warm-up-millis", paramLabel = "MS", defaultValue = "1500",
        description = "Default: ${DEFAULT-VALUE}")
    private long warmUpMs;

    @Option(names = "--millis", paramLabel = "MS", defaultValue = "3000", description = "Default: ${DEFAULT-VALUE}")
    private long measuredMs;

    @Override
    public Integer call()
    {
        final Histogram latencies = Result.histogram();
        final Tally tally = new Tally();
        try (Stage stage = new Stage(options, isFarSideProcess))
        {
            run(stage, warmUpMs, Result.histogram(), new Tally());
            run(stage, measuredMs, latencies, tally);
        }

        final Result result = new Result();
        Latencies.note(result, latencies);
        result
            .figure("lateShare", (double)tally.late / tally.sent)
            .figure("messagesPerSecond", tally.sent * (double)TimeUnit.SECONDS.toNanos(1) / tally.tookNs)
            .histogram("latency", latencies)
            .write(options.result);

        return 0;
    }

    private void run(final Stage stage, final long millis, final Histogram latencies, final Tally tally)
    {
        final long mostInChannel = Math.max(1, MAX_CHANNEL_LENGTH / options.length);
        long left = Math.max(1, millis * perSecond / TimeUnit.SECONDS.toMillis(1));
        while (left > 0)
        {
            final long messages = Math.min(left, mostInChannel);
            latencies.add(runChannel(stage, messages, tally));
            left -= messages;
        }
    }

    private Histogram runChannel(final Stage stage, final long messages, final Tally tally)
    {
        final int channel = stage.nextChannel();
        final Messages sending =
            new Messages(stage.peer().sender(channel, options.length, messages), options.length);
        final Job job = Job.recordLatency(channel, options.length, messages);
        stage.farSide().begin(job);
        sending.awaitConnection();

        final long startNs = System.nanoTime() + LEAD_NS;
        final Pace pace = new Pace(SystemNanoClock.INSTANCE, startNs, perSecond);
        sendAll(sending, pace, messages);
        tally.add(messages, pace.late(), System.nanoTime() - startNs);
        final Histogram latencies = stage.farSide().end().latencies();
        stage.discard(job);

        return latencies;
    }

    /**
     * Send at the pace.
     *
     * @param sending  where to.
     * @param pace     that says when each is due, by a {@link NanoClock}.
     * @param messages how many.
     */
    static void sendAll(final Messages sending, final Pace pace, final long messages)
    {
        for (long i = 0; i < messages; i++)
        {
            sending.send(i, pace.await(i));
        }
    }

    private static final class Tally
    {
        private long sent;
        private long late;
        private long tookNs;

        void add(final long messages, final long lateMessages, final long ns)
        {
            sent += messages;
            late += lateMessages;
            tookNs += ns;
        }
    }
}
