package io.kekbit.core.series;

import io.kekbit.core.ChannelState;
import io.kekbit.core.ChannelStatus;
import io.kekbit.core.DataFormat;
import io.kekbit.core.Prefault;
import io.kekbit.core.ReaderState;
import io.kekbit.core.SeriesChannel;
import io.kekbit.core.ShmReader;
import io.kekbit.core.exceptions.ChannelCorruptException;
import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.ChannelNotFoundException;
import io.kekbit.core.exceptions.ChannelSuspectException;
import io.kekbit.core.exceptions.FormatMismatchException;

import java.nio.file.Path;
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
    private final Damage damage;
    private long streamId;
    private SeriesChannel<D> current;
    private SeriesChannel<D> next;

    /**
     * @param plan   of each channel.
     * @param damage says what to do with damaged channels.
     */
    SeriesOpening(final SeriesPlan<D> plan, final Damage damage)
    {
        this.plan = plan;
        this.damage = damage;
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
        long lastUsed = last;
        for (int i = count; i < ordinals.length; i++)
        {
            if (folder.head(ordinals[i]) == null)
            {
                damage.leaveUnknown(ordinals[i]);
                lastUsed = ordinals[i];
                giveUpNext();
            }
            else if (last == NONE || ordinals[i] != lastUsed + 1 || !adopt(ordinals[i]))
            {
                discard(ordinals[i]);
            }
        }

        if (last == NONE)
        {
            streamId = newStreamId();
            current = plan.create(streamId, lastUsed + 1, 0, Prefault.NONE);
        }
        else
        {
            streamId = folder.head(last).streamId();
            closeBefore(ordinals, count - 1);
            try (LastRecord lastRecord = LastRecord.of(plan, damage, last))
            {
                goOnFrom(last, lastUsed, lastRecord);
                lastRecord.resumeHandlers(current);
            }
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
        try
        {
            try (ShmReader reader = ShmReader.builder(folder.file(ordinal)).open())
            {
                reader.moveToEnd();
                final ReaderState state = reader.state();
                if (state == ReaderState.CLOSED || state == ReaderState.CORRUPT || !plan.isJustAsPlanned(reader))
                {
                    return false;
                }
            }
            next = plan.resume(ordinal);

            return true;
        }
        catch (final ChannelException ex)
        {
            if (!Damage.isDamage(ex))
            {
                throw ex;
            }

            return false;
        }
    }

    /**
     * What is behind the channel that was made ready keeps it from being gone on from.
     */
    private void giveUpNext()
    {
        if (next != null)
        {
            final long ordinal = next.ordinal();
            next.abandon();
            next = null;
            discard(ordinal);
        }
    }

    /**
     * Delete a channel that was made ready, in such a way that readers which wait for it look for another; unless it is
     * damaged, when they cannot open it either.
     */
    private void discard(final long ordinal)
    {
        try
        {
            final ChannelState state = ChannelStatus.of(folder.file(ordinal)).state();
            if (state != ChannelState.CLOSED && state != ChannelState.CORRUPT)
            {
                SeriesChannel.closeAbandoned(folder.file(ordinal), plan.discardsSuspect());
            }
        }
        catch (final ChannelException ex)
        {
            damage.giveUpReady(ordinal, ex, plan.discardsSuspect());
        }
        folder.delete(ordinal);
    }

    /**
     * Close what the last writer had left and not closed. Of these, records can be given up after a loss of power: then
     * the numbers of those that follow are told anew, each before its channel is closed. What is damaged stays as it
     * is.
     */
    private void closeBefore(final long[] ordinals, final int lastIndex)
    {
        int open = lastIndex;
        while (open > 0 && damage.standing(ordinals[open - 1]) != Damage.Standing.CLOSED)
        {
            open--;
        }
        // One that is closed may have been closed by a process that died before it came to the next.
        for (int i = Math.max(0, open - 1); i < lastIndex; i++)
        {
            if (i < open || close(ordinals[i], ordinals[lastIndex]))
            {
                renumber(ordinals[i], ordinals[i + 1]);
            }
        }
    }

    /**
     * Close a channel that the last writer had left, unless it is left as it is, now or by one of the writers before.
     *
     * @return whether it is closed.
     */
    private boolean close(final long ordinal, final long last)
    {
        final Damage.Standing standing = damage.standing(ordinal);
        if (standing == Damage.Standing.DAMAGED || standing == Damage.Standing.SUSPECT && wasLeft(ordinal, last))
        {
            return false;
        }
        try
        {
            SeriesChannel.closeAbandoned(folder.file(ordinal), plan.discardsSuspect());

            return true;
        }
        catch (final ChannelNotFoundException ex)
        {
            // Deleted meanwhile, after it was left.
            return false;
        }
        catch (final ChannelCorruptException ex)
        {
            // Damaged in the middle, and found only by walking it: what can be done was done when it was left.
            return false;
        }
        catch (final ChannelSuspectException ex)
        {
            damage.leave(ordinal, ex);

            return false;
        }
    }

    /**
     * Whether a writer has gone on behind a channel that is suspect since the restart, and left it. Each writer sees to
     * all channels before it begins or takes over the last one.
     */
    private boolean wasLeft(final long suspect, final long last)
    {
        try (ShmReader left = ShmReader.builder(folder.file(suspect)).open();
            ShmReader written = ShmReader.builder(folder.file(last)).open())
        {
            return !left.extension().bootId().equals(written.extension().bootId());
        }
        catch (final ChannelException ex)
        {
            return false;
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

    /**
     * @param last       channel of the series.
     * @param lastUsed   ordinal, where files that are no channels stand behind that.
     * @param lastRecord from which the handlers will go on.
     */
    private void goOnFrom(final long last, final long lastUsed, final LastRecord lastRecord)
    {
        final Path file = folder.file(last);
        try
        {
            final boolean isClosed = ChannelStatus.of(file).state() == ChannelState.CLOSED;
            final boolean isAsPlanned;
            try (ShmReader reader = ShmReader.builder(file).open())
            {
                requireSameFamily(reader);
                isAsPlanned = plan.isAsPlanned(reader);
            }
            lastRecord.requireIntact();
            if (!isClosed && isAsPlanned && lastUsed == last)
            {
                current = plan.resume(last);
                return;
            }
            if (!isClosed)
            {
                SeriesChannel.closeAbandoned(file, plan.discardsSuspect());
            }
        }
        catch (final ChannelException ex)
        {
            damage.leave(last, ex);
        }

        final long nextRecordNumber = folder.head(last).firstRecordNumber() + recordsIn(file);
        if (next == null)
        {
            current = plan.create(streamId, lastUsed + 1, nextRecordNumber, Prefault.NONE);
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
     * The records that readers come to in a channel: none where it cannot be opened.
     */
    private static long recordsIn(final Path file)
    {
        try
        {
            return ChannelStatus.of(file).records().orElseThrow();
        }
        catch (final ChannelException ex)
        {
            if (!Damage.isDamage(ex))
            {
                throw ex;
            }

            return 0;
        }
    }
}
