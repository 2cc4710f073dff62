package io.kekbit.aeron.feed;

import io.aeron.Aeron;
import io.aeron.Publication;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.kekbit.aeron.faults.Ports;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A media driver in this process with a client, and messages to send through it.
 */
final class Loopback implements AutoCloseable
{
    static final String IPC = "aeron:ipc?term-length=128k";
    static final String UDP = "aeron:udp?endpoint=localhost:" + Ports.free() + "|term-length=128k";
    static final int STREAM = 1001;

    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(60);

    private final MediaDriver driver;
    private final Aeron aeron;

    static List<String> channels()
    {
        return List.of(IPC, UDP);
    }

    Loopback(final Path folder)
    {
        driver = MediaDriver.launch(new MediaDriver.Context()
            .aeronDirectoryName(folder.resolve("aeron").toString())
            .threadingMode(ThreadingMode.SHARED)
            .dirDeleteOnStart(true)
            .publicationLingerTimeoutNs(TimeUnit.SECONDS.toNanos(20))
            // So that it soon tells that a stream has ended.
            .statusMessageTimeoutNs(TimeUnit.MILLISECONDS.toNanos(20))
            .timerIntervalNs(TimeUnit.MILLISECONDS.toNanos(20)));
        aeron = client();
    }

    Aeron aeron()
    {
        return aeron;
    }

    /**
     * One more client.
     */
    Aeron client()
    {
        return Aeron.connect(new Aeron.Context()
            .aeronDirectoryName(driver.aeronDirectoryName())
            .idleSleepDurationNs(TimeUnit.MILLISECONDS.toNanos(1))
            .errorHandler((ex) ->
            {
                // The agents tell what is wrong.
            }));
    }

    /**
     * Wait until something is so, and fail where that takes far too long.
     */
    static void await(final String what, final BooleanSupplier condition)
    {
        final long startNs = System.nanoTime();
        while (!condition.getAsBoolean())
        {
            assertTrue(System.nanoTime() - startNs < DEADLINE_NS, what);
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(10));
        }
    }

    /**
     * Publish a message as any program does; whoever has to make room for it does that meanwhile.
     */
    static void publish(final Publication publication, final DirectBuffer message, final Runnable meanwhile)
    {
        await("publishing to " + publication, () ->
        {
            meanwhile.run();
            return publication.offer(message, 0, message.capacity()) > 0;
        });
    }

    /**
     * A message whose bytes its number and length tell.
     */
    static UnsafeBuffer message(final int number, final int length)
    {
        final byte[] bytes = new byte[length];
        new Random(number).nextBytes(bytes);

        return new UnsafeBuffer(bytes);
    }

    /**
     * The bytes of a message as they can be compared.
     */
    static UnsafeBuffer copy(final DirectBuffer buffer, final int offset, final int length)
    {
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);

        return new UnsafeBuffer(bytes);
    }

    @Override
    public void close()
    {
        CloseHelper.closeAll(aeron, driver);
    }
}
