package io.kekbit.aeron.replication;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.kekbit.aeron.replication.codecs.StreamKind;
import io.kekbit.core.ShmReader;
import io.kekbit.core.exceptions.ChannelNotFoundException;
import io.kekbit.core.exceptions.StorageNotReadyException;
import io.kekbit.core.series.SeriesPosition;
import org.agrona.CloseHelper;

import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Sends the blocks of one channel, or of one series, once for all targets, from the live end on. Targets find out by
 * their sessions that it does, and have these send what they lack. While nobody listens it keeps at the live end.
 * Belongs to the source's thread.
 */
final class LiveCast
{
    /**
     * The id of no live stream.
     */
    static final long NONE = 0;

    private static final long ANEW_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final long STALL_LIMIT_NS = TimeUnit.SECONDS.toNanos(1);

    /**
     * What the stream is about, one after the other.
     */
    private enum Stage
    {
        IDLE, PUBLICATION, CHANNEL, POSITION, BLOCKS, NEXT
    }

    private final CopiedStream stream;
    private final String uri;
    private final int streamId;
    private final SourceListener listener;
    private final SentBlocks sent = new SentBlocks();
    private final BlockSender sender = new BlockSender(sent);
    private final NextChannel next = new NextChannel();
    private final RequestedPlace place;
    private final OutgoingChannel channel;

    private Stage stage = Stage.IDLE;
    private Aeron aeron;
    private long publicationId;
    private ExclusivePublication publication;
    private long nextLookNs;
    private boolean isNextKnown;
    private boolean isSkipping;
    // Of a channel by itself that was sent up to its end.
    private Object endedFileKey;
    private String told = "";

    private boolean isStalled;
    private long stalledSinceNs;
    private int sessionId;
    private long id = NONE;
    private long endedId = NONE;
    private long endedPosition;

    LiveCast(final ReplicationSourceBuilder builder, final Replies replies)
    {
        stream = builder.liveStream();
        uri = builder.liveChannel();
        streamId = builder.liveStreamId();
        listener = builder.listener();
        place = new RequestedPlace(builder.root());
        channel = new OutgoingChannel(place, next, replies, sender, builder.blocksPerTurn());
    }

    SentBlocks sent()
    {
        return sent;
    }

    /**
     * The id of the blocks of the channel that is sent now, which is another one for each channel, and each time that
     * one is begun with.
     *
     * @return it, or {@link #NONE}.
     */
    long id()
    {
        return id;
    }

    /**
     * The id that Aeron gave to what is sent.
     */
    int sessionId()
    {
        return sessionId;
    }

    /**
     * Up to where the channel was sent, with its ordinal.
     */
    long position()
    {
        return SeriesPosition.of(place.ordinal(), channel.position());
    }

    /**
     * Where a channel ended that was sent.
     *
     * @param liveId of its blocks.
     * @return the position with its ordinal, or 0 where it is not known.
     */
    long endOf(final long liveId)
    {
        return liveId == endedId ? endedPosition : 0;
    }

    /**
     * Whether a channel is the one that is sent now.
     */
    boolean isOf(final CopiedStream other, final long ordinal, final Object fileKey)
    {
        return id != NONE && ordinal == place.ordinal() && stream.equals(other) && fileKey != null &&
            fileKey.equals(channel.fileKey());
    }

    /**
     * Begin to send, as soon as there is something.
     */
    void begin(final Aeron client, final long nowNs)
    {
        if (stream != null)
        {
            aeron = client;
            publicationId = Aeron.NULL_VALUE;
            nextLookNs = nowNs;
            stage = Stage.PUBLICATION;
        }
    }

    /**
     * Do what there is to do, and no more than the share of one target.
     *
     * @param nowNs       the time.
     * @param isUpkeepDue whether to look for what is seldom there, too.
     * @return the amount of work done.
     */
    int doWork(final long nowNs, final boolean isUpkeepDue)
    {
        if (stage == Stage.IDLE)
        {
            return 0;
        }
        try
        {
            return stage == Stage.BLOCKS && !isSkipping && !isUpkeepDue ? sendBlocks(nowNs) : advance(nowNs);
        }
        catch (final RuntimeException | InternalError ex)
        {
            // An InternalError is a page of the channel that is gone. Targets are served by their sessions.
            leaveChannel();
            isNextKnown = false;
            await(publication == null ? Stage.PUBLICATION : Stage.CHANNEL, nowNs);
            if (!(ex instanceof ChannelNotFoundException || ex instanceof StorageNotReadyException))
            {
                // Neither deleted just now, nor just being made.
                tell(ex);
            }
            return 1;
        }
    }

    /**
     * Let go of the channel, and of Aeron.
     */
    void close()
    {
        leaveChannel();
        if (publication != null)
        {
            CloseHelper.quietClose(publication);
        }
        else if (stage == Stage.PUBLICATION && publicationId != Aeron.NULL_VALUE)
        {
            removePublication();
        }
        publication = null;
        aeron = null;
        stage = Stage.IDLE;
    }

    private void removePublication()
    {
        try
        {
            if (!aeron.isClosed())
            {
                aeron.asyncRemovePublication(publicationId);
            }
        }
        catch (final RuntimeException ex)
        {
            // The client is just ending, and with it all that it has.
            publicationId = Aeron.NULL_VALUE;
        }
    }

    private int advance(final long nowNs)
    {
        if (publication != null && publication.isClosed())
        {
            beginAnew(nowNs);
            return 1;
        }

        return switch (stage)
        {
            case PUBLICATION -> awaitPublication(nowNs);
            case CHANNEL -> nowNs - nextLookNs < 0 ? 0 : openChannel(nowNs);
            case POSITION -> goToPosition(nowNs);
            case BLOCKS -> isSkipping || !publication.isConnected() ? skipBlocks(nowNs) : sendBlocks(nowNs);
            case NEXT -> awaitNext(nowNs);
            default -> 0;
        };
    }

    private void beginAnew(final long nowNs)
    {
        final Aeron client = aeron;
        close();
        begin(client, nowNs);
    }

    private int awaitPublication(final long nowNs)
    {
        if (nowNs - nextLookNs < 0)
        {
            return 0;
        }
        try
        {
            if (publicationId == Aeron.NULL_VALUE)
            {
                publicationId = aeron.asyncAddExclusivePublication(uri, streamId);
            }
            publication = aeron.getExclusivePublication(publicationId);
        }
        catch (final RuntimeException ex)
        {
            publicationId = Aeron.NULL_VALUE;
            await(Stage.PUBLICATION, nowNs);
            tell(ex);
            return 1;
        }
        if (publication == null)
        {
            return 0;
        }
        sessionId = publication.sessionId();
        sender.publication(publication);
        stage = Stage.CHANNEL;

        return 1;
    }

    /**
     * Open the next channel at its start, where that is known, or else the last one that is published where it ends.
     */
    private int openChannel(final long nowNs)
    {
        final long last = isNextKnown ? place.ordinal() : stream.last();
        Refused why = last < 0 ? null : open(last, nowNs);
        if (why != null && why.reason() == RefusalReason.UNKNOWN_STREAM && !isNextKnown)
        {
            // It is made ready only.
            final long before = stream.lastBefore(last);
            why = before < 0 ? null : open(before, nowNs);
        }
        if (why != null)
        {
            tell(new IllegalStateException("nothing is sent on the live stream, " + why.reason() + ": " +
                why.details()));
        }
        isNextKnown = false;
        if (stage != Stage.POSITION)
        {
            await(Stage.CHANNEL, nowNs);
        }

        return 1;
    }

    private Refused open(final long ordinal, final long nowNs)
    {
        if (endedFileKey != null && endedFileKey.equals(OutgoingChannel.fileKey(stream.file(ordinal))))
        {
            return null;
        }
        channel.close();
        go(ordinal, 0);
        final Refused why = channel.open(publication, nowNs);
        if (why == null)
        {
            if (!isNextKnown)
            {
                go(ordinal, end(ordinal));
            }
            endedFileKey = null;
            // The next one is sent from its start on; else the live end may be far.
            isSkipping = !isNextKnown;
            stage = Stage.POSITION;
        }

        return why;
    }

    private void go(final long ordinal, final long position)
    {
        place.of(new CopyRequest(
            0,
            stream.isSeries() ? StreamKind.SERIES : StreamKind.CHANNEL,
            stream.channelId(),
            ordinal,
            position,
            0,
            false,
            stream.isSeries() ? stream.name() : "",
            ""));
        place.resolve();
    }

    /**
     * Where the channel ends, if that is told without a walk along all of it.
     */
    private long end(final long ordinal)
    {
        try (ShmReader start = ShmReader.builder(stream.file(ordinal)).open())
        {
            if (!start.extension().isPresent())
            {
                return 0;
            }
        }
        try (ShmReader end = ShmReader.builder(stream.file(ordinal)).atEnd(true).open())
        {
            return end.position();
        }
    }

    private int goToPosition(final long nowNs)
    {
        final Refused why = channel.goToPosition();
        if (why != null)
        {
            refuse(why, nowNs);
        }
        else if (channel.isAtPosition())
        {
            beginId();
            sender.base(SeriesPosition.of(place.ordinal(), 0));
            stage = Stage.BLOCKS;
        }

        return 1;
    }

    private int sendBlocks(final long nowNs)
    {
        final int work = channel.sendBlocks(nowNs);
        if (sender.result() == Publication.NOT_CONNECTED)
        {
            isSkipping = true;
        }
        else if (sender.result() == Publication.MAX_POSITION_EXCEEDED)
        {
            beginAnew(nowNs);
        }
        else if (sender.result() >= 0 && work == 0)
        {
            checkEnd(nowNs);
        }
        checkStall(work > 0 || sender.result() >= 0, nowNs);

        return work;
    }

    /**
     * Flow control may let one who listens hold up all others. They are not to wait for long: they are told that this
     * is over, and what is sent from then on is another stream, from the live end on.
     */
    private void checkStall(final boolean isFlowing, final long nowNs)
    {
        if (isFlowing || stage != Stage.BLOCKS)
        {
            isStalled = false;
        }
        else if (!isStalled)
        {
            isStalled = true;
            stalledSinceNs = nowNs;
        }
        else if (nowNs - stalledSinceNs > STALL_LIMIT_NS)
        {
            isStalled = false;
            isSkipping = true;
            endId(0);
            beginId();
        }
    }

    /**
     * Nobody listens, or the live end was not reached yet.
     */
    private int skipBlocks(final long nowNs)
    {
        final int work = channel.skipBlock();
        isStalled = false;
        isSkipping = work > 0 || !publication.isConnected() || publication.availableWindow() <= 0;
        if (work == 0)
        {
            checkEnd(nowNs);
        }

        return work;
    }

    private void checkEnd(final long nowNs)
    {
        final Refused why = channel.checkEnd(nowNs);
        if (why != null)
        {
            refuse(why, nowNs);
        }
        else if (channel.isDone())
        {
            endId(position());
            told = "";
            if (stream.isSeries())
            {
                leaveChannel();
                place.next();
                next.of(stream, place.ordinal(), nowNs);
                stage = Stage.NEXT;
            }
            else
            {
                // It stays open, so that no other file is taken for it.
                endedFileKey = channel.fileKey();
                await(Stage.CHANNEL, nowNs);
            }
        }
    }

    private int awaitNext(final long nowNs)
    {
        isNextKnown = next.isPublished(nowNs);
        if (isNextKnown || next.isDeleted())
        {
            next.close();
            nextLookNs = nowNs;
            stage = Stage.CHANNEL;
            return 1;
        }
        if (next.failure() != null)
        {
            refuse(place.failed(next.failure()), nowNs);
            return 1;
        }

        return 0;
    }

    private void refuse(final Refused why, final long nowNs)
    {
        leaveChannel();
        await(Stage.CHANNEL, nowNs);
        tell(new IllegalStateException("the live stream ends, " + why.reason() + ": " + why.details()));
    }

    private void leaveChannel()
    {
        endId(0);
        channel.close();
        next.close();
        // A channel that is not held open may be deleted, and another one get its key.
        endedFileKey = null;
        isStalled = false;
    }

    private void beginId()
    {
        id = newId();
        sender.requestId(id);
    }

    /**
     * @param end of the channel with its ordinal, or 0 where it is not known.
     */
    private void endId(final long end)
    {
        if (id != NONE)
        {
            endedId = id;
            endedPosition = end;
            id = NONE;
        }
    }

    private void await(final Stage awaited, final long nowNs)
    {
        stage = awaited;
        nextLookNs = nowNs + ANEW_INTERVAL_NS;
    }

    /**
     * It is tried again and again, and told once.
     */
    private void tell(final Throwable failure)
    {
        final String text = Objects.toString(failure.getMessage());
        if (!text.equals(told))
        {
            told = text;
            listener.onError(failure);
        }
    }

    private static long newId()
    {
        final long random = ThreadLocalRandom.current().nextLong();

        return random == NONE ? 1 : random;
    }
}
