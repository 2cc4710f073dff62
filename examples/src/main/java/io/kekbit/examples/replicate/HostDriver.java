package io.kekbit.examples.replicate;

import io.aeron.Aeron;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.kekbit.examples.support.Interruption;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A host's media driver, which sends and receives datagrams for all on that host. Here it runs in the process of the
 * one that needs it.
 */
final class HostDriver implements AutoCloseable
{
    private static final int MAX_SPINS = 10;
    private static final int MAX_YIELDS = 20;
    private static final long MIN_PARK_NS = TimeUnit.MICROSECONDS.toNanos(1);
    private static final long MAX_PARK_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final MediaDriver driver;

    /**
     * Start it, with one thread for all that it does.
     *
     * @param folder for its files: one that was left behind by a driver that was killed is made anew.
     */
    HostDriver(final Path folder)
    {
        driver = MediaDriver.launch(new MediaDriver.Context()
            .aeronDirectoryName(folder.toString())
            .dirDeleteOnStart(true)
            .dirDeleteOnShutdown(true)
            .threadingMode(ThreadingMode.SHARED));
    }

    /**
     * How to connect to it.
     */
    Aeron.Context client()
    {
        return new Aeron.Context().aeronDirectoryName(driver.aeronDirectoryName());
    }

    /**
     * Run an agent on this thread until it is done, or the user wants this process to end.
     *
     * @param agent        that is given its turn again and again.
     * @param isDone       whether it is.
     * @param interruption by the user.
     * @throws Exception where the agent ends that way.
     */
    static void run(final Agent agent, final BooleanSupplier isDone, final Interruption interruption) throws Exception
    {
        final IdleStrategy idleStrategy =
            new BackoffIdleStrategy(MAX_SPINS, MAX_YIELDS, MIN_PARK_NS, MAX_PARK_NS);
        while (!isDone.getAsBoolean() && !interruption.isPending())
        {
            idleStrategy.idle(agent.doWork());
        }
    }

    @Override
    public void close()
    {
        driver.close();
    }
}
