package io.kekbit.core.series;

import io.kekbit.core.Reader;
import io.kekbit.core.ShmReader;
import io.kekbit.core.exceptions.ChannelNotFoundException;
import io.kekbit.core.exceptions.StorageNotReadyException;

import java.nio.file.Files;
import java.nio.file.LinkOption;

/**
 * Finds and opens the channels of a series for its reader. Any of the oldest can be deleted at any moment.
 */
final class Channels
{
    private static final int MAX_TRIES = 100;

    /**
     * A channel that was opened.
     *
     * @param reader  of the channel.
     * @param ordinal of the channel.
     */
    record Opened(ShmReader reader, long ordinal)
    {
    }

    private Channels()
    {
    }

    /**
     * Open the first channel that there is.
     *
     * @return its reader, at its start.
     * @throws ChannelNotFoundException where there is none.
     */
    static Opened openFirst(final SeriesFolder folder, final SeriesReaderBuilder channels)
    {
        for (int tries = 0; tries < MAX_TRIES; tries++)
        {
            final long first = folder.first();
            if (first < 0)
            {
                break;
            }
            final ShmReader reader = open(channels, first);
            if (reader != null)
            {
                return new Opened(reader, first);
            }
        }

        throw new ChannelNotFoundException(folder.file(0));
    }

    /**
     * Open a channel, be it published or made ready.
     *
     * @return its reader, or null where there is none.
     */
    static ShmReader open(final SeriesReaderBuilder channels, final long ordinal)
    {
        if (!Files.exists(channels.folder().file(ordinal), LinkOption.NOFOLLOW_LINKS))
        {
            return null;
        }
        try
        {
            return channels.open(ordinal);
        }
        catch (final ChannelNotFoundException | StorageNotReadyException ex)
        {
            return null;
        }
    }

    /**
     * Open a channel of a series.
     *
     * @return its reader, or null where there is none, or it is not published.
     */
    static ShmReader open(final SeriesReaderBuilder channels, final long ordinal, final long streamId)
    {
        final ShmReader reader = open(channels, ordinal);
        if (reader != null && reader.extension().streamId() != streamId)
        {
            reader.close();

            return null;
        }

        return reader;
    }

    /**
     * The channel in which a record stands, if it is written.
     *
     * @param number of the record in the series.
     * @return the ordinal of the last channel that does not begin behind it, or -1 where all do.
     */
    static long withRecord(final SeriesFolder folder, final long number)
    {
        final long[] ordinals = folder.ordinals();
        int low = -1;
        int high = ordinals.length;
        while (high - low > 1)
        {
            final int middle = (low + high) >>> 1;
            final SeriesFolder.Head head = folder.head(ordinals[middle]);
            // Deleted ones are the oldest, and those that are not published the newest.
            if (head == null || head.isPublished() && head.firstRecordNumber() <= number)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return low < 0 ? -1 : ordinals[low];
    }

    /**
     * Open the last channel that has a record of before a time, at the first one that is not; or the first channel.
     */
    static Opened openAtTime(final SeriesFolder folder, final SeriesReaderBuilder channels, final long ticks)
    {
        final long[] ordinals = folder.ordinals();
        int low = -1;
        int high = ordinals.length;
        while (high - low > 1)
        {
            final int middle = (low + high) >>> 1;
            if (beginsBefore(channels, ordinals[middle], ticks) >= 0)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        // Channels without a record are no help, and may have misled.
        while (low >= 0 && beginsBefore(channels, ordinals[low], ticks) <= 0)
        {
            low--;
        }
        for (int i = low + 1; i < ordinals.length; i++)
        {
            final int begins = beginsBefore(channels, ordinals[i], ticks);
            if (begins < 0)
            {
                break;
            }
            low = begins > 0 ? i : low;
        }

        final ShmReader reader = low < 0 ? null : open(channels, ordinals[low]);
        if (reader == null)
        {
            return openFirst(folder, channels);
        }
        reader.seekToTime(ticks);

        return new Opened(reader, ordinals[low]);
    }

    /**
     * Whether a channel has a record of before a time.
     *
     * @return 1 if it has, -1 if its first record is not; 0 where it has no record, or is deleted.
     */
    private static int beginsBefore(final SeriesReaderBuilder channels, final long ordinal, final long ticks)
    {
        try (ShmReader reader = open(channels, ordinal))
        {
            if (reader == null || reader.extension().streamId() == 0 || !reader.next())
            {
                return 0;
            }
            final long first = reader.recordPosition();
            final boolean isStamped = reader.time() != Reader.NOT_TOLD;
            reader.seekToTime(ticks);
            final long reached = reader.position();
            // Without stamps, what is gone to is a record of before that time.
            final boolean isBefore = isStamped ? reached > first : reached > 0 && reached >= first;

            return isBefore ? 1 : -1;
        }
    }
}
