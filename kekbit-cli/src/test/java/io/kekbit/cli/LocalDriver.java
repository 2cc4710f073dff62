package io.kekbit.cli;

import io.aeron.Aeron;
import io.aeron.Publication;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A media driver and a client that know nothing of kekbit.
 */
final class LocalDriver implements AutoCloseable
{
    static final int STREAM = 10;

    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(60);

    private final MediaDriver driver;
    private final Aeron aeron;

    LocalDriver(final Path folder)
    {
        driver = MediaDriver.launch(new MediaDriver.Context()
            .aeronDirectoryName(folder.resolve("aeron").toString())
            .threadingMode(ThreadingMode.SHARED)
            .publicationLingerTimeoutNs(TimeUnit.MILLISECONDS.toNanos(200))
            // So that it soon tells that a stream has ended.
            .statusMessageTimeoutNs(TimeUnit.MILLISECONDS.toNanos(20))
            .timerIntervalNs(TimeUnit.MILLISECONDS.toNanos(20)));
        aeron = Aeron.connect(new Aeron.Context()
            .aeronDirectoryName(driver.aeronDirectoryName())
            .idleSleepDurationNs(TimeUnit.MILLISECONDS.toNanos(1)));
    }

    Aeron aeron()
    {
        return aeron;
    }

    /**
     * The option that lets a command use this driver.
     */
    String option()
    {
        return "--aeron-dir=" + driver.aeronDirectoryName();
    }

    /**
     * Publish when there is a subscriber that takes it.
     */
    static void publish(final Publication publication, final DirectBuffer buffer, final int offset, final int length)
    {
        await("publishing to " + publication.channel(), () -> publication.offer(buffer, offset, length) > 0);
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
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(100));
        }
    }

    @Override
    public void close()
    {
        CloseHelper.closeAll(aeron, driver);
    }
}
