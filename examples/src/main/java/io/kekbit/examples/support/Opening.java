package io.kekbit.examples.support;

import io.kekbit.core.ShmReader;
import io.kekbit.core.ShmReaderBuilder;
import io.kekbit.core.exceptions.ChannelNotFoundException;
import io.kekbit.core.exceptions.StorageNotReadyException;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NoOpIdleStrategy;
import org.agrona.concurrent.SleepingMillisIdleStrategy;

import java.util.concurrent.TimeUnit;

/**
 * Waits for a channel in a process that writes one itself. One that does not simply calls
 * {@link ShmReaderBuilder#tryOpen(long, IdleStrategy)}.
 */
public final class Opening
{
    private Opening()
    {
    }

    /**
     * Open a channel as soon as it is there. Our own readers may be there already, so they get signs of life meanwhile.
     *
     * @param builder      of the reader.
     * @param waitSeconds  the longest to wait.
     * @param interruption that ends the wait.
     * @param signsOfLife  of the channel that this process writes.
     * @return the reader, or null where there is no channel in time.
     */
    public static ShmReader await(
        final ShmReaderBuilder builder,
        final long waitSeconds,
        final Interruption interruption,
        final SignsOfLife signsOfLife)
    {
        final IdleStrategy idleStrategy = new SleepingMillisIdleStrategy(10);
        final long startNs = System.nanoTime();
        do
        {
            try
            {
                return builder.tryOpen(0, NoOpIdleStrategy.INSTANCE);
            }
            catch (final ChannelNotFoundException | StorageNotReadyException ex)
            {
                signsOfLife.give();
                idleStrategy.idle();
            }
        }
        while (!interruption.isPending() && System.nanoTime() - startNs < TimeUnit.SECONDS.toNanos(waitSeconds));

        return null;
    }
}
