package io.kekbit.benchmarks.replicate;

import io.kekbit.benchmarks.Result;
import org.HdrHistogram.Histogram;
import org.agrona.DirectBuffer;

import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What arrives at the target's application: each message once and in order, or the measurement fails. Latency is from
 * the time at which a message was due to the time at which it is looked at.
 */
final class Arrivals
{
    private final List<Phase> phases;
    private final int length;
    private final Result result;
    private Phase phase;
    private int index;
    private long count;
    private long countOfPhase;
    private Histogram latencies = Result.histogram();

    Arrivals(final List<Phase> phases, final int length, final Result result)
    {
        this.phases = phases;
        phase = phases.get(0);
        this.length = length;
        this.result = result;
    }

    void onMessage(final DirectBuffer buffer, final int offset, final int messageLength)
    {
        final long number = Payload.number(buffer, offset);
        if (number != count || messageLength != length)
        {
            throw new IllegalStateException(
                "lost or out of order: number=" + number + " expected=" + count + " length=" + messageLength);
        }
        count++;
        countOfPhase++;
        final boolean isLast = countOfPhase == phase.messages();
        if (phase.isPaced() || isLast)
        {
            final long sinceDueNs = System.nanoTime() - Payload.dueNs(buffer, offset);
            latencies.recordValue(sinceDueNs);
            if (isLast)
            {
                endPhase(sinceDueNs);
            }
        }
    }

    /**
     * How many phases have ended.
     */
    int phasesEnded()
    {
        return index;
    }

    private void endPhase(final long sinceDueNs)
    {
        if (!phase.isWarmUp() && phase.isPaced())
        {
            result.histogram(phase.name(), latencies);
        }
        else if (!phase.isWarmUp())
        {
            // All of them were due when the phase began.
            result.figure(
                phase.name(), phase.messages() * (double)TimeUnit.SECONDS.toNanos(1) / Math.max(1, sinceDueNs));
        }
        latencies = Result.histogram();
        countOfPhase = 0;
        index++;
        phase = index < phases.size() ? phases.get(index) : null;
    }
}
