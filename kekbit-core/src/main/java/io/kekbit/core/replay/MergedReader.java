package io.kekbit.core.replay;

import io.kekbit.core.Reader;
import io.kekbit.core.ReaderState;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.EpochNanoClock;

/**
 * Reads several streams as one: by the time of their records, or a record of each in turn.
 * <p>
 * <b>By time</b>, the record handed over next is, of those that the streams have next, the one of the least time; of
 * several with the same time that of the stream added first. Streams whose own records are in order of time so become
 * one that is; a stream's own order is never changed, also where its times step back. A record without time stays right
 * behind the one before it in its stream, and comes first where there is none.
 * <p>
 * <b>Live streams.</b> A stream that has nothing to read just now could have a record of an earlier time a moment
 * later. How long the others are held back for its sake is what {@link MergedReaderBuilder#slack(long)} says. A record
 * that comes later than that is handed over at once, and counted by {@link #lateRecords()}. No stream holds others back
 * that is at its end, closed, full or damaged, or whose writer is silent for longer than its timeout. All are polled
 * again, so that one that goes on is read on.
 * <p>
 * This is no {@link Reader}, because a place in several streams is not one number, and none of them is the one whose
 * header or index counts. Positions are those of the single streams: {@link #position(int)} and
 * {@link #moveTo(int, long)}.
 * <p>
 * Belongs to one thread, and so do the readers it is made of. Allocates nothing for a record.
 */
public final class MergedReader implements AutoCloseable
{
    // By time, a stream is either in the heap, with the record that its reader went to, or among the idle ones. One
    // that was read last stays in the heap until the next record is asked for: only then its reader may move on.

    private static final int NO_SOURCE = -1;

    /**
     * Every so many records the streams at their end are looked at, too. A power of two.
     */
    private static final int REVIEW_INTERVAL = 64;

    private final Reader[] readers;
    private final RecordTime[] recordTimes;
    private final boolean isRoundRobin;
    private final long slackNs;
    private final EpochNanoClock clock;
    private final TimeHeap heap;
    private final int[] idle;
    private int idleCount;
    private int liveCount;
    private int reviews;
    private int current = NO_SOURCE;
    private int pushedBack = NO_SOURCE;
    private int lastServed;
    private long lastTime = RecordTime.NONE;
    private long lateRecords;
    private long nowNs;
    private long heldSinceNs;
    private long heldPosition;
    private int heldSource = NO_SOURCE;
    private boolean isReading;
    private boolean isClosed;

    MergedReader(
        final Reader[] readers,
        final RecordTime[] recordTimes,
        final boolean isRoundRobin,
        final long slackNs,
        final EpochNanoClock clock)
    {
        this.readers = readers;
        this.recordTimes = recordTimes;
        this.isRoundRobin = isRoundRobin;
        this.slackNs = slackNs;
        this.clock = clock;
        heap = new TimeHeap(readers.length);
        idle = new int[readers.length];
        lastServed = readers.length - 1;
        for (int source = 0; source < readers.length; source++)
        {
            rest(source);
        }
    }

    /**
     * Begin to say which streams to read as one.
     *
     * @return a builder.
     */
    public static MergedReaderBuilder builder()
    {
        return new MergedReaderBuilder();
    }

    /**
     * Read streams of stamped records as one, by time, and order only what is there.
     *
     * @param readers of the streams, closed with this.
     * @return the reader of all of them.
     */
    public static MergedReader byTime(final Reader... readers)
    {
        final MergedReaderBuilder builder = builder();
        for (final Reader reader : readers)
        {
            builder.add(reader);
        }

        return builder.build();
    }

    /**
     * Hand the next records to the handler, one after the other. Equal to
     * <pre>
     * int count = 0;
     * while (count &lt; limit &amp;&amp; next())
     * {
     *     handler.onRecord(source(), buffer(), offset(), length(), recordPosition(), nextPosition());
     *     count++;
     * }
     * </pre>
     * Heartbeats do not count against the limit.
     *
     * @param handler to take the records. If it throws, its record counts as read.
     * @param limit   the most records to hand over.
     * @return the number of records handed over; 0 where there is none, or none may be handed over yet.
     * @throws io.kekbit.core.exceptions.ReaderClosedException where one of the readers is closed.
     * @throws IllegalStateException                           where this is closed, is called by its handler, or has a
     *                                                         stream without time stamps that needs them.
     */
    public int read(final MergedRecordHandler handler, final int limit)
    {
        requireIdle();
        int records = 0;
        try
        {
            isReading = true;
            while (records < limit && !isClosed && goToNext())
            {
                records++;
                final Reader reader = readers[current];
                handler.onRecord(
                    current,
                    reader.buffer(),
                    reader.offset(),
                    reader.length(),
                    reader.recordPosition(),
                    reader.position());
            }
        }
        finally
        {
            isReading = false;
            if (isClosed)
            {
                closeReaders();
            }
        }

        return records;
    }

    /**
     * Go to the next record.
     *
     * @return true if there is one that may be handed over; else no record is gone to, and the accessors of one throw
     * an {@link IllegalStateException}.
     * @throws io.kekbit.core.exceptions.ReaderClosedException where one of the readers is closed.
     * @throws IllegalStateException                           as {@link #read(MergedRecordHandler, int)}.
     */
    public boolean next()
    {
        requireIdle();

        return goToNext();
    }

    /**
     * The number of streams.
     *
     * @return the number, at least 1.
     */
    public int sources()
    {
        return readers.length;
    }

    /**
     * Which stream the record gone to, or handed over, is of.
     *
     * @return its number in the order of adding, from 0; -1 where no record is gone to.
     */
    public int source()
    {
        return current;
    }

    /**
     * The buffer that holds the content of the record gone to.
     *
     * @return the buffer, see {@link Reader#buffer()}.
     */
    public DirectBuffer buffer()
    {
        return reader().buffer();
    }

    /**
     * Where the content of the record gone to begins.
     *
     * @return the offset in {@link #buffer()}.
     */
    public int offset()
    {
        return reader().offset();
    }

    /**
     * The length of the content of the record gone to.
     *
     * @return the length in bytes.
     */
    public int length()
    {
        return reader().length();
    }

    /**
     * The sequence number of the record gone to, or handed over.
     *
     * @return the number in its own stream, or {@link Reader#NOT_TOLD}.
     */
    public long sequence()
    {
        return reader().sequence();
    }

    /**
     * The time of the record gone to, or handed over, by which it is ordered.
     *
     * @return nanoseconds since 1970-01-01T00:00Z, of a record without time that of the one before it in its stream; a
     * negative number where there is none, and in a round-robin.
     */
    public long time()
    {
        return isRoundRobin || current < 0 ? RecordTime.NONE : heap.time(current);
    }

    /**
     * The position of the record gone to in its own stream.
     *
     * @return the position in bytes, for {@link #moveTo(int, long)} to read this record once more.
     */
    public long recordPosition()
    {
        return reader().recordPosition();
    }

    /**
     * The position in its own stream behind the record gone to.
     *
     * @return the position in bytes, for {@link #moveTo(int, long)} to go on after this record.
     */
    public long nextPosition()
    {
        return reader().position();
    }

    /**
     * Where reading goes on in a stream: behind its last record that was gone to or handed over. To be stored for every
     * stream in order to go on here another time.
     *
     * @param source number of the stream.
     * @return the position in bytes, for {@link #moveTo(int, long)}.
     */
    public long position(final int source)
    {
        final Reader reader = readers[source];

        return isAhead(source) ? reader.recordPosition() : reader.position();
    }

    /**
     * Go to another position of a stream. The others stay where they are.
     *
     * @param source   number of the stream.
     * @param position to go to, see {@link Reader#moveTo(long)}.
     * @throws io.kekbit.core.exceptions.InvalidPositionException     as {@link Reader#moveTo(long)}.
     * @throws io.kekbit.core.exceptions.UnavailablePositionException as {@link Reader#moveTo(long)}.
     */
    public void moveTo(final int source, final long position)
    {
        requireIdle();
        readers[source].moveTo(position);
        onMoved(source);
    }

    /**
     * Go to the end of every stream, so that only what follows is read.
     */
    public void moveToEnd()
    {
        requireIdle();
        for (int source = 0; source < readers.length; source++)
        {
            readers[source].moveToEnd();
            onMoved(source);
        }
    }

    /**
     * Go to the first record of each stream that is stamped with a time or a later one, see
     * {@link Reader#seekToTime(long)}.
     *
     * @param epochNs the time in nanoseconds since 1970-01-01T00:00Z, at least 0.
     * @throws IllegalStateException where a stream is ordered by a time in its content, which no index leads to.
     */
    public void seekToTime(final long epochNs)
    {
        requireIdle();
        for (final RecordTime time : recordTimes)
        {
            if (!time.canSeek())
            {
                throw new IllegalStateException(
                    "a stream is ordered by a time in its content, which no index leads to: epochNs=" + epochNs +
                    ". Move each stream by itself.");
            }
        }
        seekWhereStamped(epochNs);
    }

    /**
     * What can be expected of all streams together: the state of the one of which most can be expected.
     *
     * @return {@link ReaderState#OPEN} where a record is there, held back or not, or one may follow; else
     * {@link ReaderState#TIMED_OUT}, {@link ReaderState#FULL}, {@link ReaderState#SUSPECT} or
     * {@link ReaderState#CORRUPT}, the first of them that a stream is in; {@link ReaderState#CLOSED} where all are.
     */
    public ReaderState state()
    {
        requireOpen();
        ReaderState best = ReaderState.CLOSED;
        for (int source = 0; source < readers.length; source++)
        {
            final ReaderState state = state(source);
            best = hope(state) > hope(best) ? state : best;
        }

        return best;
    }

    /**
     * What can be expected of a stream.
     *
     * @param source number of the stream.
     * @return {@link ReaderState#OPEN} where a record of it is still to be handed over; else its reader's state.
     */
    public ReaderState state(final int source)
    {
        requireOpen();

        return isAhead(source) ? ReaderState.OPEN : readers[source].state();
    }

    /**
     * The number of records handed over after one of a later time, of whatever stream: because they came later than the
     * slack allows for, or because a stream's own times step back.
     *
     * @return the number; 0 in a round-robin.
     */
    public long lateRecords()
    {
        return lateRecords;
    }

    /**
     * Close all the readers. Further calls do nothing. When a handler calls this, reading stops behind its record, and
     * the readers are closed when {@link #read(MergedRecordHandler, int)} ends.
     */
    @Override
    public void close()
    {
        isClosed = true;
        if (!isReading)
        {
            closeReaders();
        }
    }

    @Override
    public String toString()
    {
        return "MergedReader{sources=" + readers.length + " isRoundRobin=" + isRoundRobin + " isClosed=" + isClosed +
            "}";
    }

    /**
     * Go to the time in every stream that can be searched for it.
     */
    void seekWhereStamped(final long epochNs)
    {
        for (int source = 0; source < readers.length; source++)
        {
            if (recordTimes[source].canSeek() && !isRoundRobin)
            {
                recordTimes[source].seek(epochNs);
                onMoved(source);
            }
        }
    }

    /**
     * The record gone to is to be the next one again.
     */
    void stepBack()
    {
        pushedBack = current;
        current = NO_SOURCE;
    }

    /**
     * Whether there is a record that was not handed over only because it is held back.
     */
    boolean isHolding()
    {
        return heap.size() > 0;
    }

    boolean isRoundRobin()
    {
        return isRoundRobin;
    }

    private boolean goToNext()
    {
        return isRoundRobin ? goToNextInTurn() : goToNextByTime();
    }

    private boolean goToNextInTurn()
    {
        if (pushedBack >= 0)
        {
            current = pushedBack;
            pushedBack = NO_SOURCE;
            return true;
        }

        final int count = readers.length;
        int source = lastServed;
        for (int i = 0; i < count; i++)
        {
            source = source + 1 == count ? 0 : source + 1;
            if (readers[source].next())
            {
                lastServed = source;
                current = source;
                return true;
            }
        }
        current = NO_SOURCE;

        return false;
    }

    private boolean goToNextByTime()
    {
        if (pushedBack >= 0)
        {
            pushedBack = NO_SOURCE;
        }
        else if (current >= 0)
        {
            moveOn();
        }
        // After the others, so that what was there before a record that is there is found before it.
        pollIdle();
        if (heap.size() == 0 || !isReleased(heap.first()))
        {
            return false;
        }

        current = heap.first();
        final long time = heap.time(current);
        if (time >= lastTime)
        {
            lastTime = time;
        }
        else if (time >= 0)
        {
            lateRecords++;
        }

        return true;
    }

    /**
     * The stream that is first in the heap was read: see to its next record.
     */
    private void moveOn()
    {
        final int source = current;
        if (readers[source].next())
        {
            heap.replaceFirst(timeOf(source));
        }
        else
        {
            heap.removeFirst();
            rest(source);
        }
        current = NO_SOURCE;
    }

    /**
     * A stream has nothing to read. The live ones stand first among these, those at their end behind them.
     */
    private void rest(final int source)
    {
        idle[idleCount++] = idle[liveCount];
        idle[liveCount++] = source;
    }

    private void pollIdle()
    {
        if (idleCount == 0)
        {
            return;
        }
        final boolean isReview = (++reviews & (REVIEW_INTERVAL - 1)) == 0 || liveCount == 0 && heap.size() == 0;
        final int end = isReview ? idleCount : liveCount;
        for (int i = end - 1; i >= 0; i--)
        {
            final int source = idle[i];
            if (readers[source].next())
            {
                // Should this throw, the record counts as read, and the stream is idle as before.
                final long time = timeOf(source);
                leaveIdle(i);
                heap.add(source, time);
            }
            else if (isReview && i < liveCount && readers[source].state().isFinal())
            {
                idle[i] = idle[--liveCount];
                idle[liveCount] = source;
            }
        }
    }

    private void leaveIdle(final int index)
    {
        int hole = index;
        if (hole < liveCount)
        {
            idle[hole] = idle[--liveCount];
            hole = liveCount;
        }
        idle[hole] = idle[--idleCount];
    }

    private long timeOf(final int source)
    {
        final RecordTime recordTime = recordTimes[source];
        recordTime.check();
        final long time = recordTime.nanos();

        // Right behind the record before it.
        return time >= 0 ? time : heap.time(source);
    }

    /**
     * Whether a record may be handed over, though other streams have none just now.
     */
    private boolean isReleased(final int source)
    {
        if (liveCount == 0 || slackNs == 0)
        {
            return true;
        }
        final long time = heap.time(source);
        if (time < 0 || nowNs - time >= slackNs)
        {
            return true;
        }

        nowNs = clock.nanoTime();
        if (nowNs - time >= slackNs)
        {
            return true;
        }
        final long position = readers[source].recordPosition();
        if (heldSource != source || heldPosition != position || nowNs < heldSinceNs)
        {
            heldSource = source;
            heldPosition = position;
            heldSinceNs = nowNs;
        }

        // Of a record from the future it is never long ago; what counts then is how long it was held back.
        return nowNs - heldSinceNs >= slackNs || !isAnyIdleAlive();
    }

    private boolean isAnyIdleAlive()
    {
        for (int i = 0; i < liveCount; i++)
        {
            if (readers[idle[i]].state() == ReaderState.OPEN)
            {
                return true;
            }
        }

        return false;
    }

    /**
     * Whether the reader of a stream is one record ahead of what was handed over.
     */
    private boolean isAhead(final int source)
    {
        return source == pushedBack || !isRoundRobin && source != current && idleIndex(source) < 0;
    }

    /**
     * Where a stream is among the idle ones, or -1.
     */
    private int idleIndex(final int source)
    {
        int index = idleCount - 1;
        while (index >= 0 && idle[index] != source)
        {
            index--;
        }

        return index;
    }

    private void onMoved(final int source)
    {
        if (!heap.remove(source))
        {
            leaveIdle(idleIndex(source));
        }
        // Whatever its state was, it is a live one now.
        rest(source);
        heap.forget(source);
        if (source == pushedBack)
        {
            pushedBack = NO_SOURCE;
        }
        // Another stream's record that was gone to stays in place.
        if (source == current || isRoundRobin)
        {
            current = NO_SOURCE;
        }
        lastTime = RecordTime.NONE;
    }

    private Reader reader()
    {
        if (current < 0)
        {
            throw new IllegalStateException("no record was gone to: call next() first");
        }

        return readers[current];
    }

    private static int hope(final ReaderState state)
    {
        return switch (state)
        {
            case OPEN -> 5;
            case TIMED_OUT -> 4;
            case FULL -> 3;
            case SUSPECT -> 2;
            case CORRUPT -> 1;
            case CLOSED -> 0;
        };
    }

    private void closeReaders()
    {
        CloseHelper.closeAll(readers);
    }

    private void requireIdle()
    {
        requireOpen();
        if (isReading)
        {
            throw new IllegalStateException("a handler called the merged reader that called it. It may only close it.");
        }
    }

    private void requireOpen()
    {
        if (isClosed)
        {
            throw new IllegalStateException("merged reader closed: sources=" + readers.length);
        }
    }
}
