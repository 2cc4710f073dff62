package io.kekbit.benchmarks.stream;

import java.util.concurrent.TimeUnit;

/**
 * Waits in a spin for the other side, and ends a measurement in which nothing has moved for long, since a message was
 * lost then.
 */
final class Patience
{
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(10);
    private static final int SPINS_BETWEEN_LOOKS = 1 << 16;

    private final String awaited;
    private final long limitNs;
    private int spins;
    private long firstLookNs;

    Patience(final String awaited)
    {
        this(awaited, LIMIT_NS);
    }

    Patience(final String awaited, final long limitNs)
    {
        this.awaited = awaited;
        this.limitNs = limitNs;
    }

    void onProgress()
    {
        spins = 0;
    }

    void idle()
    {
        Thread.onSpinWait();
        onNothing();
    }

    /**
     * For who has waited already.
     */
    void onNothing()
    {
        if (++spins % SPINS_BETWEEN_LOOKS == 0)
        {
            look();
        }
    }

    private void look()
    {
        final long nowNs = System.nanoTime();
        if (spins == SPINS_BETWEEN_LOOKS)
        {
            firstLookNs = nowNs;
        }
        else if (nowNs - firstLookNs > limitNs)
        {
            throw new IllegalStateException("waited in vain: for=" + awaited);
        }
        if (spins < 0 || Thread.currentThread().isInterrupted())
        {
            throw new IllegalStateException("given up: waiting for=" + awaited);
        }
    }
}
