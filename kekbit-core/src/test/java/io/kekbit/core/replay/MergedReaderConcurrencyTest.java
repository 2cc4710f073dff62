package io.kekbit.core.replay;

import io.kekbit.core.EnvelopeWriter;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.ReaderState;
import io.kekbit.core.ShmReader;
import io.kekbit.core.ShmWriter;
import io.kekbit.core.TickUnit;
import io.kekbit.core.Writer;
import io.kekbit.core.handlers.TimestampHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * Streams that are written by several threads while they are read as one. The clock of all of them gives every time
 * once, so that what is read has to be every number, one after the other.
 */
class MergedReaderConcurrencyTest
{
    private static final int WRITERS = 3;
    private static final int RECORDS = 15_000;

    @TempDir
    private Path root;
    private final AtomicLong clock = new AtomicLong();
    private long expected;

    @Test
    @Timeout(120)
    void shouldMissNothingAndKeepOrderWhenStreamsAreWrittenMeanwhile() throws InterruptedException
    {
        final List<Thread> threads = new ArrayList<>();
        final MergedReaderBuilder builder = MergedReader.builder().slack(Long.MAX_VALUE);
        for (int id = 1; id <= WRITERS; id++)
        {
            final Writer<RawBinDataFormat> writer = EnvelopeWriter.create(
                ShmWriter.builder(root, Streams.header(id, 1 << 20), RawBinDataFormat.INSTANCE),
                new TimestampHandler(TickUnit.NANOS, clock::getAndIncrement));
            writer.handOver();
            threads.add(new Thread(() -> write(writer)));
            builder.add(ShmReader.open(root, id));
        }

        threads.forEach(Thread::start);
        try (MergedReader merged = builder.build())
        {
            while (merged.state() != ReaderState.CLOSED)
            {
                merged.read((source, buffer, offset, length, position, nextPosition) ->
                    assertEquals(expected++, merged.time()), 100);
            }
            assertEquals(WRITERS * RECORDS, expected);
            assertEquals(0, merged.lateRecords());
        }
        finally
        {
            for (final Thread thread : threads)
            {
                thread.join();
            }
        }
    }

    private static void write(final Writer<RawBinDataFormat> writer)
    {
        final UnsafeBuffer content = new UnsafeBuffer(new byte[8]);
        try (writer)
        {
            for (int i = 0; i < RECORDS; i++)
            {
                writer.write(content, 0, content.capacity());
            }
        }
    }
}
