package io.kekbit.aeron.replication;

import io.kekbit.aeron.replication.codecs.StreamKind;
import io.kekbit.core.ChannelBlueprint;
import io.kekbit.core.ChannelCopy;
import io.kekbit.core.SeriesLock;
import io.kekbit.core.ShmReader;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;

/**
 * The copy that a target has: the only thing it knows, and all that it asks by.
 */
final class TargetCopy
{
    private final CopiedStream stream;
    private final TargetListener listener;

    // The channel that is copied, or was last; null where there is none.
    private ChannelCopy current;
    // The one before it, which is complete, and is closed as soon as the one behind it is there.
    private ChannelCopy previous;
    private SeriesLock lock;
    private long ordinal;
    private boolean isEnded;

    TargetCopy(final CopiedStream stream, final TargetListener listener)
    {
        this.stream = stream;
        this.listener = listener;
        ordinal = stream.isSeries() ? -1 : 0;
    }

    /**
     * Take up what is there.
     */
    void open()
    {
        if (stream.isSeries())
        {
            // So that nobody writes into the copy of a series.
            lock = SeriesLock.acquire(stream.root(), stream.channels());
        }
        final long last = stream.last();
        if (last < 0)
        {
            return;
        }
        ordinal = last;
        current = reopen(last);
        if (last > 0 && stream.exists(last - 1))
        {
            // Whoever made the last one may have died before it closed the one before.
            previous = reopen(last - 1);
            completePrevious();
        }
        isEnded = current.isClosed();
    }

    /**
     * Whether nothing can follow.
     */
    boolean isComplete()
    {
        return isEnded && !stream.isSeries();
    }

    boolean isAtBorder()
    {
        return current == null || isEnded;
    }

    boolean hasChannel()
    {
        return current != null && !isEnded;
    }

    /**
     * The channel that is copied now or next.
     *
     * @return its ordinal; -1 for the first that there is.
     */
    long ordinal()
    {
        return isEnded ? ordinal + 1 : ordinal;
    }

    /**
     * Where in that channel.
     */
    long position()
    {
        return hasChannel() ? current.position() : 0;
    }

    /**
     * Up to where the last channel that there is was forced to the device.
     */
    long durablePosition()
    {
        return current == null ? 0 : current.durablePosition();
    }

    /**
     * The last channel that there is.
     *
     * @return its ordinal; -1 where there is none; 0 for a channel by itself.
     */
    long lastOrdinal()
    {
        return ordinal;
    }

    /**
     * Where that one ends.
     */
    long lastPosition()
    {
        return current == null ? 0 : current.position();
    }

    long recordCount()
    {
        return current == null ? 0 : current.recordCount();
    }

    CopyRequest request(final long requestId, final String target)
    {
        return new CopyRequest(
            requestId,
            stream.isSeries() ? StreamKind.SERIES : StreamKind.CHANNEL,
            stream.channelId(),
            ordinal(),
            position(),
            hasChannel() ? current.tailChecksum() : 0,
            stream.isSeries() ? stream.name() : "",
            target);
    }

    /**
     * Go on behind what was deleted at the source.
     *
     * @param first the first channel that there is.
     */
    void skipTo(final long first)
    {
        if (current == null)
        {
            ordinal = first;
        }
        else
        {
            ordinal = first - 1;
        }
    }

    /**
     * Take the blueprint of the channel whose blocks follow.
     *
     * @return whether it is that of the channel asked for, and begins where the copy ends.
     * @throws ReplicationException where it is that of another.
     */
    boolean begin(final ChannelBlueprint blueprint, final long channelOrdinal, final long position)
    {
        final long asked = ordinal();
        if (asked >= 0 && channelOrdinal != asked || position != position())
        {
            return false;
        }
        requireRightPlace(blueprint, channelOrdinal);
        if (hasChannel())
        {
            if (!blueprint.equals(current.blueprint()))
            {
                throw new ReplicationException(
                    RefusalReason.OTHER_CHANNEL,
                    "file=" + current.file() + " copy=" + current.blueprint() + " source=" + blueprint,
                    null);
            }
        }
        else
        {
            previous = current;
            current = ChannelCopy.open(stream.channels(), blueprint);
            ordinal = channelOrdinal;
            isEnded = false;
            completePrevious();
        }
        listener.onCopying(current.file(), ordinal, current.position());

        return true;
    }

    void append(
        final long position, final DirectBuffer buffer, final int offset, final int length, final long timeTicks)
    {
        current.append(position, buffer, offset, length, timeTicks);
    }

    /**
     * The channel ends where the copy does.
     *
     * @param isFollowed whether the next channel follows at once. Then this one is closed when that is there, so that
     *                   readers of the copy go on from one to the other.
     */
    void end(final boolean isFollowed)
    {
        if (isFollowed)
        {
            current.flush();
        }
        else
        {
            complete(current, ordinal);
        }
        isEnded = true;
    }

    void flush()
    {
        if (hasChannel())
        {
            current.flush();
        }
    }

    void close()
    {
        CloseHelper.closeAll(previous, current, lock);
        previous = null;
        current = null;
        lock = null;
    }

    private void completePrevious()
    {
        if (previous != null)
        {
            complete(previous, ordinal - 1);
            previous = null;
        }
    }

    private void complete(final ChannelCopy copy, final long channelOrdinal)
    {
        if (!copy.isClosed())
        {
            copy.complete();
            listener.onChannelCompleted(copy.file(), channelOrdinal, copy.position());
        }
    }

    private ChannelCopy reopen(final long channelOrdinal)
    {
        final ChannelBlueprint own;
        try (ShmReader reader = ShmReader.builder(stream.file(channelOrdinal)).readSuspect(true).open())
        {
            own = ChannelBlueprint.of(reader);
        }

        return ChannelCopy.open(stream.channels(), own);
    }

    /**
     * See that the channel is the one asked for, whatever the source says: its id is where it is stored.
     */
    private void requireRightPlace(final ChannelBlueprint blueprint, final long channelOrdinal)
    {
        final boolean isRightSeries = !stream.isSeries() ||
            blueprint.streamId() != 0 && blueprint.ordinal() == channelOrdinal &&
            (current == null || blueprint.streamId() == current.blueprint().streamId());
        if (!isRightSeries || blueprint.header().channelId() != stream.channelId(channelOrdinal))
        {
            throw new ReplicationException(
                RefusalReason.OTHER_CHANNEL,
                "asked for " + stream + " ordinal=" + channelOrdinal +
                    (current == null ? "" : " copy=" + current.blueprint()) + " source=" + blueprint,
                null);
        }
    }
}
