package io.kekbit.examples.replicate;

import io.kekbit.core.RecordHandler;
import io.kekbit.core.ShmReader;
import org.agrona.concurrent.NanoClock;

/**
 * A copy that grows, however slowly, until somebody has seen enough of it.
 */
final class GrowingCopy
{
    private static final int READ_LIMIT = 256;
    private static final RecordHandler NOBODY = (buffer, offset, length, position, nextPosition) -> {};

    private final ShmReader reader;
    private final Patience patience;

    /**
     * @param reader of the copy.
     * @param clock  to wait by.
     */
    GrowingCopy(final ShmReader reader, final NanoClock clock)
    {
        this.reader = reader;
        patience = new Patience(clock);
    }

    /**
     * Look how far it is.
     *
     * @return whether it holds half of what its channel can hold.
     */
    boolean isHalfFull()
    {
        if (reader.read(NOBODY, READ_LIMIT) > 0)
        {
            patience.renew();
        }

        return reader.position() >= reader.header().capacity() / 2;
    }

    /**
     * Whether to wait for it longer.
     */
    Patience patience()
    {
        return patience;
    }

    /**
     * Look where it ends, when nobody appends to it any more.
     *
     * @return the position.
     */
    long end()
    {
        reader.read(NOBODY, Integer.MAX_VALUE);

        return reader.position();
    }
}
