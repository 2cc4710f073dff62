package io.kekbit.core;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.IdleStrategy;

import java.util.Iterator;

/**
 * Polls a stream of records at its own pace, and never holds the writer up.
 * <p>
 * That there is nothing to read is not an error: {@link #read(RecordHandler, int)} answers 0, {@link #next()} false,
 * and {@link #state()} says why.
 * <p>
 * A reader belongs to one thread. Any number of readers, in any number of processes, can read the same stream.
 */
public interface Reader extends AutoCloseable, Iterable<DirectBuffer>
{
    /**
     * What {@link #sequence()} and {@link #time()} answer where the stream's envelope has no such thing.
     */
    long NOT_TOLD = -1;

    /**
     * Hand the next records to the handler, one after the other. Equal to
     * <pre>
     * int count = 0;
     * while (count &lt; limit &amp;&amp; next())
     * {
     *     handler.onRecord(buffer(), offset(), length(), recordPosition(), position());
     *     count++;
     * }
     * </pre>
     * but faster, and heartbeats count against the limit, so that a poll's work is bounded.
     *
     * @param handler to take the records. If it throws, its record counts as read.
     * @param limit   the most records and heartbeats to consume.
     * @return the number of records handed over.
     * @throws io.kekbit.core.exceptions.ReaderClosedException where the reader is closed.
     */
    int read(RecordHandler handler, int limit);

    /**
     * Hand the next records to a handler that says after each how to go on. Slower than
     * {@link #read(RecordHandler, int)} by the look at each answer.
     *
     * @param handler to take the records. If it throws, its record counts as read.
     * @param limit   the most records and heartbeats to consume.
     * @return the number of records handed over, without one that was aborted.
     * @throws io.kekbit.core.exceptions.ReaderClosedException where the reader is closed.
     */
    int controlledRead(ControlledRecordHandler handler, int limit);

    /**
     * Hand the next records to the handler, and wait for the first one where none is there: until one is, until
     * {@link #state()} is one that no record can follow, or until the time is up, whichever comes first.
     *
     * @param handler      to take the records. If it throws, its record counts as read.
     * @param limit        the most records and heartbeats to consume at once.
     * @param timeoutNs    the longest to wait, in nanoseconds.
     * @param idleStrategy to wait with between polls.
     * @return the number of records handed over; 0 where the time is up or the end is reached, {@link #state()} says
     * which.
     * @throws io.kekbit.core.exceptions.ReaderClosedException where the reader is closed.
     */
    int read(RecordHandler handler, int limit, long timeoutNs, IdleStrategy idleStrategy);

    /**
     * Go to the next record, stepping over heartbeats. Its content is then at {@link #buffer()}, {@link #offset()} and
     * {@link #length()}.
     *
     * @return true if there is one; false leaves the record before it in place.
     * @throws io.kekbit.core.exceptions.ReaderClosedException where the reader is closed.
     */
    boolean next();

    /**
     * The buffer that holds the content of the record that {@link #next()} went to: the channel itself, not a copy.
     * Valid until the reader is closed.
     *
     * @return the buffer, which must not be cast to anything that can be written to: the mapping is read-only, and a
     * store to it ends the JVM.
     */
    DirectBuffer buffer();

    /**
     * Where the content of the record that {@link #next()} went to begins; in a channel with an envelope, its payload.
     *
     * @return the offset in {@link #buffer()}.
     */
    int offset();

    /**
     * The length of the content of the record that {@link #next()} went to.
     *
     * @return the length in bytes; 0 before the first record.
     */
    int length();

    /**
     * The sequence number in the envelope of the record that {@link #next()} went to, or that a handler is called with.
     *
     * @return the number, or {@link #NOT_TOLD} where the stream's envelope has none.
     */
    long sequence();

    /**
     * The time in the envelope of the record that {@link #next()} went to, or that a handler is called with.
     *
     * @return the time in ticks since 1970-01-01T00:00Z, or {@link #NOT_TOLD} where the stream's envelope has none.
     */
    long time();

    /**
     * The time that the stream's index tells for the record that {@link #next()} went to. The index has an entry for
     * one record in every 64 KiB (or stride), with the time at which that one was published; this is the time in the
     * last entry at or before the record, which was therefore published at that time or up to a stride later. Of no use
     * where records are stamped: {@link #time()} is exact.
     *
     * @return the time in ticks since 1970-01-01T00:00Z, or {@link #NOT_TOLD} where the stream has no index, or a
     * damaged one.
     */
    default long indexedTime()
    {
        return NOT_TOLD;
    }

    /**
     * The position of the record that {@link #next()} went to.
     *
     * @return the position in bytes, for {@link #moveTo(long)} to read this record once more.
     */
    long recordPosition();

    /**
     * Where reading goes on: the position behind the last record or heartbeat consumed.
     *
     * @return the position in bytes, for {@link #moveTo(long)} to go on from here.
     */
    long position();

    /**
     * Go to any position at which a record, a heartbeat or the end of what is written stands. The channel is walked
     * from this reader's position, or from its start when the new position lies before that.
     *
     * @param position to go to.
     * @throws io.kekbit.core.exceptions.InvalidPositionException     where no record can begin there. The reader stays
     *                                                                where it is.
     * @throws io.kekbit.core.exceptions.UnavailablePositionException where the channel is not written that far, or not
     *                                                                readable that far. The reader stays where it is.
     * @throws io.kekbit.core.exceptions.ReaderClosedException        where the reader is closed.
     */
    void moveTo(long position);

    /**
     * Go to the end of what is written, so that only what follows is read. Where the channel has an index, it is
     * walked from the last entry on; else all records from this reader's position on. Where the stream is closed or
     * damaged, this is the position of the close marker or the damage.
     *
     * @throws io.kekbit.core.exceptions.ReaderClosedException where the reader is closed.
     */
    void moveToEnd();

    /**
     * Go to a record by its number, so that it is the next one to be read. Where the stream has an index, this takes
     * the same time however long the stream is: the index leads to a place before the record, and at most 64 KiB (the
     * index's stride, where that is longer) are walked from there. Without an index all records before it are walked,
     * and where an index is damaged as many as it does not lead past.
     *
     * @param number of records before it, from 0; heartbeats do not count.
     * @return false where it is not written yet, or not readable; then the reader stays where it is.
     * @throws IllegalArgumentException                             where the number is negative.
     * @throws io.kekbit.core.exceptions.ReaderClosedException      where the reader is closed.
     */
    boolean seekToRecord(long number);

    /**
     * Go to a position before which there is no record that was published at a time or later. How near the first such
     * record that is depends on what the stream tells:
     * <ul>
     * <li>Where there are time stamps around the payloads (see
     * {@link io.kekbit.core.handlers.TimestampHandler}), it is the first record that is stamped with this time or a
     * later one; where there is none yet, the end of what is written; where a damaged record comes first, that one.
     * The index leads to a place before it, at most 64 KiB (the index's stride, where that is longer) are walked from
     * there, and without an index everything from the start.</li>
     * <li>Where there are none, it is the last record before that time that the index has an entry of: for one in
     * every 64 KiB (or stride) it tells when it was published. Reading goes on up to that much too early.</li>
     * <li>Where there is no index either, or all of it is damaged, it is the start.</li>
     * </ul>
     * Time stamps that step back, as a clock that is set back makes them, can lead to a later record than the first.
     *
     * @param ticks the time in ticks since 1970-01-01T00:00Z, see {@link Header#tickUnit()}.
     * @throws io.kekbit.core.exceptions.ReaderClosedException where the reader is closed.
     */
    void seekToTime(long ticks);

    /**
     * The records from here on, for convenience: a view of each record's content, on the stream itself, not a copy.
     * Iterating moves this reader as {@link #next()} does, and ends where nothing further is there for now.
     * <p>
     * Allocates the iterator only: one view serves every record, and its content changes with the next one.
     *
     * @return the iterator.
     * @throws io.kekbit.core.exceptions.ReaderClosedException where the reader is closed, by the iterator, too.
     */
    @Override
    Iterator<DirectBuffer> iterator();

    /**
     * What can be expected of the stream at this reader's position, as of now. Not for every poll: it reads a clock.
     *
     * @return the state.
     * @throws io.kekbit.core.exceptions.ReaderClosedException where the reader is closed.
     */
    ReaderState state();

    /**
     * The header of the channel that is read.
     *
     * @return the header.
     */
    Header header();

    /**
     * An agent that touches the pages ahead of this reader, see {@link PrefaultAgent}, with a window of 4 MiB that is
     * touched again every 3 seconds. The caller runs it, in a thread of its own or beside other agents.
     *
     * @return a new agent, which ends with this reader.
     * @throws io.kekbit.core.exceptions.ReaderClosedException where the reader is closed.
     */
    default Agent prefaultAgent()
    {
        return prefaultAgent(PrefaultAgent.DEFAULT_WINDOW_LENGTH, PrefaultAgent.DEFAULT_INTERVAL_NS);
    }

    /**
     * An agent that touches the pages ahead of this reader, see {@link PrefaultAgent}. The caller runs it, in a thread
     * of its own or beside other agents.
     *
     * @param windowLength bytes ahead of the position to touch, at least 4096.
     * @param intervalNs   nanoseconds after which to touch them again, at least 1.
     * @return a new agent, which ends with this reader.
     * @throws io.kekbit.core.exceptions.ReaderClosedException where the reader is closed.
     */
    Agent prefaultAgent(int windowLength, long intervalNs);

    /**
     * Let go of the file. Further calls do nothing. When a {@link RecordHandler} calls this, the reader stops behind
     * that record, and lets go when {@link #read(RecordHandler, int)} ends.
     */
    @Override
    void close();
}
