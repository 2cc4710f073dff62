package io.kekbit.core.positions;

import io.kekbit.core.FileLease;
import io.kekbit.core.Lag;
import io.kekbit.core.ShmReader;
import io.kekbit.core.exceptions.ChannelAccessException;
import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.ChannelNotFoundException;
import io.kekbit.core.exceptions.PositionMismatchException;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.SystemEpochNanoClock;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.OptionalLong;

/**
 * How far the reader of a name has come, at the moment it was looked at. Looking disturbs no reader. Immutable.
 *
 * @param name      of the reader.
 * @param file      that holds the position.
 * @param stream    that it is a position of.
 * @param position  behind the last record that the reader is done with.
 * @param records   how many records are before the position; empty where the stream does not tell.
 * @param firstUsed when the name was used first.
 * @param storedAt  when the position was stored last: while its reader polls, within a second or so, even where
 *                  nothing is to be read.
 * @param isInUse   whether a living reader has the name.
 */
public record NamedPosition(
    String name,
    Path file,
    StreamIdentity stream,
    long position,
    OptionalLong records,
    Instant firstUsed,
    Instant storedAt,
    boolean isInUse)
{
    /**
     * Look how far the reader of a name has come.
     *
     * @param folder of the names.
     * @param name   of the reader.
     * @return the position.
     * @throws IllegalArgumentException where the name is none.
     * @throws ChannelException         where there is no such name, its file is damaged or cannot be read; one subclass
     *                                  for each.
     */
    public static NamedPosition of(final Path folder, final String name)
    {
        return of(PositionPath.file(folder, name));
    }

    static NamedPosition of(final Path file)
    {
        try
        {
            final PositionImage image = PositionImage.read(file);

            return new NamedPosition(
                PositionPath.name(file),
                file,
                image.identity(),
                image.position(),
                image.records() < 0 ? OptionalLong.empty() : OptionalLong.of(image.records()),
                Instant.ofEpochMilli(image.firstUsedMs()),
                Instant.ofEpochMilli(image.storedAtMs()),
                FileLease.isHeld(PositionPath.lockFile(file)));
        }
        catch (final NoSuchFileException ex)
        {
            throw new ChannelNotFoundException(file);
        }
        catch (final IOException ex)
        {
            throw new ChannelAccessException(file, "read the named position", ex);
        }
    }

    /**
     * How far the position is behind the end of its channel. For one of a series, ask a reader of the series.
     *
     * @param channelFile of the channel.
     * @return the lag.
     * @throws PositionMismatchException where it is a position of another stream.
     * @throws ChannelException          where the file is no channel that can be read, or does not reach as far as the
     *                                   position; one subclass for each.
     */
    public Lag lag(final Path channelFile)
    {
        return lag(channelFile, SystemEpochNanoClock.INSTANCE);
    }

    /**
     * How far the position is behind the end of its channel, by another clock than the system's.
     *
     * @param channelFile of the channel.
     * @param clock       that says what time it is.
     * @return the lag.
     * @throws PositionMismatchException where it is a position of another stream.
     * @throws ChannelException          where the file is no channel that can be read, or does not reach as far as the
     *                                   position; one subclass for each.
     */
    public Lag lag(final Path channelFile, final EpochNanoClock clock)
    {
        try (ShmReader reader = ShmReader.builder(channelFile).open())
        {
            final StreamIdentity identity = StreamIdentity.ofChannel(reader.header());
            if (!identity.equals(stream))
            {
                throw new PositionMismatchException(file, identity.toString(), stream.toString());
            }

            return Lag.of(reader, position, clock);
        }
    }
}
