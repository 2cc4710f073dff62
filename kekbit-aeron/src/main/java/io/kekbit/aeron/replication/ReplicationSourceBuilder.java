package io.kekbit.aeron.replication;

import io.aeron.Aeron;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Objects;

/**
 * Makes a {@link ReplicationSource}. Not thread-safe.
 */
public final class ReplicationSourceBuilder
{
    /**
     * The stream id of requests, unless set.
     */
    public static final int DEFAULT_REQUEST_STREAM_ID = 19267;

    /**
     * The stream id of what a source sends, unless set.
     */
    public static final int DEFAULT_RESPONSE_STREAM_ID = 19268;

    private static final int DEFAULT_MAX_TARGETS = 64;
    private static final int DEFAULT_BLOCKS_PER_TURN = 32;

    private final Path root;
    private AeronClient client;
    private String requestChannel;
    private int requestStreamId = DEFAULT_REQUEST_STREAM_ID;
    private String responseChannel;
    private int responseStreamId = DEFAULT_RESPONSE_STREAM_ID;
    private SourceListener listener = SourceListener.NONE;
    private NanoClock clock = SystemNanoClock.INSTANCE;
    private TargetPositions positions = TargetPositions.NONE;
    private int maxTargets = DEFAULT_MAX_TARGETS;
    private int blocksPerTurn = DEFAULT_BLOCKS_PER_TURN;

    ReplicationSourceBuilder(final Path root)
    {
        this.root = Objects.requireNonNull(root, "root");
    }

    /**
     * The Aeron client to use. It stays the caller's; when it is closed, the source ends with an exception.
     * <p>
     * When its driver is lost, Aeron's thread unmaps what the source may just be copying to, and the JVM ends with a
     * fault. So give its context some seconds of {@link Aeron.Context#closeLingerDurationNs(long)}, and close it after
     * the source.
     *
     * @param aeron connected to the media driver of this host.
     * @return this.
     */
    public ReplicationSourceBuilder aeron(final Aeron aeron)
    {
        client = AeronClient.of(aeron);
        return this;
    }

    /**
     * How to make an Aeron client of the source's own, now and whenever the media driver was gone: a copy of this is
     * used for each, which runs its own thread as Aeron's clients do. Where there is no error handler set, the source
     * takes what is reported; Aeron's own would end the process when the driver dies. Where there is no {@link
     * Aeron.Context#closeLingerDurationNs(long)}, it is 3 seconds while a driver is lost.
     *
     * @param context with the driver's directory and timeouts; not used yet.
     * @return this.
     * @throws IllegalArgumentException where the context has {@link Aeron.Context#useConductorAgentInvoker(boolean)}.
     */
    public ReplicationSourceBuilder aeron(final Aeron.Context context)
    {
        client = AeronClient.of(context);
        return this;
    }

    /**
     * Where targets send their requests to.
     *
     * @param uri of a subscription, say {@code aeron:udp?endpoint=10.0.0.1:24400}, or {@code aeron:ipc}.
     * @return this.
     */
    public ReplicationSourceBuilder requestChannel(final String uri)
    {
        this.requestChannel = Objects.requireNonNull(uri, "uri");
        return this;
    }

    /**
     * The stream id of the requests: {@link #DEFAULT_REQUEST_STREAM_ID} unless set.
     *
     * @param streamId that targets use as well.
     * @return this.
     */
    public ReplicationSourceBuilder requestStreamId(final int streamId)
    {
        this.requestStreamId = streamId;
        return this;
    }

    /**
     * Where targets find what is sent to them. The term length, the MTU and the flow control of what is sent can be set
     * here. The longest record of a channel has to fit into an eighth of the term.
     *
     * @param uri of a publication, say {@code aeron:udp?control=10.0.0.1:24401|term-length=64m}, or {@code aeron:ipc}.
     *            That it is a response channel is added to it.
     * @return this.
     */
    public ReplicationSourceBuilder responseChannel(final String uri)
    {
        this.responseChannel = Objects.requireNonNull(uri, "uri");
        return this;
    }

    /**
     * The stream id of what is sent: {@link #DEFAULT_RESPONSE_STREAM_ID} unless set.
     *
     * @param streamId that targets use as well.
     * @return this.
     */
    public ReplicationSourceBuilder responseStreamId(final int streamId)
    {
        this.responseStreamId = streamId;
        return this;
    }

    /**
     * Who is told what happens: nobody unless set.
     *
     * @param sourceListener to tell.
     * @return this.
     */
    public ReplicationSourceBuilder listener(final SourceListener sourceListener)
    {
        this.listener = Objects.requireNonNull(sourceListener, "listener");
        return this;
    }

    /**
     * The clock for intervals: the system's unless set.
     *
     * @param nanoClock that never steps back.
     * @return this.
     */
    public ReplicationSourceBuilder clock(final NanoClock nanoClock)
    {
        this.clock = Objects.requireNonNull(nanoClock, "clock");
        return this;
    }

    /**
     * Where to keep how far targets are, and of which: nothing is kept unless set. It is kept as a named reader's
     * position, see {@link io.kekbit.core.positions.NamedPositions}, in the folder {@code targets} below this one, so
     * that no target can touch the position of a local reader. {@link io.kekbit.core.series.Retention} keeps what these
     * targets still need, if it is told that folder, and a monitor sees how far each is behind. Whoever can send
     * requests can take any of these names.
     *
     * @param folder below which the positions are kept; made if need be.
     * @param names  of the targets.
     * @return this.
     * @throws IllegalArgumentException where one is no name of a target.
     */
    public ReplicationSourceBuilder positions(final Path folder, final Collection<String> names)
    {
        this.positions = new TargetPositions(folder.resolve("targets"), names);
        return this;
    }

    /**
     * How many targets are served at most: 64 unless set. A target that was killed counts until Aeron gives it up,
     * which takes seconds.
     *
     * @param max of targets connected.
     * @return this.
     */
    public ReplicationSourceBuilder maxTargets(final int max)
    {
        this.maxTargets = max;
        return this;
    }

    /**
     * How many blocks a target gets before it is the next one's turn: 32 unless set. A block fills a datagram.
     *
     * @param blocks sent in one turn at most.
     * @return this.
     */
    public ReplicationSourceBuilder blocksPerTurn(final int blocks)
    {
        this.blocksPerTurn = blocks;
        return this;
    }

    /**
     * Make the source. It connects when it is run.
     *
     * @return the source.
     * @throws NullPointerException     where the client or a channel is missing.
     * @throws IllegalArgumentException where a channel is no Aeron URI, or a limit is below 1.
     */
    public ReplicationSource build()
    {
        Objects.requireNonNull(client, "aeron");
        Objects.requireNonNull(requestChannel, "requestChannel");
        Objects.requireNonNull(responseChannel, "responseChannel");
        if (maxTargets < 1 || blocksPerTurn < 1)
        {
            throw new IllegalArgumentException("maxTargets=" + maxTargets + " blocksPerTurn=" + blocksPerTurn);
        }

        return new ReplicationSource(this);
    }

    AeronClient client()
    {
        return client;
    }

    Path root()
    {
        return root;
    }

    String requestChannel()
    {
        return requestChannel;
    }

    int requestStreamId()
    {
        return requestStreamId;
    }

    String responseChannel()
    {
        return responseChannel;
    }

    int responseStreamId()
    {
        return responseStreamId;
    }

    TargetPositions positions()
    {
        return positions;
    }

    SourceListener listener()
    {
        return listener;
    }

    NanoClock clock()
    {
        return clock;
    }

    int maxTargets()
    {
        return maxTargets;
    }

    int blocksPerTurn()
    {
        return blocksPerTurn;
    }
}
