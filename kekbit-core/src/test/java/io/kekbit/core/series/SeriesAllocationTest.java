package io.kekbit.core.series;

import com.sun.management.ThreadMXBean;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.RecordHandler;
import io.kekbit.core.handlers.SequenceHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * That the hot paths of a series allocate nothing, by the JVM's own count for the thread.
 */
class SeriesAllocationTest
{
    private static final int ROUNDS = 5;
    private static final int OPERATIONS = 50_000;

    private final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
    private final UnsafeBuffer source = new UnsafeBuffer(new byte[16]);
    private final RecordHandler summing =
        (buffer, offset, length, position, nextPosition) -> sum(buffer.getLong(offset) + length + position);
    private long sum;

    @TempDir
    private Path root;

    @Test
    void shouldAllocateNothingWhenWrittenAndRead()
    {
        try (SeriesWriter<RawBinDataFormat> writer = SeriesWriter
            .builder(root, "plain", RawBinDataFormat.INSTANCE).capacity(64L << 20).maxMessageLength(64).open();
            SeriesReader reader = SeriesReader.open(root, "plain"))
        {
            assertEquals(0, leastAllocated(() -> sum(writer.write(source, 0, 16))));
            assertEquals(0, leastAllocated(() ->
            {
                writer.claim(16);
                sum(writer.commit(16));
            }));
            assertEquals(0, leastAllocated(() -> sum(reader.read(summing, 1))));
            assertEquals(0, leastAllocated(() -> sum(reader.next() ? reader.length() : -1)));
            assertEquals(0, SeriesPosition.ordinal(writer.writeOffset()));
        }
    }

    @Test
    void shouldAllocateNothingWhenThereIsEnvelopeAndNothingToRead()
    {
        try (SeriesWriter<RawBinDataFormat> writer = SeriesWriter
            .builder(root, "enveloped", RawBinDataFormat.INSTANCE)
            .handlers(new SequenceHandler()).capacity(64L << 20).maxMessageLength(64).open();
            SeriesReader reader = SeriesReader.open(root, "enveloped"))
        {
            assertEquals(0, leastAllocated(() -> sum(writer.write(source, 0, 16))));
            // The next channel is made ready and waited for: what is looked at every millisecond allocates nothing.
            assertTrue(writer.agent().doWork() > 0);
            reader.moveToEnd();
            assertEquals(0, leastAllocated(() -> sum(reader.read(summing, 10))));
            assertEquals(0, leastAllocated(() -> sum(reader.next() ? 1 : 0)));
        }
    }

    private void sum(final long value)
    {
        sum += value;
    }

    /**
     * What the JVM itself allocates now and then, when it compiles, is not in every round.
     */
    private long leastAllocated(final Runnable operation)
    {
        final long thread = Thread.currentThread().getId();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++)
        {
            final long before = threads.getThreadAllocatedBytes(thread);
            for (int i = 0; i < OPERATIONS; i++)
            {
                operation.run();
            }
            least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
        }

        return least;
    }
}
