package io.kekbit.core.series;

import io.kekbit.core.DataFormat;
import io.kekbit.core.SeriesChannel;
import io.kekbit.core.exceptions.ChannelAccessException;
import io.kekbit.core.exceptions.FlushFailedException;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The channels that a writer has left, until they are durable and closed, in the order in which it left them.
 *
 * @param <D> the format of the content.
 */
final class RetiredChannels<D extends DataFormat>
{
    private final SeriesListener listener;
    private final Queue<SeriesChannel<D>> queue = new ConcurrentLinkedQueue<>();
    private final ReentrantLock lock = new ReentrantLock();
    private volatile FlushFailedException failure;

    RetiredChannels(final SeriesListener listener)
    {
        this.listener = listener;
    }

    /**
     * The writer's thread has finished with a channel, and handed it over.
     */
    void add(final SeriesChannel<D> channel)
    {
        queue.add(channel);
    }

    /**
     * Close the channel that was left first, by the agent's thread.
     *
     * @return 1 if there was one.
     */
    int closeOne()
    {
        if (queue.isEmpty() || !lock.tryLock())
        {
            return 0;
        }
        try
        {
            return closeNext() ? 1 : 0;
        }
        finally
        {
            lock.unlock();
        }
    }

    /**
     * Close all of them, and wait for the one that is being closed.
     */
    void closeAll()
    {
        lock.lock();
        try
        {
            while (closeNext())
            {
                continue;
            }
        }
        finally
        {
            lock.unlock();
        }
    }

    /**
     * The first failure of the device, after which nothing vouches for all records; null where there was none.
     */
    FlushFailedException failure()
    {
        return failure;
    }

    private boolean closeNext()
    {
        final SeriesChannel<D> channel = queue.poll();
        if (channel == null)
        {
            return false;
        }

        try
        {
            channel.channel().close();
            listener.onChannelClosed(channel.ordinal(), channel.channel().file());
        }
        catch (final FlushFailedException ex)
        {
            failure = failure == null ? ex : failure;
            listener.onClosingFailed(channel.ordinal(), channel.channel().file(), ex);
        }
        catch (final ChannelAccessException ex)
        {
            // Closed and durable, but for its lock.
            listener.onClosingFailed(channel.ordinal(), channel.channel().file(), ex);
        }

        return true;
    }
}
