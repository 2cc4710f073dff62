package io.kekbit.aeron.replication;

import io.aeron.FragmentAssembler;
import io.aeron.Image;
import io.aeron.logbuffer.Header;
import io.kekbit.aeron.replication.codecs.BlockDecoder;
import io.kekbit.aeron.replication.codecs.BlueprintPartDecoder;
import io.kekbit.aeron.replication.codecs.ChannelEndDecoder;
import io.kekbit.aeron.replication.codecs.LiveStreamDecoder;
import io.kekbit.aeron.replication.codecs.RefusalDecoder;
import io.kekbit.core.ChannelBlueprint;
import io.kekbit.core.TerminalText;
import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.NotEnoughSpaceException;
import io.kekbit.core.exceptions.WriteException;
import io.kekbit.core.series.SeriesPosition;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.NanoClock;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Reads what a source sends, which may be anything. What answers the last request brings the copy forward, and what
 * does not follow the copy leads to another request.
 */
final class ReplyReader
{
    private static final int FRAGMENT_LIMIT = 64;
    private static final int MAX_DISCONTINUITIES = 3;

    private final TargetCopy copy;
    private final TargetListener listener;
    private final NanoClock clock;
    private final long retryIntervalNs;
    private final BackOff spaceBackOff;
    private final boolean skipsDeleted;
    private final LiveFeed live;

    private final FragmentAssembler assembler = new FragmentAssembler(this::onMessage);
    private final IncomingMessage message = new IncomingMessage();
    private final BlockDecoder block = new BlockDecoder();
    private final BlueprintPartDecoder part = new BlueprintPartDecoder();
    private final ChannelEndDecoder end = new ChannelEndDecoder();
    private final LiveStreamDecoder liveStream = new LiveStreamDecoder();
    private final RefusalDecoder refusal = new RefusalDecoder();
    private final BlueprintParts blueprint = new BlueprintParts();

    private long requestId = ThreadLocalRandom.current().nextLong();
    private boolean isRequestDue;
    private long nextRequestNs;
    private boolean isAnswered;
    private boolean hasAppended;
    private boolean isHeldBack;
    private int discontinuities;
    private ReplicationException failure;
    private Throwable fault;

    ReplyReader(final ReplicationTargetBuilder builder, final TargetCopy copy, final LiveFeed live)
    {
        this.copy = copy;
        this.live = live;
        listener = builder.listener();
        clock = builder.clock();
        retryIntervalNs = builder.retryIntervalNs();
        spaceBackOff = new BackOff(retryIntervalNs, builder.maxRetryIntervalNs());
        skipsDeleted = builder.skipsDeleted();
    }

    /**
     * Begin with another connection, of which nothing is asked yet.
     */
    void begin(final long nowNs)
    {
        assembler.clear();
        live.leave();
        isRequestDue = true;
        nextRequestNs = nowNs;
        isAnswered = false;
        isHeldBack = false;
        discontinuities = 0;
    }

    /**
     * Take what came; nothing while there is no room for it, which holds the source back.
     *
     * @return how many fragments of messages.
     */
    int poll(final Image source)
    {
        return isHeldBack ? 0 : source.poll(assembler, FRAGMENT_LIMIT);
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
     * Why the connection is of no use any more.
     *
     * @return that, or null; once.
     */
    Throwable takeFault()
    {
        final Throwable taken = fault;
        fault = null;

        return taken;
    }

    boolean hasFault()
    {
        return fault != null;
    }

    /**
     * Whether something has to be asked for, be it now or later.
     */
    boolean isRequestDue()
    {
        return isRequestDue;
    }

    /**
     * Whether something has to be asked for now.
     */
    boolean isRequestDue(final long nowNs)
    {
        return isRequestDue && nowNs - nextRequestNs >= 0;
    }

    /**
     * The id of the last request.
     */
    long requestId()
    {
        return requestId;
    }

    /**
     * Ask for what follows the copy.
     */
    void ask()
    {
        isRequestDue = true;
    }

    /**
     * Another request is about to be sent: what comes from now on that answers an earlier one is old.
     *
     * @return its id.
     */
    long nextRequestId()
    {
        requestId++;
        if (live.takeHasAppended())
        {
            hasAppended = true;
            discontinuities = 0;
        }
        blueprint.clear();
        live.leave();

        return requestId;
    }

    /**
     * The request was sent.
     */
    void onRequested()
    {
        isRequestDue = false;
        isAnswered = false;
        isHeldBack = false;
    }

    /**
     * Whether the source answered the last request, be it by a refusal.
     */
    boolean isAnswered()
    {
        return isAnswered;
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

    private void onMessage(final DirectBuffer buffer, final int offset, final int length, final Header header)
    {
        if (fault != null || failure != null)
        {
            return;
        }
        try
        {
            switch (message.wrap(buffer, offset, length))
            {
                case BlockDecoder.TEMPLATE_ID -> onBlock(header.reservedValue());
                case BlueprintPartDecoder.TEMPLATE_ID -> onBlueprintPart();
                case ChannelEndDecoder.TEMPLATE_ID -> onChannelEnd();
                case LiveStreamDecoder.TEMPLATE_ID -> onLiveStream();
                case RefusalDecoder.TEMPLATE_ID -> onRefusal();
                default -> throw new IllegalArgumentException("no message of a source: length=" + length);
            }
        }
        catch (final ReplicationException ex)
        {
            failure = ex;
        }
        catch (final ChannelException | WriteException | InternalError ex)
        {
            failure = copy.failed(ex);
        }
        catch (final RuntimeException ex)
        {
            // Aeron would report it elsewhere, and go on.
            fault = ex;
        }
    }

    /**
     * Whether a message answers the last request, and nothing is wrong since. What answers an earlier one is old.
     */
    private boolean isCurrent(final long id)
    {
        final boolean isCurrent = id == requestId && !isRequestDue && !live.isAsking();
        isAnswered |= isCurrent;

        return isCurrent;
    }

    private void onBlock(final long position)
    {
        block.wrap(message.buffer(), message.body(), message.blockLength(), message.version());
        if (!isCurrent(block.requestId()) || live.isLive())
        {
            // Also what was under way when the copy began to follow the live stream, which has it, too.
            return;
        }
        if (!copy.hasChannel())
        {
            onBlockOfNoChannel(position);
        }
        if (position != copy.lastPosition())
        {
            onDiscontinuity(position);
            return;
        }
        final int dataOffset = message.dataOffset();
        copy.append(position, message.buffer(), dataOffset, message.remaining(dataOffset), block.timeTicks());
        spaceBackOff.reset();
        discontinuities = 0;
        hasAppended = true;
    }

    private void onBlockOfNoChannel(final long position)
    {
        if (copy.isClosed() && position == copy.lastPosition())
        {
            // The source closed the channel, lost that with its power, and went on.
            throw new ReplicationException(
                RefusalReason.DIVERGED,
                copy + " ordinal=" + copy.lastOrdinal() + " position=" + position +
                    ": the source goes on in a channel whose copy is closed",
                null);
        }
        throw new IllegalArgumentException("block before the blueprint of its channel: position=" + position);
    }

    private void onBlueprintPart()
    {
        part.wrap(message.buffer(), message.body(), message.blockLength(), message.version());
        if (!isCurrent(part.requestId()))
        {
            return;
        }
        final int dataOffset = message.dataOffset();
        final ChannelBlueprint whole = blueprint.add(
            part.totalLength(),
            part.partOffset(),
            message.buffer(),
            dataOffset + Integer.BYTES,
            message.longData(dataOffset));
        if (whole != null)
        {
            begin(whole);
        }
    }

    private void begin(final ChannelBlueprint whole)
    {
        try
        {
            if (!copy.begin(whole, part.ordinal(), part.position()))
            {
                onDiscontinuity(part.position());
            }
        }
        catch (final NotEnoughSpaceException ex)
        {
            // Nothing was made. What the source sends until it is asked again is of no use.
            isRequestDue = true;
            live.onAsking();
            isHeldBack = true;
            nextRequestNs = clock.nanoTime() + spaceBackOff.nextNs();
            listener.onError(ex);
        }
    }

    private void onChannelEnd()
    {
        end.wrap(message.buffer(), message.body(), message.blockLength(), message.version());
        if (!isCurrent(end.requestId()))
        {
            return;
        }
        if (live.isLive() && end.ordinal() == copy.lastOrdinal() && end.position() > copy.lastPosition())
        {
            // The session had not heard yet that the copy follows the live stream. It is asked when the copy is there.
            live.onStream(live.id(), 0, SeriesPosition.of(end.ordinal(), end.position()), true);
            return;
        }
        if (end.ordinal() != copy.lastOrdinal() || end.position() != copy.lastPosition() || !copy.isBegun())
        {
            onDiscontinuity(end.position());
            return;
        }
        live.leave();
        copy.end(end.isFollowed() != 0);
    }

    private void onLiveStream()
    {
        liveStream.wrap(message.buffer(), message.body(), message.blockLength(), message.version());
        if (isCurrent(liveStream.requestId()))
        {
            live.onStream(
                liveStream.liveId(), liveStream.sessionId(), liveStream.position(), liveStream.isOver() != 0);
        }
    }

    private void onRefusal()
    {
        refusal.wrap(message.buffer(), message.body(), message.blockLength(), message.version());
        if (!isCurrent(refusal.requestId()))
        {
            return;
        }
        final RefusalReason reason = RefusalReason.of(refusal.code());
        final long first = refusal.ordinal();
        final int dataOffset = message.dataOffset();
        final int length = Math.max(0, message.shortData(dataOffset));
        final String details =
            TerminalText.escape(message.buffer().getStringWithoutLengthUtf8(dataOffset + Short.BYTES, length));
        listener.onRefused(reason, details);

        isRequestDue = true;
        live.onAsking();
        isAnswered = true;
        if (reason.isTransient())
        {
            nextRequestNs = clock.nanoTime() + retryIntervalNs;
        }
        else if (reason == RefusalReason.POSITION_DELETED &&
            (copy.isNext(first) || skipsDeleted && copy.isAtBorder()))
        {
            // Nothing is missing if the first that there is is the next one.
            copy.skipTo(first);
        }
        else
        {
            throw new ReplicationException(reason, copy + " source: " + details, null);
        }
    }

    /**
     * What comes does not follow the copy: ask again. Where that does not help, connect anew.
     */
    private void onDiscontinuity(final long position)
    {
        isRequestDue = true;
        live.onAsking();
        discontinuities++;
        listener.onDiscontinuity(copy.lastPosition(), position);
        if (discontinuities > MAX_DISCONTINUITIES)
        {
            throw new IllegalStateException(
                "the source does not send what was asked for: position=" + position + " expected=" +
                    copy.lastPosition());
        }
    }
}
