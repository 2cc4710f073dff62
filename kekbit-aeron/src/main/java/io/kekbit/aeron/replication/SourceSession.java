package io.kekbit.aeron.replication;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Image;
import io.aeron.Publication;
import io.kekbit.core.TerminalText;
import io.kekbit.core.exceptions.ChannelException;
import org.agrona.CloseHelper;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * One target of a source: its requests, a publication for it alone, and a reader for it alone. What cannot be sent now
 * is sent at the next turn, from the same position.
 */
final class SourceSession
{
    /**
     * What the session is about, one after the other.
     */
    private enum Stage
    {
        PUBLICATION, REQUEST, OPENING, BLUEPRINT, POSITION, BLOCKS, LIVE, END, NEXT, REFUSAL, GONE
    }

    private static final long SILENCE_LIMIT_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long REQUEST_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(50);

    private final long id;
    private final Aeron aeron;
    private final Image image;
    private final long publicationId;
    private final Replies replies;
    private final SourceListener listener;
    private final WalkTurn walkTurn;
    private final long beginNs;
    private final RequestReader requests = new RequestReader();
    private final BlockSender sender;
    private final NextChannel next = new NextChannel();
    private final RequestedPlace place;
    private final OutgoingChannel channel;
    private final PositionKeeper keeper;
    private final LiveSession live;

    private Stage stage = Stage.PUBLICATION;
    private ExclusivePublication publication;
    private long publicationNs;
    private boolean wasConnected;
    private CopyRequest request;
    private Refused refused;
    private boolean hasAsked;
    private long nextRequestNs;

    SourceSession(
        final long id,
        final Aeron aeron,
        final Image image,
        final long publicationId,
        final Path root,
        final TargetPositions positions,
        final Replies replies,
        final SourceListener listener,
        final WalkTurn walkTurn,
        final LiveCast cast,
        final SentBlocks sent,
        final int blocksPerTurn,
        final long nowNs)
    {
        this.id = id;
        this.aeron = aeron;
        this.image = image;
        this.publicationId = publicationId;
        this.replies = replies;
        this.listener = listener;
        this.walkTurn = walkTurn;
        sender = new BlockSender(sent);
        live = new LiveSession(cast, replies);
        place = new RequestedPlace(root);
        channel = new OutgoingChannel(place, next, replies, sender, blocksPerTurn);
        keeper = new PositionKeeper(positions, listener);
        beginNs = nowNs;
        nextRequestNs = nowNs;
    }

    long id()
    {
        return id;
    }

    Image image()
    {
        return image;
    }

    /**
     * Whether another session is the same target, as it was before: by its name, copying the same.
     */
    boolean isSameTarget(final SourceSession other)
    {
        return request != null && other.request != null && !request.target().isEmpty() &&
            request.target().equals(other.request.target()) && request.kind() == other.request.kind() &&
            request.channelId() == other.request.channelId() && request.stream().equals(other.request.stream());
    }

    /**
     * Whether the last turn brought a request.
     */
    boolean hasAsked()
    {
        return hasAsked;
    }

    /**
     * Whether the target follows the live stream, and is sent nothing else.
     */
    boolean isLive()
    {
        return stage == Stage.LIVE;
    }

    boolean isGone()
    {
        return stage == Stage.GONE;
    }

    /**
     * Do what there is to do for the target, and no more than its share.
     *
     * @param nowNs       the time.
     * @param isUpkeepDue whether to look for what is seldom there, too.
     * @return the amount of work done.
     */
    int doWork(final long nowNs, final boolean isUpkeepDue)
    {
        hasAsked = false;
        if (stage == Stage.BLOCKS && !isUpkeepDue)
        {
            return sendBlocks(nowNs);
        }
        if (stage == Stage.GONE || stage == Stage.LIVE && !isUpkeepDue)
        {
            return 0;
        }
        if (image.isClosed() || image.isEndOfStream() || isDisconnected())
        {
            close();
            return 1;
        }

        // The next one waits at the sender while one is being opened, and for a while after that.
        final boolean isBusy = stage == Stage.OPENING || stage == Stage.BLUEPRINT || stage == Stage.POSITION;
        int work = !isBusy && nowNs - nextRequestNs >= 0 ? image.poll(requests, 1) : 0;
        if (work > 0)
        {
            onMessage(nowNs);
            if (hasAsked)
            {
                // What the target was before is closed first.
                return work;
            }
        }
        if (isIdle(nowNs))
        {
            close();
            return 1;
        }
        switch (stage)
        {
            case PUBLICATION -> work += awaitPublication(nowNs);
            case OPENING -> work += open(nowNs);
            case BLUEPRINT -> work += sendBlueprint();
            case POSITION -> work += goToPosition();
            case BLOCKS -> work += offerLive() + sendBlocks(nowNs);
            case LIVE -> work += live.note(publication, request.requestId(), nowNs);
            case END -> work += sendEnd(nowNs);
            case NEXT -> work += awaitNext(nowNs);
            case REFUSAL -> work += sendRefusal();
            default ->
            {
                // It is the target's turn.
            }
        }

        return work;
    }

    /**
     * Let the target go. What was read for it is given back.
     */
    void close()
    {
        if (stage != Stage.GONE)
        {
            stage = Stage.GONE;
            channel.close();
            keeper.close();
            next.close();
            if (publication != null)
            {
                CloseHelper.quietClose(publication);
            }
            else if (!aeron.isClosed())
            {
                aeron.asyncRemovePublication(publicationId);
            }
            listener.onTargetLost(id);
        }
    }

    private boolean isDisconnected()
    {
        if (publication == null)
        {
            return false;
        }
        final boolean isConnected = publication.isConnected();
        final boolean isLost = publication.isClosed() || wasConnected && !isConnected;
        wasConnected |= isConnected;

        return isLost;
    }

    /**
     * Whether the target asked for nothing for too long, or asked and does not listen. Looked at after what it sent:
     * the turn of another target may have taken long.
     */
    private boolean isIdle(final long nowNs)
    {
        final boolean isSilent = request == null && nowNs - beginNs > SILENCE_LIMIT_NS;
        final boolean isDeaf = publication != null && !wasConnected && nowNs - publicationNs > SILENCE_LIMIT_NS;
        if (isSilent || isDeaf)
        {
            listener.onError(new IllegalStateException(
                "target=" + id + (isSilent ? " asked for nothing" : " does not listen to answers") +
                    ", and was let go of"));
        }

        return isSilent || isDeaf;
    }

    private int awaitPublication(final long nowNs)
    {
        publication = aeron.getExclusivePublication(publicationId);
        if (publication == null)
        {
            return 0;
        }
        publicationNs = nowNs;
        sender.publication(publication);
        stage = request == null ? Stage.REQUEST : Stage.OPENING;

        return 1;
    }

    private void onMessage(final long nowNs)
    {
        final String fault = requests.takeFault();
        if (fault != null)
        {
            listener.onError(new IllegalArgumentException("target=" + id + " " + fault));
            close();
            return;
        }
        final CopyRequest asked = requests.takeRequest();
        if (asked != null)
        {
            hasAsked = true;
            nextRequestNs = nowNs + REQUEST_INTERVAL_NS;
            channel.close();
            keeper.close();
            live.reset();
            request = asked;
            sender.requestId(asked.requestId());
            place.of(asked);
            if (stage != Stage.PUBLICATION)
            {
                stage = Stage.OPENING;
            }
        }
        if (requests.takeJoined())
        {
            onJoined(nowNs);
        }
        if (requests.takeProgress() && request != null && requests.progressRequestId() == request.requestId() &&
            place.stream() != null)
        {
            keeper.keep(
                request.target(), place.stream(), requests.progressOrdinal(), requests.progressPosition());
        }
    }

    private int offerLive()
    {
        return request.listensLive() ?
            live.offer(publication, request.requestId(), place.stream(), place.ordinal(), channel.fileKey()) : 0;
    }

    /**
     * The target follows the live stream, and needs no blocks of its own until it asks again.
     */
    private void onJoined(final long nowNs)
    {
        if (stage == Stage.BLOCKS && requests.joinedRequestId() == request.requestId() &&
            live.isKnown(requests.joinedLiveId()))
        {
            channel.close();
            live.onJoined(nowNs);
            stage = Stage.LIVE;
        }
    }

    private int open(final long nowNs)
    {
        try
        {
            if (place.stream() == null && !resolve())
            {
                return 1;
            }
            if (place.exists())
            {
                openChannel(nowNs);
            }
            else
            {
                final Refused missing = place.missing();
                if (missing != null)
                {
                    refuse(missing);
                }
            }
        }
        catch (final ChannelException | UncheckedIOException ex)
        {
            refuse(place.failed(ex));
        }

        return 1;
    }

    private boolean resolve()
    {
        if (!place.resolve())
        {
            refuse(place.refused(
                RefusalReason.BAD_REQUEST,
                "kind=" + request.kind() + " ordinal=" + request.ordinal() + " position=" + request.position()));
            return false;
        }
        listener.onRequest(
            id,
            TerminalText.escape(request.target()),
            place.stream().toString(),
            request.ordinal(),
            request.position());
        place.settle();

        return true;
    }

    private void openChannel(final long nowNs)
    {
        final Refused why = channel.open(publication, nowNs);
        if (why != null)
        {
            refuse(why);
            return;
        }
        place.onFound();
        // First the blueprint, whatever is wrong with the position: it tells whether the copy is of this channel.
        // It also tells at once that the request was heard: to go to the position can take long without an index.
        stage = Stage.BLUEPRINT;
    }

    private int sendBlueprint()
    {
        if (!isSent(channel.sendBlueprint(publication, request.requestId())))
        {
            return 0;
        }
        if (channel.isBlueprintSent())
        {
            stage = Stage.POSITION;
        }

        return 1;
    }

    /**
     * Go towards where the copy ends. One target does so in each turn of the source, and a step only, so that nobody
     * waits for long.
     */
    private int goToPosition()
    {
        if (!walkTurn.take(this))
        {
            return 0;
        }
        final Refused why = channel.goToPosition(request.tailChecksum());
        if (why != null)
        {
            refuse(why);
        }
        else if (channel.isAtPosition())
        {
            if (!keeper.isKeeping())
            {
                keeper.keep(request.target(), place.stream(), place.ordinal(), place.position());
            }
            stage = Stage.BLOCKS;
        }

        return 1;
    }

    private int sendBlocks(final long nowNs)
    {
        final int work = channel.sendBlocks(nowNs);
        if (sender.result() < 0)
        {
            // Back-pressure, or the end of the publication. Where the reader stands, something is left to be sent.
            isSent(sender.result());
        }
        else if (work == 0)
        {
            final Refused why = channel.checkEnd(nowNs);
            if (why != null)
            {
                refuse(why);
            }
            else if (channel.isDone())
            {
                stage = Stage.END;
            }
        }

        return work;
    }

    private int sendEnd(final long nowNs)
    {
        if (!isSent(channel.sendEnd(publication, request.requestId())))
        {
            return 0;
        }
        channel.close();
        live.reset();
        if (place.stream().isSeries())
        {
            place.next();
            next.of(place.stream(), place.ordinal(), nowNs);
            stage = Stage.NEXT;
        }
        else
        {
            stage = Stage.REQUEST;
        }

        return 1;
    }

    private int awaitNext(final long nowNs)
    {
        if (next.isPublished(nowNs))
        {
            next.close();
            stage = Stage.OPENING;
            return 1;
        }
        if (next.isDeleted())
        {
            refuse(place.deleted(next.firstOrdinal()));
            return 1;
        }
        if (next.failure() != null)
        {
            refuse(place.failed(next.failure()));
            return 1;
        }

        return 0;
    }

    private int sendRefusal()
    {
        if (!isSent(replies.refusal(publication, request.requestId(), refused)))
        {
            return 0;
        }
        channel.close();
        stage = Stage.REQUEST;
        listener.onRefused(id, refused.reason(), refused.details());

        return 1;
    }

    private void refuse(final Refused why)
    {
        refused = why;
        stage = Stage.REFUSAL;
    }

    private boolean isSent(final long result)
    {
        if (result == Publication.CLOSED || result == Publication.MAX_POSITION_EXCEEDED)
        {
            close();
        }

        return result > 0;
    }
}
