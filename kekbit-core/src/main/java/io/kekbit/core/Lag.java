package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.UnsupportedPlatformException;
import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.IndexDescriptor;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * How far a position of a stream is behind its end, at the moment it is looked at. Immutable.
 * <p>
 * Where a channel has an index, no more than a few times 64 KiB (the index's stride, where that is longer) are walked
 * to find out, however far the position is behind. A channel without index, such as the Rust crate's, is walked from
 * its start, and tells no number of records.
 *
 * @param position      that was asked about.
 * @param end           where reading ends for now.
 * @param bytes         between the two, heartbeats included.
 * @param recordsBefore how many records are before the position; empty where the stream does not tell.
 * @param records       how many records are between the position and the end; empty where the stream does not tell.
 * @param time          how long the first of these records has been waiting: exact where records are stamped, see
 *                      {@link io.kekbit.core.handlers.TimestampHandler}; else by the index and the writer's last sign
 *                      of life before it, which may be longer than it really is, by up to the time that 64 KiB (or a
 *                      stride) took to be written. Zero where no record waits, empty where the stream does not tell.
 */
public record Lag(
    long position,
    long end,
    long bytes,
    OptionalLong recordsBefore,
    OptionalLong records,
    Optional<Duration> time)
{
    /**
     * A lag as it was found.
     */
    public Lag
    {
        Objects.requireNonNull(recordsBefore, "recordsBefore");
        Objects.requireNonNull(records, "records");
        Objects.requireNonNull(time, "time");
    }

    /**
     * Look how far a position is behind.
     *
     * @param file     of the channel; a symbolic link is not followed.
     * @param position at which a record, a heartbeat or the end of what is written stands.
     * @return the lag.
     * @throws ChannelException             where the file is no channel that can be read, or the position is none of
     *                                      it; one subclass for each.
     * @throws UnsupportedPlatformException where the JVM lacks the flag that Agrona needs.
     */
    public static Lag of(final Path file, final long position)
    {
        return of(file, position, SystemEpochNanoClock.INSTANCE);
    }

    /**
     * Look how far a position is behind, by another clock than the system's.
     *
     * @param file     of the channel; a symbolic link is not followed.
     * @param position at which a record, a heartbeat or the end of what is written stands.
     * @param clock    that says what time it is.
     * @return the lag.
     * @throws ChannelException             where the file is no channel that can be read, or the position is none of
     *                                      it; one subclass for each.
     * @throws UnsupportedPlatformException where the JVM lacks the flag that Agrona needs.
     */
    public static Lag of(final Path file, final long position, final EpochNanoClock clock)
    {
        try (ShmReader reader = ShmReader.builder(file).open())
        {
            return of(reader, position, clock);
        }
    }

    /**
     * Look how far a position is behind in the channel that a reader has open, which may have been deleted since. The
     * reader stays where it is.
     *
     * @param reader   of the channel; used by its own thread only.
     * @param position at which a record, a heartbeat or the end of what is written stands.
     * @param clock    that says what time it is.
     * @return the lag.
     * @throws ChannelException where the reader is closed, or the position is none of the channel; one subclass for
     *                          each.
     */
    public static Lag of(final ShmReader reader, final long position, final EpochNanoClock clock)
    {
        reader.requireOpen();
        final ChannelMapping mapping = reader.mapping();
        try
        {
            final Lag lag = new Look(mapping, reader.header(), reader.extension()).lag(position, clock);
            // The JVM can tell late that a page is gone.
            mapping.requireWhole();

            return lag;
        }
        catch (final InternalError ex)
        {
            mapping.noteFault();
            mapping.requireWhole();
            throw ex;
        }
    }

    /**
     * What has to be at hand to find it out.
     */
    private static final class Look
    {
        private final UnsafeBuffer buffer;
        private final Header header;
        private final Extension extension;
        private final Envelope envelope;
        private final BoundaryWalk walk;
        private final ChannelIndex index;
        private final int lastReadable;

        private Look(final ChannelMapping mapping, final Header header, final Extension extension)
        {
            this.header = header;
            this.extension = extension;
            buffer = mapping.buffer();
            envelope = Envelope.of(extension.envelope(), header.maxMessageLength(), null);
            index = new ChannelIndex(mapping, header);
            final int wordsEnd = buffer.capacity() - RecordDescriptor.RECORD_AREA_OFFSET;
            final int recordsEnd = Math.min(wordsEnd, header.capacity()) & -RecordDescriptor.ALIGNMENT;
            walk = new BoundaryWalk(mapping, header, recordsEnd, envelope);
            final int firstSuspect =
                extension.isPresent() ? Durability.firstSuspect(buffer, recordsEnd) : Integer.MAX_VALUE;
            lastReadable = Math.min(wordsEnd, firstSuspect) - RecordDescriptor.LENGTH_WORD_LENGTH;
        }

        private Lag lag(final long wanted, final EpochNanoClock clock)
        {
            final int position = walk.find(BoundaryWalk.Target.POSITION, wanted, 0, lastReadable);
            final int end = walk.find(BoundaryWalk.Target.END, 0, position, lastReadable);
            final int first = walk.recordFrom(position, end - RecordDescriptor.LENGTH_WORD_LENGTH);
            final boolean hasIndex = extension.indexCapacity() > 0;
            final long before = hasIndex ? walk.tailBefore(position).records() : 0;
            final OptionalLong records =
                first == BoundaryWalk.NOWHERE ? OptionalLong.of(0) :
                hasIndex ? OptionalLong.of(Math.max(0, walk.tailBefore(end).records() - before)) :
                OptionalLong.empty();

            return new Lag(
                position,
                end,
                end - position,
                hasIndex ? OptionalLong.of(before) : OptionalLong.empty(),
                records,
                first == BoundaryWalk.NOWHERE ? Optional.of(Duration.ZERO) : age(first, clock));
        }

        private Optional<Duration> age(final int record, final EpochNanoClock clock)
        {
            final OptionalLong published = published(record);
            if (published.isEmpty())
            {
                return Optional.empty();
            }
            final long ageNs = clock.nanoTime() - header.tickUnit().toNanos(published.getAsLong());

            return Optional.of(Duration.ofNanos(Math.max(0, ageNs)));
        }

        /**
         * When a record was published, in ticks; or else a time before that.
         */
        private OptionalLong published(final int record)
        {
            final int lengthOffset = RecordDescriptor.RECORD_AREA_OFFSET + record;
            final long length = buffer.getLong(lengthOffset, LITTLE_ENDIAN);
            if (envelope != null && envelope.hasTime() && length > 0 && length <= header.maxMessageLength() &&
                envelope.open(
                    buffer, lengthOffset + RecordDescriptor.LENGTH_WORD_LENGTH, (int)length, record))
            {
                return OptionalLong.of(envelope.time());
            }
            if (!extension.isPresent())
            {
                return OptionalLong.empty();
            }

            final int entry = index.lastEntry(IndexDescriptor.POSITION_OFFSET, record, record);
            final long indexed = entry < 0 ? header.creationTime() : index.time(entry);
            // The time first, as the writer stores them: an old time with a new hint is still a time before.
            final long hintTime = buffer.getLongAcquire(ExtensionDescriptor.TAIL_HINT_TIME_OFFSET);
            final long hint = buffer.getLongAcquire(ExtensionDescriptor.TAIL_HINT_OFFSET);

            return OptionalLong.of(hint >= 0 && hint <= record ? Math.max(indexed, hintTime) : indexed);
        }
    }
}
