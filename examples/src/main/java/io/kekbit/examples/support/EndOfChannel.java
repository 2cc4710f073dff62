package io.kekbit.examples.support;

import io.kekbit.core.Reader;
import io.kekbit.core.ReaderState;
import org.agrona.concurrent.NanoClock;

/**
 * Tells a reader that has nothing to read when to give up.
 */
public final class EndOfChannel
{
    private final Reader reader;
    private final NanoClock clock;
    private final long timeoutNs;
    private ReaderState state = ReaderState.OPEN;
    private boolean isFull;
    private long fullSinceNs;

    /**
     * Watch a reader.
     *
     * @param reader to watch; used by its own thread only, as this.
     * @param clock  to tell for how long a full channel has not been closed.
     */
    public EndOfChannel(final Reader reader, final NanoClock clock)
    {
        this.reader = reader;
        this.clock = clock;
        timeoutNs = reader.header().tickUnit().toNanos(reader.header().timeout());
    }

    /**
     * Whether nothing will follow, as of now.
     *
     * @return true when it is time to give up.
     */
    public boolean isReached()
    {
        state = reader.state();

        return switch (state)
        {
            case OPEN -> false;
            // Its writer is most likely about to close it, but it may have died just now.
            case FULL -> isFullForTooLong();
            case CLOSED, TIMED_OUT, SUSPECT, CORRUPT -> true;
        };
    }

    /**
     * Why nothing will follow, or {@link ReaderState#OPEN} or {@link ReaderState#FULL} as long as something may.
     *
     * @return the state that {@link #isReached()} found.
     */
    public ReaderState state()
    {
        return state;
    }

    private boolean isFullForTooLong()
    {
        final long nowNs = clock.nanoTime();
        if (!isFull)
        {
            isFull = true;
            fullSinceNs = nowNs;
        }

        return nowNs - fullSinceNs > timeoutNs;
    }
}
