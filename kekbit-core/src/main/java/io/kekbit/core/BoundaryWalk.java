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

    private final UnsafeBuffer buffer;
    private final ChannelIndex index;
    private final Path file;
    private final int maxMessageLength;
    private final int recordsEnd;

    /**
     * @param mapping    of the channel, its index included where there is one.
     * @param header     of the channel.
     * @param recordsEnd position that no record reaches beyond.
     */
    BoundaryWalk(final ChannelMapping mapping, final Header header, final int recordsEnd)
    {
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
            case TIME -> beforeTime(value, lastReadable);
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
        if (wanted < 0 || !BitUtil.isAligned(wanted, RecordDescriptor.ALIGNMENT))
        {
            throw new InvalidPositionException(file, wanted, "negative, or not a multiple of 8");
        }

        final int indexed = index.boundaryAtOrBefore(Math.min(wanted, lastReadable));
        int reached = wanted < known ? indexed : Math.max(indexed, known);
        while (reached < wanted)
        {
            final int next = after(reached, lastReadable);
            if (next == reached)
            {
                throw new UnavailablePositionException(file, wanted, reached);
            }
            if (next > wanted)
            {
                throw new InvalidPositionException(file, wanted, "inside the record at position " + reached);
            }
            reached = next;
        }

        return reached;
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
     * Find a boundary before which there is no record of a time or later.
     *
     * @param time         in ticks.
     * @param lastReadable the last position at which a length word may be looked at.
     * @return the last such boundary that the index knows; 0 where it knows none.
     */
    private int beforeTime(final long time, final int lastReadable)
    {
        final int entry = index.lastEntry(
            IndexDescriptor.TIME_OFFSET, Math.max(time, Long.MIN_VALUE + 1) - 1, lastReadable);

        return entry < 0 ? 0 : Math.max(0, index.position(entry));
    }

    /**
     * The boundary behind the record or heartbeat at a boundary, or that boundary itself where neither stands there.
     */
    private int after(final int boundary, final int lastReadable)
    {
        if (boundary > lastReadable)
        {
            return boundary;
        }

        // Loaded once: a hostile writer can change it at any time.
        final long word = buffer.getLongAcquire(RECORD_AREA_OFFSET + boundary);
        if (word > 0 && word <= maxMessageLength && word <= recordsEnd - boundary - LENGTH_WORD_LENGTH)
        {
            return boundary + RecordDescriptor.alignedLength((int)word);
        }

        return word == RecordDescriptor.HEARTBEAT ? boundary + LENGTH_WORD_LENGTH : boundary;
    }
}
