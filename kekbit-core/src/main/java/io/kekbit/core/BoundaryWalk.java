package io.kekbit.core;

import io.kekbit.core.exceptions.InvalidPositionException;
import io.kekbit.core.exceptions.UnavailablePositionException;
import io.kekbit.core.layout.IndexDescriptor;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.file.Path;

import static io.kekbit.core.layout.RecordDescriptor.LENGTH_WORD_LENGTH;
import static io.kekbit.core.layout.RecordDescriptor.RECORD_AREA_OFFSET;

/**
 * Finds where a reader that moves is to go on: from the nearest boundary that it or the index knows, along the length
 * words. It changes nothing of the reader, so that one whose move fails stays where it is.
 */
final class BoundaryWalk
{
    /**
     * There is no such record.
     */
    static final int NOWHERE = -1;

    /**
     * What a reader goes to.
     */
    enum Target
    {
        POSITION, END, RECORD, TIME
    }

    /**
     * What is before the end of a channel, or before a record in it and with it.
     *
     * @param records    how many, without heartbeats.
     * @param lastRecord position of the last one that was walked over, or {@link #NOWHERE}.
     * @param lastLength length of that one's content, which lies within the record area.
     */
    record Tail(long records, int lastRecord, int lastLength)
    {
    }

    /**
     * A boundary of which is known what is before it.
     *
     * @param position of the boundary.
     * @param records  how many there are before it, without heartbeats.
     */
    record Counted(int position, long records)
    {
    }

    private final UnsafeBuffer buffer;
    private final ChannelIndex index;
    private final Path file;
    private final int maxMessageLength;
    private final int recordsEnd;
    private final Envelope envelope;

    /**
     * @param mapping    of the channel, its index included where there is one.
     * @param header     of the channel.
     * @param recordsEnd position that no record reaches beyond.
     * @param envelope   of the channel, or null where there is none that can be seen through.
     */
    BoundaryWalk(
        final ChannelMapping mapping, final Header header, final int recordsEnd, final Envelope envelope)
    {
        this.envelope = envelope;
        buffer = mapping.buffer();
        index = new ChannelIndex(mapping, header);
        file = mapping.file();
        maxMessageLength = header.maxMessageLength();
        this.recordsEnd = recordsEnd;
    }

    /**
     * Find where to go.
     *
     * @param target       what to find.
     * @param value        the position wanted, the number of the record, or the time.
     * @param known        a boundary.
     * @param lastReadable the last position at which a length word may be looked at.
     * @return the boundary, or {@link #NOWHERE}.
     * @throws InvalidPositionException     where no boundary can be at the position wanted.
     * @throws UnavailablePositionException where the records do not reach as far as the position wanted.
     */
    int find(final Target target, final long value, final int known, final int lastReadable)
    {
        return switch (target)
        {
            case POSITION -> to(value, known, lastReadable);
            case END -> toEnd(known, lastReadable);
            case RECORD -> toRecord(value, lastReadable);
            case TIME -> toTime(value, lastReadable);
        };
    }

    /**
     * See that a position is a boundary.
     *
     * @param wanted       the position.
     * @param known        a boundary.
     * @param lastReadable the last position at which a length word may be looked at.
     * @return the position wanted.
     * @throws InvalidPositionException     where no boundary can be there.
     * @throws UnavailablePositionException where the records do not reach that far.
     */
    private int to(final long wanted, final int known, final int lastReadable)
    {
        requirePossible(wanted);

        final int indexed = index.boundaryAtOrBefore(Math.min(wanted, lastReadable));
        int reached = wanted < known ? indexed : Math.max(indexed, known);
        while (reached < wanted)
        {
            reached = behind(reached, lengthBefore(wanted, reached, lastReadable));
        }

        return reached;
    }

    /**
     * Go on towards a position, and count the records.
     *
     * @param wanted       the position.
     * @param from         the boundary to go on at, before the position or at it.
     * @param maxLength    the bytes behind which to stop, at the next boundary.
     * @param lastReadable the last position at which a length word may be looked at.
     * @return what was reached.
     * @throws InvalidPositionException     where no boundary can be at the position.
     * @throws UnavailablePositionException where the records do not reach that far.
     */
    Counted towards(final long wanted, final Counted from, final int maxLength, final int lastReadable)
    {
        requirePossible(wanted);

        final long end = Math.min(wanted, (long)from.position() + maxLength);
        int reached = from.position();
        long records = from.records();
        while (reached < end)
        {
            final int length = lengthBefore(wanted, reached, lastReadable);
            records += length > 0 ? 1 : 0;
            reached = behind(reached, length);
        }

        return new Counted(reached, records);
    }

    private void requirePossible(final long wanted)
    {
        if (wanted < 0 || !BitUtil.isAligned(wanted, RecordDescriptor.ALIGNMENT))
        {
            throw new InvalidPositionException(file, wanted, "negative, or not a multiple of 8");
        }
    }

    /**
     * The length of the record at a boundary that lies before a position, 0 for a heartbeat.
     */
    private int lengthBefore(final long wanted, final int boundary, final int lastReadable)
    {
        final int length = lengthAt(boundary, lastReadable);
        if (length == NOWHERE)
        {
            throw new UnavailablePositionException(file, wanted, boundary);
        }
        if (behind(boundary, length) > wanted)
        {
            throw new InvalidPositionException(file, wanted, "inside the record at position " + boundary);
        }

        return length;
    }

    /**
     * Find the end of what can be read.
     *
     * @param known        a boundary.
     * @param lastReadable the last position at which a length word may be looked at.
     * @return the last boundary.
     */
    private int toEnd(final int known, final int lastReadable)
    {
        int reached = Math.max(known, index.boundaryAtOrBefore(lastReadable));
        for (int next = after(reached, lastReadable); next != reached; next = after(reached, lastReadable))
        {
            reached = next;
        }

        return reached;
    }

    /**
     * Find a record by its number.
     *
     * @param number       of records before it; heartbeats do not count.
     * @param lastReadable the last position at which a length word may be looked at.
     * @return the boundary at which it stands, or from which only heartbeats lead to it; -1 where there is none.
     */
    private int toRecord(final long number, final int lastReadable)
    {
        final int entry = index.lastEntry(IndexDescriptor.RECORD_COUNT_OFFSET, number, lastReadable);
        long records = entry < 0 ? 0 : index.recordsBefore(entry);
        int reached = entry < 0 ? 0 : Math.max(0, index.position(entry));
        while (true)
        {
            final int next = after(reached, lastReadable);
            if (next == reached)
            {
                return NOWHERE;
            }
            if (next - reached > LENGTH_WORD_LENGTH && records++ == number)
            {
                return reached;
            }
            reached = next;
        }
    }

    /**
     * The time in the last entry of the index at or before a position, or {@link Reader#NOT_TOLD}.
     */
    long indexedTime(final int position)
    {
        return index.timeAt(position);
    }

    /**
     * The nearest boundary before an end of which the index tells how many records are before it; else the start.
     *
     * @param end a boundary.
     */
    Counted countedBefore(final int end)
    {
        final int lastReadable = end - LENGTH_WORD_LENGTH;
        final int entry = index.lastEntry(IndexDescriptor.POSITION_OFFSET, lastReadable, lastReadable);
        final int position = entry < 0 ? 0 : Math.max(0, index.position(entry));

        return new Counted(position, entry < 0 ? 0 : index.recordsBefore(entry));
    }

    /**
     * Look at what is before the end.
     *
     * @param end a boundary that can be read up to.
     * @return how many records there are, and where the last one is.
     */
    Tail tailBefore(final int end)
    {
        return tailFrom(countedBefore(end), end - LENGTH_WORD_LENGTH, false);
    }

    /**
     * Look for the last record before the end that is intact, as far as the envelope shows it.
     *
     * @param end a boundary that can be read up to.
     * @return that record, and how many there are up to and with it.
     */
    Tail intactTailBefore(final int end)
    {
        final int lastReadable = end - LENGTH_WORD_LENGTH;
        final Counted start = countedBefore(end);
        if (start.position() > 0)
        {
            final Tail tail = tailFrom(start, lastReadable, true);
            if (tail.lastRecord() != NOWHERE)
            {
                return tail;
            }
        }

        return tailFrom(new Counted(0, 0), lastReadable, true);
    }

    /**
     * Walk along the records.
     *
     * @param start        to begin at.
     * @param lastReadable the last position at which a length word may be looked at.
     * @param isIntact     whether it is the last record that is intact that counts, and not the last one.
     * @return that record, and how many there are up to and with it.
     */
    private Tail tailFrom(final Counted start, final int lastReadable, final boolean isIntact)
    {
        int reached = start.position();
        long number = start.records();
        long records = number;
        int lastRecord = NOWHERE;
        int lastLength = 0;
        for (int length = lengthAt(reached, lastReadable); length != NOWHERE; length = lengthAt(reached, lastReadable))
        {
            if (length > 0)
            {
                number++;
                if (!isIntact || isIntact(reached, length))
                {
                    records = number;
                    lastRecord = reached;
                    lastLength = length;
                }
            }
            reached = behind(reached, length);
        }

        return new Tail(records, lastRecord, lastLength);
    }

    private boolean isIntact(final int position, final int length)
    {
        return envelope == null ||
            envelope.isIntact(buffer, RECORD_AREA_OFFSET + position + LENGTH_WORD_LENGTH, length);
    }

    /**
     * Find the first record at or behind a boundary.
     *
     * @param boundary     to begin at.
     * @param lastReadable the last position at which a length word may be looked at.
     * @return its position, or {@link #NOWHERE} where only heartbeats stand there.
     */
    int recordFrom(final int boundary, final int lastReadable)
    {
        int reached = boundary;
        while (lengthAt(reached, lastReadable) == 0)
        {
            reached += LENGTH_WORD_LENGTH;
        }

        return lengthAt(reached, lastReadable) > 0 ? reached : NOWHERE;
    }

    /**
     * Find a boundary before which there is no record of a time or later.
     *
     * @param time         in ticks.
     * @param lastReadable the last position at which a length word may be looked at.
     * @return where the records are stamped, the first that is not whole or not before that time, or the end; else the
     * last boundary before that time that the index knows, or 0 where it knows none.
     */
    private int toTime(final long time, final int lastReadable)
    {
        final int entry = index.lastEntry(
            IndexDescriptor.TIME_OFFSET, Math.max(time, Long.MIN_VALUE + 1) - 1, lastReadable);
        if (envelope == null || !envelope.hasTime())
        {
            return entry < 0 ? 0 : Math.max(0, index.position(entry));
        }

        // The stamps decide, also which entry is the last one before: they can be of another clock than the index.
        final int stamped = index.lastEntryWith(
            entry, lastReadable, (position) -> isStampedBefore(time, position, lengthAt(position, lastReadable)));

        return alongStamps(time, stamped < 0 ? 0 : Math.max(0, index.position(stamped)), lastReadable);
    }

    private boolean isStampedBefore(final long time, final int position, final int length)
    {
        return length > 0 &&
            envelope.isStampedBefore(time, buffer, RECORD_AREA_OFFSET + position + LENGTH_WORD_LENGTH, length);
    }

    /**
     * The first boundary at or behind another at which no whole record stands that is stamped before a time; or no
     * record at all, since it is the end.
     */
    private int alongStamps(final long time, final int start, final int lastReadable)
    {
        int reached = start;
        while (true)
        {
            final int length = lengthAt(reached, lastReadable);
            if (length == NOWHERE || length > 0 && !isStampedBefore(time, reached, length))
            {
                return reached;
            }
            reached = behind(reached, length);
        }
    }

    /**
     * The boundary behind the record or heartbeat at a boundary, or that boundary itself where neither stands there.
     */
    private int after(final int boundary, final int lastReadable)
    {
        final int length = lengthAt(boundary, lastReadable);

        return length == NOWHERE ? boundary : behind(boundary, length);
    }

    /**
     * The boundary behind the record of a length at a boundary, or behind the heartbeat where that is 0.
     */
    static int behind(final int boundary, final int length)
    {
        return boundary + (length == 0 ? LENGTH_WORD_LENGTH : RecordDescriptor.alignedLength(length));
    }

    /**
     * The length of the record at a boundary, 0 for a heartbeat, or {@link #NOWHERE} where neither stands there.
     */
    int lengthAt(final int boundary, final int lastReadable)
    {
        if (boundary > lastReadable)
        {
            return NOWHERE;
        }

        // Loaded once: a hostile writer can change it at any time.
        final long word = buffer.getLongAcquire(RECORD_AREA_OFFSET + boundary);

        return word == RecordDescriptor.HEARTBEAT ||
            word > 0 && word <= maxMessageLength && word <= recordsEnd - boundary - LENGTH_WORD_LENGTH ?
            (int)word : NOWHERE;
    }
}
