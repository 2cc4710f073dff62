package io.kekbit.cli.records;

import io.kekbit.cli.support.CliException;
import io.kekbit.cli.support.ExitCodes;
import io.kekbit.cli.support.StreamTarget;
import io.kekbit.core.Reader;
import io.kekbit.core.ReaderState;
import io.kekbit.core.exceptions.PositionDeletedException;
import io.kekbit.core.exceptions.UnavailablePositionException;
import io.kekbit.core.layout.EnvelopeDescriptor;
import io.kekbit.core.series.SeriesPosition;

/**
 * Goes through the records of a channel or series from one place to another. The place to end at may lie in what is not
 * written yet. Belongs to one thread.
 */
final class RecordWalk implements AutoCloseable
{
    private final StreamReader reader;
    private final StreamTarget target;
    private final boolean isSuspectRead;
    private final Place to;
    private final long toTicks;
    private final boolean isStamped;
    private StreamReader scout;
    /** No record from here on is wanted. */
    private long end = Long.MAX_VALUE;
    /** No record before this is behind the place to end at. */
    private long endSearchedTo;
    private boolean isEndFound;
    private boolean isOver;

    /**
     * Open the channel or series and go to where the records begin.
     *
     * @param target        to open.
     * @param from          where to begin.
     * @param to            where to end.
     * @param isSuspectRead whether to read what nothing vouches for.
     */
    RecordWalk(final StreamTarget target, final Place from, final Place to, final boolean isSuspectRead)
    {
        this.target = target;
        this.to = to;
        this.isSuspectRead = isSuspectRead;
        reader = open();
        boolean isReady = false;
        try
        {
            isStamped = EnvelopeCodes.tell(reader, EnvelopeDescriptor.TIMESTAMP);
            toTicks = to.kind() == Place.Kind.TIME ? ticks(to) : Long.MAX_VALUE;
            if (to.kind() == Place.Kind.POSITION)
            {
                endAt(to.number());
            }
            else if (to.kind() == Place.Kind.END)
            {
                endAt(endOf(scout()));
            }
            else if (to.kind() == Place.Kind.START)
            {
                endAt(0);
            }
            else if (to.kind() == Place.Kind.NEVER)
            {
                endAt(Long.MAX_VALUE);
            }
            goTo(from);
            isReady = true;
        }
        finally
        {
            if (!isReady)
            {
                close();
            }
        }
    }

    /**
     * The reader that walks.
     */
    StreamReader reader()
    {
        return reader;
    }

    /**
     * Go to the next record.
     *
     * @return false where there is none, or none yet: then {@link #isOver()} tells whether to wait.
     */
    boolean next()
    {
        if (isOver || reader.position() >= end())
        {
            isOver = true;
            return false;
        }
        if (!reader.next())
        {
            return false;
        }
        // Heartbeats were stepped over, and what follows them may have been written since the end was looked for.
        isOver = reader.recordPosition() >= end() ||
            isStamped && to.kind() == Place.Kind.TIME && reader.time() != Reader.NOT_TOLD &&
                Long.compareUnsigned(reader.time(), toTicks) >= 0;

        return !isOver;
    }

    /**
     * Whether the record that the reader was taken to, by whomever, stands before the place to end at.
     */
    boolean isWanted()
    {
        return reader.recordPosition() < end();
    }

    /**
     * Whether the place to end at was reached.
     */
    boolean isOver()
    {
        return isOver;
    }

    /**
     * Go to a place.
     *
     * @throws CliException                                where the channel cannot tell where that is.
     * @throws io.kekbit.core.exceptions.ChannelException  where there is no record.
     */
    void goTo(final Place place)
    {
        isOver = false;
        switch (place.kind())
        {
            case START -> reader.moveToStart();
            case POSITION -> reader.moveTo(place.number());
            case TIME -> reader.seekToTime(ticks(place));
            case RECORD ->
            {
                if (!isThere(place))
                {
                    throw new CliException(
                        ExitCodes.FAILED,
                        "no record " + place + ": the " + target.kind() + " does not have as many. kekbit stats " +
                            target.path() + " counts them");
                }
            }
            default -> reader.moveToEnd();
        }
    }

    private boolean isThere(final Place record)
    {
        try
        {
            return reader.seekToRecord(record.number());
        }
        catch (final PositionDeletedException ex)
        {
            throw new CliException(
                ExitCodes.FAILED,
                "record " + record + " was deleted, to keep the series within its bounds. It begins at position " +
                    ex.firstPosition() + " now; start stands for that");
        }
    }

    /**
     * Go to a record by its number, or else to the first that there is.
     *
     * @return whether it is the record that was wanted.
     */
    boolean goToRecordOrStart(final long number)
    {
        isOver = false;

        return reader.seekToRecordOrStart(number);
    }

    /**
     * Where the records end that are there now and wanted.
     */
    long endNow()
    {
        return Math.min(end(), endOf(scout()));
    }

    /**
     * End before a position, too.
     */
    void endBefore(final long position)
    {
        endAt(Math.min(end, position));
    }

    /**
     * See that what is there could be read.
     *
     * @throws CliException where the channel is damaged, or nothing vouches for it.
     */
    void requireReadable()
    {
        final ReaderState state = reader.state();
        final String where = ": position=" + reader.position() + " file=" + reader.file();
        final long next = reader.isSeries() ? SeriesPosition.of(reader.ordinal() + 1, 0) : 0;
        if (state == ReaderState.CORRUPT)
        {
            throw new CliException(
                ExitCodes.DAMAGED,
                "the channel is damaged here" + where + ". kekbit verify says what is wrong" +
                    (isThere(next) ? "; --from=" + next + " goes on in the next channel" : ""));
        }
        if (state == ReaderState.SUSPECT)
        {
            throw new CliException(
                ExitCodes.FAILED,
                "the machine was restarted, and what follows was never forced to the device" + where +
                    ". --suspect reads it all the same" +
                    (isThere(next) ? "; --from=" + next + " goes on in the next channel" : ""));
        }
    }

    /**
     * Whether a series has a channel that begins at a position, which is not that of the first one.
     */
    private boolean isThere(final long start)
    {
        if (start == 0)
        {
            return false;
        }
        try
        {
            scout().moveTo(start);

            return true;
        }
        catch (final UnavailablePositionException | PositionDeletedException ex)
        {
            return false;
        }
    }

    /**
     * See that the times of records are known.
     *
     * @throws CliException where they are not.
     */
    void requireTimes()
    {
        if (!isStamped && reader.extension().indexOffset() == 0)
        {
            throw new CliException(
                ExitCodes.FAILED,
                "no times in " + reader.file() + ": its records are not stamped, and it has no index. Say " +
                    "where by position or #RECORD");
        }
    }

    @Override
    public void close()
    {
        reader.close();
        if (scout != null)
        {
            scout.close();
        }
    }

    private long end()
    {
        if (!isEndFound && reader.position() >= endSearchedTo)
        {
            searchEnd();
        }

        return end;
    }

    /**
     * Look where the place to end at is. What is not written yet when this begins is looked for again when the reader
     * comes there, and not for every record before.
     */
    private void searchEnd()
    {
        if (to.kind() == Place.Kind.TIME && isStamped)
        {
            isEndFound = true;
            return;
        }
        final long writtenTo = endOf(scout());
        if (to.kind() == Place.Kind.RECORD)
        {
            if (scout.seekToRecord(to.number()))
            {
                endAt(scout.position());
            }
        }
        else
        {
            // The last record before that time of which the index knows the time, and the last of all of them: where
            // that is another, the next in the index is of that time or later, and stands in the next stride.
            scout.seekToTime(toTicks);
            final long before = scout.position();
            scout.seekToTime(Long.MAX_VALUE);
            final long stride = reader.extension().indexStride();
            if (scout.position() > before)
            {
                // Of a series, that is in the same channel, or else the first of the next one.
                final long base = scout.isSeries() ? SeriesPosition.of(SeriesPosition.ordinal(before), 0) : 0;
                endAt(base + ((before - base) / stride + 1) * stride);
            }
        }
        endSearchedTo = writtenTo;
    }

    private void endAt(final long position)
    {
        end = position;
        isEndFound = true;
    }

    private static long endOf(final StreamReader reader)
    {
        reader.moveToEnd();

        return reader.position();
    }

    private long ticks(final Place place)
    {
        requireTimes();

        return new TickTimes(reader.header().tickUnit()).ticks(place.time());
    }

    private StreamReader scout()
    {
        if (scout == null)
        {
            scout = open();
        }

        return scout;
    }

    private StreamReader open()
    {
        return StreamReader.open(target, isSuspectRead);
    }
}
