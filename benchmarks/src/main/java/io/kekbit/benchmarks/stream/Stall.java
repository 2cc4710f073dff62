package io.kekbit.benchmarks.stream;

import io.kekbit.benchmarks.Result;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.SystemNanoClock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * How long a writer is held up by one message: from before it claims the room until after it committed, the message
 * copied in between. Back to back, and at a fixed rate. Each time contains the cost of taking the time, which is
 * measured as well. A reader in another thread reads along with all of them: some peers cannot do without one, and a
 * writer that is alone has the cache lines for itself.
 */
@Command(name = "stall", description = "Time a writer spends on one message.")
public final class Stall implements Callable<Integer>
{
    private static final int TIMER_READS = 1_000_000;
    private static final long LEAD_NS = TimeUnit.MILLISECONDS.toNanos(10);

    @Mixin
    private CommonOptions options;

    @Option(
        names = "--messages", paramLabel = "N", defaultValue = "2000000",
        description = "Back to back. Default: ${DEFAULT-VALUE}")
    private long messages;

    @Option(
        names = "--rate", paramLabel = "N", defaultValue = "100000",
        description = "Of the paced messages, per second. Default: ${DEFAULT-VALUE}")
    private long perSecond;

    @Option(
        names = "--millis", paramLabel = "MS", defaultValue = "2000",
        description = "Of paced messages. Default: ${DEFAULT-VALUE}")
    private long pacedMs;

    @Override
    public Integer call()
    {
        final Histogram backToBack = Result.histogram();
        final Histogram paced = Result.histogram();
        final long pacedMessages = Math.max(1, pacedMs * perSecond / TimeUnit.SECONDS.toMillis(1));
        try (Stage stage = new Stage(options, false))
        {
            run(stage, messages, 0, Result.histogram());
            run(stage, Math.max(1, pacedMessages / 4), perSecond, Result.histogram());
            run(stage, messages, 0, backToBack);
            run(stage, pacedMessages, perSecond, paced);
        }

        final Result result = new Result();
        note(result, "backToBack", backToBack);
        note(result, "paced", paced);
        note(result, "timer", Stall.timer());
        result.write(options.result);

        return 0;
    }

    private void run(final Stage stage, final long count, final long rate, final Histogram times)
    {
        final int channel = stage.nextChannel();
        final Messages sending = new Messages(stage.peer().sender(channel, options.length, count), options.length);
        final Job job = Job.receive(channel, options.length, count);
        stage.farSide().begin(job);
        sending.awaitConnection();

        if (rate == 0)
        {
            sendBackToBack(sending, count, times);
        }
        else
        {
            sendPaced(sending, count, rate, times);
        }

        stage.farSide().end();
        stage.discard(job);
    }

    static void note(final Result result, final String name, final Histogram times)
    {
        Latencies.note(result, name, times);
        Latencies.noteStalls(result, name, times);
        result.histogram(name, times);
    }

    static void sendBackToBack(final Messages sending, final long count, final Histogram times)
    {
        for (long i = 0; i < count; i++)
        {
            final long startNs = System.nanoTime();
            sending.send(i, startNs);
            times.recordValue(System.nanoTime() - startNs);
        }
    }

    static void sendPaced(final Messages sending, final long count, final long perSecond, final Histogram times)
    {
        final Pace pace = new Pace(SystemNanoClock.INSTANCE, System.nanoTime() + LEAD_NS, perSecond);
        for (long i = 0; i < count; i++)
        {
            pace.await(i);
            final long startNs = System.nanoTime();
            sending.send(i, startNs);
            times.recordValue(System.nanoTime() - startNs);
        }
    }

    /**
     * What taking the time costs by itself.
     */
    static Histogram timer()
    {
        final Histogram times = Result.histogram();
        for (int pass = 0; pass < 2; pass++)
        {
            times.reset();
            for (int i = 0; i < TIMER_READS; i++)
            {
                final long startNs = System.nanoTime();
                times.recordValue(System.nanoTime() - startNs);
            }
        }

        return times;
    }
}
