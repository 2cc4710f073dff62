package io.kekbit.core.series;

import io.kekbit.core.ChannelState;
import io.kekbit.core.ChannelStatus;
import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.positions.NamedPositions;
import io.kekbit.core.positions.StreamIdentity;
import org.agrona.concurrent.EpochNanoClock;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * Keeps a series within its bounds.
 */
final class Pruning implements Housekeeping
{
    private static final long INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    private final SeriesFolder folder;
    private final Retention retention;
    private final SeriesListener listener;
    private final EpochNanoClock clock;
    private long lastNs;
    private boolean isStarted;

    Pruning(
        final SeriesFolder folder,
        final Retention retention,
        final SeriesListener listener,
        final EpochNanoClock clock)
    {
        this.folder = folder;
        this.retention = retention;
        this.listener = listener;
        this.clock = clock;
    }

    /**
     * Prune where a channel was made or closed, and once a second.
     */
    @Override
    public int doWork(final long nowNs, final boolean isChanged)
    {
        if (isStarted && !isChanged && nowNs - lastNs < INTERVAL_NS)
        {
            return 0;
        }
        isStarted = true;
        lastNs = nowNs;
        try
        {
            return (int)prune(true).channels();
        }
        catch (final ChannelException ex)
        {
            listener.onPruningFailed(ex);

            return 0;
        }
    }

    /**
     * Delete what is beyond the bounds, or only tell what that would be.
     */
    Pruned prune(final boolean isDeleted)
    {
        final long[] ordinals = folder.ordinals();
        int published = ordinals.length;
        while (published > 0 && !folder.isPublished(ordinals[published - 1]))
        {
            published--;
        }
        long bytes = 0;
        for (final long ordinal : ordinals)
        {
            bytes += folder.length(ordinal);
        }

        long needed = -1;
        boolean isHeld = false;
        long freed = 0;
        int index = 0;
        // The last one is never deleted.
        for (; index < published - 1; index++)
        {
            final long ordinal = ordinals[index];
            final SeriesFolder.Head head = folder.head(ordinal);
            if (head == null)
            {
                // Somebody else deletes, too.
                continue;
            }
            if (!isBeyond(head, bytes - freed, published - index) ||
                !head.isClosed() && !isGivenUp(ordinal, ordinals[published - 1]))
            {
                break;
            }
            needed = needed < 0 ? firstNeeded(head.streamId()) : needed;
            if (ordinal >= needed)
            {
                isHeld = true;
                break;
            }
            folder.requireUnsealed(ordinal);
            freed += head.length();
            if (isDeleted)
            {
                folder.delete(ordinal);
                listener.onChannelDeleted(ordinal, folder.file(ordinal));
            }
        }

        return new Pruned(
            index, freed, index < ordinals.length ? SeriesPosition.of(ordinals[index], 0) : 0, isHeld);
    }

    /**
     * Whether a channel that is not closed never will be: it is damaged, or suspect, and another was begun behind it.
     * A writer sees to all channels before it begins or takes over the last one.
     */
    private boolean isGivenUp(final long ordinal, final long last)
    {
        try
        {
            final ChannelStatus status = ChannelStatus.of(folder.file(ordinal));
            if (status.state() == ChannelState.CORRUPT || status.state() == ChannelState.SUSPECT)
            {
                return true;
            }
            final ChannelStatus lastStatus = ChannelStatus.of(folder.file(last));

            return isLetGoOf(status) &&
                (lastStatus.state() == ChannelState.CLOSED || lastStatus.writerProcess().isPresent());
        }
        catch (final ChannelException ex)
        {
            return Damage.isDamage(ex);
        }
    }

    private static boolean isLetGoOf(final ChannelStatus status)
    {
        return status.writerProcess().isEmpty() &&
            (status.state() == ChannelState.ABANDONED || status.state() == ChannelState.FULL);
    }

    private boolean isBeyond(final SeriesFolder.Head head, final long bytes, final long channels)
    {
        return bytes > retention.maxBytes() ||
            channels > retention.maxChannels() ||
            retention.maxAge() != null &&
                Duration.ofMillis(nowMs() - head.lastTimeMs()).compareTo(retention.maxAge()) > 0;
    }

    /**
     * The first channel that a named reader still needs. One that has read all of a channel is still in it.
     *
     * @return its ordinal, {@link Long#MAX_VALUE} where there is none, or 0 where it is not known.
     */
    private long firstNeeded(final long streamId)
    {
        long first = Long.MAX_VALUE;
        if (!retention.isWithinBounds())
        {
            final Duration expiry = retention.readerExpiry();
            final long nowMs = nowMs();
            // However long it is: many a length of time that means never cannot be subtracted.
            final Instant since = expiry.compareTo(Duration.ofMillis(nowMs)) >= 0 ?
                Instant.MIN : Instant.ofEpochMilli(nowMs).minus(expiry);
            for (final Path readers : retention.readers())
            {
                first = Math.min(first, firstNeeded(readers, StreamIdentity.ofSeries(streamId), since));
            }
        }

        return first;
    }

    private long firstNeeded(final Path readers, final StreamIdentity stream, final Instant since)
    {
        try
        {
            final NamedPositions positions = NamedPositions.in(readers);
            if (!positions.problems().isEmpty())
            {
                throw positions.problems().get(0);
            }
            final OptionalLong lowest = positions.lowest(stream, since);

            return lowest.isEmpty() ? Long.MAX_VALUE : SeriesPosition.ordinal(lowest.getAsLong());
        }
        catch (final ChannelException ex)
        {
            listener.onPruningFailed(ex);

            return 0;
        }
    }

    private long nowMs()
    {
        return TimeUnit.NANOSECONDS.toMillis(clock.nanoTime());
    }
}
