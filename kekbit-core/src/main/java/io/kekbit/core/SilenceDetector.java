package io.kekbit.core;

import org.agrona.concurrent.NanoClock;

/**
 * Finds that a writer has been silent for longer than the channel's timeout. Belongs to one reader, and reads its clock
 * only when it is asked.
 */
final class SilenceDetector
{
    private final NanoClock clock;
    private final long timeoutNs;
    private int progressPosition;
    private long progressTimeNs;

    SilenceDetector(final NanoClock clock, final long timeoutNs)
    {
        this.clock = clock;
        this.timeoutNs = timeoutNs;
        progressTimeNs = clock.nanoTime();
    }

    /**
     * Something waits to be read at a position, which is no silence.
     */
    void onProgress(final int position)
    {
        progressPosition = position;
        progressTimeNs = clock.nanoTime();
    }

    /**
     * Whether nothing has come for too long, now that nothing stands at a position.
     */
    boolean isTooLongAt(final int position)
    {
        final long nowNs = clock.nanoTime();
        if (position != progressPosition)
        {
            progressPosition = position;
            progressTimeNs = nowNs;
        }

        return nowNs - progressTimeNs > timeoutNs;
    }
}
