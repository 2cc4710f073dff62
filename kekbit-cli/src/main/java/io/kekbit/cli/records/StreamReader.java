package io.kekbit.cli.records;

import io.kekbit.cli.support.StreamTarget;
import io.kekbit.core.Extension;
import io.kekbit.core.Header;
import io.kekbit.core.Reader;
import io.kekbit.core.ReaderState;
import io.kekbit.core.ShmReader;
import io.kekbit.core.exceptions.PositionDeletedException;
import io.kekbit.core.series.SeriesPosition;
import io.kekbit.core.series.SeriesReader;
import org.agrona.DirectBuffer;

import java.nio.file.Path;

/**
 * Reads a channel, or a series as one stream. Belongs to one thread.
 */
final class StreamReader implements AutoCloseable
{
    private final Reader reader;
    private final ShmReader channel;
    private final SeriesReader series;

    private StreamReader(final Reader reader, final ShmReader channel, final SeriesReader series)
    {
        this.reader = reader;
        this.channel = channel;
        this.series = series;
    }

    /**
     * Open a channel or series.
     *
     * @param target        to open.
     * @param isSuspectRead whether to read what nothing vouches for.
     * @return a reader at the first record.
     */
    static StreamReader open(final StreamTarget target, final boolean isSuspectRead)
    {
        if (target.isSeries())
        {
            final SeriesReader opened =
                SeriesReader.builder(target.root(), target.name()).readSuspect(isSuspectRead).open();

            return new StreamReader(opened, null, opened);
        }
        final ShmReader opened = ShmReader.builder(target.path()).readSuspect(isSuspectRead).open();

        return new StreamReader(opened, opened, null);
    }

    /**
     * The reader itself.
     */
    Reader reader()
    {
        return reader;
    }

    boolean isSeries()
    {
        return series != null;
    }

    /**
     * Which channel of a series the next record comes from, as far as is known; 0 of a single channel.
     */
    long ordinal()
    {
        return isSeries() ? SeriesPosition.ordinal(reader.position()) : 0;
    }

    /**
     * What the channel that is read says of itself.
     */
    Extension extension()
    {
        return isSeries() ? series.extension() : channel.extension();
    }

    /**
     * The schema section of the channel that is read.
     */
    DirectBuffer schema()
    {
        return isSeries() ? series.schema() : channel.schema();
    }

    /**
     * The file of the channel that is read.
     */
    Path file()
    {
        return isSeries() ? series.file() : channel.file();
    }

    Header header()
    {
        return reader.header();
    }

    boolean next()
    {
        return reader.next();
    }

    DirectBuffer buffer()
    {
        return reader.buffer();
    }

    int offset()
    {
        return reader.offset();
    }

    int length()
    {
        return reader.length();
    }

    long sequence()
    {
        return reader.sequence();
    }

    long time()
    {
        return reader.time();
    }

    long recordPosition()
    {
        return reader.recordPosition();
    }

    long position()
    {
        return reader.position();
    }

    ReaderState state()
    {
        return reader.state();
    }

    void moveTo(final long position)
    {
        reader.moveTo(position);
    }

    /**
     * Go to the first record that there is.
     */
    void moveToStart()
    {
        if (isSeries())
        {
            series.moveToStart();
        }
        else
        {
            reader.moveTo(0);
        }
    }

    void moveToEnd()
    {
        reader.moveToEnd();
    }

    boolean seekToRecord(final long number)
    {
        return reader.seekToRecord(number);
    }

    /**
     * Go to a record by its number, or, where it was deleted, to the first that there is.
     *
     * @return whether it was the record that was wanted.
     */
    boolean seekToRecordOrStart(final long number)
    {
        try
        {
            return reader.seekToRecord(number);
        }
        catch (final PositionDeletedException ex)
        {
            moveToStart();

            return false;
        }
    }

    void seekToTime(final long ticks)
    {
        reader.seekToTime(ticks);
    }

    @Override
    public void close()
    {
        reader.close();
    }
}
