package io.kekbit.aeron.replication;

import io.aeron.Aeron;
import io.aeron.CommonContext;
import io.aeron.exceptions.DriverTimeoutException;
import org.agrona.CloseHelper;

import java.io.File;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * The Aeron client of an agent: the caller's own, or one that is made anew whenever the media driver was gone. Either
 * is kept alive by Aeron's own thread, since making, forcing and closing a large copy can take its agent for seconds.
 */
final class AeronClient
{
    /**
     * When the driver is lost, Aeron's thread unmaps what the agent may just be copying from or to. It waits so long
     * before, since an agent can be held up in the middle of that; from its next call on, it finds all closed.
     */
    private static final long CLOSE_LINGER_NS = TimeUnit.SECONDS.toNanos(3);

    private final Aeron.Context context;
    private final File directory;
    private Aeron aeron;
    private boolean isDriverMissing;
    private long missingSinceNs;
    private volatile Throwable error;

    private AeronClient(final Aeron.Context context, final Aeron aeron)
    {
        this.context = context;
        this.aeron = aeron;
        directory = context == null ? null : new File(context.aeronDirectoryName());
    }

    static AeronClient of(final Aeron aeron)
    {
        return new AeronClient(null, Objects.requireNonNull(aeron, "aeron"));
    }

    /**
     * A client of the agent's own.
     *
     * @throws IllegalArgumentException where the context wants it to be invoked: nobody would.
     */
    static AeronClient of(final Aeron.Context context)
    {
        if (context.useConductorAgentInvoker())
        {
            throw new IllegalArgumentException(
                "useConductorAgentInvoker=true. A client that is made from a context runs its own thread. Hand over " +
                    "an Aeron to invoke it yourself.");
        }

        return new AeronClient(context.clone(), null);
    }

    /**
     * The client.
     *
     * @return it, or null where there is none at the moment.
     */
    Aeron aeron()
    {
        return aeron;
    }

    boolean isOwned()
    {
        return context != null;
    }

    /**
     * Connect to the media driver, where one is alive. Does not wait for one.
     *
     * @return whether there is a client now.
     * @throws DriverTimeoutException where there has been none for the context's driver timeout; once in each.
     */
    boolean connect()
    {
        error = null;
        if (!isDriverAlive())
        {
            onDriverMissing();
            return false;
        }
        isDriverMissing = false;

        final Aeron.Context own = context.clone();
        if (own.errorHandler() == null)
        {
            // Aeron's default would end the process when the driver is gone.
            own.errorHandler(this::onError);
        }
        if (own.closeLingerDurationNs() == 0)
        {
            own.closeLingerDurationNs(CLOSE_LINGER_NS);
        }
        aeron = Aeron.connect(own);
        return true;
    }

    /**
     * Whether the client is of no use any more, since its driver is gone or it was closed.
     */
    boolean isLost()
    {
        return aeron != null && aeron.isClosed();
    }

    /**
     * What the client reported last.
     *
     * @return that, or null.
     */
    Throwable takeError()
    {
        final Throwable taken = error;
        error = null;

        return taken;
    }

    /**
     * Close the client, if it is the agent's own.
     */
    void close()
    {
        if (isOwned() && aeron != null)
        {
            // The agent itself ends it, so there is nobody to wait for.
            aeron.context().closeLingerDurationNs(context.closeLingerDurationNs());
            CloseHelper.quietClose(aeron);
            aeron = null;
        }
    }

    private boolean isDriverAlive()
    {
        try
        {
            return CommonContext.isDriverActive(directory, context.driverTimeoutMs(), AeronClient::ignore);
        }
        catch (final Exception ex)
        {
            // It is just starting or going: its file is there and then is not, or is not whole yet.
            error = ex;
            return false;
        }
    }

    private void onDriverMissing()
    {
        final long nowNs = System.nanoTime();
        if (!isDriverMissing)
        {
            isDriverMissing = true;
            missingSinceNs = nowNs;
        }
        else if (nowNs - missingSinceNs > TimeUnit.MILLISECONDS.toNanos(context.driverTimeoutMs()))
        {
            missingSinceNs = nowNs;
            final Throwable cause = takeError();
            final DriverTimeoutException missing = new DriverTimeoutException(
                "no media driver: directory=" + directory + (cause == null ? "" : " " + cause.getMessage()));
            missing.initCause(cause);
            throw missing;
        }
    }

    private static void ignore(final String progress)
    {
        // What it looks at is of no interest, only what it finds.
    }

    private void onError(final Throwable throwable)
    {
        error = throwable;
    }
}
