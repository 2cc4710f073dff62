package io.kekbit.cli.records;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Whether the user wants this command to end, by Ctrl-C or a plain {@code kill}. The JVM waits a moment for the command
 * to finish its line; not longer, since whoever reads that line may have stopped reading.
 */
public final class Interruption implements AutoCloseable
{
    private static final long PATIENCE_MS = 1_000;

    private final long patienceMs;
    private final CountDownLatch isDone = new CountDownLatch(1);
    private final Thread owner = Thread.currentThread();
    private final Thread hook = new Thread(this::onShutdown, "interruption");
    private volatile boolean isPending;

    /**
     * Listen from now on.
     */
    public Interruption()
    {
        this(PATIENCE_MS);
    }

    /**
     * Listen from now on, and let the JVM wait longer: for what is not only a line to print.
     *
     * @param patienceMs how long the command may take to end, in milliseconds.
     */
    public Interruption(final long patienceMs)
    {
        this.patienceMs = patienceMs;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * Whether a signal was received.
     *
     * @return true from then on.
     */
    public boolean isPending()
    {
        return isPending;
    }

    @Override
    public void close()
    {
        isDone.countDown();
        if (!isPending)
        {
            try
            {
                Runtime.getRuntime().removeShutdownHook(hook);
            }
            catch (final IllegalStateException ex)
            {
                // The JVM is about to end: that is all it can mean.
                isPending = true;
            }
        }
    }

    private void onShutdown()
    {
        isPending = true;
        LockSupport.unpark(owner);
        try
        {
            isDone.await(patienceMs, TimeUnit.MILLISECONDS);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
    }
}
