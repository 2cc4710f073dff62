package io.kekbit.core.series;

import io.kekbit.core.SeriesChannel;
import io.kekbit.core.SeriesTail;
import io.kekbit.core.ShmReader;
import io.kekbit.core.WriteHandler;
import io.kekbit.core.exceptions.ChannelCorruptException;
import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.ChannelNotFoundException;

import java.util.Arrays;

/**
 * The last record of a series that is intact, from which the write handlers go on: they count on over those that are
 * damaged behind it, since what was given away must not be given away again. It is found before another channel is
 * begun, and held: from then on, any process may delete the one it is in, to keep the series within its bounds.
 */
final class LastRecord implements AutoCloseable
{
    private final WriteHandler[] handlers;
    private final byte[] codes;
    private boolean isFound;
    private ShmReader reader;
    private int contentOffset;
    private long behind;
    private ChannelCorruptException lastDamage;

    private LastRecord(final SeriesPlan<?> plan)
    {
        handlers = plan.handlers();
        codes = plan.codes();
    }

    /**
     * Find it, in whatever channel it is.
     *
     * @param plan   with the handlers; where there are none, nothing is looked for.
     * @param damage says what to do with a channel that has records of which none is intact. Where that is the last
     *               one, {@link #requireIntact()} tells.
     * @param last   channel of the series.
     * @throws ChannelException where such a channel is not to be left behind.
     */
    static LastRecord of(final SeriesPlan<?> plan, final Damage damage, final long last)
    {
        final LastRecord lastRecord = new LastRecord(plan);
        boolean isOpen = false;
        try
        {
            if (plan.handlers().length > 0)
            {
                lastRecord.find(plan.folder(), damage, last);
            }
            isOpen = true;

            return lastRecord;
        }
        finally
        {
            if (!isOpen)
            {
                lastRecord.close();
            }
        }
    }

    private void find(final SeriesFolder folder, final Damage damage, final long last)
    {
        final long first = folder.first();
        for (long ordinal = last; ordinal >= first && !isFound; ordinal--)
        {
            ChannelCorruptException damaged = null;
            try
            {
                damaged = lookInto(ShmReader.builder(folder.file(ordinal)).open());
            }
            catch (final ChannelNotFoundException ex)
            {
                // Deleted meanwhile, and so were those before it.
                return;
            }
            catch (final ChannelException ex)
            {
                if (ordinal == last ? !Damage.isDamage(ex) : !Damage.isUnreadable(ex))
                {
                    throw ex;
                }
            }
            if (damaged != null && ordinal == last)
            {
                lastDamage = damaged;
            }
            else if (damaged != null)
            {
                damage.leave(ordinal, damaged);
            }
        }
    }

    /**
     * Look into a channel, which is kept open if the record is there.
     *
     * @return what is wrong, where it has records and none is intact; else null.
     */
    private ChannelCorruptException lookInto(final ShmReader channel)
    {
        try
        {
            final SeriesTail tail = SeriesTail.of(channel);
            if (tail.records() == 0)
            {
                return null;
            }
            final boolean isTold = channel.extension().isPresent();
            if (isTold && !Arrays.equals(channel.extension().envelope(), codes))
            {
                // Others have counted there, or nobody.
                isFound = true;

                return null;
            }
            behind += isTold ? tail.behind() : tail.records();
            if (isTold && tail.contentOffset() > 0)
            {
                isFound = true;
                reader = channel;
                contentOffset = tail.contentOffset();

                return null;
            }
            // Readers come as far as to the first record.
            channel.moveTo(0);
            channel.next();

            return new ChannelCorruptException(
                channel.file(),
                channel.position(),
                "None of its records is intact, so none tells what the write handlers have counted to",
                null);
        }
        finally
        {
            if (reader != channel)
            {
                channel.close();
            }
        }
    }

    /**
     * See that the handlers can go on from a record of the last channel, if there is one in it.
     *
     * @throws ChannelCorruptException where it has records, of which none is intact.
     */
    void requireIntact()
    {
        if (lastDamage != null)
        {
            throw lastDamage;
        }
    }

    /**
     * See to it that the handlers go on from it, unless they did when the channel was taken over.
     */
    void resumeHandlers(final SeriesChannel<?> current)
    {
        final boolean isTakenOver = !current.isEmpty();
        if (isTakenOver && (behind == 0 || reader == null || reader.extension().ordinal() != current.ordinal()))
        {
            return;
        }
        if (reader != null)
        {
            int offset = contentOffset;
            for (final WriteHandler handler : handlers)
            {
                handler.onResumed(reader.buffer(), offset);
                offset += handler.incomingLength();
            }
        }
        for (long i = 0; i < behind; i++)
        {
            for (final WriteHandler handler : handlers)
            {
                handler.onPublished();
            }
        }
    }

    @Override
    public void close()
    {
        if (reader != null)
        {
            reader.close();
        }
    }
}
