package io.kekbit.core.series;

import io.kekbit.core.Lag;
import io.kekbit.core.ShmReader;
import io.kekbit.core.exceptions.UnavailablePositionException;
import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.RecordDescriptor;
import io.kekbit.core.positions.NamedStream;
import io.kekbit.core.positions.StreamIdentity;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.SystemEpochNanoClock;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * What a named reader of a series has to know of it.
 */
final class SeriesStream implements NamedStream
{
    /**
     * The durable position of a channel that was made and never flushed: behind its first heartbeat.
     */
    private static final long NEVER_FLUSHED = RecordDescriptor.LENGTH_WORD_LENGTH;

    private final SeriesReader series;
    private final SeriesFolder folder;

    SeriesStream(final SeriesReader series, final SeriesFolder folder)
    {
        this.series = series;
        this.folder = folder;
    }

    @Override
    public StreamIdentity identity()
    {
        return StreamIdentity.ofSeries(series.streamId());
    }

    /**
     * A writer flushes all channels that it has left before the one that it is in, so the durable position of a channel
     * that was flushed vouches for those before it. One that was not tells nothing of them.
     */
    @Override
    public long durablePosition()
    {
        final ShmReader channel = series.current();
        final long stored = channel.buffer().getLong(ExtensionDescriptor.DURABLE_POSITION_OFFSET, LITTLE_ENDIAN);
        final boolean isTold = stored > NEVER_FLUSHED && stored <= channel.header().capacity();

        return isTold ? SeriesPosition.of(series.ordinal(), stored) : 0;
    }

    @Override
    public long writerEpoch(final long position)
    {
        final long ordinal = SeriesPosition.ordinal(position);
        if (ordinal == series.ordinal())
        {
            return series.current().buffer().getLong(ExtensionDescriptor.WRITER_EPOCH_OFFSET, LITTLE_ENDIAN);
        }
        try (ShmReader channel = series.open(ordinal))
        {
            return channel == null ? 0 : channel.extension().writerEpoch();
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
        final long last = Math.max(first, folder.last());
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
            try (ShmReader channel = series.requireOpened(ordinal, from))
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
