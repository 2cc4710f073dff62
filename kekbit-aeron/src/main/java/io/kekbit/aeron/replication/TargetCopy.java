package io.kekbit.aeron.replication;

import io.kekbit.aeron.replication.codecs.StreamKind;
import io.kekbit.core.ChannelBlueprint;
import io.kekbit.core.ChannelCopy;
import io.kekbit.core.SeriesLock;
import io.kekbit.core.ShmReader;
import io.kekbit.core.series.SeriesPosition;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;

/**
 * The copy that a target has: the only thing it knows, and all that it asks by.
 */
final class TargetCopy
{
    private static final long NONE = -1;

    private final CopiedStream stream;
    private final TargetListener listener;
    private final long maxChannelCapacity;

    // The channel that is copied, or was last; null where there is none.
    private ChannelCopy current;
    // The one before it, which is complete, and is closed as soon as the one behind it is there.
    private ChannelCopy previous;
    private long previousOrdinal;
    private SeriesLock lock;
    private long ordinal;
    private boolean isEnded;
    // The channel to ask for instead, where the source deleted what was asked for.
    private long nextOrdinal = NONE;

    TargetCopy(final CopiedStream stream, final TargetListener listener, final long maxChannelCapacity)
    {
        this.maxChannelCapacity = maxChannelCapacity;
        this.stream = stream;
        this.listener = listener;
        ordinal = stream.isSeries() ? NONE : 0;
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
        final long before = stream.lastBefore(last);
        if (before >= 0)
        {
            // Whoever made the last one may have died before it closed the one before.
            previous = reopen(before);
            previousOrdinal = before;
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

    /**
     * Whether there is a channel, be it complete or not.
     */
    boolean isBegun()
    {
        return current != null;
    }

    /**
     * Whether no channel is there that is not complete.
     */
    boolean isAtBorder()
    {
        return current == null || isEnded;
    }

    /**
     * Whether a channel is behind the last one of the copy, which is complete, with none between.
     */
    boolean isNext(final long channelOrdinal)
    {
        return isEnded && channelOrdinal == ordinal + 1;
    }

    /**
     * Whether blocks can be appended. Also where the channel had ended: a source that lost the next channel goes on in
     * this one.
     */
    boolean hasChannel()
    {
        return current != null && !current.isClosed();
    }

    /**
     * Whether the last channel that there is was closed, so that nothing can be appended to it ever.
     */
    boolean isClosed()
    {
        return current != null && current.isClosed();
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

    /**
     * Ask for what follows the last channel's copy, also where that is complete: the source then sees that it has the
     * same channel, and goes on with the next.
     */
    CopyRequest request(final long requestId, final boolean listensLive, final String target)
    {
        final boolean isOfNew = current == null || nextOrdinal >= 0;

        return new CopyRequest(
            requestId,
            stream.isSeries() ? StreamKind.SERIES : StreamKind.CHANNEL,
            stream.channelId(),
            nextOrdinal >= 0 ? nextOrdinal : ordinal,
            isOfNew ? 0 : current.position(),
            isOfNew ? 0 : current.tailChecksum(),
            listensLive,
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
        nextOrdinal = first;
    }

    /**
     * Take the blueprint of the channel whose blocks follow.
     *
     * @return whether it is that of a channel that can follow here, from where its copy ends.
     * @throws ReplicationException where it is that of another.
     */
    boolean begin(final ChannelBlueprint blueprint, final long channelOrdinal, final long position)
    {
        if (current != null && channelOrdinal == ordinal)
        {
            if (position != current.position())
            {
                return false;
            }
            goOn(blueprint);
        }
        else
        {
            if (position != 0 || !isAtBorder() || !isExpected(channelOrdinal))
            {
                return false;
            }
            beginNext(blueprint, channelOrdinal);
        }

        return true;
    }

    private boolean isExpected(final long channelOrdinal)
    {
        if (current == null && nextOrdinal < 0)
        {
            return channelOrdinal >= 0 && channelOrdinal <= (stream.isSeries() ? SeriesPosition.MAX_ORDINAL : 0);
        }

        return channelOrdinal == (nextOrdinal >= 0 ? nextOrdinal : ordinal + 1);
    }

    private void goOn(final ChannelBlueprint blueprint)
    {
        if (!blueprint.equals(current.blueprint()))
        {
            throw otherChannel(blueprint, ordinal);
        }
        if (!isEnded)
        {
            listener.onCopying(current.file(), ordinal, current.position());
        }
    }

    private void beginNext(final ChannelBlueprint blueprint, final long channelOrdinal)
    {
        requireRightPlace(blueprint, channelOrdinal);
        if (blueprint.header().capacity() > maxChannelCapacity)
        {
            throw new ReplicationException(
                RefusalReason.COPY_FAILED,
                stream + " ordinal=" + channelOrdinal + " capacity=" + blueprint.header().capacity() +
                    " maxChannelCapacity=" + maxChannelCapacity,
                null);
        }
        final ChannelCopy next = ChannelCopy.open(stream.channels(), blueprint);
        previous = current;
        previousOrdinal = ordinal;
        current = next;
        ordinal = channelOrdinal;
        nextOrdinal = NONE;
        isEnded = false;
        completePrevious();
        listener.onCopying(current.file(), ordinal, current.position());
    }

    void append(
        final long position, final DirectBuffer buffer, final int offset, final int length, final long timeTicks)
    {
        current.append(position, buffer, offset, length, timeTicks);
        if (isEnded)
        {
            isEnded = false;
            listener.onCopying(current.file(), ordinal, position);
        }
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
            if (!current.isClosed())
            {
                current.flush();
            }
        }
        else
        {
            complete(current, ordinal);
        }
        isEnded = true;
    }

    void flush()
    {
        if (!isAtBorder())
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

    /**
     * The copy cannot be made, opened or written.
     *
     * @return the exception to throw.
     */
    ReplicationException failed(final Throwable cause)
    {
        return new ReplicationException(RefusalReason.COPY_FAILED, toString(), cause);
    }

    /**
     * Where the copy is, and of what.
     */
    @Override
    public String toString()
    {
        return "root=" + stream.root() + " " + stream;
    }

    private void completePrevious()
    {
        if (previous != null)
        {
            complete(previous, previousOrdinal);
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
        final boolean isRight = !stream.isSeries() ||
            blueprint.streamId() != 0 && blueprint.ordinal() == channelOrdinal &&
                (current == null || blueprint.streamId() == current.blueprint().streamId()) &&
                (!isNext(channelOrdinal) || blueprint.follows(current));
        if (!isRight || blueprint.header().channelId() != stream.channelId(channelOrdinal))
        {
            throw otherChannel(blueprint, channelOrdinal);
        }
    }

    private ReplicationException otherChannel(final ChannelBlueprint blueprint, final long channelOrdinal)
    {
        return new ReplicationException(
            RefusalReason.OTHER_CHANNEL,
            this + " ordinal=" + channelOrdinal +
                (current == null ? "" : " copy=" + current.blueprint() + " records=" + current.recordCount()) +
                " source=" + blueprint,
            null);
    }
}
