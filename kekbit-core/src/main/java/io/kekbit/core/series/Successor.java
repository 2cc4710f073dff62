package io.kekbit.core.series;

import io.kekbit.core.ReaderState;
import io.kekbit.core.ShmReader;
import io.kekbit.core.exceptions.ChannelNotFoundException;
import io.kekbit.core.exceptions.PositionDeletedException;
import io.kekbit.core.layout.ExtensionDescriptor;
import org.agrona.concurrent.NanoClock;

import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;

/**
 * The channel behind the one that is read, for which its reader waits. As soon as it is made ready it is opened, so
 * that it takes one load to see that it was published. Belongs to one reader.
 */
final class Successor
{
    private static final long LOOK_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LIST_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Channels channels;
    private final NanoClock clock;
    private final ForwardingHandlers.Probe probe = new ForwardingHandlers.Probe();
    private ShmReader reader;
    private long ordinal;
    private long nextLookNs;
    private long nextListNs;

    Successor(final Channels channels, final NanoClock clock)
    {
        this.channels = channels;
        this.clock = clock;
    }

    /**
     * Wait for the channel behind another from now on.
     */
    void of(final long currentOrdinal)
    {
        if (ordinal != currentOrdinal + 1 || reader == null)
        {
            close();
            ordinal = currentOrdinal + 1;
            nextLookNs = clock.nanoTime();
            nextListNs = nextLookNs;
        }
    }

    /**
     * Whether the channel is published. Where it is not even made, its file is looked for at intervals.
     *
     * @param isLookedFor whether to look for the file.
     * @throws PositionDeletedException where it was deleted.
     */
    boolean isPublished(final boolean isLookedFor)
    {
        if (reader != null && isPublished(reader))
        {
            return true;
        }
        if (!isLookedFor)
        {
            return false;
        }
        final long nowNs = clock.nanoTime();
        if (nowNs - nextLookNs < 0)
        {
            return false;
        }
        final boolean isPublished = look(nowNs);
        nextLookNs = nowNs + LOOK_INTERVAL_NS;

        return isPublished;
    }

    /**
     * Whether the channel is published, looked at here and now.
     *
     * @throws PositionDeletedException where it was deleted.
     */
    boolean isPublishedNow()
    {
        return reader != null && isPublished(reader) || look(clock.nanoTime());
    }

    /**
     * Hand over the channel, which is published.
     */
    ShmReader take()
    {
        final ShmReader taken = reader;
        reader = null;

        return taken;
    }

    void close()
    {
        if (reader != null)
        {
            reader.close();
            reader = null;
        }
    }

    private boolean look(final long nowNs)
    {
        if (reader != null && isClosed(reader) && !isPublished(reader))
        {
            // It was deleted before it was published, and another may be in its place.
            close();
        }
        if (reader == null)
        {
            reader = channels.openMade(ordinal);
        }
        if (reader == null && nowNs - nextListNs >= 0)
        {
            requireThere();
            // Behind that: whoever is told that it was deleted, and asks again, is told so again.
            nextListNs = nowNs + LIST_INTERVAL_NS;
        }

        return reader != null && isPublished(reader);
    }

    /**
     * Whether nothing but heartbeats stands before the mark that a channel is closed.
     */
    private boolean isClosed(final ShmReader channel)
    {
        channel.controlledRead(probe.reset(), Integer.MAX_VALUE);

        return channel.state() == ReaderState.CLOSED;
    }

    /**
     * Deleted are the oldest channels, so where there is none before this one, it was deleted as well. Where others are
     * published behind it, it is missing or no channel any more, and waiting would not help.
     */
    private void requireThere()
    {
        requireNotDeleted();
        if (channels.folder().last() > ordinal)
        {
            try
            {
                reader = channels.requireMade(ordinal);
            }
            catch (final ChannelNotFoundException ex)
            {
                requireNotDeleted();
                throw ex;
            }
        }
    }

    private void requireNotDeleted()
    {
        final SeriesFolder folder = channels.folder();
        final long first = folder.first();
        if (first > ordinal)
        {
            throw new PositionDeletedException(
                folder.file(ordinal), SeriesPosition.of(ordinal, 0), SeriesPosition.of(first, 0));
        }
    }

    private boolean isPublished(final ShmReader channel)
    {
        final long stored = channel.buffer().getLong(ExtensionDescriptor.STREAM_ID_OFFSET, ByteOrder.LITTLE_ENDIAN);
        // What was written before it was published is seen after this.
        VarHandle.acquireFence();

        return stored == channels.streamId();
    }
}
