package io.kekbit.core;

import io.kekbit.core.handlers.ChecksumHandler;
import io.kekbit.core.handlers.SequenceHandler;
import io.kekbit.core.series.SeriesWriter;
import io.kekbit.core.series.SeriesWriterBuilder;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.YieldingIdleStrategy;

import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * A process that writes numbered records to a series of short channels as fast as it can, until it is killed. It tells
 * a witness outside the series what it is about to publish, and what it has published.
 */
final class SeriesEndlessWriter
{
    static final String NAME = "endless";
    static final int MAX_LENGTH = 100;
    static final int CAPACITY = 20 * 1024;

    /**
     * How many records may be written that no reader has read yet, so that the disk holds them.
     */
    static final int MAX_AHEAD = 200_000;

    private static final int RECORDS_BETWEEN_RESTS = 32;
    private static final long REST_NS = 500_000;

    /**
     * Behind the words that {@link EndlessWriter} uses: the number of the last record that everybody has read.
     */
    static final int READ = 2;

    private SeriesEndlessWriter()
    {
    }

    /**
     * @param args root, file of the witness, seed.
     */
    public static void main(final String[] args)
    {
        ChildJvm.endWithParent();
        System.out.println("up");
        final SharedWords witness = SharedWords.open(Path.of(args[1]));
        final SplittableRandom random = new SplittableRandom(Long.parseLong(args[2]));
        final boolean isAgentRun = random.nextInt(4) > 0;
        boolean isFirst = true;
        while (true)
        {
            final SequenceHandler sequence = new SequenceHandler();
            try (SeriesWriter<RawBinDataFormat> writer = builder(Path.of(args[0]), sequence).open())
            {
                if (isFirst)
                {
                    System.out.println("open " + sequence.last());
                    isFirst = false;
                }
                if (isAgentRun)
                {
                    AgentRunner.startOnThread(new AgentRunner(
                        new YieldingIdleStrategy(), SeriesEndlessWriter::fail, null, writer.agent()));
                }
                // Now and then it closes the series in good order, and opens it again.
                final boolean isUnhurried = isAgentRun && random.nextBoolean();
                write(writer, sequence, witness, random, 1 + random.nextInt(50_000), isUnhurried);
            }
        }
    }

    static SeriesWriterBuilder<RawBinDataFormat> builder(final Path root, final SequenceHandler sequence)
    {
        return SeriesWriter.builder(root, NAME, RawBinDataFormat.INSTANCE)
            .capacity(CAPACITY)
            .maxMessageLength(MAX_LENGTH + 24)
            .handlers(sequence, new ChecksumHandler());
    }

    private static void write(
        final SeriesWriter<RawBinDataFormat> writer,
        final SequenceHandler sequence,
        final SharedWords witness,
        final SplittableRandom random,
        final int count,
        final boolean isUnhurried)
    {
        for (int i = 0; i < count; i++)
        {
            final long number = sequence.last() + 1;
            while (number - witness.get(READ) > MAX_AHEAD)
            {
                LockSupport.parkNanos(1000);
            }
            witness.set(EndlessWriter.ATTEMPTED, number);
            if (NumberedRecords.tryWrite(writer, number, MAX_LENGTH) < 0)
            {
                throw new AssertionError("refused: " + number);
            }
            witness.set(EndlessWriter.PUBLISHED, number);

            if (isUnhurried && number % RECORDS_BETWEEN_RESTS == 0)
            {
                // So slow that the agent is ahead of it.
                LockSupport.parkNanos(REST_NS);
            }
            final int chance = random.nextInt(20_000);
            if (chance == 0)
            {
                writer.flush();
            }
            else if (chance < 200)
            {
                writer.heartbeat();
            }
        }
    }

    private static void fail(final Throwable failure)
    {
        failure.printStackTrace();
        Runtime.getRuntime().halt(1);
    }
}
