package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelAccessException;
import io.kekbit.core.exceptions.FlushFailedException;
import io.kekbit.core.exceptions.NoSpaceForRecordException;
import io.kekbit.core.exceptions.WriterClosedException;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.collections.ArrayUtil;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

import static io.kekbit.core.layout.RecordDescriptor.LENGTH_WORD_LENGTH;
import static io.kekbit.core.layout.RecordDescriptor.RECORD_AREA_OFFSET;

/**
 * The one writer of a channel in a memory-mapped file.
 * <p>
 * The caller sees to it that
 * <ol>
 * <li>one thread uses the writer until it {@link #handOver() hands it over} (another that does so before, while the
 * first lives, is reported under {@code -ea});</li>
 * <li>every claim ends in {@link #commit(int)} or {@link #abort()}, and the slot is not touched after that;</li>
 * <li>{@link #close()} is called by the thread that writes. A writer that is forgotten instead keeps the channel from
 * other writers until its process ends.</li>
 * </ol>
 * Then a record is seen by readers whole or not at all, in the order of writing, and a process that dies at any instant
 * leaves a channel in which every record that was published is whole. No call waits for a reader. Appending makes no
 * system call and allocates nothing.
 *
 * @param <D> the format of the content.
 */
public final class ShmWriter<D extends DataFormat> implements Writer<D>
{
    // How a record is published: its content is stored first, then the watermark behind it with release, then its
    // length over the watermark before it, with release. Until that last store readers see the old watermark.
    //
    // The hot path has one check for all that can be in the way: whether the next record begins before the address
    // `limit`. If so, any record that is not too long fits, and only has to be published. From `limit` on, an entry of
    // the index is due or the longest record would not fit; while the writer is closed or a claim is open, `limit` is
    // 0. Only then is the reason looked for. Addresses spare the hot path the additions that positions take, which are
    // felt. Stores to them check no bounds, so whoever unmaps sets `limit` to 0 first.

    private static final long NOTHING_FITS = 0;
    private static final VarHandle NEXT_ADDRESS = Opaque.field(MethodHandles.lookup(), "nextAddress", long.class);

    private final D dataFormat;
    private final Header header;
    private final Extension extension;
    private final ChannelMapping mapping;
    private final WriterLock lock;
    private final IndexWriter indexWriter;
    private final Forcing forcing;
    private final UnsafeBuffer buffer;
    // Null, unless a test watches.
    private final RecordStores watchedStores;
    private final UnsafeBuffer slot = new UnsafeBuffer(ArrayUtil.EMPTY_BYTE_ARRAY);
    private final long recordAreaAddress;
    private final int maxMessageLength;
    private final int flippedMaxLength;
    private final int recordsEnd;
    private final int lastContentOffset;
    private final OwnerThread owner = new OwnerThread();

    private long limit;
    private long openLimit;
    private long nextAddress;
    private int claimedLength;
    private int strideBoundary;
    private long recordCount;
    private boolean isClosed;
    private UnsafeBuffer dependentView;

    ShmWriter(final D dataFormat, final WritableChannel channel, final EpochNanoClock clock)
    {
        this.dataFormat = dataFormat;
        header = channel.header();
        extension = channel.extension();
        mapping = channel.mapping();
        lock = channel.lock();
        indexWriter = new IndexWriter(channel, clock);
        recordCount = channel.recordCount();
        forcing = new Forcing(channel, indexWriter);
        lastContentOffset = channel.lastContentOffset();
        strideBoundary = indexWriter.nextBoundary();
        buffer = mapping.buffer();
        watchedStores = mapping.stores();
        recordAreaAddress = buffer.addressOffset() + RECORD_AREA_OFFSET;
        nextAddress = recordAreaAddress + channel.offset();
        maxMessageLength = header.maxMessageLength();
        flippedMaxLength = maxMessageLength + Integer.MIN_VALUE;
        recordsEnd = header.capacity() - RecordDescriptor.RESERVED_LENGTH;
        openLimit = openLimit();
        limit = openLimit;
    }

    /**
     * Create a channel and become its writer.
     *
     * @param root   folder of all channels; made where it does not exist.
     * @param header of the channel.
     * @param format of its content.
     * @param <D>    the format of its content.
     * @return the writer.
     * @throws io.kekbit.core.exceptions.ChannelException             where the channel exists, is being written, does
     *                                                                not fit on the disk, or cannot be created for
     *                                                                another reason. Nothing is left behind but
     *                                                                empty folders and, where the writer lock could
     *                                                                not be taken, its empty file.
     * @throws io.kekbit.core.exceptions.UnsupportedPlatformException where the JVM lacks the flag that Agrona needs.
     */
    public static <D extends DataFormat> ShmWriter<D> create(final Path root, final Header header, final D format)
    {
        return builder(root, header, format).create();
    }

    /**
     * Take over a channel whose writer died, and go on behind the last record it published. Takes as long as walking
     * all records of the channel.
     *
     * @param root      folder of all channels.
     * @param channelId of the channel, unsigned.
     * @param format    that has to accept what the channel stores of its own.
     * @param <D>       the format of its content.
     * @return the writer.
     * @throws io.kekbit.core.exceptions.ChannelException             where there is no channel, it was closed, is
     *                                                                corrupt or too short, was made by the Rust crate,
     *                                                                is of another format, or has a living writer; or
     *                                                                where the machine was restarted since and records
     *                                                                stand behind the durable position. It is
     *                                                                unchanged then.
     * @throws io.kekbit.core.exceptions.UnsupportedPlatformException where the JVM lacks the flag that Agrona needs.
     */
    public static <D extends DataFormat> ShmWriter<D> resume(final Path root, final long channelId, final D format)
    {
        return new ShmWriterBuilder<>(root, channelId, null, format).resume();
    }

    /**
     * Create a channel, or take it over where it exists: the same line in the morning and after the writer was killed.
     * See {@link #create(Path, Header, DataFormat)} and {@link #resume(Path, long, DataFormat)}.
     *
     * @param root   folder of all channels; made where it does not exist.
     * @param header of the channel if it has to be created; one that exists keeps its own.
     * @param format of its content.
     * @param <D>    the format of its content.
     * @return the writer.
     * @throws io.kekbit.core.exceptions.ChannelException             where it can neither be created nor taken over.
     * @throws io.kekbit.core.exceptions.UnsupportedPlatformException where the JVM lacks the flag that Agrona needs.
     */
    public static <D extends DataFormat> ShmWriter<D> createOrResume(
        final Path root, final Header header, final D format)
    {
        return builder(root, header, format).createOrResume();
    }

    /**
     * Mark a channel closed whose writer died, so that readers come to its end: whatever its format, envelope and file
     * name are. This takes the channel over as {@link #resume(Path, long, DataFormat)} does, is its last writer, and
     * closes it. A living writer is known by its lock beside the file, so not by a name given to the file since then.
     *
     * @param file of the channel; a symbolic link is not followed.
     * @return the position of the close marker.
     * @throws io.kekbit.core.exceptions.ChannelException             where it has a living writer or is closed, and
     *                                                                in every other case in which it cannot be taken
     *                                                                over. It is unchanged then.
     * @throws FlushFailedException                                   where the device did not take it.
     * @throws io.kekbit.core.exceptions.UnsupportedPlatformException where the JVM lacks the flag that Agrona needs.
     */
    public static long closeAbandoned(final Path file)
    {
        return ChannelCloser.close(ChannelFiles.SYSTEM, file);
    }

    /**
     * Begin a writer with more to say than {@link #create(Path, Header, DataFormat)} takes.
     *
     * @param root   folder of all channels; made where it does not exist.
     * @param header of the channel.
     * @param format of its content.
     * @param <D>    the format of its content.
     * @return a builder.
     */
    public static <D extends DataFormat> ShmWriterBuilder<D> builder(
        final Path root, final Header header, final D format)
    {
        return new ShmWriterBuilder<>(root, header.channelId(), header, format);
    }

    @Override
    public long write(final DirectBuffer source, final int sourceOffset, final int length)
    {
        assert isConfined();

        return isOrdinary(length) ? append(source, sourceOffset, length) :
            required(tryWriteAtLimit(source, sourceOffset, length), length);
    }

    @Override
    public long tryWrite(final DirectBuffer source, final int sourceOffset, final int length)
    {
        assert isConfined();

        return isOrdinary(length) ? append(source, sourceOffset, length) :
            tryWriteAtLimit(source, sourceOffset, length);
    }

    @Override
    public long write(final Encodable<? super D> encodable)
    {
        final int slotLength = slotLength();
        if (slotLength < 1)
        {
            throw WriteFailures.of(refusal(1), this, 1);
        }

        return commit(encode(encodable, slotLength));
    }

    @Override
    public long tryWrite(final Encodable<? super D> encodable)
    {
        final int slotLength = slotLength();
        if (slotLength < 1)
        {
            return refusal(1);
        }

        final int length;
        try
        {
            length = encode(encodable, slotLength);
        }
        catch (final NoSpaceForRecordException ex)
        {
            return NO_SPACE;
        }

        if (length < 1)
        {
            abort();
            return EMPTY;
        }

        return commit(length);
    }

    @Override
    public long claim(final int maxLength)
    {
        return required(tryClaim(maxLength), maxLength);
    }

    @Override
    public long tryClaim(final int maxLength)
    {
        assert isConfined();

        if (!isOrdinary(maxLength))
        {
            final long refusal = refusal(maxLength);
            if (refusal < 0)
            {
                return refusal;
            }
        }

        openSlot(maxLength);

        return RecordDescriptor.alignedLength(maxLength);
    }

    @Override
    public long claim(final int minLength, final int maxLength)
    {
        return claim(fittingLength(minLength, maxLength));
    }

    @Override
    public long tryClaim(final int minLength, final int maxLength)
    {
        return tryClaim(fittingLength(minLength, maxLength));
    }

    @Override
    public MutableDirectBuffer slot()
    {
        return slot;
    }

    @Override
    public long commit(final int length)
    {
        assert isConfined();

        if (Integer.compareUnsigned(length - 1, claimedLength) >= 0)
        {
            throw refusedCommit(length);
        }

        final int alignedLength = publish(length);
        closeSlot();

        return alignedLength;
    }

    @Override
    public void abort()
    {
        assert isConfined();

        if (claimedLength > 0)
        {
            buffer.setMemory(RECORD_AREA_OFFSET + offset() + LENGTH_WORD_LENGTH, claimedLength, (byte)0);
            closeSlot();
        }
    }

    @Override
    public long heartbeat()
    {
        return required(tryHeartbeat(), 0);
    }

    @Override
    public long tryHeartbeat()
    {
        assert isConfined();

        final int position = offset();
        if (!isReady() || LENGTH_WORD_LENGTH > recordsEnd - position)
        {
            requireNoClaim();
            return isClosed ? CLOSED : CHANNEL_FULL;
        }

        final int next = position + LENGTH_WORD_LENGTH;
        buffer.putLongRelease(RECORD_AREA_OFFSET + next, RecordDescriptor.WATERMARK);
        buffer.putLongRelease(RECORD_AREA_OFFSET + position, RecordDescriptor.HEARTBEAT);
        nextAddress += LENGTH_WORD_LENGTH;
        indexWriter.storeTailHint(next);

        return LENGTH_WORD_LENGTH;
    }

    @Override
    public void flush()
    {
        assert isConfined();

        if (isClosed)
        {
            throw new WriterClosedException(mapping.file());
        }

        try
        {
            forcing.forceRecords(offset());
        }
        catch (final UncheckedIOException ex)
        {
            throw failedFlush(ex);
        }
    }

    @Override
    public long available()
    {
        return isClosed ? 0 : Math.max(0, recordsEnd - offset());
    }

    @Override
    public int longestContent()
    {
        return (int)Math.max(0, Math.min(maxMessageLength, available() - LENGTH_WORD_LENGTH));
    }

    @Override
    public long writeOffset()
    {
        return offset();
    }

    @Override
    public Header header()
    {
        return header;
    }

    /**
     * What the channel says of itself beside its header.
     *
     * @return the extension as it stood when the writer was made.
     */
    public Extension extension()
    {
        return extension;
    }

    @Override
    public D dataFormat()
    {
        return dataFormat;
    }

    /**
     * The channel's file.
     *
     * @return the path below the root that was given.
     */
    public Path file()
    {
        return mapping.file();
    }

    @Override
    public PrefaultAgent prefaultAgent(final int windowLength, final long intervalNs)
    {
        return prefaultAgent(windowLength, intervalNs, SystemNanoClock.INSTANCE);
    }

    @Override
    public void handOver()
    {
        assert isConfined();
        owner.leave();
    }

    @Override
    public void close()
    {
        assert isConfined();

        if (isClosed)
        {
            return;
        }

        abort();
        try
        {
            forcing.close(offset());
        }
        catch (final UncheckedIOException ex)
        {
            throw failedFlush(ex);
        }
        letGo();
    }

    @Override
    public String toString()
    {
        return "ShmWriter{file=" + mapping.file() + " writeOffset=" + offset() + " available=" + available() +
            " dataFormat=" + dataFormat + "}";
    }

    PrefaultAgent prefaultAgent(final int windowLength, final long intervalNs, final NanoClock clock)
    {
        assert isConfined();

        if (isClosed)
        {
            throw new WriterClosedException(mapping.file());
        }

        // The release stores of each record keep the compiler from holding the offset back.
        return mapping.prefaultAgent(
            () -> (int)((long)NEXT_ADDRESS.getOpaque(this) - recordAreaAddress),
            indexWriter.spacing(),
            windowLength,
            intervalNs,
            clock);
    }

    UnsafeBuffer buffer()
    {
        return buffer;
    }

    IndexWriter indexWriter()
    {
        return indexWriter;
    }

    /**
     * How many records the channel holds.
     */
    long recordCount()
    {
        return recordCount;
    }

    /**
     * Let a view that stands on the slot be taken off the channel before it is unmapped.
     */
    void dependentView(final UnsafeBuffer view)
    {
        dependentView = view;
    }

    /**
     * Let go of the channel as if this process had died: nothing says that it was closed.
     */
    void abandon()
    {
        letGo();
    }

    /**
     * Where in the buffer the content of the last record stands that the writer found when it took the channel over; 0
     * where it found none.
     */
    int lastContentOffset()
    {
        return lastContentOffset;
    }

    /**
     * Whether a record of a length fits, and only has to be published.
     */
    private boolean isOrdinary(final int length)
    {
        // One comparison, unsigned by its two flipped sides, for both ends of what is allowed.
        return length - 1 + Integer.MIN_VALUE < flippedMaxLength && nextAddress < limit;
    }

    private long append(final DirectBuffer source, final int sourceOffset, final int length)
    {
        final RecordStores stores = RecordStores.PLAIN;
        final int alignedLength = RecordDescriptor.alignedLength(length);
        final long address = nextAddress;
        stores.putContent(address + LENGTH_WORD_LENGTH, source, sourceOffset, length);
        stores.putWord(address + alignedLength, RecordDescriptor.WATERMARK);
        stores.putWord(address, length);
        nextAddress = address + alignedLength;
        recordCount++;

        return alignedLength;
    }

    /**
     * What is not ordinary: what may not fit, and the first record of a stride.
     */
    private long tryWriteAtLimit(final DirectBuffer source, final int sourceOffset, final int length)
    {
        final long refusal = refusal(length);
        if (refusal < 0)
        {
            return refusal;
        }

        final RecordStores stores = RecordStores.orPlain(watchedStores);
        stores.putContent(nextAddress + LENGTH_WORD_LENGTH, source, sourceOffset, length);
        final int alignedLength = publish(length);
        limit = openLimit;

        return alignedLength;
    }

    /**
     * Publish what stands in the slot of the next record.
     *
     * @return the bytes that the record takes.
     */
    private int publish(final int length)
    {
        final RecordStores stores = RecordStores.orPlain(watchedStores);
        final int alignedLength = RecordDescriptor.alignedLength(length);
        final long address = nextAddress;
        stores.putWord(address + alignedLength, RecordDescriptor.WATERMARK);
        stores.putWord(address, length);
        nextAddress = address + alignedLength;
        recordCount++;
        final int position = (int)(address - recordAreaAddress);
        if (address >= openLimit && position >= strideBoundary)
        {
            // The record is published, so its claim has ended, also where the clock or a page of the index throws.
            closeSlot();
            strideBoundary = indexWriter.onStride(position, recordCount - 1, position + alignedLength);
            openLimit = openLimit();
        }

        return alignedLength;
    }

    /**
     * The position of the next record.
     */
    private int offset()
    {
        return (int)(nextAddress - recordAreaAddress);
    }

    /**
     * The address before which records only have to be published, while the writer is open and nothing is claimed.
     */
    private long openLimit()
    {
        final int longest = RecordDescriptor.alignedLength(maxMessageLength);

        return watchedStores != null ? NOTHING_FITS :
            recordAreaAddress + Math.min(strideBoundary, recordsEnd - longest + 1);
    }

    private boolean isReady()
    {
        return claimedLength == 0 && !isClosed;
    }

    private int fittingLength(final int minLength, final int maxLength)
    {
        return minLength < 1 ? minLength : Math.max(minLength, Math.min(maxLength, slotLength()));
    }

    private int slotLength()
    {
        return isReady() ? Math.min(maxMessageLength, recordsEnd - offset() - LENGTH_WORD_LENGTH) : 0;
    }

    private void openSlot(final int length)
    {
        slot.wrap(nextAddress + LENGTH_WORD_LENGTH, length);
        claimedLength = length;
        limit = NOTHING_FITS;
    }

    private void closeSlot()
    {
        // Of no length, so that a stale store fails its bounds check. Where those are switched off it hits what is not
        // published yet, and not the heap of the JVM.
        slot.wrap(nextAddress + LENGTH_WORD_LENGTH, 0);
        claimedLength = 0;
        limit = openLimit;
    }

    /**
     * Let the encodable write into a slot, which stays open if it does so well, and is given up else.
     *
     * @return what the encodable answered.
     */
    private int encode(final Encodable<? super D> encodable, final int slotLength)
    {
        assert isConfined();

        openSlot(slotLength);
        boolean isEncoded = false;
        try
        {
            final int length = encodable.encodeTo(dataFormat, slot, 0, slotLength);
            isEncoded = true;

            return length;
        }
        catch (final IndexOutOfBoundsException ex)
        {
            if (isClosed)
            {
                throw new WriterClosedException(mapping.file());
            }
            if (slotLength < maxMessageLength)
            {
                throw new NoSpaceForRecordException(mapping.file(), slotLength, recordsEnd - offset(), ex);
            }
            throw WriteFailures.ofEncoding(this, encodable, slotLength, ex);
        }
        catch (final RuntimeException ex)
        {
            throw WriteFailures.ofEncoding(this, encodable, slotLength, ex);
        }
        finally
        {
            if (!isEncoded)
            {
                abort();
            }
        }
    }

    /**
     * Why a record of a length cannot be appended; 0 where it can.
     */
    private long refusal(final int length)
    {
        if (isClosed)
        {
            return CLOSED;
        }
        requireNoClaim();
        if (length < 1)
        {
            return EMPTY;
        }
        if (length > maxMessageLength)
        {
            return TOO_LONG;
        }

        final int room = recordsEnd - offset();

        return RecordDescriptor.alignedLength(length) <= room ? 0 :
            room < RecordDescriptor.MIN_ALIGNED_LENGTH ? CHANNEL_FULL : NO_SPACE;
    }

    private void requireNoClaim()
    {
        if (claimedLength > 0)
        {
            throw new IllegalStateException(
                "a claim is open: file=" + mapping.file() + " claimedLength=" + claimedLength +
                    ". Commit or abort it first.");
        }
    }

    private long required(final long result, final int length)
    {
        if (result < 0)
        {
            throw WriteFailures.of(result, this, length);
        }

        return result;
    }

    private RuntimeException refusedCommit(final int length)
    {
        if (isClosed)
        {
            return new WriterClosedException(mapping.file());
        }

        final int slotLength = claimedLength;
        if (slotLength == 0)
        {
            return new IllegalStateException("nothing is claimed: file=" + mapping.file() + ". Claim a slot first.");
        }

        abort();

        return WriteFailures.ofCommit(this, length, slotLength);
    }

    /**
     * What reached the device is not known any more, and a second try could wrongly succeed: this is the writer's end.
     */
    private FlushFailedException failedFlush(final UncheckedIOException cause)
    {
        final FlushFailedException failure = new FlushFailedException(mapping.file(), cause);
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
        // First, so that nothing is written any more even where there is no memory for what follows.
        isClosed = true;
        claimedLength = 0;
        limit = NOTHING_FITS;
        // Heap memory of its own for stale stores, since the mapping goes.
        slot.wrap(new byte[maxMessageLength], 0, 0);
        if (dependentView != null)
        {
            dependentView.wrap(slot);
        }
        mapping.unmap();
        try
        {
            lock.release();
        }
        catch (final IOException ex)
        {
            throw new ChannelAccessException(mapping.file(), "release the writer lock", ex);
        }
    }

    private boolean isConfined()
    {
        return owner.isCurrent();
    }
}
