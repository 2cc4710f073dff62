package io.kekbit.aeron.replication;

import io.aeron.Aeron;
import io.aeron.ControlledFragmentAssembler;
import io.aeron.Image;
import io.aeron.Subscription;
import io.aeron.logbuffer.ControlledFragmentHandler;
import io.aeron.logbuffer.ControlledFragmentHandler.Action;
import io.aeron.logbuffer.Header;
import io.kekbit.aeron.replication.codecs.BlockDecoder;
import io.kekbit.core.Reader;
import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.WriteException;
import io.kekbit.core.series.SeriesPosition;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.NanoClock;

/**
 * The live stream as a target sees it. As soon as one of its blocks covers the end of the copy, the copy follows it,
 * until something is missing in it, or it ends: then the target asks the source for what follows the copy, as ever.
 * Blocks that the source has not told of are never looked at.
 * <p>
 * Belongs to the target's thread, but for {@link #isLive()} and {@link #fallBacks()}.
 */
final class LiveFeed
{
    private static final int FRAGMENT_LIMIT = 64;
    /**
     * A block that is ahead of the copy by no more than this waits until the copy is there, so that a copy that grows
     * while it catches up meets the live stream. It is the half of the window that Aeron has unless told.
     */
    private static final long WAIT_LENGTH = 64 * 1024;

    private final String uri;
    private final int streamId;
    private final long timeoutNs;
    private final long retryIntervalNs;
    private final TargetCopy copy;
    private final TargetListener listener;
    private final NanoClock clock;
    private final BackOff backOff;
    private final ControlledFragmentAssembler assembler = new ControlledFragmentAssembler(this::onMessage);
    private final ControlledFragmentHandler filter = this::onFragment;
    private final IncomingMessage message = new IncomingMessage();
    private final BlockDecoder block = new BlockDecoder();

    private Aeron aeron;
    private long subscriptionId = Aeron.NULL_VALUE;
    private Subscription subscription;
    private long nextAttemptNs;
    // The live stream of the channel that is copied, as far as the source told.
    private long id = LiveCast.NONE;
    private int sessionId;
    private long refusedId = LiveCast.NONE;
    private Image image;
    private boolean isUntold;
    private boolean isRequestDue;
    private boolean hasAppended;
    private ReplicationException failure;
    // Up to where the copy has to come, and since when.
    private boolean isAwaiting;
    private long seenPosition;
    private boolean isOver;
    private long awaitedPosition;
    private long awaitedSinceNs;

    // Since when a block waits for the copy, and until when the stream is not joined.
    private boolean isWaiting;
    private long waitingSinceNs;
    private boolean isHeldOff;
    private long notBeforeNs;
    private long liveSinceNs;

    private volatile boolean isLive;
    private volatile long fallBacks;

    LiveFeed(final ReplicationTargetBuilder builder, final TargetCopy copy)
    {
        uri = builder.liveChannel();
        streamId = builder.liveStreamId();
        timeoutNs = builder.liveTimeoutNs();
        retryIntervalNs = builder.maxRetryIntervalNs();
        listener = builder.listener();
        clock = builder.clock();
        backOff = new BackOff(builder.retryIntervalNs(), builder.maxRetryIntervalNs());
        this.copy = copy;
    }

    /**
     * Whether there is a live stream to listen to.
     */
    boolean isConfigured()
    {
        return uri != null;
    }

    /**
     * Whether the copy follows the live stream.
     */
    boolean isLive()
    {
        return isLive;
    }

    /**
     * How often the copy had to leave the live stream before that was over.
     */
    long fallBacks()
    {
        return fallBacks;
    }

    /**
     * The live stream that is followed.
     */
    long id()
    {
        return id;
    }

    /**
     * Listen, where there is something to listen to.
     */
    void open(final Aeron client)
    {
        if (uri != null && aeron == null)
        {
            aeron = client;
            subscriptionId = Aeron.NULL_VALUE;
            nextAttemptNs = clock.nanoTime();
        }
    }

    /**
     * Take what came. What is of no use now is dropped, so that nobody waits for this target.
     *
     * @return how many fragments.
     */
    int poll()
    {
        return subscription == null ? 0 : subscription.controlledPoll(filter, FRAGMENT_LIMIT);
    }

    /**
     * Look for what is seldom there.
     */
    void keepUp(final long nowNs)
    {
        if (subscription == null && aeron != null && nowNs - nextAttemptNs >= 0)
        {
            subscribe(nowNs);
        }
        isHeldOff = isHeldOff && nowNs - notBeforeNs < 0;
        if (isWaiting && nowNs - waitingSinceNs > timeoutNs)
        {
            // The copy does not come to where the live stream is, and others may wait for that.
            holdOff(nowNs);
        }
    }

    /**
     * Look whether the copy can go on following, after it was given what came.
     */
    void check(final long nowNs)
    {
        if (!isLive)
        {
            return;
        }
        if (copy.lastPosition() > seenPosition)
        {
            seenPosition = copy.lastPosition();
            awaitedSinceNs = nowNs;
        }
        if (isAwaiting && copy.lastPosition() >= awaitedPosition)
        {
            isAwaiting = false;
            if (isOver)
            {
                // The end of the channel is the session's affair.
                leave();
                isRequestDue = true;
            }
        }
        else if (image.isClosed())
        {
            fallBackFor("it is gone");
        }
        else if (isAwaiting && nowNs - awaitedSinceNs > timeoutNs)
        {
            fallBackFor("nothing comes");
        }
    }

    /**
     * Why the copy does not go on before somebody looked at it.
     *
     * @return that, or null.
     */
    ReplicationException failure()
    {
        return failure;
    }

    /**
     * Whether the source has to be told that the copy follows the live stream.
     */
    boolean isUntold()
    {
        return isUntold;
    }

    void onTold()
    {
        isUntold = false;
    }

    /**
     * Whether the source is about to be asked, so that what its session sends until then is of no use.
     */
    boolean isAsking()
    {
        return isRequestDue || isOver;
    }

    /**
     * The source is about to be asked, for another reason.
     */
    void onAsking()
    {
        if (isLive)
        {
            fallBack("the source has something else to tell");
        }
        leave();
    }

    /**
     * Whether the source has to be asked for what follows the copy, since the last call.
     */
    boolean takeRequestDue()
    {
        final boolean taken = isRequestDue;
        isRequestDue = false;

        return taken;
    }

    /**
     * Whether anything was appended since the last call.
     */
    boolean takeHasAppended()
    {
        final boolean taken = hasAppended;
        hasAppended = false;

        return taken;
    }

    /**
     * The source told of the live stream of the channel that is copied.
     *
     * @param liveId   of its blocks.
     * @param session  of Aeron's by which they come; nothing else is looked at.
     * @param position up to where it was sent, with the ordinal of the channel; 0 where that is not known.
     * @param over     whether nothing will follow.
     */
    void onStream(final long liveId, final int session, final long position, final boolean over)
    {
        if (!isLive)
        {
            id = over || liveId == refusedId ? LiveCast.NONE : liveId;
            sessionId = session;
            isWaiting = false;
            // While there was no stream to follow, fragments were dropped: what begins a message here may not be what
            // the next one goes on with, and at the same offset of a later term it would be taken for that.
            assembler.clear();
        }
        else if (liveId != id || over && position == 0)
        {
            fallBack("another one begins");
        }
        else
        {
            // Each note counts, since there is another one only when more was sent. The time begins anew when the copy
            // grows, and not with the note.
            if (!isAwaiting)
            {
                isAwaiting = true;
                awaitedSinceNs = clock.nanoTime();
                seenPosition = copy.lastPosition();
            }
            isOver = over;
            awaitedPosition = SeriesPosition.inChannel(position);
        }
    }

    /**
     * Something was asked for, or cannot be, or the channel ended: until the source tells of a live stream, there is
     * none.
     */
    void leave()
    {
        isLive = false;
        id = LiveCast.NONE;
        image = null;
        isUntold = false;
        isAwaiting = false;
        isOver = false;
        isWaiting = false;
    }

    /**
     * The source is gone, and with it whoever would tell that something is missing.
     */
    void onSourceLost()
    {
        if (isLive)
        {
            fallBack("the source is gone");
        }
        leave();
        isRequestDue = false;
    }

    /**
     * Listen no more.
     */
    void close()
    {
        leave();
        if (aeron != null && !aeron.isClosed() && subscription == null && subscriptionId != Aeron.NULL_VALUE)
        {
            aeron.asyncRemoveSubscription(subscriptionId);
        }
        CloseHelper.quietClose(subscription);
        assembler.clear();
        subscription = null;
        aeron = null;
    }

    private void subscribe(final long nowNs)
    {
        try
        {
            if (subscriptionId == Aeron.NULL_VALUE)
            {
                subscriptionId = aeron.asyncAddSubscription(uri, streamId);
            }
            subscription = aeron.getSubscription(subscriptionId);
        }
        catch (final RuntimeException ex)
        {
            // A copy does not need it.
            subscriptionId = Aeron.NULL_VALUE;
            nextAttemptNs = nowNs + retryIntervalNs;
            listener.onError(ex);
        }
    }

    private Action onFragment(final DirectBuffer buffer, final int offset, final int length, final Header header)
    {
        return id == LiveCast.NONE || header.sessionId() != sessionId ?
            Action.CONTINUE : assembler.onFragment(buffer, offset, length, header);
    }

    private Action onMessage(final DirectBuffer buffer, final int offset, final int length, final Header header)
    {
        if (id == LiveCast.NONE || failure != null ||
            message.wrap(buffer, offset, length) != BlockDecoder.TEMPLATE_ID)
        {
            return Action.CONTINUE;
        }
        block.wrap(message.buffer(), message.body(), message.blockLength(), message.version());
        final long place = header.reservedValue();
        final long start = SeriesPosition.inChannel(place);
        final int dataOffset = message.dataOffset();
        final int dataLength = message.remaining(dataOffset);
        final long copyEnd = copy.lastPosition();
        if (block.requestId() != id || SeriesPosition.ordinal(place) != copy.lastOrdinal() ||
            start + dataLength < copyEnd || !copy.hasChannel())
        {
            // Of another channel, of somebody else, or of what the copy has.
            return Action.CONTINUE;
        }
        if (start > copyEnd)
        {
            return onAhead(copyEnd, start);
        }
        if (!isLive && (isHeldOff || !join()))
        {
            return Action.CONTINUE;
        }
        final int known = (int)(copyEnd - start);
        if (known < dataLength)
        {
            append(buffer, dataOffset + known, dataLength - known, known == 0 ? block.timeTicks() : Reader.NOT_TOLD);
        }

        return Action.CONTINUE;
    }

    private Action onAhead(final long copyEnd, final long start)
    {
        if (isLive)
        {
            listener.onDiscontinuity(copyEnd, start);
            fallBackFor("position " + copyEnd + " comes next, and " + start + " came");
        }
        else if (!isHeldOff && start - copyEnd <= WAIT_LENGTH)
        {
            if (!isWaiting)
            {
                isWaiting = true;
                waitingSinceNs = clock.nanoTime();
            }
            return Action.ABORT;
        }

        return Action.CONTINUE;
    }

    private boolean join()
    {
        image = subscription.imageBySessionId(sessionId);
        if (image == null)
        {
            // It is just going.
            return false;
        }
        isLive = true;
        isUntold = true;
        isWaiting = false;
        liveSinceNs = clock.nanoTime();
        listener.onLive(copy.lastOrdinal(), copy.lastPosition());

        return true;
    }

    private void append(final DirectBuffer buffer, final int offset, final int length, final long timeTicks)
    {
        try
        {
            copy.append(copy.lastPosition(), buffer, offset, length, timeTicks);
            hasAppended = true;
        }
        catch (final ChannelException | WriteException | InternalError ex)
        {
            failure = copy.failed(ex);
        }
        catch (final RuntimeException ex)
        {
            // Not what a source sends. Nothing of it was stored.
            refusedId = id;
            listener.onError(ex);
            fallBackFor("its blocks are malformed");
        }
    }

    /**
     * Something is wrong with the stream, or with what this target can take. To join and fall back again and again
     * would be a burden to the source.
     */
    private void fallBackFor(final String why)
    {
        final long nowNs = clock.nanoTime();
        if (nowNs - liveSinceNs > backOff.longestNs())
        {
            // It was a good one.
            backOff.reset();
        }
        fallBack(why);
        holdOff(nowNs);
    }

    private void holdOff(final long nowNs)
    {
        isHeldOff = true;
        isWaiting = false;
        notBeforeNs = nowNs + backOff.nextNs();
    }

    private void fallBack(final String why)
    {
        fallBacks++;
        leave();
        isRequestDue = true;
        listener.onLiveLost(why);
    }
}
