package io.kekbit.aeron.replication;

import io.aeron.Aeron;
import io.aeron.ChannelUri;
import io.aeron.CommonContext;
import io.aeron.ExclusivePublication;
import io.aeron.Image;
import io.aeron.Subscription;
import io.aeron.exceptions.AeronException;
import org.agrona.CloseHelper;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Serves the channels and series below one root to targets on other hosts, see {@link ReplicationTarget}.
 * <p>
 * It only reads: a writer never waits for it. For each target that connects it opens a publication of its own, a
 * response channel of Aeron's, and a reader at the position where the copy of that target ends. So a target that is
 * slow, late or dead does not hold up any other. One channel or series it can send live, too, once for all targets
 * that listen, see {@link ReplicationSourceBuilder#liveSeries(String)}.
 * <p>
 * The caller runs it, with an {@link org.agrona.concurrent.AgentRunner} or in a loop of his. When the media driver
 * dies, {@link SourceListener#onDriverLost} tells, and the source serves again as soon as there is one, where it was
 * given an {@link io.aeron.Aeron.Context}; where it was given an {@link Aeron}, {@link #doWork()} throws a {@link
 * ReplicationException}.
 * <p>
 * Belongs to one thread, but for {@link #targets()}, {@link #liveTargets()} and the counts of what was sent.
 */
public final class ReplicationSource implements Agent, AutoCloseable
{
    private static final long CONNECT_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long UPKEEP_INTERVAL_NS = TimeUnit.MICROSECONDS.toNanos(500);

    private final AeronClient client;
    private final Path root;
    private final TargetPositions positions;
    private final String requestChannel;
    private final int requestStreamId;
    private final ChannelUri responseChannel;
    private final int responseStreamId;
    private final SourceListener listener;
    private final NanoClock clock;
    private final int maxTargets;
    private final int blocksPerTurn;
    private final Replies replies = new Replies();
    private final WalkTurn walkTurn = new WalkTurn();
    private final SentBlocks sent = new SentBlocks();
    private final LiveCast cast;
    private final List<SourceSession> sessions = new ArrayList<>();
    private final List<Image> refusedImages = new ArrayList<>();

    private Subscription requests;
    private ExclusivePublication responsePort;
    private long nextUpkeepNs;
    private long nextConnectNs;
    private long nextId;
    private volatile boolean isImageChanged;
    private volatile int targets;
    private volatile int liveTargets;
    private boolean isClosed;

    ReplicationSource(final ReplicationSourceBuilder builder)
    {
        client = builder.client();
        root = builder.root();
        positions = builder.positions();
        requestChannel = builder.requestChannel();
        requestStreamId = builder.requestStreamId();
        responseChannel = ChannelUri.parse(builder.responseChannel());
        responseChannel.put(CommonContext.MDC_CONTROL_MODE_PARAM_NAME, CommonContext.CONTROL_MODE_RESPONSE);
        responseStreamId = builder.responseStreamId();
        listener = builder.listener();
        clock = builder.clock();
        maxTargets = builder.maxTargets();
        blocksPerTurn = builder.blocksPerTurn();
        cast = new LiveCast(builder, replies);
        nextConnectNs = clock.nanoTime();
        nextUpkeepNs = nextConnectNs;
    }

    /**
     * Begin a source.
     *
     * @param root folder of the channels and series that targets may ask for. Nothing outside it is ever read.
     * @return a builder.
     */
    public static ReplicationSourceBuilder builder(final Path root)
    {
        return new ReplicationSourceBuilder(root);
    }

    @Override
    public String roleName()
    {
        return "kekbit-replication-source";
    }

    /**
     * Serve each target its share.
     *
     * @return the amount of work done; 0 where there was nothing to do.
     * @throws ReplicationException where the caller's Aeron client is closed.
     */
    @Override
    public int doWork()
    {
        if (isClosed)
        {
            return 0;
        }
        final long nowNs = clock.nanoTime();
        final boolean isDue = nowNs - nextUpkeepNs >= 0;
        int work = 0;
        if (isDue)
        {
            nextUpkeepNs = nowNs + UPKEEP_INTERVAL_NS;
            work += keepUp(nowNs);
        }
        work += cast.doWork(nowNs, isDue);
        for (int i = sessions.size() - 1; i >= 0; i--)
        {
            work += serve(sessions.get(i), nowNs, isDue);
        }
        if (isDue)
        {
            countLive();
        }
        final SourceSession walker = walkTurn.next();
        if (walker != null && sessions.remove(walker))
        {
            // The others that have to walk come before it the next time.
            sessions.add(0, walker);
        }

        return work;
    }

    /**
     * What is to be done now and then, and not in each turn: it would cost each record of each target.
     */
    private int keepUp(final long nowNs)
    {
        int work = 0;
        if (client.isLost())
        {
            onClientLost(nowNs);
            work++;
        }
        else if (requests == null)
        {
            work += connect(nowNs);
        }
        else if (isImageChanged)
        {
            isImageChanged = false;
            matchSessions();
            work++;
        }

        return work;
    }

    /**
     * How many targets are connected. Any thread may ask.
     *
     * @return the number of them, those included that did not ask for anything yet.
     */
    public int targets()
    {
        return targets;
    }

    /**
     * How many targets follow the live stream, so that they are sent no blocks of their own. Any thread may ask.
     *
     * @return the number of them.
     */
    public int liveTargets()
    {
        return liveTargets;
    }

    /**
     * How many blocks targets were sent, each for itself. Any thread may ask.
     *
     * @return the number of them since this was made.
     */
    public long blocksSent()
    {
        return sent.blocks();
    }

    /**
     * How many bytes of the record areas targets were sent, each for itself. Any thread may ask.
     *
     * @return the number of them since this was made, without what is around them on the network.
     */
    public long bytesSent()
    {
        return sent.bytes();
    }

    /**
     * How many blocks were sent on the live stream, once for all targets. Any thread may ask.
     *
     * @return the number of them since this was made.
     */
    public long liveBlocksSent()
    {
        return cast.sent().blocks();
    }

    /**
     * How many bytes of the record areas were sent on the live stream, once for all targets. Any thread may ask.
     *
     * @return the number of them since this was made, without what is around them on the network.
     */
    public long liveBytesSent()
    {
        return cast.sent().bytes();
    }

    @Override
    public void onClose()
    {
        close();
    }

    /**
     * Let all targets go, and close the Aeron client where it is the source's own. The targets see the source go, and
     * ask again until there is one.
     */
    @Override
    public void close()
    {
        if (!isClosed)
        {
            isClosed = true;
            closeSessions();
            client.close();
        }
    }

    private int connect(final long nowNs)
    {
        if (nowNs - nextConnectNs < 0)
        {
            return 0;
        }
        nextConnectNs = nowNs + CONNECT_INTERVAL_NS;
        try
        {
            if (client.aeron() == null && !client.connect())
            {
                return 0;
            }
            if (responseChannel.isUdp())
            {
                // Takes the port at once, so that a port in use is reported now, and not to the first target.
                responsePort = client.aeron().addExclusivePublication(
                    responseUri(CommonContext.PROTOTYPE_CORRELATION_ID), responseStreamId);
            }
            requests = client.aeron().addSubscription(
                requestChannel, requestStreamId, this::onImageChange, this::onImageChange);
            isImageChanged = true;
            cast.begin(client.aeron(), nowNs);
        }
        catch (final RuntimeException ex)
        {
            CloseHelper.quietClose(responsePort);
            responsePort = null;
            listener.onError(ex);
        }

        return 1;
    }

    private void onImageChange(final Image image)
    {
        isImageChanged = true;
    }

    /**
     * See to it that each target has a session. Sessions of targets that are gone end by themselves.
     */
    private void matchSessions()
    {
        refusedImages.removeIf(Image::isClosed);
        for (final Image image : requests.images())
        {
            if (!image.isClosed() && !isKnown(image))
            {
                try
                {
                    admit(image);
                }
                catch (final AeronException ex)
                {
                    // The client is just ending, or the image.
                    isImageChanged = true;
                    listener.onError(ex);
                }
            }
        }
    }

    private void admit(final Image image)
    {
        if (sessions.size() < maxTargets)
        {
            begin(image);
        }
        else
        {
            refusedImages.add(image);
            image.reject("too many targets: max=" + maxTargets);
            listener.onError(new IllegalStateException(
                "too many targets: max=" + maxTargets + " address=" + image.sourceIdentity()));
        }
    }

    private boolean isKnown(final Image image)
    {
        for (int i = sessions.size() - 1; i >= 0; i--)
        {
            if (sessions.get(i).image() == image)
            {
                return true;
            }
        }

        return refusedImages.contains(image);
    }

    private void begin(final Image image)
    {
        final long publicationId = client.aeron().asyncAddExclusivePublication(
            responseUri(Long.toString(image.correlationId())), responseStreamId);
        final SourceSession session = new SourceSession(
            nextId++, client.aeron(), image, publicationId, root, positions, replies, listener, walkTurn,
            cast, sent, blocksPerTurn, clock.nanoTime());
        sessions.add(session);
        targets = sessions.size();
        listener.onTargetConnected(session.id(), image.sourceIdentity());
    }

    private int serve(final SourceSession session, final long nowNs, final boolean isUpkeepDue)
    {
        int work = 1;
        try
        {
            work = session.doWork(nowNs, isUpkeepDue);
        }
        catch (final RuntimeException | InternalError ex)
        {
            // An InternalError is a page of the channel that is gone. The other targets are served all the same.
            session.close();
            listener.onError(ex);
        }
        if (session.hasAsked())
        {
            closeOthersOf(session);
        }
        if (session.isGone())
        {
            sessions.remove(session);
            targets = sessions.size();
            if (!session.image().isClosed())
            {
                // What is left of the connection. The target makes another one.
                refusedImages.add(session.image());
            }
        }

        return work;
    }

    /**
     * A target that comes back does not have to wait until what it was before is given up. What it was before has the
     * smaller id, and does not close what came after it.
     */
    private void closeOthersOf(final SourceSession session)
    {
        for (final SourceSession other : sessions)
        {
            if (other.id() < session.id() && other.isSameTarget(session))
            {
                other.close();
            }
        }
    }

    private void countLive()
    {
        int live = 0;
        for (int i = sessions.size() - 1; i >= 0; i--)
        {
            live += sessions.get(i).isLive() ? 1 : 0;
        }
        if (live != liveTargets)
        {
            liveTargets = live;
        }
    }

    private String responseUri(final String correlationId)
    {
        responseChannel.put(CommonContext.RESPONSE_CORRELATION_ID_PARAM_NAME, correlationId);

        return responseChannel.toString();
    }

    private void onClientLost(final long nowNs)
    {
        closeSessions();
        client.close();
        nextConnectNs = nowNs + CONNECT_INTERVAL_NS;
        final Throwable cause = client.takeError();
        listener.onDriverLost(cause);
        if (!client.isOwned())
        {
            close();
            throw new ReplicationException(RefusalReason.CLIENT_CLOSED, "source root=" + root, cause);
        }
    }

    private void closeSessions()
    {
        cast.close();
        sessions.forEach(SourceSession::close);
        sessions.clear();
        refusedImages.clear();
        targets = 0;
        liveTargets = 0;
        CloseHelper.quietCloseAll(requests, responsePort);
        requests = null;
        responsePort = null;
    }
}
