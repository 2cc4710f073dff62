package io.kekbit.core.series;

import io.kekbit.core.Lag;
import io.kekbit.core.ReaderState;
import io.kekbit.core.ShmReader;
import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.UnavailablePositionException;
import io.kekbit.core.layout.RecordDescriptor;
import io.kekbit.core.positions.NamedStream;
import io.kekbit.core.positions.StreamIdentity;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.SystemEpochNanoClock;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * What a named reader of a series has to know of it.
 */
final class SeriesStream implements NamedStream
{
    /**
     * The durable position of a channel that was made and never flushed: behind its first heartbeat.
     */
    private static final long NEVER_FLUSHED = RecordDescriptor.LENGTH_WORD_LENGTH;

    private static final long LOOK_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    private final SeriesReader series;
    private final Channels channels;
    private ShmReader current;
    private NamedStream stream;
    private long ordinal;
    private long vouched;
    private boolean isLookedAt;
    private long lookedAtNs;

    SeriesStream(final SeriesReader series, final Channels channels)
    {
        this.series = series;
        this.channels = channels;
    }

    @Override
    public StreamIdentity identity()
    {
        return StreamIdentity.ofSeries(series.streamId());
    }

    /**
     * A writer closes channels in the order in which it left them, and before it flushes the one that it is in. So a
     * channel that was flushed vouches for those before it, as one that is closed does. Whether the one before is
     * closed is looked for once a second, until it is.
     */
    @Override
    public long vouchedPosition()
    {
        final NamedStream channel = currentStream();
        final long inChannel = channel.vouchedPosition();
        if (inChannel > NEVER_FLUSHED)
        {
            vouched = Math.max(vouched, SeriesPosition.of(ordinal, inChannel));
        }
        else if (ordinal > 0 && vouched < SeriesPosition.of(ordinal, 0) && isTimeToLook() && isClosed(ordinal - 1))
        {
            vouched = SeriesPosition.of(ordinal, 0);
        }

        return vouched;
    }

    /**
     * The epoch together with the creation time of the channel, since a channel of the same ordinal may be made anew
     * after a loss of power.
     */
    @Override
    public long writerEpoch(final long position)
    {
        final long wanted = SeriesPosition.ordinal(position);
        if (wanted == series.ordinal())
        {
            return epoch(series.current(), currentStream().writerEpoch(0));
        }
        try (ShmReader channel = channels.open(wanted))
        {
            return channel == null ? 0 : epoch(channel, channel.extension().writerEpoch());
        }
    }

    private static long epoch(final ShmReader channel, final long writerEpoch)
    {
        return channel.header().creationTime() + writerEpoch;
    }

    private NamedStream currentStream()
    {
        if (current != series.current())
        {
            current = series.current();
            ordinal = series.ordinal();
            stream = NamedStream.of(current);
            isLookedAt = false;
        }

        return stream;
    }

    private boolean isTimeToLook()
    {
        final long nowNs = System.nanoTime();
        final boolean isTime = !isLookedAt || nowNs - lookedAtNs >= LOOK_INTERVAL_NS;
        if (isTime)
        {
            isLookedAt = true;
            lookedAtNs = nowNs;
        }

        return isTime;
    }

    /**
     * Whether a channel is closed, or was deleted after that.
     */
    private boolean isClosed(final long wanted)
    {
        try (ShmReader channel = channels.open(wanted))
        {
            if (channel == null)
            {
                return true;
            }
            channel.moveToEnd();

            return channel.state() == ReaderState.CLOSED;
        }
    }

    @Override
    public Lag lag(final long position)
    {
        return lag(position, SystemEpochNanoClock.INSTANCE);
    }

    /**
     * The sum over all channels from that on in which the position lies, each of which is looked at.
     */
    Lag lag(final long position, final EpochNanoClock clock)
    {
        final long first = SeriesPosition.ordinal(position);
        final long last = Math.max(first, channels.folder().last());
        long end = position;
        long bytes = 0;
        long before = 0;
        long records = 0;
        boolean areCounted = true;
        Optional<Duration> time = Optional.of(Duration.ZERO);
        boolean isTimeFound = false;
        for (long ordinal = first; ordinal <= last; ordinal++)
        {
            final long from = ordinal == first ? position : SeriesPosition.of(ordinal, 0);
            try (ShmReader channel = channels.requireOpened(ordinal, from))
            {
                final Lag part = lag(channel, from, clock);
                if (ordinal == first)
                {
                    before = channel.extension().firstRecordNumber() + part.recordsBefore().orElse(0);
                }
                areCounted &= part.recordsBefore().isPresent() && part.records().isPresent();
                bytes += part.bytes();
                records += part.records().orElse(0);
                end = SeriesPosition.of(ordinal, part.end());
                if (!isTimeFound && !part.records().equals(OptionalLong.of(0)))
                {
                    isTimeFound = true;
                    time = part.time();
                }
            }
            catch (final ChannelException ex)
            {
                if (ordinal == first || !Damage.isDamage(ex))
                {
                    throw ex;
                }
                // What was in it cannot be told any more.
                areCounted = false;
            }
        }

        return new Lag(
            position,
            end,
            bytes,
            areCounted ? OptionalLong.of(before) : OptionalLong.empty(),
            areCounted ? OptionalLong.of(records) : OptionalLong.empty(),
            time);
    }

    private static Lag lag(final ShmReader channel, final long position, final EpochNanoClock clock)
    {
        try
        {
            return Lag.of(channel, SeriesPosition.inChannel(position), clock);
        }
        catch (final UnavailablePositionException ex)
        {
            throw new UnavailablePositionException(
                channel.file(), position, SeriesPosition.of(SeriesPosition.ordinal(position), ex.end()));
        }
    }
}
