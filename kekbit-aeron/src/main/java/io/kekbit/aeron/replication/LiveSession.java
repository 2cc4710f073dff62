package io.kekbit.aeron.replication;

import io.aeron.ExclusivePublication;

import java.util.concurrent.TimeUnit;

/**
 * What one target is told of the live stream: that there is one for the channel that it copies, then how far that is,
 * and that it is over. Belongs to the source's thread.
 */
final class LiveSession
{
    private static final long NOTE_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final LiveCast cast;
    private final Replies replies;

    // Which live stream the target knows of.
    private long id = LiveCast.NONE;
    private boolean isOver;
    private long notedPosition;
    private long nextNoteNs;

    LiveSession(final LiveCast cast, final Replies replies)
    {
        this.cast = cast;
        this.replies = replies;
    }

    /**
     * The target asked, or goes on to another channel: it knows of no live stream.
     */
    void reset()
    {
        id = LiveCast.NONE;
        isOver = false;
    }

    boolean isKnown(final long liveId)
    {
        return id == liveId && id != LiveCast.NONE;
    }

    /**
     * Tell of the live stream of a channel, if there is one that was not told of. Where it cannot be sent now, it is at
     * the next call.
     *
     * @return the amount of work done.
     */
    int offer(
        final ExclusivePublication publication,
        final long requestId,
        final CopiedStream stream,
        final long ordinal,
        final Object fileKey)
    {
        final long offered = cast.id();
        if (offered == id || !cast.isOf(stream, ordinal, fileKey) ||
            replies.liveStream(publication, requestId, offered, cast.sessionId(), cast.position(), false) <= 0)
        {
            return 0;
        }
        id = offered;

        return 1;
    }

    /**
     * Tell a target that follows the live stream how far that is, now and then: it finds out by this where it gets
     * nothing from there.
     *
     * @return the amount of work done.
     */
    int note(final ExclusivePublication publication, final long requestId, final long nowNs)
    {
        if (isOver)
        {
            return 0;
        }
        final boolean isEnded = cast.id() != id;
        if (!isEnded && nowNs - nextNoteNs < 0)
        {
            return 0;
        }
        final long position = isEnded ? cast.endOf(id) : cast.position();
        if (!isEnded && position == notedPosition ||
            replies.liveStream(publication, requestId, id, cast.sessionId(), position, isEnded) <= 0)
        {
            return 0;
        }
        isOver = isEnded;
        notedPosition = position;
        nextNoteNs = nowNs + NOTE_INTERVAL_NS;

        return 1;
    }

    /**
     * The target follows the live stream from now on.
     */
    void onJoined(final long nowNs)
    {
        notedPosition = 0;
        nextNoteNs = nowNs;
    }
}
