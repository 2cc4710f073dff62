package io.kekbit.examples.replicate;

import org.agrona.concurrent.NanoClock;

import java.util.concurrent.TimeUnit;

/**
 * How long to wait for what may never come: a minute, and again a minute whenever there is a sign of it.
 */
final class Patience
{
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(60);

    private final NanoClock clock;
    private long signNs;

    /**
     * Begin to wait.
     */
    Patience(final NanoClock clock)
    {
        this.clock = clock;
        renew();
    }

    /**
     * There is a sign.
     */
    void renew()
    {
        signNs = clock.nanoTime();
    }

    boolean isOver()
    {
        return clock.nanoTime() - signNs > LIMIT_NS;
    }
}
