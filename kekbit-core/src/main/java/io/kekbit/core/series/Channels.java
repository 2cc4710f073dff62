package io.kekbit.core.series;

import io.kekbit.core.Reader;
import io.kekbit.core.ReaderState;
import io.kekbit.core.ShmReader;
import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.ChannelNotFoundException;
import io.kekbit.core.exceptions.PositionDeletedException;
import io.kekbit.core.exceptions.StorageNotReadyException;
import io.kekbit.core.exceptions.UnavailablePositionException;

import java.nio.file.Files;
import java.nio.file.LinkOption;

/**
 * Finds and opens the channels of a series for its reader, each as the reader's builder says. Any of the oldest can be
 * deleted at any moment. Belongs to one thread.
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

    private final SeriesReaderBuilder builder;
    private final SeriesFolder folder;
    private final long streamId;

    /**
     * @param builder  that says how each channel is opened.
     * @param streamId of the series.
     */
    Channels(final SeriesReaderBuilder builder, final long streamId)
    {
        this.builder = builder;
        this.streamId = streamId;
        folder = builder.folder();
    }

    SeriesFolder folder()
    {
        return folder;
    }

    long streamId()
    {
        return streamId;
    }

    /**
     * Open the first channel that there is.
     *
     * @return its reader, at its start.
     * @throws ChannelNotFoundException where there is none.
     */
    static Opened openFirst(final SeriesReaderBuilder builder)
    {
        final SeriesFolder folder = builder.folder();
        for (int tries = 0; tries < MAX_TRIES; tries++)
        {
            final long first = folder.first();
            if (first < 0)
            {
                break;
            }
            final ShmReader reader = openMade(builder, first);
            if (reader != null)
            {
                return new Opened(reader, first);
            }
        }

        throw new ChannelNotFoundException(folder.file(0));
    }

    /**
     * Open the first channel that there is.
     *
     * @return its reader, at its start.
     * @throws ChannelNotFoundException where there is none.
     */
    Opened openFirst()
    {
        return openFirst(builder);
    }

    /**
     * Open a channel, be it published or made ready.
     *
     * @return its reader, or null where there is none.
     */
    ShmReader openMade(final long ordinal)
    {
        return openMade(builder, ordinal);
    }

    private static ShmReader openMade(final SeriesReaderBuilder builder, final long ordinal)
    {
        if (!Files.exists(builder.folder().file(ordinal), LinkOption.NOFOLLOW_LINKS))
        {
            return null;
        }
        try
        {
            return builder.open(ordinal);
        }
        catch (final ChannelNotFoundException | StorageNotReadyException ex)
        {
            return null;
        }
    }

    /**
     * Open a channel that there should be.
     *
     * @throws ChannelException that says why it cannot be opened.
     */
    ShmReader requireMade(final long ordinal)
    {
        return builder.open(ordinal);
    }

    /**
     * Open a channel of the series.
     *
     * @return its reader, or null where there is none, or it is not published.
     */
    ShmReader open(final long ordinal)
    {
        final ShmReader reader = openMade(ordinal);
        if (reader != null && reader.extension().streamId() != streamId)
        {
            reader.close();

            return null;
        }

        return reader;
    }

    /**
     * Open a channel of the series for a position in it.
     *
     * @throws PositionDeletedException     where it was deleted.
     * @throws UnavailablePositionException where it is not there yet.
     */
    ShmReader requireOpened(final long ordinal, final long position)
    {
        final ShmReader reader = ordinal > SeriesPosition.MAX_ORDINAL ? null : open(ordinal);
        if (reader == null)
        {
            final long first = firstPosition();
            if (position < first)
            {
                throw new PositionDeletedException(folder.file(ordinal), position, first);
            }
            throw new UnavailablePositionException(folder.file(ordinal), position, end());
        }

        return reader;
    }

    /**
     * The start of the first channel that there is.
     */
    long firstPosition()
    {
        return SeriesPosition.of(Math.max(0, folder.first()), 0);
    }

    /**
     * Whether a position is the start of the channel behind the last one, which is closed.
     *
     * @param position that is asked for.
     * @param end      where reading ends for now.
     */
    boolean isEndOfClosed(final long position, final long end)
    {
        final long last = SeriesPosition.ordinal(end);
        if (position != SeriesPosition.of(last + 1, 0))
        {
            return false;
        }
        try (ShmReader reader = open(last))
        {
            if (reader == null)
            {
                return false;
            }
            reader.moveToEnd();

            return reader.state() == ReaderState.CLOSED;
        }
    }

    /**
     * Where reading ends for now, in the last channel that is published.
     */
    private long end()
    {
        final long last = Math.max(0, folder.last());
        try (ShmReader reader = open(last))
        {
            if (reader == null)
            {
                return SeriesPosition.of(last, 0);
            }
            reader.moveToEnd();

            return SeriesPosition.of(last, reader.position());
        }
    }

    /**
     * Open the channel in which a record stands, at that record.
     *
     * @param number of the record in the series.
     * @return null where it is not written yet, or not readable.
     * @throws PositionDeletedException where it was deleted.
     */
    Opened openAtRecord(final long number)
    {
        for (int tries = 0; tries < MAX_TRIES; tries++)
        {
            final long ordinal = withRecord(number);
            if (ordinal < 0)
            {
                break;
            }
            // Either can be missing where the channel is deleted meanwhile: then it is listed no more.
            final SeriesFolder.Head head = folder.head(ordinal);
            final ShmReader reader = head == null ? null : open(ordinal);
            if (reader != null)
            {
                return atRecord(reader, ordinal, number - head.firstRecordNumber());
            }
        }

        throw new PositionDeletedException(folder.file(0), Reader.NOT_TOLD, firstPosition());
    }

    private static Opened atRecord(final ShmReader reader, final long ordinal, final long numberInChannel)
    {
        boolean isFound = false;
        try
        {
            isFound = reader.seekToRecord(numberInChannel);
        }
        finally
        {
            if (!isFound)
            {
                reader.close();
            }
        }

        return isFound ? new Opened(reader, ordinal) : null;
    }

    /**
     * The channel in which a record stands, if it is written.
     *
     * @param number of the record in the series.
     * @return the ordinal of the last channel that does not begin behind it, or -1 where all do.
     */
    private long withRecord(final long number)
    {
        final long[] ordinals = folder.ordinals();
        int low = -1;
        int high = ordinals.length;
        while (high - low > 1)
        {
            final int middle = (low + high) >>> 1;
            // Deleted ones are the oldest; those that are no channels any more can stand anywhere.
            int known = middle;
            SeriesFolder.Head head = folder.head(ordinals[known]);
            while (head == null && known - 1 > low)
            {
                head = folder.head(ordinals[--known]);
            }
            // Those that are not published are the newest.
            if (head == null || head.isPublished() && head.firstRecordNumber() <= number)
            {
                low = middle;
            }
            else
            {
                high = known;
            }
        }
        while (low >= 0 && folder.head(ordinals[low]) == null)
        {
            low--;
        }

        return low < 0 ? -1 : ordinals[low];
    }

    /**
     * Open the last channel that has a record of before a time, at the first one that is not; or the first channel.
     */
    Opened openAtTime(final long ticks)
    {
        final long[] ordinals = folder.ordinals();
        int low = -1;
        int high = ordinals.length;
        while (high - low > 1)
        {
            final int middle = (low + high) >>> 1;
            if (beginsBefore(ordinals[middle], ticks) >= 0)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        // Channels without a record are no help, and may have misled.
        while (low >= 0 && beginsBefore(ordinals[low], ticks) <= 0)
        {
            low--;
        }
        for (int i = low + 1; i < ordinals.length; i++)
        {
            final int begins = beginsBefore(ordinals[i], ticks);
            if (begins < 0)
            {
                break;
            }
            low = begins > 0 ? i : low;
        }

        final ShmReader reader = low < 0 ? null : open(ordinals[low]);
        if (reader == null)
        {
            return openFirst();
        }
        reader.seekToTime(ticks);

        return new Opened(reader, ordinals[low]);
    }

    /**
     * Whether a channel has a record of before a time.
     *
     * @return 1 if it has, -1 if its first record is not; 0 where it has no record, is deleted or damaged.
     */
    private int beginsBefore(final long ordinal, final long ticks)
    {
        try (ShmReader reader = open(ordinal))
        {
            if (reader == null || !reader.next())
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
