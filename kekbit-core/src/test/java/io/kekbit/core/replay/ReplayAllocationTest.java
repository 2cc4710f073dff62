package io.kekbit.core.replay;

import com.sun.management.ThreadMXBean;
import io.kekbit.core.EnvelopeWriter;
import io.kekbit.core.Header;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.Reader;
import io.kekbit.core.RecordHandler;
import io.kekbit.core.ShmReader;
import io.kekbit.core.ShmWriter;
import io.kekbit.core.TickUnit;
import io.kekbit.core.Writer;
import io.kekbit.core.handlers.TimestampHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * That nothing is allocated for a record, by the JVM's own count for the thread.
 */
class ReplayAllocationTest
{
    private static final int ROUNDS = 10;
    private static final int RECORDS = 100_000;

    @TempDir
    private Path root;
    private final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
    private final RecordHandler summing = (buffer, offset, length, position, nextPosition) ->
        sum(buffer.getLong(offset) + position);
    private final MergedRecordHandler mergedSumming = (source, buffer, offset, length, position, nextPosition) ->
        sum(buffer.getLong(offset) + position + source);
    private long sum;
    private long nowNs;

    @Test
    void shouldAllocateNothingWhenReplayedAtPace()
    {
        write(1);
        try (ShmReader reader = ShmReader.open(root, 1))
        {
            final Replayer replayer = Replayer.builder(reader).speed(3).nanoClock(() -> nowNs++).into(summing);

            assertEquals(0, leastAllocated(() -> replayUntil(replayer, replayer.records() + RECORDS)));
            assertTrue(sum != 0);
        }
    }

    @Test
    void shouldAllocateNothingWhenReplayedIntoWriterByTimeInContent()
    {
        write(1);
        try (ShmReader reader = ShmReader.open(root, 1); Writer<RawBinDataFormat> writer = writer(2))
        {
            final Replayer replayer = Replayer.builder(reader)
                .byField((buffer, offset, length) -> buffer.getLong(offset), TickUnit.NANOS)
                .fullSpeed()
                .into(writer);

            assertEquals(0, leastAllocated(() -> replayUntil(replayer, replayer.records() + RECORDS)));
        }
    }

    @Test
    void shouldAllocateNothingWhenReplayedByIndex()
    {
        write(1);
        try (ShmReader reader = ShmReader.open(root, 1))
        {
            final Replayer replayer = Replayer.builder(reader).byIndex().fullSpeed().into(summing);

            assertEquals(0, leastAllocated(() -> replayUntil(replayer, replayer.records() + RECORDS)));
        }
    }

    @Test
    void shouldAllocateNothingWhenMerged()
    {
        final Reader[] readers = new Reader[4];
        for (int i = 0; i < readers.length; i++)
        {
            write(i + 1);
            readers[i] = ShmReader.open(root, i + 1);
        }
        try (MergedReader merged = MergedReader.byTime(readers))
        {
            assertEquals(0, leastAllocated(() -> merged.read(mergedSumming, RECORDS)));
            assertTrue(sum != 0);
        }
    }

    private static void replayUntil(final Replayer replayer, final long records)
    {
        while (replayer.records() < records)
        {
            replayer.doWork();
        }
    }

    private void write(final long channelId)
    {
        try (Writer<RawBinDataFormat> writer = writer(channelId))
        {
            final UnsafeBuffer content = new UnsafeBuffer(new byte[8]);
            for (int i = 0; i < (ROUNDS + 1) * RECORDS; i++)
            {
                content.putLong(0, i);
                writer.write(content, 0, 8);
            }
        }
    }

    private Writer<RawBinDataFormat> writer(final long channelId)
    {
        final Header header = Header.builder()
            .channelId(channelId).capacity((ROUNDS + 2) * RECORDS * 24).maxMessageLength(64).build();
        final long[] now = {0};

        return EnvelopeWriter.create(
            ShmWriter.builder(root, header, RawBinDataFormat.INSTANCE),
            new TimestampHandler(TickUnit.NANOS, () -> now[0]++));
    }

    private void sum(final long value)
    {
        sum += value;
    }

    private long leastAllocated(final Runnable operation)
    {
        final long id = Thread.currentThread().getId();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++)
        {
            final long before = threads.getThreadAllocatedBytes(id);
            operation.run();
            least = Math.min(least, threads.getThreadAllocatedBytes(id) - before);
        }

        return least;
    }
}
