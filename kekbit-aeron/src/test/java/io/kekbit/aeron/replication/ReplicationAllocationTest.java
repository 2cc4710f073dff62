package io.kekbit.aeron.replication;

import com.sun.management.ThreadMXBean;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.ShmWriter;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * That blocks are sent and appended without allocation, by the JVM's own count for the thread.
 */
class ReplicationAllocationTest
{
    private static final long ID = 3;
    private static final int ROUNDS = 5;
    private static final int RECORDS = 50_000;

    @TempDir
    private Path from;
    @TempDir
    private Path to;
    private final Hosts hosts = new Hosts();

    @AfterEach
    void closeHosts()
    {
        hosts.close();
    }

    @Test
    void shouldAllocateNothingWhenBlocksAreCopied()
    {
        final ReplicationSource source = hosts.closing(hosts.source(from, hosts.driver()).build());
        final ReplicationTarget target = hosts.closing(hosts.target(to, hosts.driver()).channel(ID).build());

        assertEquals(0, leastAllocated(source, target, () -> true));
    }

    @Test
    void shouldAllocateNothingWhenBlocksComeByLiveStream()
    {
        final ReplicationSource source = hosts.closing(hosts.source(from, hosts.driver())
            .liveChannel(hosts.liveChannel()).liveChannelId(ID).build());
        final ReplicationTarget target = hosts.closing(hosts.target(to, hosts.driver())
            .channel(ID).liveChannel(hosts.liveEndpoint()).liveTimeout(Duration.ofSeconds(50)).build());

        assertEquals(0, leastAllocated(source, target, target::isLive));
        assertTrue(target.isLive());
        assertEquals(0, target.liveFallBacks());
    }

    /**
     * What the thread allocated in the round in which it did the least, from when something is so.
     */
    private long leastAllocated(
        final ReplicationSource source, final ReplicationTarget target, final BooleanSupplier isReady)
    {
        final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
        final UnsafeBuffer record = new UnsafeBuffer(new byte[2_000]);
        long least = Long.MAX_VALUE;
        try (ShmWriter<RawBinDataFormat> writer =
            ShmWriter.create(from, Hosts.header(ID, 64 << 20, 2_000), RawBinDataFormat.INSTANCE))
        {
            Hosts.runUntil(
                () ->
                {
                    final boolean isCopied = target.position() == writer.writeOffset();
                    if (isCopied && !isReady.getAsBoolean())
                    {
                        writer.write(record, 0, 100);
                    }

                    return isCopied && isReady.getAsBoolean();
                },
                source, target);
            for (int round = 0; round < ROUNDS && least > 0; round++)
            {
                final long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < RECORDS; i++)
                {
                    writer.write(record, 0, i % 100 == 0 ? 2_000 : 100);
                    source.doWork();
                    target.doWork();
                }
                while (target.position() < writer.writeOffset())
                {
                    source.doWork();
                    target.doWork();
                }
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            }
        }

        return least;
    }
}
