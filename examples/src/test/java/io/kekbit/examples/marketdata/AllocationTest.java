package io.kekbit.examples.marketdata;

import com.sun.management.ThreadMXBean;
import io.kekbit.core.Header;
import io.kekbit.core.ShmReader;
import io.kekbit.core.ShmWriter;
import io.kekbit.sbe.SbeDataFormat;
import io.kekbit.sbe.SbeDispatcher;
import io.kekbit.sbe.SbeWriter;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertTrue;

class AllocationTest
{
    private static final int ROUNDS = 100;
    private static final int REPEATS_PER_ROUND = 500;

    @TempDir
    private Path folder;

    @Test
    void shouldNotAllocateWhenCompiledCodePublishesAndHandlesMessages() throws IOException
    {
        final Recording recording = MarketDataInput.binance(Sample.write(folder)).recording();
        final Header header = Header.builder()
            .channelId(1)
            .capacity(recording.size().capacity(ROUNDS * REPEATS_PER_ROUND))
            .maxMessageLength(recording.size().maxMessageLength())
            .build();
        final SbeDispatcher<MessageHandlers> dispatcher =
            new MessageHandlers(SystemEpochNanoClock.INSTANCE).dispatcher(MarketDataFormat.INSTANCE);

        try (ShmWriter<SbeDataFormat> writer = ShmWriter.create(folder, header, MarketDataFormat.INSTANCE);
            ShmReader reader = ShmReader.open(folder, 1, MarketDataFormat.INSTANCE))
        {
            final Recording.Cursor cursor = recording.cursor();
            final MessagePublisher publisher =
                new MessagePublisher(new SbeWriter(writer), cursor, SystemEpochNanoClock.INSTANCE);
            recording.instruments().forEach(publisher::publishDefinition);

            // The compiler runs beside; what it has not compiled yet allocates the clock's answers.
            final long messages = recording.messages() * REPEATS_PER_ROUND;
            long leastBytes = Long.MAX_VALUE;
            for (int i = 0; i < ROUNDS && leastBytes >= messages; i++)
            {
                final long before = allocatedBytes();
                publishAndHandle(publisher, cursor, reader, dispatcher);
                leastBytes = Math.min(leastBytes, allocatedBytes() - before);
            }

            assertTrue(leastBytes < messages, "bytes=" + leastBytes + " messages=" + messages);
        }
    }

    private static void publishAndHandle(
        final MessagePublisher publisher,
        final Recording.Cursor cursor,
        final ShmReader reader,
        final SbeDispatcher<MessageHandlers> dispatcher)
    {
        for (int i = 0; i < REPEATS_PER_ROUND; i++)
        {
            while (cursor.next())
            {
                publisher.publish();
                reader.read(dispatcher, Integer.MAX_VALUE);
            }
        }
    }

    private static long allocatedBytes()
    {
        return ((ThreadMXBean)ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
