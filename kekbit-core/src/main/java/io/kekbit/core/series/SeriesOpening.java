package io.kekbit.core.series;

import io.kekbit.core.ChannelState;
import io.kekbit.core.ChannelStatus;
import io.kekbit.core.DataFormat;
import io.kekbit.core.Prefault;
import io.kekbit.core.ReaderState;
import io.kekbit.core.SeriesChannel;
import io.kekbit.core.ShmReader;
import io.kekbit.core.WriteHandler;
import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.ChannelNotFoundException;
import io.kekbit.core.exceptions.FormatMismatchException;
import io.kekbit.core.layout.RecordDescriptor;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds where the writer of a series is to go on, whatever became of the last one: creates the first channel, takes the
 * last one over, or goes on in another. The lock of the series is held meanwhile. Each step leaves a series that can be
 * opened again, so this may die at any instant, too.
 *
 * @param <D> the format of the content.
 */
final class SeriesOpening<D extends DataFormat>
{
    private static final long NONE = -1;

    private final SeriesPlan<D> plan;
    private final SeriesFolder folder;
    private long streamId;
    private SeriesChannel<D> current;
    private SeriesChannel<D> next;

    SeriesOpening(final SeriesPlan<D> plan)
    {
        this.plan = plan;
        folder = plan.folder();
    }

    /**
     * The stream id of the series.
     */
    long streamId()
    {
        return streamId;
    }

    /**
     * The channel to write to.
     */
    SeriesChannel<D> current()
    {
        return current;
    }

    /**
     * The channel behind that, if it was found ready; else null.
     */
    SeriesChannel<D> next()
    {
        return next;
    }

    /**
     * Go on.
     *
     * @return this.
     * @throws ChannelException where the series cannot be written to. What was closed of it meanwhile stays closed.
     */
    SeriesOpening<D> open()
    {
        boolean isOpen = false;
        try
        {
            folder.sweep();
            goOn();
            isOpen = true;

            return this;
        }
        finally
        {
            if (!isOpen)
            {
                abandon(next);
                abandon(current);
            }
        }
    }

    private static void abandon(final SeriesChannel<?> channel)
    {
        if (channel != null)
        {
            channel.abandon();
        }
    }

    private void goOn()
    {
        final long[] ordinals = folder.ordinals();
        int count = ordinals.length;
        while (count > 0 && !folder.isPublished(ordinals[count - 1]))
        {
            count--;
        }
        final long last = count == 0 ? NONE : ordinals[count - 1];
        for (int i = count; i < ordinals.length; i++)
        {
            final boolean isNext = last != NONE && ordinals[i] == last + 1;
            if (!isNext || !adopt(ordinals[i]))
            {
                discard(ordinals[i]);
            }
        }

        if (last == NONE)
        {
            streamId = newStreamId();
            current = plan.create(streamId, 0, 0, Prefault.NONE);
        }
        else
        {
            streamId = folder.head(last).streamId();
            closeBefore(ordinals, count - 1);
            goOnFrom(last);
            resumeHandlers(last);
        }
    }

    private static long newStreamId()
    {
        long id;
        do
        {
            id = ThreadLocalRandom.current().nextLong();
        }
        while (id == 0);

        return id;
    }

    /**
     * Take over the channel that the last writer had made ready, if it is as this one would make it.
     */
    private boolean adopt(final long ordinal)
    {
        try (ShmReader reader = ShmReader.builder(folder.file(ordinal)).open())
        {
            reader.moveToEnd();
            if (reader.state() == ReaderState.CLOSED || !plan.isJustAsPlanned(reader))
            {
                return false;
            }
        }
        next = plan.resume(ordinal);

        return true;
    }

    /**
     * Delete a channel that was made ready, in such a way that readers which wait for it look for another.
     */
    private void discard(final long ordinal)
    {
        final ChannelState state = ChannelStatus.of(folder.file(ordinal)).state();
        if (state != ChannelState.CLOSED && state != ChannelState.CORRUPT)
        {
            SeriesChannel.closeAbandoned(folder.file(ordinal), plan.discardsSuspect());
        }
        folder.delete(ordinal);
    }

    /**
     * Close what the last writer had left and not closed. Of these, records can be given up after a loss of power: then
     * the numbers of those that follow are told anew, each before its channel is closed.
     */
    private void closeBefore(final long[] ordinals, final int lastIndex)
    {
        int open = lastIndex;
        while (open > 0 && !isClosed(ordinals[open - 1]))
        {
            open--;
        }
        // One that is closed may have been closed by a process that died before it came to the next.
        for (int i = Math.max(0, open - 1); i < lastIndex; i++)
        {
            if (i >= open)
            {
                SeriesChannel.closeAbandoned(folder.file(ordinals[i]), plan.discardsSuspect());
            }
            renumber(ordinals[i], ordinals[i + 1]);
        }
    }

    /**
     * Whether a channel is closed, or was deleted after that.
     */
    private boolean isClosed(final long ordinal)
    {
        try
        {
            return ChannelStatus.of(folder.file(ordinal)).state() == ChannelState.CLOSED;
        }
        catch (final ChannelNotFoundException ex)
        {
            return true;
        }
    }

    /**
     * See to it that a channel says how many records there are before it.
     */
    private void renumber(final long closed, final long following)
    {
        final SeriesFolder.Head before = folder.head(closed);
        final SeriesFolder.Head head = folder.head(following);
        if (before == null || head == null || following != closed + 1)
        {
            return;
        }
        final long records;
        try
        {
            records = recordsIn(folder.file(closed));
        }
        catch (final ChannelNotFoundException ex)
        {
            // Deleted meanwhile, so it was closed before.
            return;
        }
        final long number = before.firstRecordNumber() + records;
        if (number != head.firstRecordNumber())
        {
            folder.putFirstRecordNumber(following, number);
        }
    }

    private void goOnFrom(final long last)
    {
        final Path file = folder.file(last);
        final boolean isClosed = ChannelStatus.of(file).state() == ChannelState.CLOSED;
        final boolean isAsPlanned;
        try (ShmReader reader = ShmReader.builder(file).open())
        {
            requireSameFamily(reader);
            isAsPlanned = plan.isAsPlanned(reader);
        }

        if (!isClosed && isAsPlanned)
        {
            current = plan.resume(last);
            return;
        }

        if (!isClosed)
        {
            SeriesChannel.closeAbandoned(file, plan.discardsSuspect());
        }
        final long nextRecordNumber = folder.head(last).firstRecordNumber() + recordsIn(file);
        if (next == null)
        {
            current = plan.create(streamId, last + 1, nextRecordNumber, Prefault.NONE);
        }
        else
        {
            current = next;
            next = null;
            current.publish(streamId, nextRecordNumber);
        }
    }

    private void requireSameFamily(final ShmReader reader)
    {
        if (!plan.isOfSameFamily(reader))
        {
            throw new FormatMismatchException(
                reader.file(),
                plan.format() + " id=0x" + Long.toHexString(plan.format().id()) + " mediaType=" +
                    plan.format().mediaType(),
                "id=0x" + Long.toHexString(reader.extension().formatId()));
        }
        // One time means the same in all channels, for whoever seeks it and for whoever reads stamps.
        if (reader.header().tickUnit() != plan.tickUnit())
        {
            throw new FormatMismatchException(
                reader.file(), "tickUnit=" + plan.tickUnit(), "tickUnit=" + reader.header().tickUnit());
        }
    }

    /**
     * See to it that the handlers go on from the last record of the series, where that is not in the current channel.
     */
    private void resumeHandlers(final long last)
    {
        if (plan.handlers().length == 0 || !current.isEmpty())
        {
            return;
        }
        final long first = folder.first();
        for (long ordinal = Math.min(last, current.ordinal() - 1); ordinal >= first; ordinal--)
        {
            try (ShmReader reader = ShmReader.builder(folder.file(ordinal)).readSuspect(true).open())
            {
                final long records = recordsIn(folder.file(ordinal));
                if (records > 0)
                {
                    resumeHandlersFrom(reader, records - 1);
                    return;
                }
            }
        }
    }

    private void resumeHandlersFrom(final ShmReader reader, final long record)
    {
        if (!Arrays.equals(reader.extension().envelope(), current.channel().extension().envelope()))
        {
            // Others have counted there, or nobody.
            return;
        }
        reader.seekToRecord(record);
        reader.next();
        int offset = (int)(RecordDescriptor.RECORD_AREA_OFFSET + reader.recordPosition() +
            RecordDescriptor.LENGTH_WORD_LENGTH);
        for (final WriteHandler handler : plan.handlers())
        {
            handler.onResumed(reader.buffer(), offset);
            offset += handler.incomingLength();
        }
    }

    private static long recordsIn(final Path file)
    {
        return ChannelStatus.of(file).records().orElseThrow();
    }
}
