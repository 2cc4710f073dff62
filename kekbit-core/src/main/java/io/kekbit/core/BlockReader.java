package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.InvalidPositionException;
import io.kekbit.core.exceptions.ReaderClosedException;
import io.kekbit.core.exceptions.UnavailablePositionException;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.file.Path;

import static io.kekbit.core.layout.RecordDescriptor.LENGTH_WORD_LENGTH;
import static io.kekbit.core.layout.RecordDescriptor.RECORD_AREA_OFFSET;

/**
 * Reads a channel block by block, for a {@link ChannelCopy}: whole frames as they stand in the file, many at a time,
 * whatever their content is. While the channel is written or any time after.
 * <p>
 * Everything that {@link ShmReader} says of files and damage holds, but that the content of records, and so their
 * envelope, is not looked at. A block ends before a record that has an entry in the channel's index, so that its copy
 * gets the same index. A record whose writer was stopped before it wrote the entry that is due is held back for it, for
 * up to a second. Reading allocates nothing.
 * <p>
 * A reader belongs to one thread; {@link #close()} is called by that thread, and may be by the handler.
 */
public final class BlockReader implements AutoCloseable
{
    private final ShmReader reader;
    private final ChannelMapping mapping;
    private final BoundaryWalk walk;
    private final IndexCursor index;
    private final UnsafeBuffer buffer;
    private final int longestFrame;
    private final int wordsEnd;
    private final int recordsEnd;

    private int position;
    private int suspectFrom;
    // How many records are before a position, where it was walked to.
    private BoundaryWalk.Counted counted = new BoundaryWalk.Counted(0, 0);
    private long destination;
    // What the index says of the block at a position.
    private int timedPosition = BoundaryWalk.NOWHERE;
    private long blockTime = Reader.NOT_TOLD;
    private boolean isCorrupt;
    private boolean isReading;
    private boolean isClosed;

    private BlockReader(final ShmReader reader, final NanoClock clock)
    {
        this.reader = reader;
        mapping = reader.mapping();
        buffer = mapping.buffer();
        final Header header = reader.header();
        wordsEnd = buffer.capacity() - RECORD_AREA_OFFSET;
        recordsEnd = Math.min(wordsEnd, header.capacity()) & -RecordDescriptor.ALIGNMENT;
        walk = new BoundaryWalk(mapping, header, recordsEnd, null);
        index = new IndexCursor(mapping, header, reader.extension(), clock);
        longestFrame = RecordDescriptor.alignedLength(header.maxMessageLength());
        position = (int)reader.position();
        index.goTo(position);
        suspectFrom = firstSuspect();
    }

    /**
     * Open a channel at its start.
     *
     * @param file of the channel; a symbolic link is not followed.
     * @return the reader.
     * @throws ChannelException                                       where there is no channel, or none that can be
     *                                                                read; one subclass for each case.
     * @throws io.kekbit.core.exceptions.UnsupportedPlatformException where the JVM lacks the flag that Agrona needs.
     */
    public static BlockReader open(final Path file)
    {
        return open(file, 0);
    }

    /**
     * Open a channel where its copy ends.
     *
     * @param file          of the channel; a symbolic link is not followed.
     * @param startPosition to begin at, the boundary of a record.
     * @return the reader.
     * @throws InvalidPositionException                               where no record can begin at that position.
     * @throws UnavailablePositionException                           where it is behind the end of what is written.
     * @throws ChannelException                                       where there is no channel, or none that can be
     *                                                                read; one subclass for each case.
     * @throws io.kekbit.core.exceptions.UnsupportedPlatformException where the JVM lacks the flag that Agrona needs.
     */
    public static BlockReader open(final Path file, final long startPosition)
    {
        return open(ShmReader.builder(file), startPosition, SystemNanoClock.INSTANCE);
    }

    static BlockReader open(final ShmReaderBuilder builder, final long startPosition, final NanoClock clock)
    {
        final ShmReader reader = builder.open();
        boolean isOpen = false;
        try
        {
            reader.moveTo(startPosition);
            final BlockReader blocks = new BlockReader(reader, clock);
            isOpen = true;

            return blocks;
        }
        finally
        {
            if (!isOpen)
            {
                reader.close();
            }
        }
    }

    /**
     * Hand over the next block, if there is one.
     *
     * @param handler     to take it.
     * @param lengthLimit the greatest length of the block in bytes, not looked at where one frame alone is longer. No
     *                    block of several frames is longer than {@link ChannelCopy#MAX_BLOCK_LENGTH}.
     * @return the bytes that were taken; 0 where nothing is there to be read, or the handler took nothing.
     * @throws ReaderClosedException where the reader was closed.
     */
    public int poll(final BlockHandler handler, final int lengthLimit)
    {
        requireNotReading();
        if (isCorrupt)
        {
            return 0;
        }

        final int length;
        try
        {
            length = nextBlock(Math.min(lengthLimit, ChannelCopy.MAX_BLOCK_LENGTH));
        }
        catch (final InternalError ex)
        {
            onFault(ex);
            return 0;
        }
        if (length == 0)
        {
            return 0;
        }

        boolean isTaken = false;
        try
        {
            isReading = true;
            isTaken = handler.onBlock(buffer, RECORD_AREA_OFFSET + position, length, position, blockTime);
        }
        catch (final InternalError ex)
        {
            mapping.noteFault();
            isCorrupt = mapping.isTruncated();
            throw ex;
        }
        finally
        {
            isReading = false;
            if (isTaken)
            {
                position += length;
            }
            if (isClosed)
            {
                reader.close();
            }
        }

        return isTaken ? length : 0;
    }

    /**
     * Go to where a copy ends by and by, for who has other things to do meanwhile: a channel without an index is walked
     * from its start, which takes long where it is large. To be called again, with the same position, until it is
     * reached; where {@link #position()} is before that means nothing.
     *
     * @param wanted    position to go to, the boundary of a record.
     * @param maxLength the bytes of the channel after which to stop for now, at least 1; a record that is longer is
     *                  gone over in one.
     * @return whether it is reached; false also where the file was cut short, see {@link #state()}.
     * @throws InvalidPositionException     where no record can begin at that position.
     * @throws UnavailablePositionException where it is behind the end of what is written.
     * @throws IllegalArgumentException     where no byte may be gone over.
     * @throws ReaderClosedException        where the reader was closed.
     */
    public boolean moveTowards(final long wanted, final int maxLength)
    {
        requireNotReading();
        if (maxLength < 1)
        {
            throw new IllegalArgumentException("has to be at least 1: maxLength=" + maxLength);
        }
        if (isCorrupt)
        {
            return false;
        }
        try
        {
            // A writer may have taken the channel over since the last step.
            suspectFrom = firstSuspect();
            final int lastReadable = lastReadable();
            if (destination != wanted || counted.position() != position)
            {
                destination = wanted;
                final long end = Math.min(Math.min(wanted, recordsEnd), lastReadable + LENGTH_WORD_LENGTH);
                counted = walk.countedBefore((int)Math.max(0, end));
            }
            counted = walk.towards(wanted, counted, maxLength, lastReadable);
            position = counted.position();
            index.goTo(position);

            return position == wanted;
        }
        catch (final InternalError ex)
        {
            onFault(ex);
            return false;
        }
    }

    /**
     * Where the next block begins.
     *
     * @return the position, a boundary of a record.
     */
    public long position()
    {
        return position;
    }

    /**
     * A checksum of what stands before {@link #position()}, to be compared: see {@link ChannelCopy#tailChecksum()}. It
     * takes a walk along the records of an index stride; of the whole channel where there is no index. None is taken at
     * a position that {@link #moveTowards} has led to.
     *
     * @return the checksum.
     * @throws ReaderClosedException where the reader was closed.
     */
    public int tailChecksum()
    {
        requireOpen();
        try
        {
            final boolean isCounted = counted.position() == position;

            return TailChecksum.before(
                buffer, position, isCounted ? counted.records() : walk.tailBefore(position).records());
        }
        catch (final InternalError ex)
        {
            onFault(ex);
            return 0;
        }
    }

    /**
     * Whether all that is written was taken: nothing stands at {@link #position()}, and nothing is wrong there either.
     * A channel of a series is done when it is {@link ReaderState#CLOSED}, or when the next channel of the series was
     * seen to be published and this holds after that.
     *
     * @return true if it is so now; more may be written at any time.
     * @throws ReaderClosedException where the reader was closed.
     */
    public boolean isAtEnd()
    {
        return switch (state())
        {
            case CLOSED, FULL -> true;
            case OPEN, TIMED_OUT -> !isFrameHere();
            case SUSPECT, CORRUPT -> false;
        };
    }

    /**
     * Why nothing is there to be read. See {@link ReaderState}, and {@link Reader#state()}.
     *
     * @return the state at {@link #position()}.
     * @throws ReaderClosedException where the reader was closed.
     */
    public ReaderState state()
    {
        requireOpen();
        if (isCorrupt)
        {
            return ReaderState.CORRUPT;
        }
        try
        {
            if (reader.position() != position)
            {
                reader.goTo(position);
            }

            return reader.state();
        }
        catch (final InternalError ex)
        {
            onFault(ex);
            return ReaderState.CORRUPT;
        }
    }

    /**
     * What the channel is made of beside its records.
     *
     * @return the blueprint as it is now.
     * @throws ReaderClosedException where the reader was closed.
     */
    public ChannelBlueprint blueprint()
    {
        return ChannelBlueprint.of(reader);
    }

    /**
     * The greatest length that a frame of the channel can have.
     *
     * @return the length in bytes.
     */
    public int longestFrame()
    {
        return longestFrame;
    }

    /**
     * The channel's file.
     *
     * @return the path that was given.
     */
    public Path file()
    {
        return mapping.file();
    }

    /**
     * Let go of the file. Further calls do nothing.
     */
    @Override
    public void close()
    {
        isClosed = true;
        if (!isReading)
        {
            reader.close();
        }
    }

    @Override
    public String toString()
    {
        return "BlockReader{file=" + mapping.file() + " position=" + position + " isClosed=" + isClosed + "}";
    }

    /**
     * How long the next block is; {@link #blockTime} tells what the index says of it.
     *
     * @return its length in bytes, 0 where there is none, or none yet.
     */
    private int nextBlock(final int lengthLimit)
    {
        final int start = position;
        final int lastReadable = lastReadable();
        int entryPosition = entryBehind(start);
        int reached = start;
        int length = walk.lengthAt(reached, lastReadable);
        while (length != BoundaryWalk.NOWHERE)
        {
            final int next = BoundaryWalk.behind(reached, length);
            if (entryPosition < reached || entryPosition == IndexCursor.NOWHERE && length > 0 && index.isDue(reached))
            {
                // Looked for behind the load of the record's length, since it is written after that.
                entryPosition = reached == start ? entryBehind(start) : index.next(reached);
                if (entryPosition == IndexCursor.NOWHERE && length > 0 && index.isDue(reached))
                {
                    if (reached > start)
                    {
                        break;
                    }
                    if (index.isAwaited(start))
                    {
                        return 0;
                    }
                }
            }
            if (reached > start && (reached == entryPosition || next - start > lengthLimit))
            {
                break;
            }
            reached = next;
            length = walk.lengthAt(reached, lastReadable);
        }

        return reached - start;
    }

    /**
     * Find out what the index says of a block's first frame, and where its next entry behind that is. The block can be
     * given again, when the index has gone on already.
     */
    private int entryBehind(final int start)
    {
        final int entryPosition = index.next(start);
        if (entryPosition != start)
        {
            if (timedPosition != start)
            {
                blockTime = Reader.NOT_TOLD;
            }

            return entryPosition;
        }
        timedPosition = start;
        blockTime = index.time();

        return index.next(start + LENGTH_WORD_LENGTH);
    }

    private boolean isFrameHere()
    {
        try
        {
            return walk.lengthAt(position, lastReadable()) != BoundaryWalk.NOWHERE;
        }
        catch (final InternalError ex)
        {
            onFault(ex);
            return true;
        }
    }

    private int lastReadable()
    {
        if (position >= suspectFrom)
        {
            // A writer may have taken the channel over meanwhile.
            suspectFrom = firstSuspect();
        }

        return Math.min(wordsEnd, suspectFrom) - LENGTH_WORD_LENGTH;
    }

    private int firstSuspect()
    {
        return reader.extension().isPresent() ? Durability.firstSuspect(buffer, recordsEnd) : Integer.MAX_VALUE;
    }

    private void onFault(final InternalError fault)
    {
        mapping.noteFault();
        if (!mapping.isTruncated())
        {
            throw fault;
        }
        isCorrupt = true;
    }

    private void requireNotReading()
    {
        requireOpen();
        if (isReading)
        {
            throw new IllegalStateException(
                "a handler called the reader that called it: file=" + mapping.file() + ". It may only close it.");
        }
    }

    private void requireOpen()
    {
        if (isClosed)
        {
            throw new ReaderClosedException(mapping.file());
        }
    }
}
