package io.kekbit.benchmarks.stream;

import io.kekbit.benchmarks.Result;
import io.kekbit.benchmarks.stream.peers.Receiver;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.concurrent.Callable;

/**
 * How long a message takes to another thread or process and back, on two channels, one message at a time. Both sides
 * spin while they wait.
 */
@Command(name = "round-trip", description = "Time to the other side and back.")
public final class RoundTrip implements Callable<Integer>
{
    @Mixin
    private CommonOptions options;

    @Option(
        names = "--processes", arity = "1", paramLabel = "BOOLEAN", defaultValue = "false",
        description = "Whether the other side is a process of its own. Default: ${DEFAULT-VALUE}")
    private boolean isFarSideProcess;

    @Option(
        names = "--warm-up-messages", paramLabel = "N", defaultValue = "300000",
        description = "Default: ${DEFAULT-VALUE}")
    private long warmUpMessages;

    @Option(names = "--messages", paramLabel = "N", defaultValue = "1000000", description = "Default: ${DEFAULT-VALUE}")
    private long messages;

    @Override
    public Integer call()
    {
        final Histogram roundTrips = Result.histogram();
        final Result result = new Result();
        try (Stage stage = new Stage(options, isFarSideProcess))
        {
            final long all = warmUpMessages + messages;
            final int ping = stage.nextChannel();
            final int pong = stage.nextChannel();
            final Messages sending = new Messages(stage.peer().sender(ping, options.length, all), options.length);
            final Job job = Job.echo(ping, pong, options.length, all);
            stage.farSide().begin(job);
            final Arrivals arrivals = new Arrivals(options.length);
            final Receiver receiver = stage.peer().receiver(pong, options.length, all, arrivals);
            sending.awaitConnection();

            exchange(sending, receiver, 0, warmUpMessages, roundTrips);
            roundTrips.reset();
            final long allocated = Allocation.ofThisThread();
            exchange(sending, receiver, warmUpMessages, all, roundTrips);
            final double allocatedHere = (double)(Allocation.ofThisThread() - allocated) / messages;
            final double allocatedThere = (double)stage.farSide().end().allocatedBytes() / all;
            result.figure("allocatedBytesPerMessage", allocatedHere + allocatedThere);
            stage.discard(job);
        }

        Latencies.note(result, roundTrips);
        result.histogram("roundTrip", roundTrips).write(options.result);

        return 0;
    }

    private static void exchange(
        final Messages sending, final Receiver receiver, final long from, final long to, final Histogram roundTrips)
    {
        final Patience patience = new Patience("pong");
        for (long i = from; i < to; i++)
        {
            final long startNs = System.nanoTime();
            sending.send(i, startNs);
            while (receiver.poll(1) == 0)
            {
                patience.idle();
            }
            roundTrips.recordValue(System.nanoTime() - startNs);
            patience.onProgress();
        }
    }
}
