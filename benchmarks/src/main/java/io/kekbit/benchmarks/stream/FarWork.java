package io.kekbit.benchmarks.stream;

import io.kekbit.benchmarks.stream.peers.Peer;
import io.kekbit.benchmarks.stream.peers.Receiver;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.SystemNanoClock;

/**
 * Does a job of the far side, on the calling thread.
 */
final class FarWork
{
    private FarWork()
    {
    }

    /**
     * Do it.
     *
     * @param peer    that carries the messages.
     * @param job     to do.
     * @param onReady to run when the first message may come.
     * @return what was found.
     */
    static Outcome run(final Peer peer, final Job job, final Runnable onReady)
    {
        return switch (job.kind())
        {
            case RECEIVE -> receive(peer, job, onReady);
            case RECORD -> recordLatency(peer, job, onReady);
            case ECHO -> echo(peer, job, onReady);
            case FILL -> fill(peer, job, onReady);
        };
    }

    private static Outcome receive(final Peer peer, final Job job, final Runnable onReady)
    {
        final Arrivals arrivals = new Arrivals(job.length());
        final Receiver receiver = peer.receiver(job.channel(), job.length(), job.messages(), arrivals);
        onReady.run();
        final long allocated = Allocation.ofThisThread();
        arrivals.await(receiver, job.messages(), job.maxSpins());
        final long endNs = System.nanoTime();

        return new Outcome(endNs, Allocation.ofThisThread() - allocated, arrivals.lastTime(), null);
    }

    private static Outcome recordLatency(final Peer peer, final Job job, final Runnable onReady)
    {
        final LatencyArrivals arrivals = new LatencyArrivals(job.length(), SystemNanoClock.INSTANCE);
        final Receiver receiver = peer.receiver(job.channel(), job.length(), job.messages(), arrivals);
        onReady.run();
        final long allocated = Allocation.ofThisThread();
        arrivals.await(receiver, job.messages());
        final long endNs = System.nanoTime();
        final Histogram latencies = arrivals.latencies();

        return new Outcome(endNs, Allocation.ofThisThread() - allocated, 0, latencies);
    }

    private static Outcome echo(final Peer peer, final Job job, final Runnable onReady)
    {
        final Echo echo = new Echo(peer.sender(job.backChannel(), job.length(), job.messages()), job.length());
        final Receiver receiver = peer.receiver(job.channel(), job.length(), job.messages(), echo);
        onReady.run();
        final long allocated = Allocation.ofThisThread();
        echo.await(receiver, job.messages());
        final long endNs = System.nanoTime();

        return new Outcome(endNs, Allocation.ofThisThread() - allocated, 0, null);
    }

    private static Outcome fill(final Peer peer, final Job job, final Runnable onReady)
    {
        final Messages messages =
            new Messages(peer.sender(job.channel(), job.length(), job.messages()), job.length());
        onReady.run();
        final long allocated = Allocation.ofThisThread();
        for (long i = 0; i < job.messages(); i++)
        {
            messages.send(i, i);
        }
        final long endNs = System.nanoTime();

        return new Outcome(endNs, Allocation.ofThisThread() - allocated, 0, null);
    }
}
