package io.kekbit.core.series;

import io.kekbit.core.DataFormat;
import io.kekbit.core.SeriesChannel;
import io.kekbit.core.exceptions.ChannelAccessException;
import io.kekbit.core.exceptions.FlushFailedException;

import java.util.concurrent.locks.ReentrantLock;

/**
 * The channels that a writer has left, until they are durable and closed, in the order in which it left them. Each of
 * them knows the one that it was left for, and so they are found without a queue.
 * <p>
 * A channel that is closed vouches for those before it. So where the device did not take one of them, those behind it
 * are let go of as they are, and the next writer of the series closes all of them, from that one on.
 *
 * @param <D> the format of the content.
 */
final class RetiredChannels<D extends DataFormat>
{
    private final SeriesListener listener;
    private final ReentrantLock lock = new ReentrantLock();
    // Changed by the holder of the lock.
    private volatile SeriesChannel<D> oldest;
    private volatile FlushFailedException failure;

    /**
     * @param listener to tell.
     * @param first    channel that the writer writes to.
     */
    RetiredChannels(final SeriesListener listener, final SeriesChannel<D> first)
    {
        this.listener = listener;
        oldest = first;
    }

    /**
     * Close the channel that was left first, by the agent's thread.
     *
     * @return 1 if there was one.
     */
    int closeOne()
    {
        if (oldest.successor() == null || !lock.tryLock())
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
     * Close the channel that the writer has not left, when the others were closed. Where one of them is not durable, or
     * was not closed since something was thrown in between, it is let go of as it is, and so are those.
     *
     * @return what the device did not take, or null.
     */
    FlushFailedException closeLast(final SeriesChannel<D> last)
    {
        lock.lock();
        try
        {
            if (failure == null && oldest == last)
            {
                close(last);
                return null;
            }
            // Nothing vouches for them. The next writer closes them.
            abandonAll(last);

            return failure;
        }
        catch (final FlushFailedException ex)
        {
            return ex;
        }
        finally
        {
            lock.unlock();
        }
    }

    /**
     * Let go of each channel, also where one cannot be let go of.
     */
    private void abandonAll(final SeriesChannel<D> last)
    {
        RuntimeException first = null;
        SeriesChannel<D> channel = null;
        while (channel != last)
        {
            channel = channel == null ? oldest : channel.successor();
            try
            {
                channel.abandon();
            }
            catch (final RuntimeException ex)
            {
                first = first == null ? ex : first;
            }
        }
        if (first != null)
        {
            throw first;
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
        final SeriesChannel<D> channel = oldest;
        final SeriesChannel<D> next = channel.successor();
        if (next == null)
        {
            return false;
        }
        oldest = next;

        try
        {
            if (failure != null)
            {
                channel.abandon();
                listener.onClosingFailed(channel.ordinal(), channel.channel().file(), failure);
                return true;
            }
            close(channel);
        }
        catch (final FlushFailedException ex)
        {
            failure = ex;
            listener.onClosingFailed(channel.ordinal(), channel.channel().file(), ex);
            return true;
        }
        catch (final ChannelAccessException ex)
        {
            // Closed and durable, but for its lock.
            listener.onClosingFailed(channel.ordinal(), channel.channel().file(), ex);
            return true;
        }
        listener.onChannelClosed(channel.ordinal(), channel.channel().file());

        return true;
    }

    private void close(final SeriesChannel<D> channel)
    {
        try
        {
            channel.channel().close();
        }
        catch (final FlushFailedException | ChannelAccessException ex)
        {
            throw ex;
        }
        catch (final RuntimeException | Error ex)
        {
            // As if the device had not taken it: nobody knows whether it did.
            failure = new FlushFailedException(channel.channel().file(), ex);
            channel.abandon();
            throw ex;
        }
    }
}
