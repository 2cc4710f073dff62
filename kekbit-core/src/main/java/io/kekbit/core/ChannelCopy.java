package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelAccessException;
import io.kekbit.core.exceptions.ChannelClosedException;
import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.ChannelExistsException;
import io.kekbit.core.exceptions.FlushFailedException;
import io.kekbit.core.exceptions.WriterClosedException;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.OffsetEpochNanoClock;
import org.agrona.concurrent.SystemNanoClock;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.Objects;

import static io.kekbit.core.layout.RecordDescriptor.LENGTH_WORD_LENGTH;
import static io.kekbit.core.layout.RecordDescriptor.RECORD_AREA_OFFSET;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * A copy of a channel, byte for byte: it is made from the channel's {@link ChannelBlueprint} and from blocks of its
 * frames, which a {@link BlockReader} gives. The copy is a channel like any other, and its readers need not know.
 * <p>
 * The caller sees to it that
 * <ol>
 * <li>blocks are those of the channel that the blueprint is of. What can be told from a block and its position is
 * checked, and what fails is not stored: but the content of records is not looked at;</li>
 * <li>one thread uses the copy;</li>
 * <li>the copy of a series' channel is made when all of the channel before it is copied and {@link #flush() flushed},
 * since readers of the series then go on from one to the other; and that the other is closed after that.</li>
 * </ol>
 * Then readers of the copy see every block whole or not at all, in order. A process that dies at any instant leaves a
 * copy that {@link #open} goes on with: {@link #position()} says from where. No call waits for a reader. Appending
 * makes no system call and allocates nothing.
 */
public final class ChannelCopy implements AutoCloseable
{
    // A block is published as a record is: all of it but its first word is stored behind the watermark, where nobody
    // looks; then a new watermark behind it, with release; then its first word over the old watermark, with release.

    /**
     * The greatest length of a block in bytes, but for one frame alone, which may be longer: so that whoever goes on
     * with the copy knows how far one that died may have written.
     */
    public static final int MAX_BLOCK_LENGTH = 1024 * 1024;

    private static final VarHandle POSITION = Opaque.field(MethodHandles.lookup(), "position", int.class);

    private final Path file;
    private final ChannelBlueprint blueprint;
    private final ChannelMapping mapping;
    private final WriterLock lock;
    private final IndexWriter indexWriter;
    private final Forcing forcing;
    private final UnsafeBuffer buffer;
    private final RecordStores watchedStores;
    private final long recordAreaAddress;
    private final int maxMessageLength;
    private final int recordsEnd;
    private final OwnerThread owner = new OwnerThread();

    private int position;
    private long recordCount;
    private int closedChecksum;
    private boolean isOpen;
    private boolean isClosed;

    // Of the block that is being appended.
    private long blockRecords;
    private boolean hasHeartbeat;

    private ChannelCopy(final ChannelBlueprint blueprint, final WritableChannel channel, final EpochNanoClock clock)
    {
        this.blueprint = blueprint;
        mapping = channel.mapping();
        file = mapping.file();
        lock = channel.lock();
        indexWriter = new IndexWriter(channel, clock);
        forcing = new Forcing(channel, indexWriter);
        buffer = mapping.buffer();
        watchedStores = mapping.stores();
        recordAreaAddress = buffer.addressOffset() + RECORD_AREA_OFFSET;
        maxMessageLength = channel.header().maxMessageLength();
        recordsEnd = channel.extension().recordsEnd(channel.header().capacity());
        position = channel.offset();
        recordCount = channel.recordCount();
        isOpen = true;
    }

    /**
     * A copy that is closed: there is nothing to hold.
     */
    private ChannelCopy(
        final ChannelBlueprint blueprint,
        final Path file,
        final int position,
        final long recordCount,
        final int tailChecksum)
    {
        this.blueprint = blueprint;
        this.file = file;
        this.position = position;
        this.recordCount = recordCount;
        closedChecksum = tailChecksum;
        mapping = null;
        lock = null;
        indexWriter = null;
        forcing = null;
        buffer = null;
        watchedStores = null;
        recordAreaAddress = 0;
        maxMessageLength = 0;
        recordsEnd = 0;
        isClosed = true;
    }

    /**
     * Make the copy of a channel, or go on with it where it exists: the same line at first and after this was killed.
     * What was never forced to the device before a restart of the machine is given up. Going on takes as long as
     * walking all records of the copy.
     *
     * @param root      folder of all channels; made where it does not exist. For a channel of a series, the folder of
     *                  the series.
     * @param blueprint of the channel.
     * @return the copy.
     * @throws ChannelException                                       where it can be neither made nor gone on
     *                                                                with: it does not fit on the disk, has a living
     *                                                                writer, is corrupt, or what exists is no copy,
     *                                                                or not of that channel; one subclass for each
     *                                                                case. What exists is unchanged then.
     * @throws io.kekbit.core.exceptions.UnsupportedPlatformException where the JVM lacks the flag that Agrona needs.
     */
    public static ChannelCopy open(final Path root, final ChannelBlueprint blueprint)
    {
        return open(root, blueprint, Prefault.NONE);
    }

    /**
     * As {@link #open(Path, ChannelBlueprint)}.
     *
     * @param root      folder of all channels.
     * @param blueprint of the channel.
     * @param prefault  when to touch the copy's pages. See also {@link #prefaultAgent(int, long)}.
     * @return the copy.
     */
    public static ChannelCopy open(final Path root, final ChannelBlueprint blueprint, final Prefault prefault)
    {
        return open(ChannelFiles.SYSTEM, root, blueprint, prefault, new OffsetEpochNanoClock());
    }

    static ChannelCopy open(
        final ChannelFiles files,
        final Path root,
        final ChannelBlueprint blueprint,
        final Prefault prefault,
        final EpochNanoClock clock)
    {
        Platform.check();
        Objects.requireNonNull(prefault, "prefault");

        final ChannelPlace place = ChannelPlace.of(root, blueprint.header().channelId());
        final WritableChannel channel;
        try
        {
            channel = createOrResume(files, place, blueprint);
        }
        catch (final ChannelClosedException ex)
        {
            return closed(files, place, blueprint, ex);
        }

        final ChannelCopy copy = new ChannelCopy(blueprint, channel, clock);
        boolean isTouched = false;
        try
        {
            channel.mapping().touch(prefault);
            isTouched = true;

            return copy;
        }
        finally
        {
            if (!isTouched)
            {
                copy.letGo();
            }
        }
    }

    private static WritableChannel createOrResume(
        final ChannelFiles files, final ChannelPlace place, final ChannelBlueprint blueprint)
    {
        try
        {
            return ChannelCreator.ofCopy(files, place.root(), blueprint).create();
        }
        catch (final ChannelExistsException ex)
        {
            // Only copies, since what is not durable of them may be given up.
            return ChannelResumer.ofCopy(files, place, blueprint).resume();
        }
    }

    /**
     * Look where a closed copy ends.
     */
    private static ChannelCopy closed(
        final ChannelFiles files,
        final ChannelPlace place,
        final ChannelBlueprint blueprint,
        final ChannelClosedException cause)
    {
        try (ShmReader reader = new ShmReaderBuilder(place).files(files).atEnd(true).open())
        {
            if (reader.state() != ReaderState.CLOSED)
            {
                throw cause;
            }
            final int end = (int)reader.position();
            final int recordsEnd = reader.extension().recordsEnd(reader.header().capacity());
            final BoundaryWalk walk = new BoundaryWalk(reader.mapping(), reader.header(), recordsEnd, null);
            final long records = walk.tailBefore(end).records();

            return new ChannelCopy(
                blueprint, place.file(), end, records, TailChecksum.before(reader.buffer(), end, records));
        }
    }

    /**
     * Append a block: whole frames exactly as they stand in the channel's record area, that is length words, content
     * and padding; heartbeats, too. Readers see all of it or nothing.
     * <p>
     * An {@link InternalError} is the JVM's, of a page of the block or the copy that is gone, as when a file was cut
     * short. Then nobody knows what was stored, and the copy is let go of: open it again.
     *
     * @param blockPosition of the block in the channel, which has to be {@link #position()}.
     * @param block         that holds it.
     * @param offset        of the block in the buffer.
     * @param length        of the block in bytes, a multiple of 8, at most {@link #MAX_BLOCK_LENGTH} unless it is one
     *                      frame.
     * @param timeTicks     the time that the channel's index tells of the block's first frame, or {@link
     *                      Reader#NOT_TOLD} where it has no entry for it.
     * @return the position behind the block.
     * @throws IllegalArgumentException  where the block is not the next one, is not made of whole frames, does not fit,
     *                                   or its time is before one that was told; the copy is unchanged then.
     * @throws IndexOutOfBoundsException where the buffer does not hold the block; the copy is unchanged then.
     * @throws ChannelClosedException    where the channel was closed.
     * @throws WriterClosedException     where the copy was let go of.
     */
    public long append(
        final long blockPosition, final DirectBuffer block, final int offset, final int length, final long timeTicks)
    {
        assert owner.isCurrent();

        requireOpen();
        block.boundsCheck(offset, length);
        requireNext(blockPosition, length, timeTicks);

        final RecordStores stores = RecordStores.orPlain(watchedStores);
        final long address = recordAreaAddress + position;
        final int end = position + length;
        // Loaded once: what is checked is what is stored, also where the block is in memory that others write to.
        final long firstWord = block.getLong(offset, LITTLE_ENDIAN);
        try
        {
            if (length > LENGTH_WORD_LENGTH)
            {
                stores.putContent(
                    address + LENGTH_WORD_LENGTH, block, offset + LENGTH_WORD_LENGTH, length - LENGTH_WORD_LENGTH);
            }
            final int malformed = walk(firstWord, end);
            if (malformed >= 0)
            {
                throw refused(malformed, malformed == position ? firstWord : wordAt(malformed), length);
            }
            if (timeTicks != Reader.NOT_TOLD)
            {
                indexWriter.copyEntry(position, recordCount, timeTicks);
            }
            stores.putWord(address + length, RecordDescriptor.WATERMARK);
            stores.putWord(address, firstWord);
        }
        catch (final InternalError ex)
        {
            // A page is gone, of the block or of the copy. The JVM may tell late, so it is not known what was stored.
            mapping.noteFault();
            letGo();
            throw ex;
        }
        position = end;
        recordCount += blockRecords;
        if (timeTicks != Reader.NOT_TOLD || hasHeartbeat)
        {
            indexWriter.storeTailHint(end);
        }

        return end;
    }

    /**
     * Where the copy ends, which is where the next block has to begin: the position to ask for.
     *
     * @return the position, a boundary of a record.
     */
    public long position()
    {
        return position;
    }

    /**
     * A checksum of what stands before {@link #position()}. Where that of a {@link BlockReader} at this position is
     * another one, the channel and its copy went different ways, as they do when the channel's machine loses power and
     * with it records that the copy has: then the copy has to be thrown away. It covers the number of records and the
     * last 64 KiB of what is not zero, so not a difference further back where all that is the same.
     *
     * @return the checksum.
     * @throws WriterClosedException where the copy was let go of.
     */
    public int tailChecksum()
    {
        if (isClosed)
        {
            return closedChecksum;
        }
        requireOpen();

        return TailChecksum.before(buffer, position, recordCount);
    }

    /**
     * Everything below this was forced to the device, and is not given up when the machine is restarted.
     *
     * @return the position, a boundary of a record.
     */
    public long durablePosition()
    {
        return forcing == null ? position : forcing.durablePosition();
    }

    /**
     * How many records the copy holds; heartbeats do not count.
     *
     * @return the number.
     */
    public long recordCount()
    {
        return recordCount;
    }

    /**
     * Whether the copy is complete: the channel was closed, and so is its copy.
     *
     * @return true if nothing can follow.
     */
    public boolean isClosed()
    {
        return isClosed;
    }

    /**
     * What the copy was made from.
     *
     * @return the blueprint.
     */
    public ChannelBlueprint blueprint()
    {
        return blueprint;
    }

    /**
     * The copy's file.
     *
     * @return the path below the root that was given.
     */
    public Path file()
    {
        return file;
    }

    /**
     * Force everything that was appended to the device; it is durable when this returns.
     *
     * @throws FlushFailedException   where the device did not take it. The copy is let go of then: open it again.
     * @throws ChannelClosedException where the channel was closed, so that all of it is durable.
     * @throws WriterClosedException  where the copy was let go of.
     */
    public void flush()
    {
        assert owner.isCurrent();

        requireOpen();
        try
        {
            // First, so that after a restart no entry is missing of what is below the durable position.
            mapping.forceIndex();
            forcing.forceRecords(position);
        }
        catch (final UncheckedIOException ex)
        {
            throw failedFlush(ex);
        }
    }

    /**
     * The channel was closed at {@link #position()}: force everything to the device, mark the copy closed, too, and let
     * go of it. Nothing happens where that was done.
     *
     * @throws FlushFailedException  where the device did not take it. The copy is let go of then: open it again.
     * @throws WriterClosedException where the copy was let go of.
     */
    public void complete()
    {
        assert owner.isCurrent();

        if (isClosed)
        {
            return;
        }
        requireOpen();
        try
        {
            closedChecksum = TailChecksum.before(buffer, position, recordCount);
            forcing.close(position);
        }
        catch (final UncheckedIOException ex)
        {
            throw failedFlush(ex);
        }
        isClosed = true;
        letGo();
    }

    /**
     * An agent that touches the pages ahead of the copy's end, see {@link PrefaultAgent}. The caller runs it, in a
     * thread of its own or beside other agents.
     *
     * @param windowLength bytes ahead of the position to touch, at least 4096.
     * @param intervalNs   nanoseconds after which to touch them again, at least 1.
     * @return a new agent, which ends with this copy.
     * @throws ChannelClosedException where the channel was closed.
     * @throws WriterClosedException  where the copy was let go of.
     */
    public Agent prefaultAgent(final int windowLength, final long intervalNs)
    {
        requireOpen();

        // The release stores of each block keep the compiler from holding the position back.
        return mapping.prefaultAgent(
            () -> (int)POSITION.getOpaque(this),
            indexWriter.spacing(),
            windowLength,
            intervalNs,
            SystemNanoClock.INSTANCE);
    }

    /**
     * Let go of the copy, which can be gone on with. Nothing says that it was closed, and nothing is forced to the
     * device: {@link #flush()} does. Further calls do nothing.
     */
    @Override
    public void close()
    {
        assert owner.isCurrent();

        if (isOpen)
        {
            letGo();
        }
    }

    @Override
    public String toString()
    {
        return "ChannelCopy{file=" + file + " position=" + position + " recordCount=" + recordCount + " isClosed=" +
            isClosed + "}";
    }

    /**
     * See to it that nothing is stored where no block can be.
     */
    private void requireNext(final long blockPosition, final int length, final long timeTicks)
    {
        if (blockPosition != position)
        {
            throw new IllegalArgumentException(
                "not the next block: file=" + file + " position=" + blockPosition + " expected=" + position +
                    (blockPosition > position ? ". What is between is missing." : ". It was appended before."));
        }
        if (length < LENGTH_WORD_LENGTH || !BitUtil.isAligned(length, RecordDescriptor.ALIGNMENT) ||
            length > recordsEnd - position)
        {
            throw new IllegalArgumentException(
                "no block can have this length: file=" + file + " position=" + position + " length=" + length +
                    " min=8 max=" + (recordsEnd - position) + " alignment=8.");
        }
        if (length > MAX_BLOCK_LENGTH && length > RecordDescriptor.alignedLength(maxMessageLength))
        {
            throw new IllegalArgumentException(
                "block too long: file=" + file + " length=" + length + " max=" + MAX_BLOCK_LENGTH + ".");
        }
        if (timeTicks != Reader.NOT_TOLD && timeTicks < indexWriter.lastEntryTime())
        {
            throw new IllegalArgumentException(
                "time steps back: file=" + file + " position=" + position + " time=" + timeTicks + " last=" +
                    indexWriter.lastEntryTime() + ".");
        }
    }

    /**
     * Walk along the frames of the block that was stored behind the watermark.
     *
     * @param firstWord of the block, which is not stored yet.
     * @param end       position behind the block.
     * @return the position of the frame that is none, or -1 where they fill the block.
     */
    private int walk(final long firstWord, final int end)
    {
        long records = 0;
        boolean isHeartbeatSeen = false;
        int reached = position;
        long word = firstWord;
        while (true)
        {
            final int next;
            if (word == RecordDescriptor.HEARTBEAT)
            {
                isHeartbeatSeen = true;
                next = reached + LENGTH_WORD_LENGTH;
            }
            else if (word > 0 && word <= maxMessageLength && word <= end - reached - LENGTH_WORD_LENGTH)
            {
                records++;
                next = reached + RecordDescriptor.alignedLength((int)word);
            }
            else
            {
                return reached;
            }
            if (next == end)
            {
                break;
            }
            reached = next;
            word = wordAt(reached);
        }
        blockRecords = records;
        hasHeartbeat = isHeartbeatSeen;

        return -1;
    }

    private long wordAt(final int boundary)
    {
        return buffer.getLong(RECORD_AREA_OFFSET + boundary, LITTLE_ENDIAN);
    }

    /**
     * Leave no trace of a block that is none.
     */
    private IllegalArgumentException refused(final int malformed, final long word, final int length)
    {
        buffer.setMemory(
            RECORD_AREA_OFFSET + position + LENGTH_WORD_LENGTH, length - LENGTH_WORD_LENGTH, (byte)0);

        return new IllegalArgumentException(
            "not made of whole frames: file=" + file + " position=" + malformed + " word=0x" +
                Long.toHexString(word) + " maxRecordLength=" + maxMessageLength + " blockEnd=" + (position + length) +
                ". Nothing of the block was appended.");
    }

    private void requireOpen()
    {
        if (isClosed)
        {
            throw new ChannelClosedException(file);
        }
        if (!isOpen)
        {
            throw new WriterClosedException(file);
        }
    }

    /**
     * What reached the device is not known any more, and a second try could wrongly succeed.
     */
    private FlushFailedException failedFlush(final UncheckedIOException cause)
    {
        final FlushFailedException failure = new FlushFailedException(file, cause);
        try
        {
            letGo();
        }
        catch (final ChannelAccessException ex)
        {
            failure.addSuppressed(ex);
        }

        return failure;
    }

    private void letGo()
    {
        isOpen = false;
        mapping.unmap();
        try
        {
            lock.release();
        }
        catch (final IOException ex)
        {
            throw new ChannelAccessException(file, "release the writer lock", ex);
        }
    }
}
