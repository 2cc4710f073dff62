package io.kekbit.core.series;

import io.kekbit.core.ControlledRecordHandler;
import io.kekbit.core.DataFormat;
import io.kekbit.core.Extension;
import io.kekbit.core.Header;
import io.kekbit.core.Lag;
import io.kekbit.core.Reader;
import io.kekbit.core.ReaderHandover;
import io.kekbit.core.ReaderState;
import io.kekbit.core.RecordHandler;
import io.kekbit.core.RecordIterator;
import io.kekbit.core.ShmReader;
import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.InvalidPositionException;
import io.kekbit.core.exceptions.PositionDeletedException;
import io.kekbit.core.exceptions.ReaderClosedException;
import io.kekbit.core.exceptions.UnavailablePositionException;
import io.kekbit.core.positions.NamedReader;
import io.kekbit.core.positions.NamedReaderBuilder;
import org.agrona.DirectBuffer;
import org.agrona.collections.ArrayUtil;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.file.Path;
import java.util.Iterator;

/**
 * Reads a series as one stream, from the first record that there is, while it is written or any time after: every
 * record once and in order, whatever channel it is in.
 * <p>
 * Everything that {@link ShmReader} says of files, threads and damage holds. Where a channel has nothing more, the
 * reader looks whether the next one is published, and goes on there by itself. Positions are those of the series, see
 * {@link SeriesPosition}: a long says where in the stream a reader is.
 * <p>
 * {@link #state()} is that of the stream. {@link ReaderState#CLOSED} means that its writer closed the series and every
 * record was read. When the series is opened again, a reader that is polled all the same goes on. A reader that comes
 * to a channel which was deleted, to keep the series within its bounds, gets a {@link PositionDeletedException}, which
 * tells the first position that there is; {@link #moveTo(long)} goes there.
 * <p>
 * In a channel that is damaged, or suspect after a restart of the machine, the state says so, and the reader stays
 * there although another channel may follow, see {@link SeriesWriterBuilder#leaveDamaged(boolean)}: records are missing
 * in between. {@link #moveTo(long)} steps over, to {@code SeriesPosition.of(ordinal + 1, 0)}.
 */
public final class SeriesReader implements Reader
{
    private static final FollowingAgent[] NO_AGENTS = {};

    private final Channels channels;
    private final Successor successor;
    private final NanoClock clock;
    private final ForwardingHandlers.Plain plain = new ForwardingHandlers.Plain();
    private final ForwardingHandlers.Controlled controlled = new ForwardingHandlers.Controlled();
    private final ForwardingHandlers.Probe probe = new ForwardingHandlers.Probe();
    private final UnsafeBuffer iterated = new UnsafeBuffer(ArrayUtil.EMPTY_BYTE_ARRAY);

    // The channel that is read, and where it begins in the series.
    private ShmReader current;
    private long ordinal;
    private long base;

    // The channel of the record that next() went to, which stays open until another record is gone to; null before the
    // first one.
    private ShmReader recordChannel;
    private long recordBase;

    private FollowingAgent[] followers = NO_AGENTS;
    private long fullPosition = NOT_TOLD;
    private long fullSinceNs;
    private boolean isReading;
    private boolean isClosed;

    SeriesReader(final SeriesReaderBuilder builder, final NanoClock clock)
    {
        this.clock = clock;
        final Channels.Opened first = Channels.openFirst(builder);
        current = first.reader();
        ordinal = first.ordinal();
        base = SeriesPosition.of(ordinal, 0);
        channels = new Channels(builder, current.extension().streamId());
        successor = new Successor(channels, clock);
        successor.of(ordinal);
    }

    /**
     * Open a series for reading, whatever its content is.
     *
     * @param root folder of all series.
     * @param name of the series.
     * @return a reader at the first record that there is.
     * @throws ChannelException                                       where there is no series, or none that can be
     *                                                                read; one subclass for each case.
     * @throws IllegalArgumentException                               where the name is none for a folder.
     * @throws io.kekbit.core.exceptions.UnsupportedPlatformException where the JVM lacks the flag that Agrona needs.
     */
    public static SeriesReader open(final Path root, final String name)
    {
        return builder(root, name).open();
    }

    /**
     * Open a series for reading content of a format.
     *
     * @param root   folder of all series.
     * @param name   of the series.
     * @param format that has to accept what each channel stores of its own.
     * @return a reader at the first record that there is.
     * @throws ChannelException                                       where there is no series, none that can be read,
     *                                                                or its content is of another format; one subclass
     *                                                                for each case.
     * @throws IllegalArgumentException                               where the name is none for a folder.
     * @throws io.kekbit.core.exceptions.UnsupportedPlatformException where the JVM lacks the flag that Agrona needs.
     */
    public static SeriesReader open(final Path root, final String name, final DataFormat format)
    {
        return builder(root, name).format(format).open();
    }

    /**
     * Open a series for reading what is written from now on, whatever its content is. See {@link #moveToEnd()}.
     *
     * @param root folder of all series.
     * @param name of the series.
     * @return a reader at the end of what is written.
     * @throws ChannelException                                       where there is no series, or none that can be
     *                                                                read; one subclass for each case.
     * @throws IllegalArgumentException                               where the name is none for a folder.
     * @throws io.kekbit.core.exceptions.UnsupportedPlatformException where the JVM lacks the flag that Agrona needs.
     */
    public static SeriesReader openAtEnd(final Path root, final String name)
    {
        return builder(root, name).atEnd(true).open();
    }

    /**
     * Begin a reader with more to say than {@link #open(Path, String)} takes.
     *
     * @param root folder of all series.
     * @param name of the series.
     * @return a builder.
     * @throws IllegalArgumentException where the name is none for a folder.
     */
    public static SeriesReaderBuilder builder(final Path root, final String name)
    {
        return new SeriesReaderBuilder(root, name);
    }

    /**
     * Hand the next records to the handler, one after the other, with positions in the series. The records of one call
     * are all of the same channel, so there can be more when it answers less than the limit; when it answers 0, there
     * was nothing in any channel, or as many heartbeats as the limit.
     *
     * @param handler to take the records. If it throws, its record counts as read.
     * @param limit   the most records and heartbeats to consume.
     * @return the number of records handed over.
     * @throws ReaderClosedException    where the reader is closed.
     * @throws PositionDeletedException where the next record was in a channel that was deleted.
     */
    @Override
    public int read(final RecordHandler handler, final int limit)
    {
        requireNotReading();
        int records;
        do
        {
            isReading = true;
            try
            {
                records = current.read(plain.forward(handler, base), limit);
            }
            finally
            {
                isReading = false;
            }
        }
        while (records == 0 && limit > 0 && goOn());

        return records;
    }

    @Override
    public int controlledRead(final ControlledRecordHandler handler, final int limit)
    {
        requireNotReading();
        int records;
        do
        {
            isReading = true;
            try
            {
                records = current.controlledRead(controlled.forward(handler, base), limit);
            }
            finally
            {
                isReading = false;
            }
        }
        while (records == 0 && limit > 0 && !controlled.isCalled() && goOn());

        return records;
    }

    @Override
    public int read(
        final RecordHandler handler, final int limit, final long timeoutNs, final IdleStrategy idleStrategy)
    {
        final long startNs = clock.nanoTime();
        idleStrategy.reset();
        while (true)
        {
            final int records = read(handler, limit);
            if (records > 0 || !isWorthWaiting() || clock.nanoTime() - startNs >= timeoutNs)
            {
                return records;
            }
            idleStrategy.idle();
        }
    }

    @Override
    public boolean next()
    {
        requireNotReading();
        do
        {
            if (current.next())
            {
                if (recordChannel != current)
                {
                    replaceRecordChannel();
                }

                return true;
            }
        }
        while (goOn());

        return false;
    }

    @Override
    public Iterator<DirectBuffer> iterator()
    {
        requireOpen();

        return new RecordIterator(this, this::requireOpen, iterated);
    }

    /**
     * The buffer that holds the content of the record that {@link #next()} went to: the channel itself, not a copy.
     * Valid until {@link #next()} goes to another record, or the reader is moved or closed.
     *
     * @return the buffer, which must not be cast to anything that can be written to: the mapping is read-only, and a
     * store to it ends the JVM.
     */
    @Override
    public DirectBuffer buffer()
    {
        return recordChannel == null ? current.buffer() : recordChannel.buffer();
    }

    @Override
    public int offset()
    {
        return recordChannel == null ? 0 : recordChannel.offset();
    }

    @Override
    public int length()
    {
        return recordChannel == null ? 0 : recordChannel.length();
    }

    @Override
    public long sequence()
    {
        return isReading || recordChannel == null ? current.sequence() : recordChannel.sequence();
    }

    @Override
    public long time()
    {
        return isReading || recordChannel == null ? current.time() : recordChannel.time();
    }

    @Override
    public long indexedTime()
    {
        return recordChannel == null ? NOT_TOLD : recordChannel.indexedTime();
    }

    @Override
    public long recordPosition()
    {
        return recordChannel == null ? base : recordBase + recordChannel.recordPosition();
    }

    @Override
    public long position()
    {
        return base + current.position();
    }

    /**
     * Go to any position at which a record, a heartbeat or the end of what is written stands, in any channel. Where the
     * last channel is closed, the start of the one that may follow is taken for its end.
     *
     * @param position to go to.
     * @throws InvalidPositionException     where no record can begin there. The reader stays where it is.
     * @throws UnavailablePositionException where the series is not written that far, or not readable that far. The
     *                                      reader stays where it is.
     * @throws PositionDeletedException     where the channel was deleted. The reader stays where it is.
     * @throws ReaderClosedException        where the reader is closed.
     */
    @Override
    public void moveTo(final long position)
    {
        requireNotReading();
        if (position < 0)
        {
            throw new InvalidPositionException(current.file(), position, "negative");
        }

        final long wanted = SeriesPosition.ordinal(position);
        final ShmReader reader;
        try
        {
            reader = wanted == ordinal ? current : channels.requireOpened(wanted, position);
        }
        catch (final UnavailablePositionException ex)
        {
            if (!channels.isEndOfClosed(position, ex.end()))
            {
                throw ex;
            }
            moveTo(ex.end());
            return;
        }
        boolean isMoved = false;
        try
        {
            reader.moveTo(SeriesPosition.inChannel(position));
            isMoved = true;
        }
        catch (final InvalidPositionException ex)
        {
            throw new InvalidPositionException(reader.file(), position, "no record begins there in its channel");
        }
        catch (final UnavailablePositionException ex)
        {
            throw new UnavailablePositionException(
                reader.file(), position, SeriesPosition.of(wanted, ex.end()));
        }
        finally
        {
            if (!isMoved && reader != current)
            {
                reader.close();
            }
        }
        use(reader, wanted);
    }

    /**
     * Go to the first position that there is.
     *
     * @throws ReaderClosedException where the reader is closed.
     */
    public void moveToStart()
    {
        requireNotReading();
        final Channels.Opened first = channels.openFirst();
        use(first.reader(), first.ordinal());
    }

    @Override
    public void moveToEnd()
    {
        requireNotReading();
        do
        {
            final long last = channels.folder().last();
            if (last > ordinal)
            {
                final ShmReader reader = channels.open(last);
                if (reader != null)
                {
                    use(reader, last);
                }
            }
            current.moveToEnd();
        }
        while (successor.isPublishedNow());
    }

    /**
     * Go to a record by its number in the series, so that it is the next one to be read. Which channel it is in is
     * found by bisection, for which the head of some files is read, and the record in it as in a single channel.
     *
     * @param number of records before it in the series, deleted ones included, from 0; heartbeats do not count.
     * @return false where it is not written yet, or not readable; then the reader stays where it is.
     * @throws IllegalArgumentException where the number is negative.
     * @throws PositionDeletedException where the channel was deleted, be it while it is looked for. The reader stays
     *                                  where it is.
     * @throws ReaderClosedException    where the reader is closed.
     */
    @Override
    public boolean seekToRecord(final long number)
    {
        if (number < 0)
        {
            throw new IllegalArgumentException("number=" + number + ". The first record has number 0.");
        }
        requireNotReading();

        final Channels.Opened found = channels.openAtRecord(number);
        if (found != null)
        {
            use(found.reader(), found.ordinal());
        }

        return found != null;
    }

    /**
     * Go to a position before which there is no record that was published at a time or later, and which is as near as
     * {@link Reader#seekToTime(long)} says. Which channel it is in is found by bisection, for which some are opened.
     * Where that channel was deleted, be it meanwhile, this is the first position that there is.
     *
     * @param ticks the time in ticks since 1970-01-01T00:00Z, see {@link Header#tickUnit()}.
     * @throws ReaderClosedException where the reader is closed.
     */
    @Override
    public void seekToTime(final long ticks)
    {
        requireNotReading();
        final Channels.Opened found = channels.openAtTime(ticks);
        use(found.reader(), found.ordinal());
    }

    /**
     * What can be expected of the stream at this reader's position, as of now, see {@link Reader#state()}. Never {@link
     * ReaderState#FULL}, since another channel may follow; {@link ReaderState#CLOSED} is left when the series is opened
     * again.
     *
     * @return the state.
     * @throws ReaderClosedException where the reader is closed.
     */
    @Override
    public ReaderState state()
    {
        requireOpen();

        // First: the next channel is published before the last one is closed.
        final ReaderState here = current.state();
        if (here == ReaderState.CORRUPT || here == ReaderState.SUSPECT)
        {
            return here;
        }
        if (here == ReaderState.OPEN ? successor.isPublished(false) : successor.isPublishedNow())
        {
            return ReaderState.OPEN;
        }

        return here == ReaderState.FULL ? stateWhenFull() : here;
    }

    @Override
    public Header header()
    {
        return current.header();
    }

    /**
     * What the channel that is read says of itself beside its header.
     *
     * @return the extension as it stood when this reader came to that channel.
     */
    public Extension extension()
    {
        return current.extension();
    }

    /**
     * The bytes that describe the content of the channel that is read, as its data format defines them.
     *
     * @return a copy of that channel's schema section, of capacity 0 where it has none.
     */
    public DirectBuffer schema()
    {
        return current.schema();
    }

    /**
     * The file of the channel that is read.
     *
     * @return its path.
     */
    public Path file()
    {
        return current.file();
    }

    /**
     * The number that all channels of this series share, and no other series has.
     *
     * @return the stream id, not 0.
     */
    public long streamId()
    {
        return channels.streamId();
    }

    /**
     * Take a name, and go on where the reader of that name stopped, see {@link NamedReader}. A name that was never used
     * begins where this reader is.
     *
     * @param positions folder of the names.
     * @param name      of the reader.
     * @return a builder, whose named reader closes this one when it is closed. Opening it throws a {@link
     * PositionDeletedException} where the reader of that name fell behind what the series keeps.
     */
    public NamedReaderBuilder named(final Path positions, final String name)
    {
        return NamedReader.builder(positions, name, this, new SeriesStream(this, channels));
    }

    /**
     * How far a position is behind the end of the series: the sum over all channels from there on. Each of them is
     * opened, and walked for no more than a few times 64 KiB. The reader stays where it is.
     *
     * @param position at which a record, a heartbeat or the end of what is written stands, in any channel.
     * @return the lag.
     * @throws PositionDeletedException where the channel was deleted.
     * @throws ChannelException         where the reader is closed, or the position is none of the series; one subclass
     *                                  for each.
     */
    public Lag lag(final long position)
    {
        requireNotReading();

        return new SeriesStream(this, channels).lag(position);
    }

    /**
     * The first position that there is: what was before it is deleted.
     *
     * @return the start of the first channel.
     */
    public long firstPosition()
    {
        return channels.firstPosition();
    }

    @Override
    public Agent prefaultAgent(final int windowLength, final long intervalNs)
    {
        requireOpen();
        final FollowingAgent follower =
            new FollowingAgent("prefault " + channels.folder().path(), windowLength, intervalNs);
        follower.follow(current.prefaultAgent(windowLength, intervalNs));
        followers = ArrayUtil.add(followers, follower);

        return follower;
    }

    @Override
    public void close()
    {
        isClosed = true;
        iterated.wrap(ArrayUtil.EMPTY_BYTE_ARRAY);
        successor.close();
        if (recordChannel != null)
        {
            recordChannel.close();
        }
        current.close();
    }

    @Override
    public String toString()
    {
        return "SeriesReader{folder=" + channels.folder().path() + " ordinal=" + ordinal + " position=" + position() +
            " isClosed=" + isClosed + "}";
    }

    /**
     * The channel that is read.
     */
    ShmReader current()
    {
        return current;
    }

    /**
     * The ordinal of the channel that is read.
     */
    long ordinal()
    {
        return ordinal;
    }

    private void requireOpen()
    {
        if (isClosed)
        {
            throw new ReaderClosedException(current.file());
        }
    }

    private void requireNotReading()
    {
        requireOpen();
        if (isReading)
        {
            throw new IllegalStateException(
                "a handler called the reader that called it: file=" + current.file() + ". It may only close it.");
        }
    }

    private boolean isWorthWaiting()
    {
        if (isClosed)
        {
            return false;
        }
        final ReaderState state = state();

        return state == ReaderState.OPEN || state == ReaderState.TIMED_OUT;
    }

    /**
     * The channel had nothing: look once more, now that nothing can be added to it, and go on in the next one.
     *
     * @return whether there may be more to read: here, or in the channel gone on to.
     */
    private boolean goOn()
    {
        if (isClosed || !successor.isPublished(true))
        {
            return false;
        }

        // What was written here was written before the next channel was published.
        current.controlledRead(probe.reset(), Integer.MAX_VALUE);
        if (probe.isFound())
        {
            return true;
        }
        final ReaderState state = current.state();
        if (state == ReaderState.CORRUPT || state == ReaderState.SUSPECT)
        {
            return false;
        }
        final ShmReader next = successor.take();
        ReaderHandover.goOn(current, next);
        use(next, ordinal + 1);

        return true;
    }

    /**
     * Read a channel from now on. The one before is let go of, unless the record stands there that was gone to.
     */
    private void use(final ShmReader reader, final long itsOrdinal)
    {
        final ShmReader left = current;
        current = reader;
        ordinal = itsOrdinal;
        base = SeriesPosition.of(itsOrdinal, 0);
        successor.of(itsOrdinal);
        if (left != reader)
        {
            for (final FollowingAgent follower : followers)
            {
                follower.follow(reader.prefaultAgent(follower.windowLength(), follower.intervalNs()));
            }
            if (left != recordChannel)
            {
                left.close();
            }
        }
    }

    private void replaceRecordChannel()
    {
        if (recordChannel != null)
        {
            // The view of an iterator may stand on it.
            iterated.wrap(ArrayUtil.EMPTY_BYTE_ARRAY);
            recordChannel.close();
        }
        recordChannel = current;
        recordBase = base;
    }

    private ReaderState stateWhenFull()
    {
        final long nowNs = clock.nanoTime();
        if (position() != fullPosition)
        {
            fullPosition = position();
            fullSinceNs = nowNs;
        }
        final long timeoutNs = header().tickUnit().toNanos(header().timeout());

        return nowNs - fullSinceNs > timeoutNs ? ReaderState.TIMED_OUT : ReaderState.OPEN;
    }
}
