package io.kekbit.core.positions;

import io.kekbit.core.ControlledRecordHandler;
import io.kekbit.core.Header;
import io.kekbit.core.Lag;
import io.kekbit.core.Reader;
import io.kekbit.core.ReaderState;
import io.kekbit.core.RecordHandler;
import io.kekbit.core.RecordIterator;
import io.kekbit.core.ShmReader;
import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.PositionDeletedException;
import io.kekbit.core.exceptions.UnavailablePositionException;
import org.agrona.DirectBuffer;
import org.agrona.collections.ArrayUtil;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.ControlledMessageHandler.Action;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.file.Path;
import java.util.Iterator;

/**
 * A reader that has a name, and goes on where the last reader of that name stopped, whatever that ended of.
 * <p>
 * Behind each record that its handler is done with, the position is stored in a small mapped file: a few stores to
 * memory, no system call, no allocation. What was stored outlives the process. A record that was being handled when the
 * process died is handed over again: every record is handled at least once, and none is skipped. To handle each exactly
 * once, the position has to be stored together with the output; {@code docs/positions.md} shows how.
 * <p>
 * The caller's duties: when a handler returns, its record is done with, whatever happens next; or else storing is
 * {@link Storing#ON_CALL}. A record whose handler threw is handed over again by the next reader of the name, unless
 * this one is called again before it is closed, which is deciding to go on.
 * <p>
 * Where the machine lost its power, and a writer then took the channel over and gave up what was not on the device, the
 * position stored may lie behind what is there: the reader then goes back to a position up to which everything was on
 * the device.
 * <p>
 * Belongs to one thread.
 */
public final class NamedReader implements Reader
{
    private static final int RECORDS_PER_REFRESH = 64;
    private static final int POLLS_PER_MILLISECOND = 256;
    private static final long IDLE_INTERVAL_MS = 1_000;
    private static final int FAILED = -1;

    private final Reader reader;
    private final NamedStream stream;
    private final PositionFile file;
    private final EpochClock clock;
    private final boolean storesEach;
    private final RecordHandler storingHandler = this::onRecord;
    private final ControlledRecordHandler storingControlledHandler = this::onControlledRecord;
    private final UnsafeBuffer iterated = new UnsafeBuffer(ArrayUtil.EMPTY_BYTE_ARRAY);

    private RecordHandler handler;
    private ControlledRecordHandler controlledHandler;
    private long done;
    private long records;
    private long pending;
    private int untilRefresh;
    private int untilClock;
    private long lookedAtMs;
    private long vouched;
    private boolean isReading;
    private boolean isClosed;

    NamedReader(
        final Reader reader,
        final NamedStream stream,
        final PositionFile file,
        final EpochClock clock,
        final Storing storing)
    {
        this.reader = reader;
        this.stream = stream;
        this.file = file;
        this.clock = clock;
        storesEach = storing == Storing.EACH_RECORD;
        vouched = file.vouched();
    }

    /**
     * Take a name, and go on where the reader of that name stopped. A name that was never used begins where the reader
     * is: at the start of the channel, or at its end, see {@link ShmReader#openAtEnd(Path, long)}.
     *
     * @param folder of the names, which is made if need be. It need not be the channel's.
     * @param name   of the reader: 1 to 64 letters, digits, dots, hyphens and underscores, of which the first is a
     *               letter or a digit.
     * @param reader of the channel, which is closed with this one.
     * @return the named reader.
     * @throws IllegalArgumentException where the name is none.
     * @throws ChannelException         where a living reader has the name, the position is damaged or of another
     *                                  channel, or the channel does not reach it; one subclass for each. The reader
     *                                  stays open, and the name as it was.
     */
    public static NamedReader open(final Path folder, final String name, final ShmReader reader)
    {
        return builder(folder, name, reader).open();
    }

    /**
     * Begin a named reader with more to say than {@link #open(Path, String, ShmReader)} takes.
     *
     * @param folder of the names.
     * @param name   of the reader.
     * @param reader of the channel.
     * @return a builder.
     */
    public static NamedReaderBuilder builder(final Path folder, final String name, final ShmReader reader)
    {
        return builder(folder, name, reader, NamedStream.of(reader));
    }

    /**
     * Begin a named reader of any stream.
     *
     * @param folder of the names.
     * @param name   of the reader.
     * @param reader of the stream.
     * @param stream what has to be known of it.
     * @return a builder.
     */
    public static NamedReaderBuilder builder(
        final Path folder, final String name, final Reader reader, final NamedStream stream)
    {
        return new NamedReaderBuilder(folder, name, reader, stream);
    }

    /**
     * Move the reader to where the name is.
     */
    void goOn()
    {
        if (!file.isNew())
        {
            // What a writer gave up after a loss of power may have been written anew since, other than it was read.
            final boolean isSafe = file.isOfThisBoot() || file.foundEpoch() == stream.writerEpoch(file.position());
            if (isSafe || file.vouched() >= file.position())
            {
                moveReader(file.position());
            }
            else
            {
                moveBack();
            }
        }
        settle();
        refresh(done);
        // Whatever was found is true of this writer and this run of the system from now on.
        file.store(done, records);
    }

    /**
     * Go back to where everything before was on the device. What was deleted of a series since then was closed, and so
     * it was on the device, too.
     */
    private void moveBack()
    {
        try
        {
            moveReader(file.vouched());
        }
        catch (final PositionDeletedException ex)
        {
            if (ex.firstPosition() > file.position())
            {
                throw ex;
            }
            moveReader(ex.firstPosition());
        }
    }

    private void moveReader(final long position)
    {
        try
        {
            reader.moveTo(position);
        }
        catch (final UnavailablePositionException ex)
        {
            // After a loss of power the stream ends where it is suspect, until a writer takes it over.
            if (file.isOfThisBoot() || ex.end() > position || ex.end() < file.vouched())
            {
                throw ex;
            }
            reader.moveTo(ex.end());
        }
    }

    /**
     * The reader was moved: what it stands at is done.
     */
    private void settle()
    {
        pending = 0;
        done = reader.position();
        records = count();
    }

    private long count()
    {
        try
        {
            return stream.lag(done).recordsBefore().orElse(-1);
        }
        catch (final UnavailablePositionException ex)
        {
            // The reader was told to read what is suspect.
            return -1;
        }
    }

    /**
     * How far the position that was stored last is behind the end of the stream.
     *
     * @return the lag.
     * @throws ChannelException where the reader is closed, or the position is none of the stream any more.
     */
    public Lag lag()
    {
        return stream.lag(file.position());
    }

    /**
     * The position that was stored last: where the next reader of this name will go on.
     *
     * @return the position.
     */
    public long storedPosition()
    {
        return file.position();
    }

    /**
     * The number of records before {@link #storedPosition()}.
     *
     * @return the number, or -1 where the stream does not tell.
     */
    public long storedRecords()
    {
        return file.records();
    }

    /**
     * Whether the name had never been used before.
     *
     * @return true if it began with this reader.
     */
    public boolean isNew()
    {
        return file.isNew();
    }

    /**
     * The file that holds the position.
     *
     * @return the path below the folder that was given.
     */
    public Path file()
    {
        return file.file();
    }

    /**
     * Store that all records handed over so far are done with. Also after moving, when that is to be remembered.
     *
     * @throws IllegalStateException where a handler calls this.
     * @throws ChannelException      where the reader is closed.
     */
    public void store()
    {
        requireNotReading();
        requireOpen();
        settlePending();
        refresh(done);
        file.store(done, records);
    }

    /**
     * Force the position that was stored last to the device. Without this it survives the death of the process, and
     * after a loss of power an older one may be found.
     *
     * @throws io.kekbit.core.exceptions.ChannelAccessException where the device did not take it.
     * @throws ChannelException                                 where the reader is closed.
     */
    public void force()
    {
        requireOpen();
        file.force();
    }

    @Override
    public int read(final RecordHandler recordHandler, final int limit)
    {
        begin();
        handler = recordHandler;
        int count = FAILED;
        try
        {
            isReading = true;
            count = reader.read(storingHandler, limit);
        }
        finally
        {
            end(count);
        }

        return count;
    }

    @Override
    public int controlledRead(final ControlledRecordHandler recordHandler, final int limit)
    {
        begin();
        controlledHandler = recordHandler;
        int count = FAILED;
        try
        {
            isReading = true;
            count = reader.controlledRead(storingControlledHandler, limit);
        }
        finally
        {
            end(count);
        }

        return count;
    }

    @Override
    public int read(
        final RecordHandler recordHandler, final int limit, final long timeoutNs, final IdleStrategy idleStrategy)
    {
        final long startNs = System.nanoTime();
        idleStrategy.reset();
        while (true)
        {
            final int count = read(recordHandler, limit);
            if (count > 0 || !isWorthWaiting() || System.nanoTime() - startNs >= timeoutNs)
            {
                return count;
            }
            idleStrategy.idle();
        }
    }

    private boolean isWorthWaiting()
    {
        final ReaderState state = reader.state();

        return state == ReaderState.OPEN || state == ReaderState.TIMED_OUT;
    }

    @Override
    public boolean next()
    {
        begin();
        final boolean isThere = reader.next();
        if (isThere)
        {
            pending++;
        }
        else
        {
            onIdle();
        }

        return isThere;
    }

    @Override
    public DirectBuffer buffer()
    {
        return reader.buffer();
    }

    @Override
    public int offset()
    {
        return reader.offset();
    }

    @Override
    public int length()
    {
        return reader.length();
    }

    @Override
    public long sequence()
    {
        return reader.sequence();
    }

    @Override
    public long time()
    {
        return reader.time();
    }

    @Override
    public long indexedTime()
    {
        return reader.indexedTime();
    }

    @Override
    public long recordPosition()
    {
        return reader.recordPosition();
    }

    @Override
    public long position()
    {
        return reader.position();
    }

    /**
     * {@inheritDoc}
     * <p>
     * Moving stores nothing: the next record that is done with does, or {@link #store()}. This holds for all moves.
     */
    @Override
    public void moveTo(final long position)
    {
        requireNotReading();
        reader.moveTo(position);
        settle();
    }

    @Override
    public void moveToEnd()
    {
        requireNotReading();
        reader.moveToEnd();
        settle();
    }

    @Override
    public boolean seekToRecord(final long number)
    {
        requireNotReading();
        final boolean isThere = reader.seekToRecord(number);
        if (isThere)
        {
            pending = 0;
            done = reader.position();
            records = number;
        }

        return isThere;
    }

    @Override
    public void seekToTime(final long ticks)
    {
        requireNotReading();
        reader.seekToTime(ticks);
        settle();
    }

    @Override
    public Iterator<DirectBuffer> iterator()
    {
        // Says so where it is closed.
        reader.state();

        return new RecordIterator(this, reader::state, iterated);
    }

    @Override
    public ReaderState state()
    {
        return reader.state();
    }

    @Override
    public Header header()
    {
        return reader.header();
    }

    @Override
    public Agent prefaultAgent(final int windowLength, final long intervalNs)
    {
        return reader.prefaultAgent(windowLength, intervalNs);
    }

    /**
     * Let go of the name, and of the reader. What was stored stays; nothing is stored. Further calls do nothing. When a
     * handler calls this, its record is stored when it returns, and the name let go of when the call that reads ends.
     */
    @Override
    public void close()
    {
        isClosed = true;
        iterated.wrap(ArrayUtil.EMPTY_BYTE_ARRAY);
        try
        {
            reader.close();
        }
        finally
        {
            if (!isReading)
            {
                file.close();
            }
        }
    }

    @Override
    public String toString()
    {
        return "NamedReader{file=" + file.file() + " stored=" + file.position() + " reader=" + reader + "}";
    }

    private void onRecord(
        final DirectBuffer buffer, final int offset, final int length, final long position, final long nextPosition)
    {
        pending++;
        handler.onRecord(buffer, offset, length, position, nextPosition);
        onDone(nextPosition);
    }

    private Action onControlledRecord(
        final DirectBuffer buffer, final int offset, final int length, final long position, final long nextPosition)
    {
        pending++;
        final Action action = controlledHandler.onRecord(buffer, offset, length, position, nextPosition);
        if (action == Action.ABORT)
        {
            pending--;
        }
        else
        {
            onDone(nextPosition);
        }

        return action;
    }

    private void onDone(final long nextPosition)
    {
        if (records >= 0)
        {
            records += pending;
        }
        pending = 0;
        done = nextPosition;
        storeEach();
    }

    private void storeEach()
    {
        if (storesEach)
        {
            if (--untilRefresh < 0 && !isClosed)
            {
                refresh(done);
            }
            file.store(done, records);
        }
    }

    /**
     * The reader is called again, so what was handed over before is done with.
     */
    private void begin()
    {
        requireNotReading();
        if (pending > 0 && !isClosed)
        {
            settlePending();
            storeEach();
        }
    }

    private void settlePending()
    {
        if (records >= 0)
        {
            records += pending;
        }
        pending = 0;
        done = reader.position();
    }

    private void end(final int count)
    {
        isReading = false;
        if (isClosed)
        {
            file.close();
        }
        else if (count == 0)
        {
            onIdle();
        }
    }

    /**
     * Nothing is there: store that heartbeats were read, and that the reader lives.
     */
    private void onIdle()
    {
        untilRefresh = 0;
        if (storesEach && pending == 0 && reader.position() != done)
        {
            done = reader.position();
            storeEach();
        }
        else if (--untilClock < 0)
        {
            final long nowMs = clock.time();
            // Whoever polls many times in a millisecond need not ask for the time as often.
            untilClock = nowMs == lookedAtMs ? POLLS_PER_MILLISECOND : 0;
            lookedAtMs = nowMs;
            if (nowMs - file.storedAtMs() >= IDLE_INTERVAL_MS)
            {
                refresh(file.position());
                file.store(file.position(), file.records());
            }
        }
    }

    /**
     * Find out what is stored beside a position.
     */
    private void refresh(final long position)
    {
        untilRefresh = RECORDS_PER_REFRESH;
        vouched = Math.max(vouched, stream.vouchedPosition());
        file.refresh(clock.time(), vouched, stream.writerEpoch(position));
    }

    private void requireNotReading()
    {
        if (isReading)
        {
            throw new IllegalStateException(
                "a handler called the reader that called it: file=" + file.file() + ". It may only close it.");
        }
    }

    private void requireOpen()
    {
        if (isClosed)
        {
            // Says so.
            reader.state();
        }
    }
}
