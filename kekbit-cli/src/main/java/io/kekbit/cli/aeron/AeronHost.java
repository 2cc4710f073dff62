package io.kekbit.cli.aeron;

import io.aeron.Aeron;
import io.aeron.ChannelUri;
import io.aeron.exceptions.AeronException;
import io.aeron.exceptions.ChannelEndpointException;
import io.kekbit.cli.support.CliException;
import io.kekbit.cli.support.ExitCodes;
import org.agrona.CloseHelper;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A client of a media driver, and that driver itself where it is an embedded one.
 */
final class AeronHost implements AutoCloseable
{
    private static final int MAX_SPINS = 100;
    private static final int MAX_YIELDS = 100;
    private static final long MIN_PARK_NS = TimeUnit.MICROSECONDS.toNanos(1);
    private static final long MAX_PARK_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final DriverHandle driver;
    private final Aeron aeron;
    private volatile Throwable failure;

    private AeronHost(final AeronOptions options, final Consumer<String> notes)
    {
        driver = DriverHandle.open(options, notes);
        boolean isConnected = false;
        try
        {
            aeron = connect();
            isConnected = true;
        }
        finally
        {
            if (!isConnected)
            {
                driver.close();
            }
        }
    }

    /**
     * Connect to the media driver, or start one.
     *
     * @param options that say which.
     * @param notes   takes what the user should know.
     * @return the client.
     * @throws CliException where there is none, or it does not answer.
     */
    static AeronHost open(final AeronOptions options, final Consumer<String> notes)
    {
        return new AeronHost(options, notes);
    }

    /**
     * How to wait while there is nothing to do: for up to a millisecond.
     */
    static IdleStrategy idleStrategy()
    {
        return new BackoffIdleStrategy(MAX_SPINS, MAX_YIELDS, MIN_PARK_NS, MAX_PARK_NS);
    }

    /**
     * See that a channel's URI is one.
     *
     * @throws CliException where it is not.
     */
    static void requireUri(final String name, final String uri)
    {
        try
        {
            ChannelUri.parse(uri);
        }
        catch (final RuntimeException ex)
        {
            throw new CliException(
                ExitCodes.USAGE,
                name + "=" + uri + " is no channel of Aeron's: " + ex.getMessage() + ". Such as " +
                    "aeron:udp?endpoint=localhost:20121 or aeron:ipc");
        }
    }

    Aeron aeron()
    {
        return aeron;
    }

    boolean isEmbedded()
    {
        return driver.isEmbedded();
    }

    /**
     * Ask Aeron for something that it may refuse.
     *
     * @param what   the stream in words.
     * @param asking that does it.
     * @param <T>    of what is asked for.
     * @return what was asked for.
     * @throws CliException where it is refused.
     */
    <T> T ask(final String what, final Supplier<T> asking)
    {
        try
        {
            return asking.get();
        }
        catch (final AeronException | IllegalArgumentException ex)
        {
            throw new CliException(
                ExitCodes.FAILED,
                "Aeron refuses " + what + ": " + DriverHandle.text(ex) + ". Check the URI and the media driver");
        }
    }

    /**
     * See that the media driver lives, and has not complained.
     *
     * @param what the stream in words.
     * @throws CliException where it is gone, or cannot use the channel.
     */
    void requireHealthy(final String what)
    {
        final Throwable reason = failure;
        if (reason != null)
        {
            failure = null;
            if (reason instanceof ChannelEndpointException)
            {
                throw new CliException(
                    ExitCodes.FAILED,
                    "the media driver cannot use " + what + ": " + DriverHandle.text(reason) + ". Is the " +
                        "address one of this machine, and free?");
            }
            if (aeron.isClosed())
            {
                throw gone(what, reason);
            }
        }
        else if (aeron.isClosed())
        {
            throw gone(what, null);
        }
    }

    @Override
    public void close()
    {
        CloseHelper.quietCloseAll(aeron, driver);
    }

    private CliException gone(final String what, final Throwable reason)
    {
        return new CliException(
            ExitCodes.FAILED,
            "the media driver is gone: " + aeron.context().aeronDirectoryName() +
                (reason == null ? "" : ", " + DriverHandle.text(reason)) + ". Start it, and " +
                "then this again for " + what);
    }

    private Aeron connect()
    {
        try
        {
            return Aeron.connect(new Aeron.Context()
                .aeronDirectoryName(driver.folder())
                .clientName("kekbit")
                .errorHandler((ex) -> failure = ex)
                .subscriberErrorHandler((ex) -> failure = ex));
        }
        catch (final AeronException ex)
        {
            throw new CliException(
                ExitCodes.FAILED,
                "the media driver with the folder " + driver.folder() + " does not answer: " + DriverHandle.text(ex) +
                    ". See that it runs, and in a version that goes with this one");
        }
    }
}
