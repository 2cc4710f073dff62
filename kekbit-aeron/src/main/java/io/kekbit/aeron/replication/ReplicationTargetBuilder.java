package io.kekbit.aeron.replication;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * Makes a {@link ReplicationTarget}. Not thread-safe.
 */
public final class ReplicationTargetBuilder extends ReplicationBuilder<ReplicationTargetBuilder>
{
    private static final long DEFAULT_RETRY_INTERVAL_NS = Duration.ofSeconds(1).toNanos();
    private static final long DEFAULT_MAX_RETRY_INTERVAL_NS = Duration.ofSeconds(30).toNanos();
    private static final long DEFAULT_CONNECT_TIMEOUT_NS = Duration.ofSeconds(10).toNanos();
    private static final long DEFAULT_LIVE_TIMEOUT_NS = Duration.ofSeconds(1).toNanos();

    private CopiedStream stream;
    private String name = "";
    private TargetListener listener = TargetListener.NONE;
    private long retryIntervalNs = DEFAULT_RETRY_INTERVAL_NS;
    private long maxRetryIntervalNs = DEFAULT_MAX_RETRY_INTERVAL_NS;
    private long maxChannelCapacity = Long.MAX_VALUE;
    private long connectTimeoutNs = DEFAULT_CONNECT_TIMEOUT_NS;
    private long liveTimeoutNs = DEFAULT_LIVE_TIMEOUT_NS;
    private long progressIntervalNs;
    private boolean skipsDeleted;

    ReplicationTargetBuilder(final Path root)
    {
        super(root);
    }

    /**
     * Copy one channel.
     *
     * @param channelId of the channel at the source, and of the copy here.
     * @return this.
     */
    public ReplicationTargetBuilder channel(final long channelId)
    {
        stream = CopiedStream.channel(root(), channelId);
        return this;
    }

    /**
     * Copy a series, from the first channel that the source has.
     *
     * @param seriesName at the source and here.
     * @return this.
     * @throws IllegalArgumentException where the name is none for a folder.
     */
    public ReplicationTargetBuilder series(final String seriesName)
    {
        stream = CopiedStream.series(root(), seriesName);
        return this;
    }

    /**
     * What the source is to call this target: nothing unless set. Of two targets that copy the same by one name, the
     * source takes the later one for the earlier one that came back. So each host has a name of its own.
     * <p>
     * A source that keeps the positions of this name may delete what comes before the position that the target asks by.
     * So a target with a name forces its copy to the device before it asks: when it connects, and when it asks again.
     *
     * @param targetName at most 32 letters, digits, dots, hyphens and underscores, of which the first is a letter or a
     *                   digit.
     * @return this.
     * @throws IllegalArgumentException where it is no such name.
     */
    public ReplicationTargetBuilder name(final String targetName)
    {
        if (!TargetNames.isSound(targetName))
        {
            throw new IllegalArgumentException(
                "name=\"" + targetName + "\". A target has at most 32 letters, digits, dots, hyphens and underscores.");
        }
        this.name = targetName;
        return this;
    }

    /**
     * Who is told what happens: nobody unless set.
     *
     * @param targetListener to tell.
     * @return this.
     */
    public ReplicationTargetBuilder listener(final TargetListener targetListener)
    {
        this.listener = Objects.requireNonNull(targetListener, "listener");
        return this;
    }

    /**
     * How long to wait before connecting or asking again: 1 second unless set.
     *
     * @param interval above 0.
     * @return this.
     */
    public ReplicationTargetBuilder retryInterval(final Duration interval)
    {
        this.retryIntervalNs = interval.toNanos();
        return this;
    }

    /**
     * How long to wait before connecting again at most: 30 seconds unless set. Each time that a connection could not be
     * made or was lost, or that what came was no message of a source, the interval doubles, until something was
     * appended or a connection lasted for longer than this. It is never less than the {@link #retryInterval(Duration)}.
     * The same holds for asking again where the disk had no room for the next channel, until it has.
     *
     * @param interval above 0.
     * @return this.
     */
    public ReplicationTargetBuilder maxRetryInterval(final Duration interval)
    {
        this.maxRetryIntervalNs = interval.toNanos();
        return this;
    }

    /**
     * The largest channel to make a copy of: any unless set. A larger one stops the target with {@link
     * RefusalReason#COPY_FAILED}, before anything is made.
     *
     * @param bytes of its record area.
     * @return this.
     */
    public ReplicationTargetBuilder maxChannelCapacity(final long bytes)
    {
        this.maxChannelCapacity = bytes;
        return this;
    }

    /**
     * How long a source may take to answer before the connection is made anew: 10 seconds unless set.
     *
     * @param timeout above 0.
     * @return this.
     */
    public ReplicationTargetBuilder connectTimeout(final Duration timeout)
    {
        this.connectTimeoutNs = timeout.toNanos();
        return this;
    }

    /**
     * How long the {@link #liveChannel(String)} may bring less than the source says it has sent there, before the
     * target asks the source for that: 1 second unless set. Where a gap is seen, it asks at once.
     *
     * @param timeout above 0.
     * @return this.
     */
    public ReplicationTargetBuilder liveTimeout(final Duration timeout)
    {
        this.liveTimeoutNs = timeout.toNanos();
        return this;
    }

    /**
     * At which intervals the copy is forced to the device and the source is told how far it is: never unless set. What
     * is not forced when this machine loses its power is copied again, so this is for a source that keeps what its
     * targets still need, see {@link #name(String)}: without it, that source knows only the positions that were asked
     * for. Forcing takes the thread that runs the target for as long as the device does.
     *
     * @param interval between two reports; zero for never.
     * @return this.
     */
    public ReplicationTargetBuilder progressInterval(final Duration interval)
    {
        this.progressIntervalNs = interval.toNanos();
        return this;
    }

    /**
     * What to do where the source has deleted the channels of the series that come next. Unless set, the target stops
     * with {@link RefusalReason#POSITION_DELETED}. If set, it goes on with the first channel that the source has, where
     * all channels that the copy has are complete: the copy then has a hole, at which its readers stop, as they do at
     * the source. The rest of a channel is never left out.
     *
     * @param isSkipped true to go on.
     * @return this.
     */
    public ReplicationTargetBuilder skipDeleted(final boolean isSkipped)
    {
        this.skipsDeleted = isSkipped;
        return this;
    }

    /**
     * Make the target. It opens its copy and connects when it is run.
     *
     * @return the target.
     * @throws NullPointerException     where the client, a channel, or what to copy is missing.
     * @throws IllegalArgumentException where a channel is no Aeron URI, or an interval is not above 0.
     */
    public ReplicationTarget build()
    {
        requireConnection();
        Objects.requireNonNull(stream, "channel or series");
        if (retryIntervalNs <= 0 || maxRetryIntervalNs <= 0 || connectTimeoutNs <= 0 || liveTimeoutNs <= 0 ||
            progressIntervalNs < 0)
        {
            throw new IllegalArgumentException(
                "retryIntervalNs=" + retryIntervalNs + " maxRetryIntervalNs=" + maxRetryIntervalNs +
                    " connectTimeoutNs=" + connectTimeoutNs + " liveTimeoutNs=" + liveTimeoutNs +
                    " progressIntervalNs=" + progressIntervalNs);
        }

        return new ReplicationTarget(this);
    }

    @Override
    ReplicationTargetBuilder self()
    {
        return this;
    }

    CopiedStream stream()
    {
        return stream;
    }

    String name()
    {
        return name;
    }

    TargetListener listener()
    {
        return listener;
    }

    long retryIntervalNs()
    {
        return retryIntervalNs;
    }

    long maxRetryIntervalNs()
    {
        return maxRetryIntervalNs;
    }

    long maxChannelCapacity()
    {
        return maxChannelCapacity;
    }

    long connectTimeoutNs()
    {
        return connectTimeoutNs;
    }

    long liveTimeoutNs()
    {
        return liveTimeoutNs;
    }

    long progressIntervalNs()
    {
        return progressIntervalNs;
    }

    boolean skipsDeleted()
    {
        return skipsDeleted;
    }
}
