package io.kekbit.core;

import java.nio.file.Path;

/**
 * Reads numbered records, over several channels if need be, and counts what is wrong with them.
 */
final class RecordCheck
{
    private final int maxLength;
    private long next;
    private long checked;
    private long torn;
    private long missing;
    private long doubled;
    private long gapsTold;

    /**
     * @param first     number that the first record has to have.
     * @param maxLength of the records.
     */
    RecordCheck(final long first, final int maxLength)
    {
        next = first;
        this.maxLength = maxLength;
    }

    ShmReader open(final Path root, final long channelId)
    {
        return ShmReader
            .builder(root, channelId)
            .gapListener((expected, actual, position) -> gapsTold++)
            .open();
    }

    /**
     * Check all records that the reader has to give.
     *
     * @return how many it gave.
     */
    long readAll(final ShmReader reader)
    {
        final long before = checked;
        while (reader.next())
        {
            final long number = reader.sequence();
            if (number < next)
            {
                doubled++;
            }
            missing += Math.max(0, number - next);
            if (!NumberedRecords.isRight(number, reader.buffer(), reader.offset(), reader.length(), maxLength))
            {
                torn++;
            }
            next = number + 1;
            checked++;
        }
        if (reader.state() == ReaderState.CORRUPT)
        {
            torn++;
        }

        return checked - before;
    }

    /**
     * The number of the last record, or the one before the first.
     */
    long last()
    {
        return next - 1;
    }

    long checked()
    {
        return checked;
    }

    long torn()
    {
        return torn;
    }

    boolean isFlawless()
    {
        return torn + missing + doubled + gapsTold == 0;
    }

    @Override
    public String toString()
    {
        return "last=" + last() + " checked=" + checked + " torn=" + torn + " missing=" + missing +
            " doubled=" + doubled + " gapsTold=" + gapsTold;
    }
}
