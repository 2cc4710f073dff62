package io.kekbit.benchmarks.stream;

import io.kekbit.benchmarks.Result;
import io.kekbit.benchmarks.stream.peers.MessageHandler;
import io.kekbit.benchmarks.stream.peers.Receiver;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.NanoClock;

/**
 * Records how long after the time in it each message of one channel arrives. Sender and receiver have to use the same
 * clock: {@link System#nanoTime()} is the same one in all processes of a Linux machine, {@code CLOCK_MONOTONIC}.
 */
final class LatencyArrivals implements MessageHandler
{
    private static final int LIMIT = 256;

    private final int length;
    private final NanoClock clock;
    private final Histogram latencies = Result.histogram();
    private long count;

    LatencyArrivals(final int length, final NanoClock clock)
    {
        this.length = length;
        this.clock = clock;
    }

    @Override
    public void onMessage(final long sequence, final long time, final int bytes)
    {
        if (sequence != count || bytes != length)
        {
            throw Arrivals.unexpected(sequence, count, bytes);
        }
        count++;
        latencies.recordValue(clock.nanoTime() - time);
    }

    Histogram latencies()
    {
        return latencies;
    }

    void await(final Receiver receiver, final long messages)
    {
        final Patience patience = new Patience("message " + messages);
        while (count < messages)
        {
            if (receiver.poll(LIMIT) > 0)
            {
                patience.onProgress();
            }
            else
            {
                patience.idle();
            }
        }
    }
}
