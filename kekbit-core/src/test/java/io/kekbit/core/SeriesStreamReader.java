package io.kekbit.core;

import io.kekbit.core.series.SeriesReader;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A process that checks every record of a series, from the last one on that it or its predecessor noted in the witness,
 * until the series is closed; then it prints what it found.
 */
final class SeriesStreamReader
{
    private static final int BATCH = 1000;

    private SeriesStreamReader()
    {
    }

    /**
     * @param args root, name, file of the witness, index of the word in it that is noted in, greatest length of a
     *             record, microseconds to rest after every 1000 records.
     */
    public static void main(final String[] args)
    {
        ChildJvm.endWithParent();
        final SharedWords witness = SharedWords.open(Path.of(args[2]));
        final int word = Integer.parseInt(args[3]);
        final int maxLength = Integer.parseInt(args[4]);
        final long restNs = TimeUnit.MICROSECONDS.toNanos(Long.parseLong(args[5]));
        final IdleStrategy idle = new BackoffIdleStrategy();
        long last = witness.get(word);
        long wrong = 0;
        int batch = 0;
        try (SeriesReader reader = SeriesReader
            .builder(Path.of(args[0]), args[1])
            .tryOpen(TimeUnit.MINUTES.toNanos(1), idle))
        {
            while (!reader.seekToRecord(last) && reader.state() != ReaderState.CLOSED)
            {
                idle.idle();
            }
            System.out.println("reading");
            while (true)
            {
                if (!reader.next())
                {
                    // All there was is read before it is known that nothing follows.
                    if (reader.state() == ReaderState.CLOSED && !reader.next())
                    {
                        break;
                    }
                    idle.idle();
                    continue;
                }
                final boolean isRight = reader.sequence() == last + 1 && NumberedRecords.isRight(
                    last + 1, reader.buffer(), reader.offset(), reader.length(), maxLength);
                wrong += isRight ? 0 : 1;
                last = reader.sequence();
                witness.set(word, last);
                if (++batch == BATCH)
                {
                    batch = 0;
                    if (restNs > 0)
                    {
                        LockSupport.parkNanos(restNs);
                    }
                }
            }
        }
        System.out.println("last=" + last + " wrong=" + wrong);
    }
}
