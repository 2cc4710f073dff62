package io.kekbit.core;

import com.sun.management.ThreadMXBean;
import io.kekbit.core.handlers.ChecksumHandler;
import io.kekbit.core.handlers.SequenceHandler;
import io.kekbit.core.handlers.TimestampHandler;
import io.kekbit.core.positions.NamedReader;
import org.agrona.concurrent.ControlledMessageHandler.Action;
import org.agrona.concurrent.NoOpIdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * That the hot paths allocate nothing, by the JVM's own count for the thread.
 */
class AllocationTest
{
    private static final int ROUNDS = 5;
    private static final int OPERATIONS = 100_000;
    private static final int CAPACITY = 128 * 1024 * 1024;

    private final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
    private final UnsafeBuffer source = new UnsafeBuffer(new byte[64]);
    private final Encodable<DataFormat> encodable = (format, slot, offset, maxLength) ->
    {
        slot.putLong(offset, maxLength);

        return 64;
    };
    private final RecordHandler summing = (buffer, offset, length, position, nextPosition) ->
        sum(buffer.getLong(offset) + length + position);

    private final ControlledRecordHandler continuing = (buffer, offset, length, position, nextPosition) ->
    {
        sum(buffer.getLong(offset) + length + position);

        return Action.CONTINUE;
    };

    @TempDir
    private Path root;
    private ShmWriter<RawBinDataFormat> writer;
    private ShmReader reader;
    private long sum;
    private Object escaped;

    @BeforeEach
    void open()
    {
        final Header header =
            Header.builder().channelId(1).capacity(CAPACITY).maxMessageLength(1024).build();
        writer = ShmWriter.create(root, header, RawBinDataFormat.INSTANCE);
        reader = ShmReader.open(root, 1);
    }

    @AfterEach
    void close()
    {
        reader.close();
        writer.close();
    }

    @Test
    void shouldAllocateNothingWhenWritingBuffers()
    {
        assertEquals(0, leastAllocated(() -> writer.write(source, 0, 64)));
    }

    @Test
    void shouldAllocateNothingWhenWritingEncodables()
    {
        assertEquals(0, leastAllocated(() -> writer.write(encodable)));
    }

    @Test
    void shouldAllocateNothingWhenClaiming()
    {
        assertEquals(0, leastAllocated(() ->
        {
            if (writer.tryClaim(64) > 0)
            {
                writer.slot().putLong(0, sum);
                writer.commit(64);
            }
        }));
    }

    @Test
    void shouldAllocateNothingWhenAborting()
    {
        assertEquals(0, leastAllocated(() ->
        {
            writer.claim(64);
            writer.abort();
        }));
    }

    @Test
    void shouldAllocateNothingWhenEnvelopesAreWrittenAndSeenThrough(@TempDir final Path otherRoot)
    {
        try (EnvelopeWriter<RawBinDataFormat> enveloping = EnvelopeWriter.create(
            ShmWriter.builder(otherRoot, writer.header(), RawBinDataFormat.INSTANCE),
            new TimestampHandler(TickUnit.NANOS), new SequenceHandler(), new ChecksumHandler());
            ShmReader seeing = ShmReader.open(otherRoot, 1))
        {
            assertEquals(0, leastAllocated(() ->
            {
                enveloping.write(source, 0, 64);
                enveloping.write(encodable);
                seeing.read(summing, 1);
                seeing.next();
                sum(seeing.sequence());
            }));
        }
        assertTrue(sum != 0);
    }

    @Test
    void shouldAllocateNothingWhenHandleOfSharedWriterIsUsed()
    {
        // Closed with the writer.
        final Writer<RawBinDataFormat> handle =
            new ConcurrentWriter<>(writer).handle(NoOpIdleStrategy.INSTANCE, 1);

        assertEquals(0, leastAllocated(() -> handle.tryWrite(source, 0, 64)));
    }

    @Test
    void shouldAllocateNothingWhenReadingControlled()
    {
        fill();

        assertEquals(0, leastAllocated(() -> reader.controlledRead(continuing, 1)));
        assertTrue(sum != 0);
    }

    @Test
    void shouldAllocateNothingWhenSendingHeartbeats()
    {
        assertEquals(0, leastAllocated(() -> writer.heartbeat()));
    }

    @Test
    void shouldAllocateNothingWhenReading()
    {
        fill();

        assertEquals(0, leastAllocated(() -> reader.read(summing, 1)));
        assertTrue(sum != 0);
    }

    @Test
    void shouldAllocateNothingWhenReadingByName(@TempDir final Path positions)
    {
        fill();
        try (NamedReader named = NamedReader.open(positions, "thrifty", ShmReader.open(root, 1)))
        {
            assertEquals(0, leastAllocated(() -> named.read(summing, 1)));
            named.moveTo(0);
            assertEquals(0, leastAllocated(() -> named.controlledRead(continuing, 1)));
            assertEquals(0, leastAllocated(named::store));
            named.moveTo(0);
            assertEquals(0, leastAllocated(() ->
            {
                if (named.next())
                {
                    sum(named.buffer().getLong(named.offset()));
                }
            }));
        }
        assertTrue(sum != 0);
    }

    @Test
    void shouldAllocateNothingWhenGoingToNext()
    {
        fill();

        assertEquals(0, leastAllocated(() ->
        {
            if (reader.next())
            {
                sum(reader.buffer().getLong(reader.offset()) + reader.length() + reader.position());
            }
        }));
        assertTrue(sum != 0);
    }

    @Test
    void shouldAllocateNothingWhenBlocksAreReadAndAppended(@TempDir final Path otherRoot)
    {
        fill();
        try (BlockReader blocks = BlockReader.open(writer.file());
            ChannelCopy copy = ChannelCopy.open(otherRoot, blocks.blueprint()))
        {
            final BlockHandler appending = (buffer, offset, length, position, timeTicks) ->
                sum % 3 > 0 && copy.append(position, buffer, offset, length, timeTicks) > 0;

            assertEquals(0, leastAllocated(() ->
            {
                sum(1);
                blocks.poll(appending, 80);
                sum(blocks.state().ordinal());
            }));
            assertTrue(copy.recordCount() > OPERATIONS);
        }
    }

    @Test
    void shouldAllocateNothingWhenAskingState()
    {
        assertEquals(0, leastAllocated(() -> sum(reader.state().ordinal())));
    }

    @Test
    void shouldAllocateNothingWhenPagesAreTouched()
    {
        final PrefaultAgent working = writer.prefaultAgent(64 * 1024, 1);
        final PrefaultAgent idle = reader.prefaultAgent(64 * 1024, Long.MAX_VALUE);
        idle.doWork();

        assertEquals(0, leastAllocated(() -> sum(working.doWork())));
        assertTrue(sum > OPERATIONS);
        assertEquals(0, leastAllocated(idle::doWork));
    }

    @Test
    void shouldCountWhatIsAllocatedSoThatTheOtherTestsMean()
    {
        assertEquals(16L * OPERATIONS, leastAllocated(() -> escaped = new Object()));
        assertTrue(escaped != null);
    }

    private void fill()
    {
        for (int i = 0; i < ROUNDS * OPERATIONS; i++)
        {
            writer.write(source, 0, 64);
        }
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
            for (int i = 0; i < OPERATIONS; i++)
            {
                operation.run();
            }
            least = Math.min(least, threads.getThreadAllocatedBytes(id) - before);
        }

        return least;
    }
}
