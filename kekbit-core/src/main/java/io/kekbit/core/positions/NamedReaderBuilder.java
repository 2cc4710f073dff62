package io.kekbit.core.positions;

import io.kekbit.core.Reader;
import io.kekbit.core.exceptions.ChannelException;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.SystemEpochClock;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Makes a {@link NamedReader}. Not thread-safe.
 */
public final class NamedReaderBuilder
{
    private final Path folder;
    private final String name;
    private final Reader reader;
    private final NamedStream stream;
    private EpochClock clock = SystemEpochClock.INSTANCE;
    private Storing storing = Storing.EACH_RECORD;

    NamedReaderBuilder(final Path folder, final String name, final Reader reader, final NamedStream stream)
    {
        this.folder = Objects.requireNonNull(folder, "folder");
        this.name = Objects.requireNonNull(name, "name");
        this.reader = Objects.requireNonNull(reader, "reader");
        this.stream = Objects.requireNonNull(stream, "stream");
    }

    /**
     * When the position is stored: behind each record unless set.
     *
     * @param when to store it.
     * @return this.
     */
    public NamedReaderBuilder storing(final Storing when)
    {
        this.storing = Objects.requireNonNull(when, "storing");
        return this;
    }

    /**
     * The clock that says when a position was stored: the system's unless set.
     *
     * @param epochClock of milliseconds since 1970-01-01T00:00Z.
     * @return this.
     */
    public NamedReaderBuilder clock(final EpochClock epochClock)
    {
        this.clock = Objects.requireNonNull(epochClock, "clock");
        return this;
    }

    /**
     * Take the name, and move the reader to where the reader of that name stopped. A name that was never used begins
     * where the reader is.
     *
     * @return the named reader, which closes the reader when it is closed.
     * @throws IllegalArgumentException where the name is none.
     * @throws ChannelException         where a living reader has the name, the position is damaged or of another
     *                                  stream, or the stream does not reach it; one subclass for each. The reader stays
     *                                  open, and the name as it was.
     */
    public NamedReader open()
    {
        final long position = reader.position();
        final PositionFile file = PositionFile.open(
            folder, name, stream.identity(), position, stream.writerEpoch(position), clock.time());
        boolean isOpen = false;
        try
        {
            final NamedReader named = new NamedReader(reader, stream, file, clock, storing);
            named.goOn();
            isOpen = true;

            return named;
        }
        finally
        {
            if (!isOpen)
            {
                file.close();
            }
        }
    }
}
