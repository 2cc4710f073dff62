package io.kekbit.examples.support;

import org.agrona.concurrent.ShutdownSignalBarrier;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Whether the user wants this process to end. Until this is closed the JVM waits, so that the process can end its work
 * properly.
 */
public final class Interruption implements AutoCloseable
{
    private final AtomicBoolean isPending = new AtomicBoolean();
    private final ShutdownSignalBarrier barrier = new ShutdownSignalBarrier(() -> isPending.set(true));

    /**
     * Whether a signal was received, Ctrl-C or a plain {@code kill}.
     *
     * @return true from then on.
     */
    public boolean isPending()
    {
        return isPending.get();
    }

    @Override
    public void close()
    {
        barrier.close();
    }
}
