package io.kekbit.core.series;

import io.kekbit.core.DataFormat;
import io.kekbit.core.SeriesChannel;

/**
 * Looks ahead to the next channel of a series, by the writer's thread, shortly before that goes on there: so that the
 * record which waits for it finds in the processor's caches what it needs, and not in another processor's or in memory,
 * where all of it has gone since. Each look takes a little of that, so that no record waits long for it. When all was
 * looked at, the writer goes through the motions of going on, since that is how its code gets there.
 *
 * @param <D> the format of the content.
 */
final class Outlook<D extends DataFormat>
{
    /**
     * Is told of what is no news.
     */
    static final SeriesListener NOBODY = new SeriesListener()
    {
    };

    private SeriesChannel<D> seen;
    private int looks;
    // Somebody has to take what was loaded, or else the compiler leaves it out.
    private long loaded;

    /**
     * Look.
     *
     * @param ready the next channel, or null where it is not ready yet.
     * @return whether nothing new is left to look at.
     */
    boolean look(final SeriesChannel<D> ready)
    {
        if (ready == null)
        {
            return false;
        }
        if (seen != ready)
        {
            seen = ready;
            looks = 0;
        }
        looks++;
        // The first look takes but the code on the way here.
        if (looks > 1)
        {
            loaded += ready.lookAtWriter();
        }
        if (looks > 2)
        {
            loaded += ready.lookAtMemory();
        }

        return looks > 3;
    }
}
