package io.kekbit.core.series;

import io.kekbit.core.DataFormat;
import io.kekbit.core.Prefault;
import io.kekbit.core.SeriesChannel;
import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.FlushFailedException;
import io.kekbit.core.exceptions.NotEnoughSpaceException;

import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Makes the next channel of a series, ahead of time by the agent's thread, or else by the writer's when it is needed.
 * <p>
 * A channel that is made ready stands in the folder under its own name, complete and empty, with a stream id of 0:
 * readers of the series wait for that to change, and whoever resumes the series takes it over.
 *
 * @param <D> the format of the content.
 */
final class ChannelSupply<D extends DataFormat>
{
    static final long RETRY_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    private final SeriesPlan<D> plan;
    private final SeriesListener listener;
    private final ReentrantLock lock = new ReentrantLock();
    private final Runnable nearEndAlarm;
    private SeriesChannel<D> next;
    // Stored before `next` is, and loaded after: so the agent never makes a channel that there is.
    private long nextOrdinal;
    private volatile RuntimeException lastFailure;
    private boolean isEnded;
    private long retryNs;

    /**
     * @param plan         of each channel.
     * @param listener     to tell.
     * @param nextOrdinal  of the channel to make first.
     * @param next         that channel, if it was found ready, or null.
     * @param nearEndAlarm of each channel that is made.
     */
    ChannelSupply(
        final SeriesPlan<D> plan,
        final SeriesListener listener,
        final long nextOrdinal,
        final SeriesChannel<D> next,
        final Runnable nearEndAlarm)
    {
        this.nearEndAlarm = nearEndAlarm;
        this.plan = plan;
        this.listener = listener;
        this.nextOrdinal = nextOrdinal;
        if (next != null)
        {
            offer(next);
        }
    }

    /**
     * Whether a channel could not be made for want of space, be it for its content or for its name.
     */
    static boolean isForSpace(final ChannelException failure)
    {
        // The operating system tells only in words, and in the language of the machine.
        return failure instanceof NotEnoughSpaceException || failure.getCause() != null &&
            String.valueOf(failure.getCause().getMessage()).contains("No space left");
    }

    long nextOrdinal()
    {
        return nextOrdinal;
    }

    boolean isReady()
    {
        return ready() != null;
    }

    /**
     * Why the next channel could not be made, the last time that it could not.
     */
    RuntimeException lastFailure()
    {
        return lastFailure;
    }

    /**
     * Make the next channel if there is none, by the agent's thread.
     *
     * @param nowNs the time, to try again a while after a failure only.
     * @return 1 if it was made or tried.
     */
    int makeReady(final long nowNs)
    {
        if (isReady() || lastFailure != null && nowNs - retryNs < 0 || !lock.tryLock())
        {
            return 0;
        }
        try
        {
            if (isEnded || isReady())
            {
                return 0;
            }
            final SeriesChannel<D> made = make(plan.prefault());
            offer(made);
            listener.onNextChannelReady(made.ordinal(), made.channel().file());
        }
        catch (final ChannelException ex)
        {
            retryNs = nowNs + RETRY_INTERVAL_NS;
            listener.onNextChannelFailed(nextOrdinal, ex);
        }
        finally
        {
            lock.unlock();
        }

        return 1;
    }

    /**
     * Have a channel be the next one.
     */
    void offer(final SeriesChannel<D> channel)
    {
        channel.nearEndAlarm(nearEndAlarm);
        publish(channel);
    }

    /**
     * Look at the channel that is ready, by the writer's thread, which can take it.
     *
     * @return the channel, or null.
     */
    SeriesChannel<D> ready()
    {
        final SeriesChannel<D> seen = next;
        VarHandle.acquireFence();

        return seen;
    }

    /**
     * Take the channel that is ready, by the writer's thread.
     *
     * @param ready that was found ready.
     * @param isDue whether it is to be taken: else all of this is done in vain, and it stays.
     */
    void take(final SeriesChannel<D> ready, final boolean isDue)
    {
        nextOrdinal = ready.ordinal() + (isDue ? 1 : 0);
        publish(isDue ? null : ready);
    }

    /**
     * Take the channel that is ready or is being made, or make it here and now, by the writer's thread.
     *
     * @throws ChannelException where it cannot be made.
     */
    SeriesChannel<D> takeOrMake()
    {
        lock.lock();
        try
        {
            if (!isReady())
            {
                offer(make(Prefault.NONE));
            }
            final SeriesChannel<D> taken = ready();
            take(taken, true);

            return taken;
        }
        finally
        {
            lock.unlock();
        }
    }

    /**
     * Make nothing any more, and leave nothing behind that was made and not used.
     */
    void end()
    {
        lock.lock();
        try
        {
            isEnded = true;
            final SeriesChannel<D> unused = ready();
            publish(null);
            if (unused != null)
            {
                discard(unused);
            }
        }
        finally
        {
            lock.unlock();
        }
    }

    /**
     * Store with release. By a fence, since the access of a VarHandle takes half a microsecond until the JVM's second
     * compiler has seen to it, and this is part of going on in the next channel.
     */
    private void publish(final SeriesChannel<D> channel)
    {
        VarHandle.releaseFence();
        next = channel;
    }

    private SeriesChannel<D> make(final Prefault prefault)
    {
        try
        {
            final SeriesChannel<D> made = plan.create(0, nextOrdinal, 0, prefault);
            lastFailure = null;

            return made;
        }
        catch (final ChannelException ex)
        {
            lastFailure = ex;
            throw ex;
        }
    }

    private void discard(final SeriesChannel<D> unused)
    {
        try
        {
            // Marks it closed: readers that wait for it see by that to look for another.
            unused.channel().close();
        }
        catch (final FlushFailedException ex)
        {
            // It was to vanish anyway.
            listener.onClosingFailed(unused.ordinal(), unused.channel().file(), ex);
        }
        plan.folder().delete(unused.ordinal());
    }
}
