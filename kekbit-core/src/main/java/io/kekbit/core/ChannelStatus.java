package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelAccessException;
import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.ChannelNotFoundException;
import io.kekbit.core.exceptions.UnsupportedPlatformException;
import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * How a channel stands at the moment it is looked at: for lists and monitors. Immutable.
 * <p>
 * Looking changes nothing in the file and never disturbs a writer. Where the channel has an index, no more than its
 * last 64 KiB (the index's stride, where that is longer) are walked, or more where heartbeats alone stand there or the
 * index is damaged; a channel without index, such as the Rust crate's, is walked from its start.
 */
public final class ChannelStatus
{
    private static final long TOLERANCE_MS = 1_000;

    private final Path file;
    private final Header header;
    private final Extension extension;
    private final ChannelState state;
    private final long used;
    private final OptionalLong durablePosition;
    private final OptionalLong records;
    private final Instant lastActivity;
    private final OptionalLong writerProcess;
    private final List<String> problems;

    private ChannelStatus(final Look look)
    {
        file = look.file;
        header = look.header;
        extension = look.extension;
        state = look.state;
        used = look.used;
        durablePosition = look.durablePosition;
        records = look.records;
        lastActivity = look.lastActivity;
        writerProcess = look.writerProcess;
        problems = List.copyOf(look.problems);
    }

    /**
     * Look at a channel.
     *
     * @param file of the channel, wherever it lies and whatever its name is; a symbolic link is not followed.
     * @return how it stands.
     * @throws ChannelException             where it is no channel, or none that can be read; one subclass for each.
     * @throws UnsupportedPlatformException where the JVM lacks the flag that Agrona needs.
     */
    public static ChannelStatus of(final Path file)
    {
        return of(ChannelFiles.SYSTEM, file, SystemEpochNanoClock.INSTANCE);
    }

    static ChannelStatus of(final ChannelFiles files, final Path file, final EpochNanoClock clock)
    {
        Platform.check();

        final List<String> problems = new ArrayList<>();
        // First: a writer that closes the channel meanwhile is then seen as one that did.
        final boolean isHeld = isHeld(files, file, problems);
        final boolean isTold = problems.isEmpty();
        final ChannelOpener.Opened opened = new ChannelOpener(files, ChannelPlace.of(file)).open(null);
        try (ShmReader reader = new ShmReader(opened, () -> 0, false, null))
        {
            reader.moveToEnd();
            final Look look =
                new Look(opened, reader, isHeld, isTold, lastModified(files, file), clock, problems);
            // The JVM can tell late that a page is gone.
            opened.mapping().requireWhole();

            return new ChannelStatus(look);
        }
        catch (final InternalError ex)
        {
            // A page is gone.
            opened.mapping().noteFault();
            opened.mapping().requireWhole();
            throw ex;
        }
    }

    /**
     * The channel's file.
     *
     * @return the path that was given.
     */
    public Path file()
    {
        return file;
    }

    /**
     * The header of the channel.
     *
     * @return the header.
     */
    public Header header()
    {
        return header;
    }

    /**
     * What the channel says of itself beside its header.
     *
     * @return the extension.
     */
    public Extension extension()
    {
        return extension;
    }

    /**
     * What has become of the channel and its writer.
     *
     * @return the state.
     */
    public ChannelState state()
    {
        return state;
    }

    /**
     * How much of the record area is written, as far as readers come: up to the end, to the damage where the channel is
     * {@link ChannelState#CORRUPT}, or to the durable position where it is {@link ChannelState#SUSPECT}.
     *
     * @return the position in bytes, which compares with {@link Header#capacity()}.
     */
    public long used()
    {
        return used;
    }

    /**
     * Up to where the records were forced to the device.
     *
     * @return the position in bytes, as it is stored; empty where the channel tells none, or an impossible one.
     */
    public OptionalLong durablePosition()
    {
        return durablePosition;
    }

    /**
     * How many records readers come to.
     *
     * @return the number, without heartbeats; empty where the channel has no index by which to know without reading all
     * of it, and is part of no series: there, all of it is read.
     */
    public OptionalLong records()
    {
        return records;
    }

    /**
     * The last sign of life that the channel shows: the latest of the time its file was modified, the time of the
     * writer's last heartbeat, flush or index entry (one for every 64 KiB or so), and the time stamp of the last record
     * where records have one. The operating system tells the first late or, in memory, not at all: a writer that sends
     * heartbeats is told of best. A time that is yet to come is left out, and reported by {@link #problems()}.
     *
     * @return the time.
     */
    public Instant lastActivity()
    {
        return lastActivity;
    }

    /**
     * The process that writes the channel, while it lives.
     *
     * @return the process id, as it is in the writer's own container; empty where no writer is known to hold the
     * channel's lock.
     */
    public OptionalLong writerProcess()
    {
        return writerProcess;
    }

    /**
     * What is not as it should be, {@link Extension#problems()} included: what is damaged, or cannot be found out.
     *
     * @return one sentence for each, none in a channel that is as it should be.
     */
    public List<String> problems()
    {
        return problems;
    }

    @Override
    public String toString()
    {
        return "ChannelStatus{file=" + file + " state=" + state + " used=" + used + " records=" + records +
            " lastActivity=" + lastActivity + " writerProcess=" + writerProcess + " problems=" + problems + "}";
    }

    private static boolean isHeld(final ChannelFiles files, final Path file, final List<String> problems)
    {
        try
        {
            return WriterLock.isHeld(files, file);
        }
        catch (final IOException | ChannelException ex)
        {
            problems.add("writer lock: cannot be looked at, so that signs of life have to do: " + ex);

            return false;
        }
    }

    private static Instant lastModified(final ChannelFiles files, final Path file)
    {
        try
        {
            return files.attributes(file).lastModifiedTime().toInstant();
        }
        catch (final NoSuchFileException ex)
        {
            // Deleted since it was opened.
            throw new ChannelNotFoundException(file);
        }
        catch (final IOException ex)
        {
            throw new ChannelAccessException(file, "look at the channel", ex);
        }
    }

    /**
     * What is found out, one thing after the other.
     */
    private static final class Look
    {
        private final Path file;
        private final Header header;
        private final Extension extension;
        private final UnsafeBuffer buffer;
        private final Instant now;
        private final List<String> problems;
        private final ChannelState state;
        private final long used;
        private final OptionalLong durablePosition;
        private final OptionalLong records;
        private final OptionalLong writerProcess;
        private Instant lastActivity = Instant.EPOCH;

        private Look(
            final ChannelOpener.Opened opened,
            final ShmReader reader,
            final boolean isHeld,
            final boolean isTold,
            final Instant lastModified,
            final EpochNanoClock clock,
            final List<String> problems)
        {
            this.problems = problems;
            file = reader.file();
            header = opened.header();
            extension = opened.extension();
            buffer = opened.mapping().buffer();
            now = TickUnit.NANOS.toInstant(clock.nanoTime());
            problems.addAll(extension.problems());

            final int end = (int)reader.position();
            used = end;
            final ReaderState endState = reader.state();
            final Envelope envelope = Envelope.of(extension.envelope(), header.maxMessageLength(), null);
            final BoundaryWalk walk = new BoundaryWalk(
                opened.mapping(),
                header,
                Math.min(header.capacity(), buffer.capacity() - RecordDescriptor.RECORD_AREA_OFFSET),
                envelope);
            // In a series an index is missing only where the extension is damaged, and the numbers go on all the same.
            final BoundaryWalk.Tail tail =
                extension.indexCapacity() == 0 && extension.streamId() == 0 ? null : walk.tailBefore(end);
            records = tail == null ? OptionalLong.empty() : OptionalLong.of(tail.records());
            if (extension.indexCapacity() > 0)
            {
                new ChannelIndex(opened.mapping(), header).report(problems);
            }
            durablePosition = storedDurablePosition();
            noteActivity("last modification", lastModified);
            noteActivities(envelope, tail);
            writerProcess = isHeld && extension.processId() > 0 ?
                OptionalLong.of(extension.processId()) : OptionalLong.empty();
            if (endState == ReaderState.CORRUPT)
            {
                problems.add("position " + end + ": what stands there is no length of a record");
            }
            state = state(endState, isHeld, isTold && extension.isPresent());
        }

        private OptionalLong storedDurablePosition()
        {
            if (!extension.isPresent())
            {
                return OptionalLong.empty();
            }
            final long stored = buffer.getLongAcquire(ExtensionDescriptor.DURABLE_POSITION_OFFSET);
            if (stored < 0 || stored > header.capacity() || stored % RecordDescriptor.ALIGNMENT != 0)
            {
                problems.add("durable position: " + Long.toUnsignedString(stored) + " is not in the record area");

                return OptionalLong.empty();
            }

            return OptionalLong.of(stored);
        }

        private void noteActivities(final Envelope envelope, final BoundaryWalk.Tail tail)
        {
            if (!extension.isPresent())
            {
                return;
            }
            final long hintTime = buffer.getLongAcquire(ExtensionDescriptor.TAIL_HINT_TIME_OFFSET);
            noteActivity("tail hint time", header.tickUnit().toInstant(hintTime));
            if (envelope != null && envelope.hasTime() && tail != null && tail.lastRecord() >= 0)
            {
                // Not loaded again: a hostile writer can change the length at any time.
                final int offset =
                    RecordDescriptor.RECORD_AREA_OFFSET + tail.lastRecord() + RecordDescriptor.LENGTH_WORD_LENGTH;
                if (envelope.open(buffer, offset, tail.lastLength(), tail.lastRecord()))
                {
                    noteActivity("time of the last record", header.tickUnit().toInstant(envelope.time()));
                }
            }
        }

        private void noteActivity(final String what, final Instant time)
        {
            if (time.isAfter(now.plusMillis(TOLERANCE_MS)))
            {
                problems.add(what + ": " + time + " is yet to come");
            }
            else if (time.isAfter(lastActivity))
            {
                lastActivity = time;
            }
        }

        /**
         * @param isTold whether there is a lock that tells if a writer lives; else its signs of life have to do.
         */
        private ChannelState state(final ReaderState endState, final boolean isHeld, final boolean isTold)
        {
            return switch (endState)
            {
                case CLOSED -> ChannelState.CLOSED;
                case FULL -> ChannelState.FULL;
                case SUSPECT -> ChannelState.SUSPECT;
                case CORRUPT -> ChannelState.CORRUPT;
                default ->
                {
                    final boolean isQuiet = now.isAfter(
                        lastActivity.plusNanos(header.tickUnit().toNanos(header.timeout())));
                    final boolean isWritten = isHeld || !isTold && !isQuiet;

                    yield !isWritten ? ChannelState.ABANDONED : isQuiet ? ChannelState.IDLE : ChannelState.LIVE;
                }
            };
        }
    }
}
