package io.kekbit.aeron.replication;

import io.kekbit.core.Reader;
import io.kekbit.core.ShmReader;
import io.kekbit.core.exceptions.PositionDeletedException;
import io.kekbit.core.positions.NamedPositions;
import io.kekbit.core.positions.NamedReader;
import io.kekbit.core.positions.NamedReaderBuilder;
import io.kekbit.core.positions.Storing;
import io.kekbit.core.series.SeriesPosition;
import io.kekbit.core.series.SeriesReader;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * How far a target is, kept at the source under the target's name as that of a reader is: so that whoever deletes old
 * channels keeps what the target still needs, and monitors see its lag.
 */
final class TargetPosition implements AutoCloseable
{
    private static final int DIGEST_LENGTH = 8;

    private final CopiedStream stream;
    private final NamedReader reader;

    private TargetPosition(final CopiedStream stream, final NamedReader reader)
    {
        this.stream = stream;
        this.reader = reader;
    }

    /**
     * Take the name.
     *
     * @param folder of the named positions.
     * @param name   of the target.
     * @param stream that it copies.
     */
    static TargetPosition open(final Path folder, final String name, final CopiedStream stream)
    {
        try
        {
            return new TargetPosition(stream, named(folder, name, stream));
        }
        catch (final PositionDeletedException ex)
        {
            // What was stored is older than what there is, and the target is further.
            NamedPositions.delete(folder, positionName(name, stream));
            return new TargetPosition(stream, named(folder, name, stream));
        }
    }

    private static NamedReader named(final Path folder, final String name, final CopiedStream stream)
    {
        final String position = positionName(name, stream);
        if (stream.isSeries())
        {
            final SeriesReader reader = SeriesReader.builder(stream.root(), stream.name()).readSuspect(true).open();
            return open(reader.named(folder, position), reader);
        }
        final ShmReader reader = ShmReader.builder(stream.file(0)).readSuspect(true).open();

        return open(NamedReader.builder(folder, position, reader), reader);
    }

    /**
     * One name for each of the streams that a target copies. That of a series may be too long to be part of it.
     */
    static String positionName(final String name, final CopiedStream stream)
    {
        return stream.isSeries() ?
            name + ".series-" + digest(stream.name()) :
            name + ".channel-" + Long.toHexString(stream.channelId());
    }

    private static String digest(final String series)
    {
        try
        {
            final byte[] sha = MessageDigest.getInstance("SHA-256").digest(series.getBytes(StandardCharsets.UTF_8));

            return HexFormat.of().formatHex(sha, 0, DIGEST_LENGTH);
        }
        catch (final NoSuchAlgorithmException ex)
        {
            throw new IllegalStateException("every JVM has SHA-256", ex);
        }
    }

    private static NamedReader open(final NamedReaderBuilder builder, final Reader reader)
    {
        boolean isOpen = false;
        try
        {
            final NamedReader named = builder.storing(Storing.ON_CALL).open();
            isOpen = true;

            return named;
        }
        finally
        {
            if (!isOpen)
            {
                reader.close();
            }
        }
    }

    /**
     * Keep that all before a position is at the target.
     *
     * @param ordinal  of the channel in the series.
     * @param position in that channel.
     */
    void store(final long ordinal, final long position)
    {
        reader.moveTo(stream.isSeries() ? SeriesPosition.of(ordinal, position) : position);
        reader.store();
    }

    /**
     * Let go of the name. What was stored stays.
     */
    @Override
    public void close()
    {
        reader.close();
    }
}
