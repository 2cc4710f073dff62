package io.kekbit.cli.records;

import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * Finds where the last so many of the chosen records begin. Where the number of records is known without reading them
 * all, only as many are looked at as it takes, from the end backwards in ever longer steps.
 */
final class LastRecords
{
    private static final int STEP_FACTOR = 8;

    private final RecordWalk walk;
    private final Predicate<Record> filter;
    private final Record record = new Record();
    /** Positions of the last records of all: that many stand before one that is chosen and are to be shown with it. */
    private final long[] context;

    /**
     * @param walk    along the records.
     * @param filter  says which ones are chosen.
     * @param context how many records before a chosen one are to be shown with it.
     */
    LastRecords(final RecordWalk walk, final Predicate<Record> filter, final int context)
    {
        this.walk = walk;
        this.filter = filter;
        this.context = new long[context + 1];
    }

    /**
     * Go to the first of the last records, or as many records before it as are to be shown with it.
     *
     * @param count how many records to find, fewer where there are not as many.
     * @param total number of records in the channel, where it is known.
     */
    void goTo(final int count, final OptionalLong total)
    {
        if (count == 0)
        {
            walk.goTo(Place.at(walk.endNow()));
            return;
        }

        final long[] starts = new long[count];
        long distance = (long)count + context.length - 1;
        while (true)
        {
            final long first = total.isPresent() ? Math.max(0, total.getAsLong() - distance) : 0;
            final boolean isFromStart = first == 0 || !walk.goToRecordOrStart(first);
            if (isFromStart)
            {
                walk.goTo(Place.START);
            }
            final long end = walk.endNow();
            final long found = find(starts, end, isFromStart);
            if (found >= count || isFromStart)
            {
                final long start = found == 0 ? end : found < count ? starts[0] : starts[(int)(found % count)];
                walk.goTo(Place.at(start));
                return;
            }
            distance = distance > Long.MAX_VALUE / STEP_FACTOR ? Long.MAX_VALUE : distance * STEP_FACTOR;
        }
    }

    /**
     * Read on to the end, and note where the chosen records stand, except those whose context stands before where this
     * begins.
     *
     * @return how many there were; the starts of the last of them are in the array, as in a ring.
     */
    private long find(final long[] starts, final long end, final boolean isFromStart)
    {
        long seen = 0;
        long found = 0;
        while (walk.next() && walk.reader().recordPosition() < end)
        {
            context[(int)(seen++ % context.length)] = walk.reader().recordPosition();
            if ((isFromStart || seen >= context.length) && filter.test(record.set(walk.reader())))
            {
                final long first = Math.max(0, seen - context.length);
                starts[(int)(found++ % starts.length)] = context[(int)(first % context.length)];
            }
        }

        return found;
    }
}
