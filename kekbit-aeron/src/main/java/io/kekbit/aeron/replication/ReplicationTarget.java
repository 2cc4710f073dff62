package io.kekbit.aeron.replication;

import io.aeron.Aeron;
import io.aeron.Image;
import io.aeron.exceptions.AeronException;
import io.aeron.exceptions.DriverTimeoutException;
import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.WriteException;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps a copy of one channel, or of one series, of another host: byte for byte the same in the record area, with the
 * same header, format, envelope, schema and index times, and read like any other.
 * <p>
 * The copy is all that a target knows. It asks a {@link ReplicationSource} for what follows, from the position at which
 * its copy ends, and appends what comes. So it makes no difference whether it was just started, killed, or cut off for
 * hours, nor whether it was the source that went, or either's media driver: it asks again, at intervals, and goes on.
 * What does not follow the copy exactly, is malformed, or belongs to another channel is never stored. Where the disk
 * has no room for the next channel, it goes on as soon as it has.
 * <p>
 * The caller runs it, with an {@link org.agrona.concurrent.AgentRunner} or in a loop of his. It works until {@link
 * #isComplete()}, which a series never is, or until {@link #doWork()} throws a {@link ReplicationException}: then
 * somebody has to look at it. Where it was given an {@link Aeron.Context}, it connects anew by itself when the media
 * driver was gone; where it was given an {@link Aeron}, it ends with that.
 * <p>
 * Belongs to one thread, but for {@link #ordinal()}, {@link #position()}, {@link #recordCount()}, {@link
 * #isConnected()}, {@link #isLive()}, {@link #liveFallBacks()} and {@link #isComplete()}, which any thread may ask.
 */
public final class ReplicationTarget implements Agent, AutoCloseable
{
    private static final long UPKEEP_INTERVAL_NS = TimeUnit.MICROSECONDS.toNanos(500);

    private final AeronClient client;
    private final TargetLink link;
    private final TargetCopy copy;
    private final LiveFeed live;
    private final ReplyReader replies;
    private final BackOff backOff;
    private final String name;
    private final TargetListener listener;
    private final NanoClock clock;
    private final long connectTimeoutNs;
    private final long progressIntervalNs;

    private final AtomicLong publishedOrdinal = new AtomicLong();
    private final AtomicLong publishedPosition = new AtomicLong();
    private final AtomicLong publishedRecords = new AtomicLong();
    private volatile boolean isConnected;
    private volatile boolean isComplete;

    private boolean isOpen;
    private boolean isClosed;
    private ReplicationException failure;
    private Throwable fault;
    private long nextAttemptNs;
    private long attemptDeadlineNs;
    private boolean wasConnected;
    private long connectedNs;
    private Image source;
    private long nextUpkeepNs;
    private long nextProgressNs;

    ReplicationTarget(final ReplicationTargetBuilder builder)
    {
        client = builder.client();
        link = new TargetLink(
            builder.requestChannel(), builder.requestStreamId(), builder.responseChannel(), builder.responseStreamId());
        listener = builder.listener();
        copy = new TargetCopy(builder.stream(), listener, builder.maxChannelCapacity());
        live = new LiveFeed(builder, copy);
        replies = new ReplyReader(builder, copy, live);
        name = builder.name();
        clock = builder.clock();
        backOff = new BackOff(builder.retryIntervalNs(), builder.maxRetryIntervalNs());
        connectTimeoutNs = builder.connectTimeoutNs();
        progressIntervalNs = builder.progressIntervalNs();
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
            failure = copy.failed(ex);
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
     * Whether the copy follows the live stream: what is written at the source comes by that, and not by blocks for this
     * target alone. See {@link ReplicationTargetBuilder#liveChannel(String)}.
     *
     * @return true if it does.
     */
    public boolean isLive()
    {
        return live.isLive();
    }

    /**
     * How often the copy had to leave the live stream, and to be sent blocks of its own, before the channel ended:
     * something was missing in the stream, or nothing came, or it went, or the source did.
     *
     * @return the number of times since this was made.
     */
    public long liveFallBacks()
    {
        return live.fallBacks();
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
                live.close();
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
            throw copy.failed(ex);
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
        if (fault != null || replies.hasFault())
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
        final int work = replies.poll(source) + live.poll();
        if (work > 0)
        {
            tell();
        }
        if (replies.failure() != null)
        {
            throw replies.failure();
        }
        if (live.failure() != null)
        {
            throw live.failure();
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

        live.keepUp(nowNs);
        if (source == null)
        {
            // Of no use without a source that tells what it is. Nobody else is to wait for it.
            live.poll();
        }

        return link.isOpen() ? serve(nowNs) : connect(nowNs);
    }

    private int connect(final long nowNs)
    {
        if (nowNs - nextAttemptNs < 0)
        {
            return 0;
        }
        nextAttemptNs = nowNs + backOff.shortestNs();
        try
        {
            if (client.aeron() == null && !client.connect())
            {
                return 0;
            }
            live.open(client.aeron());
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
        attemptDeadlineNs = nowNs + connectTimeoutNs;
        replies.begin(nowNs);

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
        if (live.takeRequestDue())
        {
            replies.ask();
        }
        if (isSourceThere && replies.isRequestDue(nowNs))
        {
            // Not before the response is there: then both are of one connection, whose end is seen.
            work += request(nowNs);
        }

        work += receive();
        live.check(nowNs);
        if (replies.hasFault())
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
        else if (!replies.isAnswered() && nowNs - attemptDeadlineNs > 0)
        {
            lose("it does not answer", nowNs);
        }
        else if (live.isUntold() && link.sendJoined(replies.requestId(), live.id()) > 0)
        {
            live.onTold();
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
        if (!name.isEmpty())
        {
            // What is asked for is what a source that knows the name keeps: it may delete what is before that.
            copy.flush();
        }
        if (link.send(copy.request(replies.nextRequestId(), live.isConfigured(), name)) > 0)
        {
            replies.onRequested();
            wasConnected = true;
            attemptDeadlineNs = nowNs + connectTimeoutNs;
            return 1;
        }

        return 0;
    }

    private void reportProgress()
    {
        copy.flush();
        if (!replies.isRequestDue())
        {
            // Sent or not: the next one tells more.
            link.sendProgress(replies.requestId(), copy.lastOrdinal(), copy.durablePosition());
        }
    }

    private void lose(final String why, final long nowNs)
    {
        if (isConnected && nowNs - connectedNs > backOff.longestNs())
        {
            // It was a good one, if nothing was written meanwhile.
            backOff.reset();
        }
        disconnect(nowNs);
        // What does not pass by itself is tried less and less often.
        nextAttemptNs = nowNs + backOff.nextNs();
        listener.onSourceLost(why);
    }

    private void disconnect(final long nowNs)
    {
        isConnected = false;
        source = null;
        live.onSourceLost();
        link.close();
        nextAttemptNs = nowNs + backOff.shortestNs();
        if (replies.takeHasAppended() | live.takeHasAppended())
        {
            backOff.reset();
        }
    }

    private void onFault(final long nowNs)
    {
        final Throwable read = replies.takeFault();
        final Throwable thrown = fault == null ? read : fault;
        fault = null;
        disconnect(nowNs);
        nextAttemptNs = nowNs + backOff.nextNs();
        listener.onError(thrown);
    }

    private void onClientLost(final long nowNs)
    {
        disconnect(nowNs);
        live.close();
        client.close();
        final Throwable cause = client.takeError();
        listener.onDriverLost(cause);
        if (!client.isOwned())
        {
            throw new ReplicationException(RefusalReason.CLIENT_CLOSED, copy.toString(), cause);
        }
    }

    private void complete()
    {
        isComplete = true;
        isConnected = false;
        live.close();
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
}
