package io.kekbit.aeron.faults;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import org.agrona.collections.MutableLong;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The control of all tests with a rough network: it is rough, and Aeron by itself makes up for it.
 */
class RoughNetworkTest
{
    private static final int MESSAGES = 20_000;
    private static final int LENGTH = 1_000;

    @TempDir
    private Path folder;

    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void shouldLoseAndDoubleAndReorderDatagramsWhenRough() throws IOException, InterruptedException
    {
        final String channel = "aeron:udp?endpoint=localhost:" + Ports.free();
        final String sourceFolder = folder.resolve("source").toString();
        final String targetFolder = folder.resolve("target").toString();
        try (Child source = Child.start(List.of(), DriverMain.class, sourceFolder, "0,0.01,0.01,0.01", 1);
            Child target = Child.start(List.of(), DriverMain.class, targetFolder, "0.01,0.01,0,0", 2))
        {
            source.await(DriverMain.UP);
            target.await(DriverMain.UP);
            exchange(channel, sourceFolder, targetFolder);
            source.tell(DriverMain.STOP);
            target.tell(DriverMain.STOP);
            final String atSource = source.await(DriverMain.DONE);
            final String atTarget = target.await(DriverMain.DONE);

            assertTrue(Roughness.count(atSource, "duplicated") > 0, atSource);
            assertTrue(Roughness.count(atSource, "reordered") > 0, atSource);
            assertTrue(Roughness.count(atTarget, "lost") > 0, atTarget);
            assertEquals(0, source.awaitEnd());
            assertEquals(0, target.awaitEnd());
        }
    }

    private static void exchange(final String channel, final String sourceFolder, final String targetFolder)
    {
        try (Aeron source = Aeron.connect(new Aeron.Context().aeronDirectoryName(sourceFolder));
            Aeron target = Aeron.connect(new Aeron.Context().aeronDirectoryName(targetFolder));
            Subscription subscription = target.addSubscription(channel, 1);
            ExclusivePublication publication = source.addExclusivePublication(channel, 1))
        {
            final UnsafeBuffer message = new UnsafeBuffer(new byte[LENGTH]);
            final MutableLong received = new MutableLong();
            int sent = 0;
            while (received.get() < MESSAGES)
            {
                assertFalse(Thread.interrupted(), "received=" + received);
                message.putLong(0, sent);
                if (sent < MESSAGES && publication.offer(message) > 0)
                {
                    sent++;
                }
                subscription.poll(
                    (buffer, offset, length, header) ->
                    {
                        assertEquals(received.get(), buffer.getLong(offset));
                        received.increment();
                    },
                    16);
            }
        }
    }
}
