package io.kekbit.aeron.replication;

import io.aeron.Aeron;
import io.aeron.ChannelUri;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

import java.nio.file.Path;
import java.util.Objects;

/**
 * What the builders of sources and of targets have in common: how the two reach each other. Not thread-safe.
 *
 * @param <B> the builder itself.
 */
public abstract sealed class ReplicationBuilder<B extends ReplicationBuilder<B>>
    permits ReplicationSourceBuilder, ReplicationTargetBuilder
{
    /**
     * The stream id of requests, unless set.
     */
    public static final int DEFAULT_REQUEST_STREAM_ID = 19267;

    /**
     * The stream id of what a source sends, unless set.
     */
    public static final int DEFAULT_RESPONSE_STREAM_ID = 19268;

    /**
     * The stream id of the live stream, unless set.
     */
    public static final int DEFAULT_LIVE_STREAM_ID = 19269;

    private final Path root;
    private AeronClient client;
    private String requestChannel;
    private int requestStreamId = DEFAULT_REQUEST_STREAM_ID;
    private String responseChannel;
    private int responseStreamId = DEFAULT_RESPONSE_STREAM_ID;
    private String liveChannel;
    private int liveStreamId = DEFAULT_LIVE_STREAM_ID;
    private NanoClock clock = SystemNanoClock.INSTANCE;

    ReplicationBuilder(final Path root)
    {
        this.root = Objects.requireNonNull(root, "root");
    }

    /**
     * The Aeron client to use. It stays the caller's; when it is closed, what is built ends with an exception.
     * <p>
     * When its driver is lost, Aeron's thread unmaps what may just be copied from or to, and the JVM ends with a fault.
     * So give its context some seconds of {@link Aeron.Context#closeLingerDurationNs(long)}, and close it after what is
     * built.
     *
     * @param aeron connected to the media driver of this host.
     * @return this.
     */
    public final B aeron(final Aeron aeron)
    {
        client = AeronClient.of(aeron);
        return self();
    }

    /**
     * How to make an Aeron client of its own, now and whenever the media driver was gone: a copy of this is used for
     * each, which runs its own thread as Aeron's clients do. Where there is no error handler set, what is built takes
     * what is reported; Aeron's own would end the process when the driver dies. Where there is no {@link
     * Aeron.Context#closeLingerDurationNs(long)}, it is 3 seconds while a driver is lost.
     *
     * @param context with the driver's directory and timeouts; not used yet.
     * @return this.
     * @throws IllegalArgumentException where the context has {@link Aeron.Context#useConductorAgentInvoker(boolean)}.
     */
    public final B aeron(final Aeron.Context context)
    {
        client = AeronClient.of(context);
        return self();
    }

    /**
     * Where the source takes requests.
     *
     * @param uri say {@code aeron:udp?endpoint=10.0.0.1:24400} or {@code aeron:ipc}, with an address of the source at
     *            both ends: the source subscribes to it, targets publish to it. That a target asks for a response
     *            channel is added to it.
     * @return this.
     */
    public final B requestChannel(final String uri)
    {
        this.requestChannel = Objects.requireNonNull(uri, "uri");
        return self();
    }

    /**
     * The stream id of the requests: {@link #DEFAULT_REQUEST_STREAM_ID} unless set.
     *
     * @param streamId the same at both ends.
     * @return this.
     */
    public final B requestStreamId(final int streamId)
    {
        this.requestStreamId = streamId;
        return self();
    }

    /**
     * Where the source sends from. The term length, the MTU and the flow control of what is sent are set at the source:
     * {@code aeron:udp?control=10.0.0.1:24401|term-length=64m}. The longest record of a channel has to fit into an
     * eighth of the term.
     *
     * @param uri say {@code aeron:udp?control=10.0.0.1:24401} or {@code aeron:ipc}, with an address of the source at
     *            both ends: the source publishes to it, targets subscribe to it. That it is a response channel is added
     *            to it.
     * @return this.
     */
    public final B responseChannel(final String uri)
    {
        this.responseChannel = Objects.requireNonNull(uri, "uri");
        return self();
    }

    /**
     * The stream id of what is sent: {@link #DEFAULT_RESPONSE_STREAM_ID} unless set.
     *
     * @param streamId the same at both ends.
     * @return this.
     */
    public final B responseStreamId(final int streamId)
    {
        this.responseStreamId = streamId;
        return self();
    }

    /**
     * Where what is written now is sent once for all targets that listen: none unless set. A target that does not
     * listen, or whose source does not send it, gets all by the response channel. So does each target what it lacks:
     * when it is new, was cut off, or could not keep up.
     *
     * @param uri multicast, say {@code aeron:udp?endpoint=224.20.30.39:24402|interface=10.0.0.0/24} at both ends; or
     *            multi-destination-cast, {@code aeron:udp?control=10.0.0.1:24402|control-mode=dynamic} with an address
     *            of the source, and at each target the same with an address of its own, {@code
     *            |endpoint=10.0.0.2:24403}. Term length, MTU and flow control are set at the source; unless told by
     *            {@code fc}, the fastest target sets the pace.
     * @return this.
     */
    public final B liveChannel(final String uri)
    {
        this.liveChannel = Objects.requireNonNull(uri, "uri");
        return self();
    }

    /**
     * The stream id of the live stream: {@link #DEFAULT_LIVE_STREAM_ID} unless set.
     *
     * @param streamId the same at both ends.
     * @return this.
     */
    public final B liveStreamId(final int streamId)
    {
        this.liveStreamId = streamId;
        return self();
    }

    /**
     * The clock for intervals: the system's unless set.
     *
     * @param nanoClock that never steps back.
     * @return this.
     */
    public final B clock(final NanoClock nanoClock)
    {
        this.clock = Objects.requireNonNull(nanoClock, "clock");
        return self();
    }

    abstract B self();

    final void requireConnection()
    {
        Objects.requireNonNull(client, "aeron");
        Objects.requireNonNull(requestChannel, "requestChannel");
        Objects.requireNonNull(responseChannel, "responseChannel");
        if (liveChannel != null)
        {
            ChannelUri.parse(liveChannel);
        }
    }

    final Path root()
    {
        return root;
    }

    final AeronClient client()
    {
        return client;
    }

    final String requestChannel()
    {
        return requestChannel;
    }

    final int requestStreamId()
    {
        return requestStreamId;
    }

    final String responseChannel()
    {
        return responseChannel;
    }

    final int responseStreamId()
    {
        return responseStreamId;
    }

    /**
     * The channel of the live stream, or null.
     */
    final String liveChannel()
    {
        return liveChannel;
    }

    final int liveStreamId()
    {
        return liveStreamId;
    }

    final NanoClock clock()
    {
        return clock;
    }
}
