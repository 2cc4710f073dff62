package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.ReaderClosedException;
import io.kekbit.core.exceptions.UnsupportedPlatformException;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.DirectBuffer;
import org.agrona.LangUtil;
import org.agrona.collections.ArrayUtil;
import org.agrona.concurrent.ControlledMessageHandler.Action;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.file.Path;
import java.util.Iterator;

import static io.kekbit.core.layout.RecordDescriptor.LENGTH_WORD_LENGTH;
import static io.kekbit.core.layout.RecordDescriptor.RECORD_AREA_OFFSET;

/**
 * Reads a channel from its memory-mapped file, from the start on, while it is written or any time after.
 * <p>
 * The file is opened and mapped for reading only, and is checked before anything in it is believed: a damaged or
 * hostile file leads to a {@link ChannelException} on opening or to {@link
 * ReaderState#CORRUPT}, never outside the file. What no check can help against is a file that is truncated while it is
 * mapped: the reader turns {@link ReaderState#CORRUPT} where the JVM tells it in time; else the JVM throws an {@link
 * InternalError} at the calling thread, there or later, and the reader turns CORRUPT when it is used again. Reading
 * allocates nothing.
 * <p>
 * A reader belongs to one thread; {@link #close()} is called by that thread, and may be by a handler.
 */
public final class ShmReader extends RecordScan implements Reader
{
    private final Header header;
    private final UnsafeBuffer schema;
    private final ChannelMapping mapping;
    private final BoundaryWalk walk;
    private final NanoClock clock;
    final Envelope envelope;
    private final UnveilingHandler unveiling;
    private final UnsafeBuffer buffer;
    private final UnsafeBuffer iterated = new UnsafeBuffer(ArrayUtil.EMPTY_BYTE_ARRAY);
    private final int wordsEnd;
    private final int recordsEnd;
    private final boolean readsSuspect;
    private final SilenceDetector silence;

    private Extension extension;
    private int suspectFrom;
    private int recordPosition;
    private int contentOffset;
    private int contentLength;
    private ReaderState finalState;
    private boolean isReading;
    private boolean isClosed;

    ShmReader(
        final ChannelOpener.Opened opened,
        final NanoClock clock,
        final boolean readsSuspect,
        final SequenceGapListener gapListener)
    {
        super(opened.mapping(), opened.header());
        header = opened.header();
        extension = opened.extension();
        schema = opened.schema();
        mapping = opened.mapping();
        envelope = Envelope.of(extension.envelope(), header.maxMessageLength(), gapListener);
        unveiling = new UnveilingHandler(envelope);
        this.clock = clock;
        buffer = mapping.buffer();
        wordsEnd = wordsEnd(mapping);
        recordsEnd = recordsEnd(mapping, header);
        walk = new BoundaryWalk(mapping, header, recordsEnd, envelope);
        this.readsSuspect = readsSuspect;
        suspectFrom = firstSuspect();
        silence = new SilenceDetector(clock, header.tickUnit().toNanos(header.timeout()));
        lastReadable = lastReadable();
    }

    /**
     * Open a channel for reading, whatever its content is.
     *
     * @param root      folder of all channels.
     * @param channelId of the channel, unsigned.
     * @return a reader at the start of the channel.
     * @throws ChannelException             where there is no channel, or none that can be read; one subclass for each.
     * @throws UnsupportedPlatformException where the JVM lacks the flag that Agrona needs.
     */
    public static ShmReader open(final Path root, final long channelId)
    {
        return builder(root, channelId).open();
    }

    /**
     * Open a channel for reading content of a format.
     *
     * @param root      folder of all channels.
     * @param channelId of the channel, unsigned.
     * @param format    that has to accept what the channel stores of its own.
     * @return a reader at the start of the channel.
     * @throws ChannelException             where there is no channel, none that can be read, or its content is of
     *                                      another format; one subclass for each.
     * @throws UnsupportedPlatformException where the JVM lacks the flag that Agrona needs.
     */
    public static ShmReader open(final Path root, final long channelId, final DataFormat format)
    {
        return builder(root, channelId).format(format).open();
    }

    /**
     * Open a channel for reading, whatever its content is, and wait for it where its writer has not created it yet.
     *
     * @param root         folder of all channels.
     * @param channelId    of the channel, unsigned.
     * @param timeoutNs    the longest to wait, in nanoseconds.
     * @param idleStrategy to wait with between tries, each of which looks for a file.
     * @return a reader at the start of the channel.
     * @throws ChannelException             the last error, when the time is up; at once where waiting cannot help.
     * @throws UnsupportedPlatformException where the JVM lacks the flag that Agrona needs.
     */
    public static ShmReader tryOpen(
        final Path root, final long channelId, final long timeoutNs, final IdleStrategy idleStrategy)
    {
        return builder(root, channelId).tryOpen(timeoutNs, idleStrategy);
    }

    /**
     * Open a channel for reading what is written from now on, whatever its content is. See {@link #moveToEnd()}.
     *
     * @param root      folder of all channels.
     * @param channelId of the channel, unsigned.
     * @return a reader at the end of what is written.
     * @throws ChannelException             where there is no channel, or none that can be read; one subclass for each.
     * @throws UnsupportedPlatformException where the JVM lacks the flag that Agrona needs.
     */
    public static ShmReader openAtEnd(final Path root, final long channelId)
    {
        return builder(root, channelId).atEnd(true).open();
    }

    /**
     * Begin a reader with more to say than {@link #open(Path, long)} takes.
     *
     * @param root      folder of all channels.
     * @param channelId of the channel, unsigned.
     * @return a builder.
     */
    public static ShmReaderBuilder builder(final Path root, final long channelId)
    {
        return new ShmReaderBuilder(ChannelPlace.of(root, channelId));
    }

    /**
     * Begin a reader of a channel that is known by its file, wherever that lies and whatever its name is.
     *
     * @param file of the channel; a symbolic link is not followed.
     * @return a builder.
     */
    public static ShmReaderBuilder builder(final Path file)
    {
        return new ShmReaderBuilder(ChannelPlace.of(file));
    }

    @Override
    public int read(final RecordHandler handler, final int limit)
    {
        try
        {
            return envelope == null ? readContents(handler, limit) : readPayloads(handler, null, limit);
        }
        catch (final InternalError ex)
        {
            onFault(ex, true);
            throw ex;
        }
    }

    private int readContents(final RecordHandler handler, final int limit)
    {
        if (lastReadable < 0)
        {
            requireOpen();
            return 0;
        }
        requireNotReading();

        final int records;
        try
        {
            // Inside: an error of the JVM can come anywhere, and must not leave a reader that reads for good.
            isReading = true;
            records = handOver(handler, limit);
        }
        finally
        {
            isReading = false;
            leave();
        }

        if (found == END)
        {
            latch(endState);
        }

        return records;
    }

    @Override
    public int controlledRead(final ControlledRecordHandler handler, final int limit)
    {
        return envelope == null ? readRecords(handler, limit) : readPayloads(null, handler, limit);
    }

    private int readPayloads(final RecordHandler plain, final ControlledRecordHandler controlled, final int limit)
    {
        requireNotReading();
        unveiling.handOverTo(plain, controlled);
        final int records = readRecords(unveiling, limit);
        if (unveiling.thrown() instanceof InternalError fault)
        {
            onFault(fault, false);
        }
        else if (unveiling.thrown() != null)
        {
            LangUtil.rethrowUnchecked(unveiling.thrown());
        }
        if (unveiling.isDamaged())
        {
            latch(ReaderState.CORRUPT);
        }
        return records;
    }

    private int readRecords(final ControlledRecordHandler handler, final int limit)
    {
        if (lastReadable < 0)
        {
            requireOpen();
            return 0;
        }
        requireNotReading();

        int position = this.position;
        int consumed = 0;
        int records = 0;
        int length = HEARTBEAT;
        Action action = Action.CONTINUE;
        boolean isHandling = false;
        try
        {
            isReading = true;
            while (consumed < limit && position <= lastReadable && action != Action.BREAK)
            {
                length = lengthAt(position);
                if (length > 0)
                {
                    final int start = position;
                    position += RecordDescriptor.alignedLength(length);
                    isHandling = true;
                    action = handler.onRecord(
                        buffer, RECORD_AREA_OFFSET + start + LENGTH_WORD_LENGTH, length, start, position);
                    isHandling = false;
                    if (action == Action.ABORT)
                    {
                        position = start;
                        break;
                    }
                    if (action == Action.COMMIT)
                    {
                        this.position = position;
                    }
                    consumed++;
                    records++;
                }
                else if (length == HEARTBEAT)
                {
                    position += LENGTH_WORD_LENGTH;
                    consumed++;
                }
                else
                {
                    break;
                }
            }
        }
        catch (final InternalError ex)
        {
            onFault(ex, isHandling);
        }
        finally
        {
            isReading = false;
            this.position = position;
            leave();
        }

        if (length == END)
        {
            latch(endState);
        }

        return records;
    }

    @Override
    public int read(
        final RecordHandler handler, final int limit, final long timeoutNs, final IdleStrategy idleStrategy)
    {
        return PatientRead.read(this, handler, limit, clock, timeoutNs, idleStrategy);
    }

    @Override
    public boolean next()
    {
        requireNotReading();
        try
        {
            return goToNext();
        }
        catch (final InternalError ex)
        {
            onFault(ex, false);
            return false;
        }
    }

    private boolean goToNext()
    {
        while (position <= lastReadable)
        {
            final int length = lengthAt(position);
            if (length > 0)
            {
                final int offset = RECORD_AREA_OFFSET + position + LENGTH_WORD_LENGTH;
                if (envelope != null && !opensNext(offset, length))
                {
                    return false;
                }
                recordPosition = position;
                contentOffset = envelope == null ? offset : offset + envelope.lengthBefore();
                contentLength = envelope == null ? length : length - envelope.length();
                position += RecordDescriptor.alignedLength(length);

                return true;
            }
            if (length != HEARTBEAT)
            {
                if (length == END)
                {
                    latch(endState);
                }

                return false;
            }
            position += LENGTH_WORD_LENGTH;
        }
        requireOpen();
        return false;
    }

    @Override
    public Iterator<DirectBuffer> iterator()
    {
        requireOpen();
        return new RecordIterator(this, this::requireOpen, iterated);
    }

    @Override
    public DirectBuffer buffer()
    {
        return buffer;
    }

    @Override
    public int offset()
    {
        return contentOffset;
    }

    @Override
    public int length()
    {
        return contentLength;
    }

    @Override
    public long sequence()
    {
        return envelope == null ? NOT_TOLD : envelope.sequence();
    }

    @Override
    public long time()
    {
        return envelope == null ? NOT_TOLD : envelope.time();
    }

    @Override
    public long indexedTime()
    {
        return walk.indexedTime(recordPosition);
    }

    @Override
    public long recordPosition()
    {
        return recordPosition;
    }

    @Override
    public long position()
    {
        return position;
    }

    @Override
    public void moveTo(final long newPosition)
    {
        move(BoundaryWalk.Target.POSITION, newPosition);
    }

    @Override
    public void moveToEnd()
    {
        move(BoundaryWalk.Target.END, 0);
    }

    @Override
    public boolean seekToRecord(final long number)
    {
        if (number < 0)
        {
            throw new IllegalArgumentException("number=" + number + ". The first record has number 0.");
        }

        return move(BoundaryWalk.Target.RECORD, number);
    }

    @Override
    public void seekToTime(final long ticks)
    {
        move(BoundaryWalk.Target.TIME, ticks);
    }

    @Override
    public ReaderState state()
    {
        requireOpen();
        if (finalState != null)
        {
            return finalState;
        }
        try
        {
            return latch(stateHere());
        }
        catch (final InternalError ex)
        {
            onFault(ex, false);
            return finalState;
        }
    }

    @Override
    public Header header()
    {
        return header;
    }

    @Override
    public PrefaultAgent prefaultAgent(final int windowLength, final long intervalNs)
    {
        return prefaultAgent(windowLength, intervalNs, SystemNanoClock.INSTANCE);
    }

    PrefaultAgent prefaultAgent(final int windowLength, final long intervalNs, final NanoClock nanoClock)
    {
        requireOpen();
        // Polling needs nothing of the index.
        return mapping.prefaultAgent(this::opaquePosition, 0, windowLength, intervalNs, nanoClock);
    }

    /**
     * What the channel says of itself beside its header.
     *
     * @return the extension as it stood when the reader was opened.
     */
    public Extension extension()
    {
        return extension;
    }

    /**
     * Look at the extension again: of a channel that was opened when it was made ready, and is published now.
     */
    void lookAtExtension()
    {
        extension = new Extension(mapping.buffer(), extension.fileLength());
    }

    /**
     * The bytes that describe the content, as its data format defines them.
     *
     * @return a copy of the channel's schema section, of capacity 0 where it has none.
     */
    public DirectBuffer schema()
    {
        return schema;
    }

    /**
     * The channel's file.
     *
     * @return the path below the root that was given, or the path that was given.
     */
    public Path file()
    {
        return mapping.file();
    }

    @Override
    public void close()
    {
        isClosed = true;
        lastReadable = NOTHING_READABLE;
        if (!isReading)
        {
            letGo();
        }
    }

    @Override
    public String toString()
    {
        return "ShmReader{file=" + mapping.file() + " position=" + position + " isClosed=" + isClosed + "}";
    }

    private int lastReadable()
    {
        return Math.min(wordsEnd, suspectFrom) - LENGTH_WORD_LENGTH;
    }

    private int firstSuspect()
    {
        return readsSuspect || !extension.isPresent() ? Integer.MAX_VALUE :
            Durability.firstSuspect(buffer, recordsEnd);
    }

    /**
     * Look into the envelope of the record to go to. Where its gap listener closes the reader, the record is not gone
     * to.
     */
    private boolean opensNext(final int offset, final int length)
    {
        boolean isIntact = true;
        try
        {
            isReading = true;
            isIntact = envelope.open(buffer, offset, length, position);
        }
        finally
        {
            isReading = false;
            leave();
        }
        if (!isIntact)
        {
            latch(ReaderState.CORRUPT);
        }

        return isIntact && !isClosed;
    }

    /**
     * A load faulted, here or in a handler. Where the file was cut short, the channel is damaged here; any other fault
     * may be of another mapping, and told late. The JVM does not tell exactly where a fault was, so that this is asked
     * around whole calls.
     */
    private void onFault(final InternalError fault, final boolean isThrown)
    {
        mapping.noteFault();
        final boolean isTruncated = mapping.isTruncated();
        if (isTruncated)
        {
            latch(ReaderState.CORRUPT);
        }
        if (isThrown || !isTruncated)
        {
            throw fault;
        }
    }

    private boolean move(final BoundaryWalk.Target target, final long value)
    {
        requireOpen();
        requireNotReading();
        try
        {
            reassess();
            final int boundary = walk.find(target, value, position, lastReadable());
            if (boundary != BoundaryWalk.NOWHERE)
            {
                goTo(boundary);
            }

            return boundary != BoundaryWalk.NOWHERE;
        }
        catch (final InternalError ex)
        {
            onFault(ex, true);
            throw ex;
        }
    }

    void goTo(final int boundary)
    {
        position = boundary;
        if (envelope != null)
        {
            envelope.resetSequence();
        }
        finalState = null;
        reassess();
    }

    private void reassess()
    {
        suspectFrom = firstSuspect();
        lastReadable = finalState == null ? lastReadable() : NOTHING_READABLE;
    }

    ChannelMapping mapping()
    {
        return mapping;
    }

    /**
     * Whether waiting here can lead to a record.
     */
    boolean isWorthWaiting()
    {
        return !isClosed && state().canRecordFollow();
    }

    /**
     * See to it that a final state is not left by polling.
     */
    private ReaderState latch(final ReaderState state)
    {
        if (state.isFinal())
        {
            finalState = state;
            lastReadable = NOTHING_READABLE;
        }

        return state;
    }

    private ReaderState stateHere()
    {
        if (position >= suspectFrom)
        {
            reassess();
        }
        if (position > lastReadable)
        {
            // What was cut off can read as zeros, which lead here as heartbeats do.
            return mapping.isTruncated() ? ReaderState.CORRUPT :
                position >= suspectFrom ? ReaderState.SUSPECT : ReaderState.FULL;
        }

        final int length = lengthAt(position);
        if (length == END)
        {
            return endState;
        }
        if (length == NOTHING)
        {
            final int room = header.capacity() - RecordDescriptor.RESERVED_LENGTH - position;

            return room < RecordDescriptor.MIN_ALIGNED_LENGTH ? ReaderState.FULL :
                silence.isTooLongAt(position) ? ReaderState.TIMED_OUT : ReaderState.OPEN;
        }
        silence.onProgress(position);
        return ReaderState.OPEN;
    }

    private void leave()
    {
        if (isClosed)
        {
            letGo();
        }
    }

    private void letGo()
    {
        iterated.wrap(ArrayUtil.EMPTY_BYTE_ARRAY);
        mapping.unmap();
    }

    private void requireNotReading()
    {
        // A fault that the JVM tells of late can strike anywhere, even where the mark is about to be taken away.
        if (isReading && !mapping.isTruncated())
        {
            throw new IllegalStateException(
                "a handler called the reader that called it: file=" + mapping.file() + ". It may only close it.");
        }
    }

    void requireOpen()
    {
        if (isClosed)
        {
            throw new ReaderClosedException(mapping.file());
        }
    }
}
