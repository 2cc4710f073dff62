package io.kekbit.aeron.replication;

import io.aeron.Aeron;
import io.aeron.FragmentAssembler;
import io.aeron.Image;
import io.aeron.exceptions.AeronException;
import io.aeron.exceptions.DriverTimeoutException;
import io.aeron.logbuffer.Header;
import io.kekbit.aeron.replication.codecs.BlockDecoder;
import io.kekbit.aeron.replication.codecs.BlueprintPartDecoder;
import io.kekbit.aeron.replication.codecs.ChannelEndDecoder;
import io.kekbit.aeron.replication.codecs.RefusalDecoder;
import io.kekbit.core.ChannelBlueprint;
import io.kekbit.core.TerminalText;
import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.WriteException;
import io.kekbit.core.layout.ExtensionDescriptor;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;

import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps a copy of one channel, or of one series, of another host: byte for byte the same in the record area, with the
 * same header, format, envelope, schema and index times, and read like any other.
 * <p>
 * The copy is all that a target knows. It asks a {@link ReplicationSource} for what follows, from the position at which
 * its copy ends, and appends what comes. So it makes no difference whether it was just started, killed, or cut off for
 * hours, nor whether it was the source that went, or either's media driver: it asks again, at intervals, and goes on.
 * What does not follow the copy exactly, is malformed, or belongs to another channel is never stored.
 * <p>
 * The caller runs it, with an {@link org.agrona.concurrent.AgentRunner} or in a loop of his. It works until {@link
 * #isComplete()}, which a series never is, or until {@link #doWork()} throws a {@link ReplicationException}: then
 * somebody has to look at it. Where it was given an {@link Aeron.Context}, it connects anew by itself when the media
 * driver was gone; where it was given an {@link Aeron}, it ends with that.
 * <p>
 * Belongs to one thread, but for {@link #ordinal()}, {@link #position()}, {@link #recordCount()}, {@link
 * #isConnected()} and {@link #isComplete()}, which any thread may ask.
 */
public final class ReplicationTarget implements Agent, AutoCloseable
{
    private static final int FRAGMENT_LIMIT = 64;
    private static final long UPKEEP_INTERVAL_NS = TimeUnit.MICROSECONDS.toNanos(500);
    private static final int MAX_DISCONTINUITIES = 3;
    private static final int MAX_BLUEPRINT_LENGTH = ExtensionDescriptor.MAX_SCHEMA_LENGTH + 64 * 1024;

    private final AeronClient client;
    private final TargetLink link;
    private final TargetCopy copy;
    private final String description;
    private final String name;
    private final TargetListener listener;
    private final NanoClock clock;
    private final long retryIntervalNs;
    private final long maxRetryIntervalNs;
    private final long connectTimeoutNs;
    private final long progressIntervalNs;
    private final boolean skipsDeleted;

    private final FragmentAssembler assembler = new FragmentAssembler(this::onMessage);
    // Grows with what came, whatever a source says that will come.
    private final ExpandableArrayBuffer blueprint = new ExpandableArrayBuffer();
    private final IncomingMessage message = new IncomingMessage();
    private final BlockDecoder block = new BlockDecoder();
    private final BlueprintPartDecoder part = new BlueprintPartDecoder();
    private final ChannelEndDecoder end = new ChannelEndDecoder();
    private final RefusalDecoder refusal = new RefusalDecoder();

    private final AtomicLong publishedOrdinal = new AtomicLong();
    private final AtomicLong publishedPosition = new AtomicLong();
    private final AtomicLong publishedRecords = new AtomicLong();
    private volatile boolean isConnected;
    private volatile boolean isComplete;

    private boolean isOpen;
    private boolean isClosed;
    private ReplicationException failure;
    private Throwable fault;
    private long backOffNs;
    private long nextAttemptNs;
    private long attemptDeadlineNs;
    private boolean wasConnected;
    private long connectedNs;
    private Image source;
    private long nextUpkeepNs;
    private boolean isRequestDue;
    private boolean isAnswered;
    private long nextRequestNs;
    private long nextProgressNs;
    private long requestId = ThreadLocalRandom.current().nextLong();
    private int discontinuities;
    private int blueprintTotal;
    private int blueprintLength;

    ReplicationTarget(final ReplicationTargetBuilder builder)
    {
        client = builder.client();
        link = new TargetLink(
            builder.requestChannel(), builder.requestStreamId(), builder.responseChannel(), builder.responseStreamId());
        listener = builder.listener();
        copy = new TargetCopy(builder.stream(), listener, builder.maxChannelCapacity());
        description = "root=" + builder.stream().root() + " " + builder.stream();
        name = builder.name();
        clock = builder.clock();
        retryIntervalNs = builder.retryIntervalNs();
        maxRetryIntervalNs = Math.max(retryIntervalNs, builder.maxRetryIntervalNs());
        backOffNs = retryIntervalNs;
        connectTimeoutNs = builder.connectTimeoutNs();
        progressIntervalNs = builder.progressIntervalNs();
        skipsDeleted = builder.skipsDeleted();
        nextAttemptNs = clock.nanoTime();
        nextProgressNs = nextAttemptNs;
        nextUpkeepNs = nextAttemptNs;
    }

    /**
     * Begin a target.
     *
     * @param root folder of the copies, on this host.
     * @return a builder.
     */
    public static ReplicationTargetBuilder builder(final Path root)
    {
        return new ReplicationTargetBuilder(root);
    }

    @Override
    public String roleName()
    {
        return "kekbit-replication-target";
    }

    /**
     * Go on with the copy: connect, ask, append what came.
     *
     * @return the amount of work done; 0 where there was nothing to do.
     * @throws ReplicationException where the copy does not go on before somebody looked at it. It is closed then.
     */
    @Override
    public int doWork()
    {
        if (failure != null)
        {
            throw failure;
        }
        if (isClosed || isComplete)
        {
            return 0;
        }

        int work = 0;
        try
        {
            work = advance(clock.nanoTime());
        }
        catch (final ReplicationException ex)
        {
            failure = ex;
        }
        catch (final ChannelException | WriteException | InternalError ex)
        {
            failure = copyFailed(ex);
        }
        if (failure != null)
        {
            closeAfterFailure();
            throw failure;
        }

        return work;
    }

    /**
     * Which channel of its series is copied, or was last.
     *
     * @return its ordinal; 0 for a single channel; -1 where none was yet.
     */
    public long ordinal()
    {
        return publishedOrdinal.getAcquire();
    }

    /**
     * Where the copy of that channel ends.
     *
     * @return the position in bytes.
     */
    public long position()
    {
        return publishedPosition.getAcquire();
    }

    /**
     * How many records the copy of that channel holds.
     *
     * @return the number, without heartbeats.
     */
    public long recordCount()
    {
        return publishedRecords.getAcquire();
    }

    /**
     * Whether a source is connected.
     *
     * @return true if it is, as far as Aeron knows.
     */
    public boolean isConnected()
    {
        return isConnected;
    }

    /**
     * Whether the channel was closed at the source and all of it was copied. That of a series is never known, since a
     * series can be opened again.
     *
     * @return true if the target is done.
     */
    public boolean isComplete()
    {
        return isComplete;
    }

    @Override
    public void onClose()
    {
        close();
    }

    /**
     * Let go of the copy and of the source. The copy can be gone on with by another target. Closes the Aeron client
     * where it is the target's own.
     */
    @Override
    public void close()
    {
        if (!isClosed)
        {
            isClosed = true;
            isConnected = false;
            try
            {
                link.close();
            }
            finally
            {
                try
                {
                    copy.close();
                }
                finally
                {
                    client.close();
                }
            }
        }
    }

    private void closeAfterFailure()
    {
        try
        {
            close();
        }
        catch (final RuntimeException | InternalError ex)
        {
            failure.addSuppressed(ex);
        }
    }

    private ReplicationException copyFailed(final Throwable cause)
    {
        return new ReplicationException(RefusalReason.COPY_FAILED, description, cause);
    }

    private void openCopy()
    {
        try
        {
            copy.open();
            isOpen = true;
        }
        catch (final RuntimeException ex)
        {
            // Whatever it is: without what there is of the copy, nothing can be asked for.
            throw copyFailed(ex);
        }
        tell();
    }

    private int advance(final long nowNs)
    {
        if (!isOpen)
        {
            openCopy();
        }
        if (copy.isComplete())
        {
            complete();
            return 1;
        }

        int work = 0;
        try
        {
            if (source != null && nowNs - nextUpkeepNs < 0)
            {
                work += receive();
            }
            else
            {
                nextUpkeepNs = nowNs + UPKEEP_INTERVAL_NS;
                work += keepUp(nowNs);
            }
        }
        catch (final AeronException ex)
        {
            fault = ex;
        }
        if (fault != null)
        {
            onFault(nowNs);
        }

        return work;
    }

    /**
     * Append what came.
     */
    private int receive()
    {
        final int work = source.poll(assembler, FRAGMENT_LIMIT);
        if (work > 0)
        {
            tell();
        }
        if (failure != null)
        {
            throw failure;
        }

        return work;
    }

    /**
     * What is to be done now and then, and not in each turn: it would cost each record.
     */
    private int keepUp(final long nowNs)
    {
        if (client.isLost())
        {
            onClientLost(nowNs);
            return 1;
        }

        return link.isOpen() ? serve(nowNs) : connect(nowNs);
    }

    private int connect(final long nowNs)
    {
        if (nowNs - nextAttemptNs < 0)
        {
            return 0;
        }
        nextAttemptNs = nowNs + retryIntervalNs;
        try
        {
            if (client.aeron() == null && !client.connect())
            {
                return 0;
            }
            link.open(client.aeron());
        }
        catch (final DriverTimeoutException ex)
        {
            // It is looked for as often as before.
            listener.onError(ex);
            return 1;
        }
        catch (final RuntimeException ex)
        {
            // The driver's files are going, or not whole yet.
            fault = ex;
            return 1;
        }
        wasConnected = false;
        isRequestDue = true;
        isAnswered = false;
        nextRequestNs = nowNs;
        attemptDeadlineNs = nowNs + connectTimeoutNs;
        discontinuities = 0;

        return 1;
    }

    private int serve(final long nowNs)
    {
        final boolean isSourceThere = link.isConnected();
        int work = 0;
        if (source == null)
        {
            source = link.image();
            if (source == null)
            {
                awaitImage(isSourceThere, nowNs);
                return work;
            }
            isConnected = true;
            connectedNs = nowNs;
        }
        if (isSourceThere && isRequestDue && nowNs - nextRequestNs >= 0)
        {
            // Not before the response is there: then both are of one connection, whose end is seen.
            work += request(nowNs);
        }

        work += receive();
        if (fault != null)
        {
            return work;
        }
        if (source.isClosed() || source.isEndOfStream())
        {
            lose("its stream ended", nowNs);
        }
        else if (wasConnected && !isSourceThere)
        {
            lose("it does not listen to requests any more", nowNs);
        }
        else if (!isAnswered && nowNs - attemptDeadlineNs > 0)
        {
            lose("it does not answer", nowNs);
        }
        else if (progressIntervalNs > 0 && nowNs - nextProgressNs >= 0)
        {
            nextProgressNs = nowNs + progressIntervalNs;
            reportProgress();
        }

        return work;
    }

    /**
     * A source that hears requests has to answer in time. Where none hears them, another attempt finds the one that has
     * moved, or had no room.
     */
    private void awaitImage(final boolean isSourceThere, final long nowNs)
    {
        if (nowNs - attemptDeadlineNs > 0)
        {
            lose(isSourceThere ? "it does not answer" : "it cannot be reached", nowNs);
        }
    }

    private int request(final long nowNs)
    {
        requestId++;
        blueprintLength = 0;
        if (progressIntervalNs > 0)
        {
            // What is asked for is what the source keeps.
            copy.flush();
        }
        if (link.send(copy.request(requestId, name)) > 0)
        {
            isRequestDue = false;
            isAnswered = false;
            wasConnected = true;
            attemptDeadlineNs = nowNs + connectTimeoutNs;
            return 1;
        }

        return 0;
    }

    private void reportProgress()
    {
        copy.flush();
        if (!isRequestDue)
        {
            // Sent or not: the next one tells more.
            link.sendProgress(requestId, copy.lastOrdinal(), copy.durablePosition());
        }
    }

    private void lose(final String why, final long nowNs)
    {
        if (isConnected && nowNs - connectedNs > maxRetryIntervalNs)
        {
            // It was a good one, if nothing was written meanwhile.
            backOffNs = retryIntervalNs;
        }
        disconnect(nowNs);
        backOff(nowNs);
        listener.onSourceLost(why);
    }

    /**
     * What does not pass by itself is tried less and less often.
     */
    private void backOff(final long nowNs)
    {
        nextAttemptNs = nowNs + backOffNs;
        backOffNs = Math.min(backOffNs * 2, maxRetryIntervalNs);
    }

    private void disconnect(final long nowNs)
    {
        isConnected = false;
        source = null;
        link.close();
        assembler.clear();
        nextAttemptNs = nowNs + retryIntervalNs;
    }

    private void onFault(final long nowNs)
    {
        final Throwable thrown = fault;
        fault = null;
        disconnect(nowNs);
        backOff(nowNs);
        listener.onError(thrown);
    }

    private void onClientLost(final long nowNs)
    {
        disconnect(nowNs);
        client.close();
        final Throwable cause = client.takeError();
        listener.onDriverLost(cause);
        if (!client.isOwned())
        {
            throw new ReplicationException(RefusalReason.CLIENT_CLOSED, description, cause);
        }
    }

    private void complete()
    {
        isComplete = true;
        isConnected = false;
        link.close();
        client.close();
    }

    /**
     * Tell other threads.
     */
    private void tell()
    {
        publishedOrdinal.setRelease(copy.lastOrdinal());
        publishedPosition.setRelease(copy.lastPosition());
        publishedRecords.setRelease(copy.recordCount());
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
            failure = copyFailed(ex);
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
        final boolean isCurrent = id == requestId && !isRequestDue;
        isAnswered |= isCurrent;

        return isCurrent;
    }

    private void onBlock(final long position)
    {
        block.wrap(message.buffer(), message.body(), message.blockLength(), message.version());
        if (!isCurrent(block.requestId()))
        {
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
        discontinuities = 0;
        backOffNs = retryIntervalNs;
    }

    private void onBlockOfNoChannel(final long position)
    {
        if (copy.isClosed() && position == copy.lastPosition())
        {
            // The source closed the channel, lost that with its power, and went on.
            throw new ReplicationException(
                RefusalReason.DIVERGED,
                description + " ordinal=" + copy.lastOrdinal() + " position=" + position +
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
        final int total = part.totalLength();
        final int dataOffset = message.dataOffset();
        final int length = message.longData(dataOffset);
        if (part.partOffset() == 0)
        {
            blueprintTotal = total;
            blueprintLength = 0;
        }
        if (length <= 0 || total > MAX_BLUEPRINT_LENGTH || total != blueprintTotal ||
            part.partOffset() != blueprintLength || length > total - blueprintLength)
        {
            throw new IllegalArgumentException(
                "part of a blueprint: offset=" + part.partOffset() + " length=" + length + " total=" + total);
        }
        blueprint.putBytes(blueprintLength, message.buffer(), dataOffset + Integer.BYTES, length);
        blueprintLength += length;
        if (blueprintLength == total)
        {
            final ChannelBlueprint decoded = decode(total);
            if (!copy.begin(decoded, part.ordinal(), part.position()))
            {
                onDiscontinuity(part.position());
            }
        }
    }

    private ChannelBlueprint decode(final int total)
    {
        blueprintLength = 0;
        try
        {
            return ChannelBlueprint.decode(blueprint, 0, total);
        }
        catch (final ChannelException ex)
        {
            throw new IllegalArgumentException("blueprint of no channel", ex);
        }
    }

    private void onChannelEnd()
    {
        end.wrap(message.buffer(), message.body(), message.blockLength(), message.version());
        if (!isCurrent(end.requestId()))
        {
            return;
        }
        if (end.ordinal() != copy.lastOrdinal() || end.position() != copy.lastPosition() || !copy.isBegun())
        {
            onDiscontinuity(end.position());
            return;
        }
        copy.end(end.isFollowed() != 0);
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
            throw new ReplicationException(reason, description + " source: " + details, null);
        }
    }

    /**
     * What comes does not follow the copy: ask again. Where that does not help, connect anew.
     */
    private void onDiscontinuity(final long position)
    {
        isRequestDue = true;
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
