package io.kekbit.core.series;

import io.kekbit.core.ChannelStatus;
import io.kekbit.core.SeriesChannel;
import io.kekbit.core.ShmReader;
import io.kekbit.core.WriteHandler;
import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.ChannelNotFoundException;
import io.kekbit.core.layout.RecordDescriptor;

import java.util.Arrays;

/**
 * The last record of a series, from which the write handlers go on. It is found before another channel is begun, and
 * held: from then on, any process may delete the one it is in, to keep the series within its bounds.
 */
final class LastRecord implements AutoCloseable
{
    private final WriteHandler[] handlers;
    private final ShmReader reader;

    private LastRecord(final WriteHandler[] handlers, final ShmReader reader)
    {
        this.handlers = handlers;
        this.reader = reader;
    }

    /**
     * Find it, in whatever channel it is.
     *
     * @param plan with the handlers; where there are none, nothing is looked for.
     * @param last channel of the series.
     */
    static LastRecord of(final SeriesPlan<?> plan, final long last)
    {
        final SeriesFolder folder = plan.folder();
        final long first = plan.handlers().length == 0 ? Long.MAX_VALUE : folder.first();
        for (long ordinal = last; ordinal >= first; ordinal--)
        {
            try
            {
                final ShmReader reader = lastOf(folder, ordinal);
                if (reader != null)
                {
                    return new LastRecord(plan.handlers(), reader);
                }
            }
            catch (final ChannelNotFoundException ex)
            {
                // Deleted meanwhile, and so were those before it.
                break;
            }
            catch (final ChannelException ex)
            {
                if (!Damage.isDamage(ex))
                {
                    throw ex;
                }
            }
        }

        return new LastRecord(plan.handlers(), null);
    }

    private static ShmReader lastOf(final SeriesFolder folder, final long ordinal)
    {
        final ShmReader reader = ShmReader.builder(folder.file(ordinal)).readSuspect(true).open();
        boolean isFound = false;
        try
        {
            final long records = ChannelStatus.of(folder.file(ordinal)).records().orElseThrow();
            isFound = records > 0 && reader.seekToRecord(records - 1) && reader.next();
        }
        finally
        {
            if (!isFound)
            {
                reader.close();
            }
        }

        return isFound ? reader : null;
    }

    /**
     * See to it that the handlers go on from it, unless they did when the channel was taken over.
     */
    void resumeHandlers(final SeriesChannel<?> current)
    {
        if (reader == null || !current.isEmpty() ||
            !Arrays.equals(reader.extension().envelope(), current.channel().extension().envelope()))
        {
            // Where the envelope is another, others have counted there, or nobody.
            return;
        }
        int offset = (int)(RecordDescriptor.RECORD_AREA_OFFSET + reader.recordPosition() +
            RecordDescriptor.LENGTH_WORD_LENGTH);
        for (final WriteHandler handler : handlers)
        {
            handler.onResumed(reader.buffer(), offset);
            offset += handler.incomingLength();
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
