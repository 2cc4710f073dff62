package io.kekbit.aeron.replication;

import io.aeron.Aeron;
import io.aeron.CommonContext;
import org.agrona.CloseHelper;
import org.agrona.concurrent.AgentInvoker;

import java.io.File;
import java.util.Objects;

/**
 * The Aeron client of an agent: the caller's own, or one that is made anew whenever the media driver was gone. The
 * latter is run by the agent itself and needs no thread.
 */
final class AeronClient
{
    private final Aeron.Context context;
    private final File directory;
    private Aeron aeron;
    private AgentInvoker conductor;
    private Throwable error;

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

    static AeronClient of(final Aeron.Context context)
    {
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
     */
    boolean connect()
    {
        if (!isDriverAlive())
        {
            return false;
        }

        final Aeron.Context own = context.clone().useConductorAgentInvoker(true);
        if (own.errorHandler() == null)
        {
            // Aeron's default would end the process when the driver is gone.
            own.errorHandler(this::onError);
        }
        error = null;
        aeron = Aeron.connect(own);
        conductor = aeron.conductorAgentInvoker();

        return true;
    }

    /**
     * Let the client do what it has to.
     *
     * @return the amount of work done.
     */
    int doWork()
    {
        return conductor == null ? 0 : conductor.invoke();
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
        if (isOwned())
        {
            CloseHelper.quietClose(aeron);
            aeron = null;
            conductor = null;
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

    private static void ignore(final String progress)
    {
        // What it looks at is of no interest, only what it finds.
    }

    private void onError(final Throwable throwable)
    {
        error = throwable;
    }
}
