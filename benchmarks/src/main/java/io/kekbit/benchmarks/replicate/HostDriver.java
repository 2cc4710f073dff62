package io.kekbit.benchmarks.replicate;

import io.aeron.Aeron;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import org.agrona.CloseHelper;
import org.agrona.concurrent.AgentInvoker;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A host's media driver and client, the same for both subjects: buffers of 16 MiB whose pages are there from the start,
 * everything else as Aeron has it unless told otherwise.
 */
final class HostDriver implements AutoCloseable
{
    private static final int TERM_LENGTH = 16 * 1024 * 1024;
    private static final long TIMEOUT_MS = 60_000;

    private final MediaDriver driver;
    private final AgentInvoker driverInvoker;
    private final AgentInvoker clientInvoker;
    private final Aeron aeron;

    /**
     * Start them.
     *
     * @param folder  for the driver's files.
     * @param threads whether the driver and the client's conductor have threads of their own.
     */
    HostDriver(final Path folder, final Threads threads)
    {
        final boolean isInvoked = threads == Threads.ONE;
        driver = MediaDriver.launch(new MediaDriver.Context()
            .aeronDirectoryName(folder.toString())
            .dirDeleteOnStart(true)
            .threadingMode(isInvoked ? ThreadingMode.INVOKER : ThreadingMode.SHARED)
            .termBufferSparseFile(false)
            .publicationTermBufferLength(TERM_LENGTH)
            .clientLivenessTimeoutNs(TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MS))
            .publicationUnblockTimeoutNs(TimeUnit.MILLISECONDS.toNanos(2 * TIMEOUT_MS))
            .driverTimeoutMs(TIMEOUT_MS));
        driverInvoker = driver.sharedAgentInvoker();
        aeron = Aeron.connect(new Aeron.Context()
            .aeronDirectoryName(folder.toString())
            .driverTimeoutMs(TIMEOUT_MS)
            .preTouchMappedMemory(true)
            .useConductorAgentInvoker(isInvoked)
            .driverAgentInvoker(driverInvoker));
        clientInvoker = aeron.conductorAgentInvoker();
    }

    Aeron aeron()
    {
        return aeron;
    }

    /**
     * The part of the driver and of the client that no thread of their own does.
     */
    int doWork()
    {
        return driverInvoker == null ? 0 : driverInvoker.invoke() + clientInvoker.invoke();
    }

    @Override
    public void close()
    {
        CloseHelper.closeAll(aeron, driver);
    }
}
