package io.kekbit.examples.marketdata;

import org.agrona.concurrent.ShutdownSignalBarrier;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Whether the user wants this process to end. Until this is closed the JVM waits, so that the process can end its work
 * properly.
 */
final class Interruption implements AutoCloseable
{
    private final AtomicBoolean isPending = new AtomicBoolean();
    private final ShutdownSignalBarrier barrier = new ShutdownSignalBarrier(() -> isPending.set(true));

    boolean isPending()
    {
        return isPending.get();
    }

    @Override
    public void close()
    {
        barrier.close();
    }
}
