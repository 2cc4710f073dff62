package io.kekbit.aeron.faults;

import io.aeron.Aeron;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * What the processes of both hosts have in common.
 */
final class Hosts
{
    static final String UP = "up";

    private static final long DRIVER_TIMEOUT_MS = 2_000;

    private Hosts()
    {
    }

    /**
     * A client that notices within seconds that its driver was killed.
     */
    static Aeron.Context aeron(final String folder)
    {
        return new Aeron.Context().aeronDirectoryName(folder).driverTimeoutMs(DRIVER_TIMEOUT_MS);
    }

    static void run(final Agent agent, final BooleanSupplier isDone) throws Exception
    {
        final IdleStrategy idleStrategy =
            new BackoffIdleStrategy(10, 20, TimeUnit.MICROSECONDS.toNanos(1), TimeUnit.MILLISECONDS.toNanos(1));
        while (!isDone.getAsBoolean())
        {
            idleStrategy.idle(agent.doWork());
        }
    }
}
