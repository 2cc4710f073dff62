package io.kekbit.core;

import io.kekbit.core.series.SeriesReader;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A process that reads numbered records from a series all along, whatever becomes of its writers, until it has read
 * what it is told to be the last one; then it prints what it found.
 */
final class SeriesEndlessReader
{
    /**
     * The number of the last record, once it is known.
     */
    static final int LAST = 3;

    /**
     * The number of the last record that this process has read.
     */
    static final int READ_ALL_ALONG = 4;

    private SeriesEndlessReader()
    {
    }

    /**
     * @param args root, file of the witness.
     */
    public static void main(final String[] args)
    {
        ChildJvm.endWithParent();
        final SharedWords witness = SharedWords.open(Path.of(args[1]));
        final IdleStrategy idle = new BackoffIdleStrategy();
        long checked = 0;
        long next = 1;
        long wrong = 0;
        try (SeriesReader reader = SeriesReader
            .builder(Path.of(args[0]), SeriesEndlessWriter.NAME)
            .tryOpen(TimeUnit.MINUTES.toNanos(1), idle))
        {
            while (witness.get(LAST) == 0 || next <= witness.get(LAST))
            {
                if (!reader.next())
                {
                    idle.idle();
                    continue;
                }
                idle.reset();
                final boolean isRight = reader.sequence() == next && NumberedRecords.isRight(
                    next, reader.buffer(), reader.offset(), reader.length(), SeriesEndlessWriter.MAX_LENGTH);
                wrong += isRight ? 0 : 1;
                witness.set(READ_ALL_ALONG, next);
                next = reader.sequence() + 1;
                checked++;
            }
            while (reader.state() != ReaderState.CLOSED)
            {
                idle.idle();
            }
        }
        System.out.println("last=" + (next - 1) + " checked=" + checked + " wrong=" + wrong);
    }
}
