package io.kekbit.aeron.replication;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Objects;

/**
 * Makes a {@link ReplicationSource}. Not thread-safe.
 */
public final class ReplicationSourceBuilder extends ReplicationBuilder<ReplicationSourceBuilder>
{
    private static final int DEFAULT_MAX_TARGETS = 64;
    private static final int DEFAULT_BLOCKS_PER_TURN = 32;

    private SourceListener listener = SourceListener.NONE;
    private TargetPositions positions = TargetPositions.NONE;
    private CopiedStream liveStream;
    private int maxTargets = DEFAULT_MAX_TARGETS;
    private int blocksPerTurn = DEFAULT_BLOCKS_PER_TURN;

    ReplicationSourceBuilder(final Path root)
    {
        super(root);
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
     * Which series to send on the {@link #liveChannel(String)}, from the end of what is written on, channel after
     * channel. Targets that listen there and have come to the live end are sent each block once for all of them.
     *
     * @param name of the series; it need not be there yet.
     * @return this.
     * @throws IllegalArgumentException where the name is none for a folder.
     */
    public ReplicationSourceBuilder liveSeries(final String name)
    {
        this.liveStream = CopiedStream.series(root(), name);
        return this;
    }

    /**
     * Which channel to send on the {@link #liveChannel(String)}, in place of a series.
     *
     * @param channelId of the channel, which is in no series; it need not be there yet.
     * @return this.
     */
    public ReplicationSourceBuilder liveChannelId(final long channelId)
    {
        this.liveStream = CopiedStream.channel(root(), channelId);
        return this;
    }

    /**
     * Make the source. It connects when it is run.
     *
     * @return the source.
     * @throws NullPointerException     where the client or a channel is missing.
     * @throws IllegalArgumentException where a channel is no Aeron URI, a limit is below 1, or there is a live channel
     *                                  without a series or channel to send there, or the other way round.
     */
    public ReplicationSource build()
    {
        requireConnection();
        if (maxTargets < 1 || blocksPerTurn < 1)
        {
            throw new IllegalArgumentException("maxTargets=" + maxTargets + " blocksPerTurn=" + blocksPerTurn);
        }

        if ((liveChannel() == null) != (liveStream == null))
        {
            throw new IllegalArgumentException(
                "liveChannel=" + liveChannel() + " and what to send there, " + liveStream + ", go together");
        }

        return new ReplicationSource(this);
    }

    @Override
    ReplicationSourceBuilder self()
    {
        return this;
    }

    /**
     * What is sent on the live channel, or null.
     */
    CopiedStream liveStream()
    {
        return liveStream;
    }

    TargetPositions positions()
    {
        return positions;
    }

    SourceListener listener()
    {
        return listener;
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
