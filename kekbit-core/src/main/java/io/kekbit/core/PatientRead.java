package io.kekbit.core;

import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NanoClock;

/**
 * Reading that waits for the first record.
 */
final class PatientRead
{
    private PatientRead()
    {
    }

    /**
     * Read until there is a record, none can follow, or the time is up.
     *
     * @see Reader#read(RecordHandler, int, long, IdleStrategy)
     */
    static int read(
        final ShmReader reader,
        final RecordHandler handler,
        final int limit,
        final NanoClock clock,
        final long timeoutNs,
        final IdleStrategy idleStrategy)
    {
        final long startNs = clock.nanoTime();
        idleStrategy.reset();
        while (true)
        {
            final int records = reader.read(handler, limit);
            if (records > 0 || !reader.isWorthWaiting() || clock.nanoTime() - startNs >= timeoutNs)
            {
                return records;
            }
            idleStrategy.idle();
        }
    }
}
