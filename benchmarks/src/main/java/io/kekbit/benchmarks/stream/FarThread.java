package io.kekbit.benchmarks.stream;

import io.kekbit.benchmarks.stream.peers.Peer;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * The other side of a measurement as a thread of this process.
 */
final class FarThread implements FarSide
{
    private final Peer peer;
    private final String processor;
    private FutureTask<Outcome> task;
    private Thread thread;

    /**
     * Name it.
     *
     * @param peer      that carries the messages.
     * @param processor to keep it on; null for any.
     */
    FarThread(final Peer peer, final String processor)
    {
        this.peer = peer;
        this.processor = processor;
    }

    @Override
    public void begin(final Job job)
    {
        final CountDownLatch ready = new CountDownLatch(1);
        task = new FutureTask<>(() ->
        {
            try
            {
                Processor.pin(processor);

                return FarWork.run(peer, job, ready::countDown);
            }
            finally
            {
                ready.countDown();
            }
        });
        thread = new Thread(task, "far side");
        thread.setDaemon(true);
        thread.start();
        try
        {
            ready.await();
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", ex);
        }
    }

    @Override
    public Outcome end()
    {
        try
        {
            final Outcome outcome = task.get();
            thread.join();

            return outcome;
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", ex);
        }
        catch (final ExecutionException ex)
        {
            throw new IllegalStateException("the far side failed", ex.getCause());
        }
    }

    @Override
    public void release(final Job job)
    {
        // The near side's peer is this side's too.
    }

    @Override
    public void close()
    {
        if (thread != null)
        {
            thread.interrupt();
            try
            {
                thread.join();
            }
            catch (final InterruptedException ex)
            {
                Thread.currentThread().interrupt();
            }
        }
    }
}
