package io.kekbit.benchmarks.replicate;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A part of a measurement. Both hosts know all parts, so that a message's number tells which one it belongs to.
 *
 * @param name      for the figures.
 * @param messages  how many.
 * @param perSecond at which rate, or {@link #UNPACED}.
 */
record Phase(String name, long messages, long perSecond)
{
    static final long UNPACED = 0;

    /**
     * The figure for how long a turn of the source host's application takes at the last rate, on average.
     */
    static final String TURN_AT_SOURCE = "turnAtSourceNs";

    /**
     * The same of the target host's.
     */
    static final String TURN_AT_TARGET = "turnAtTargetNs";

    private static final String WARM_UP = "warmUp";

    /**
     * The parts: as fast as possible to warm up, at each rate, and as fast as possible.
     */
    static List<Phase> all(final HostOptions options)
    {
        final List<Phase> phases = new ArrayList<>();
        final long most = options.bytes / options.length;
        phases.add(new Phase(WARM_UP, most, UNPACED));
        for (final long rate : options.rates)
        {
            phases.add(atRate(WARM_UP, rate, options.warmUpMs));
            phases.add(atRate("at" + rate, rate, options.measuredMs));
        }
        phases.add(new Phase("throughput", most, UNPACED));

        return phases;
    }

    private static Phase atRate(final String name, final long rate, final long millis)
    {
        return new Phase(name, rate * millis / TimeUnit.SECONDS.toMillis(1), rate);
    }

    static long messages(final List<Phase> phases)
    {
        return phases.stream().mapToLong(Phase::messages).sum();
    }

    boolean isPaced()
    {
        return perSecond != UNPACED;
    }

    boolean isWarmUp()
    {
        return WARM_UP.equals(name);
    }

    /**
     * When a message is due, whatever becomes of those before it.
     */
    long dueNs(final long startNs, final long index)
    {
        return isPaced() ? startNs + index * TimeUnit.SECONDS.toNanos(1) / perSecond : startNs;
    }
}
