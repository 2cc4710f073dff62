package io.kekbit.examples.marketdata;

import io.kekbit.core.Prefault;
import io.kekbit.core.Reader;
import io.kekbit.core.ReaderState;
import io.kekbit.core.ShmReader;
import io.kekbit.core.exceptions.ChannelNotFoundException;
import io.kekbit.core.exceptions.StorageNotReadyException;
import io.kekbit.core.layout.ChannelPath;
import io.kekbit.core.series.SeriesPosition;
import io.kekbit.core.series.SeriesReader;
import io.kekbit.examples.support.ChannelOptions;
import io.kekbit.examples.support.EndOfChannel;
import io.kekbit.examples.support.Interruption;
import io.kekbit.sbe.SbeDispatcher;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.agrona.concurrent.SystemNanoClock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * Subscribes to market data: waits for the channel, or the series of channels, handles message after message where it
 * stands in the file, and ends when the publisher has closed it, or is silent for too long.
 */
@Command(
    name = "market-data-subscriber",
    description = "Reads market data from a channel, checks and times it.",
    exitCodeListHeading = "%nExit status:%n",
    footer = "",
    exitCodeList = {
        "0:all was read, and the publisher closed the channel",
        "1:it failed, for the reason told",
        "2:the options are not right",
        "3:no channel appeared in time",
        "4:the publisher fell silent for longer than the channel's timeout: it is gone",
        "5:the channel cannot be read to its end: it is damaged, or was not closed when it was full"})
public final class MarketDataSubscriber implements Callable<Integer>
{
    /**
     * Exit status where a signal did not set it already.
     */
    static final int INTERRUPTED = 1;

    /**
     * Exit status: no channel appeared in time.
     */
    static final int NO_CHANNEL = 3;

    /**
     * Exit status: the publisher is gone.
     */
    static final int PUBLISHER_SILENT = 4;

    /**
     * Exit status: the channel cannot be read to its end.
     */
    static final int UNREADABLE = 5;

    private static final int READ_LIMIT = 256;

    /**
     * Polls in vain between two looks at the channel's state, which takes a look at the clock.
     */
    private static final int STATE_INTERVAL = 64;

    /**
     * Yielding bridges the gaps between messages at the publisher's usual rate, for about 5 milliseconds: a thread that
     * parks comes back 50 microseconds later at best. Spinning would be faster still, but only with a core for each
     * thread; where two share one, a spinning reader keeps the writer from writing for milliseconds.
     */
    private static final long MAX_YIELDS = 20_000;
    private static final long MAX_SPINS = 20;
    private static final long MIN_PARK_NS = TimeUnit.MICROSECONDS.toNanos(1);
    private static final long MAX_PARK_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final EpochNanoClock epochClock = SystemEpochNanoClock.INSTANCE;
    private final NanoClock clock = SystemNanoClock.INSTANCE;

    @Mixin
    private ChannelOptions channelOptions;

    @Mixin
    private SeriesOption seriesOption;

    @Option(
        names = "--wait",
        paramLabel = "SECONDS",
        defaultValue = "60",
        description = "How long to wait for the channel to appear; ${DEFAULT-VALUE} unless given.")
    private long waitSeconds;

    @Spec
    private CommandSpec command;

    /**
     * Reads the channel to its end.
     *
     * @return the exit status.
     * @throws IOException where there is no room to warm up.
     */
    @Override
    public Integer call() throws IOException
    {
        final Path root = channelOptions.requireRoot();
        seriesOption.validate();
        final Path file = seriesOption.isGiven() ?
            seriesOption.firstFile(root) : ChannelPath.file(root, channelOptions.channel);
        final PrintWriter out = command.commandLine().getOut();
        if (waitSeconds < 0)
        {
            throw new ParameterException(command.commandLine(), "--wait=" + waitSeconds + " is negative");
        }

        try (Interruption interruption = new Interruption())
        {
            WarmUp.run();
            out.println("waiting for channel: " + file);
            try (Reader reader = awaitChannel(root, file, interruption))
            {
                if (reader != null)
                {
                    return read(reader, interruption, out);
                }
            }

            return interruption.isPending() ?
                failed(INTERRUPTED, "interrupted") :
                failed(NO_CHANNEL, "no channel after " + waitSeconds + " s: " + file);
        }
    }

    /**
     * The channel has its name only when it is complete, but for those that other programs make, which have a lock file
     * beside them until then.
     */
    private Reader awaitChannel(final Path root, final Path file, final Interruption interruption)
    {
        final IdleStrategy idleStrategy = new SleepingMillisIdleStrategy(1);
        final long startNs = clock.nanoTime();
        do
        {
            if (Files.exists(file))
            {
                try
                {
                    return open(root);
                }
                catch (final ChannelNotFoundException | StorageNotReadyException ex)
                {
                    // Not there any more, or not yet.
                }
            }
            idleStrategy.idle();
        }
        while (!interruption.isPending() && clock.nanoTime() - startNs < TimeUnit.SECONDS.toNanos(waitSeconds));

        return null;
    }

    private Reader open(final Path root)
    {
        if (seriesOption.isGiven())
        {
            return SeriesReader.builder(root, seriesOption.name())
                .format(MarketDataFormat.INSTANCE)
                .prefault(Prefault.NOW)
                .open();
        }

        return ShmReader.builder(root, channelOptions.channel)
            .format(MarketDataFormat.INSTANCE)
            .prefault(Prefault.NOW)
            .open();
    }

    private int read(final Reader reader, final Interruption interruption, final PrintWriter out)
    {
        out.println("channel found: " + reader.header());
        final long start = reader.position();
        final MessageHandlers handlers = new MessageHandlers(epochClock);
        final SbeDispatcher<MessageHandlers> dispatcher = handlers.dispatcher(MarketDataFormat.INSTANCE);
        final ReaderState state = poll(reader, dispatcher, handlers.counts(), interruption, out);

        if (seriesOption.isGiven())
        {
            out.println("channels read: " +
                (SeriesPosition.ordinal(reader.position()) - SeriesPosition.ordinal(start) + 1));
        }
        out.println("messages: " + handlers.counts().summary());
        out.println("rate: " + handlers.counts().rate());
        out.println("latency from encoding to handling in us: " + handlers.latency().summary());
        final long notHandled =
            dispatcher.unknownTemplates() + dispatcher.foreignSchemas() + dispatcher.malformedRecords();
        if (notHandled > 0)
        {
            out.println("records not handled: unknownTemplates=" + dispatcher.unknownTemplates() +
                " foreignSchemas=" + dispatcher.foreignSchemas() +
                " malformed=" + dispatcher.malformedRecords());
        }
        out.println("digest=" + handlers.digest());

        return status(state, reader);
    }

    private ReaderState poll(
        final Reader reader,
        final SbeDispatcher<MessageHandlers> dispatcher,
        final MessageCounts counts,
        final Interruption interruption,
        final PrintWriter out)
    {
        final IdleStrategy idleStrategy =
            new BackoffIdleStrategy(MAX_SPINS, MAX_YIELDS, MIN_PARK_NS, MAX_PARK_NS);
        final Progress progress = new Progress(out, "received");
        final EndOfChannel end = new EndOfChannel(reader, clock);
        int pollsInVain = 0;
        while (!interruption.isPending())
        {
            final int records = reader.read(dispatcher, READ_LIMIT);
            if (records > 0)
            {
                pollsInVain = 0;
                progress.update(counts.lastTime(), counts.messages());
            }
            else if (++pollsInVain % STATE_INTERVAL == 0 && end.isReached())
            {
                return end.state();
            }
            idleStrategy.idle(records);
        }

        return ReaderState.OPEN;
    }

    private int status(final ReaderState state, final Reader reader)
    {
        final String where = ": position=" + reader.position() + " file=" + fileOf(reader);

        return switch (state)
        {
            case CLOSED -> 0;
            case OPEN -> failed(INTERRUPTED, "interrupted" + where);
            case TIMED_OUT ->
                failed(PUBLISHER_SILENT, "publisher silent for more than " + timeoutMs(reader) + " ms" + where);
            case FULL, SUSPECT, CORRUPT ->
                failed(UNREADABLE, "channel cannot be read to its end: state=" + state + where);
        };
    }

    private int failed(final int status, final String message)
    {
        command.commandLine().getErr().println(command.qualifiedName() + ": " + message);

        return status;
    }

    private static Path fileOf(final Reader reader)
    {
        return reader instanceof SeriesReader series ? series.file() : ((ShmReader)reader).file();
    }

    private static long timeoutMs(final Reader reader)
    {
        return TimeUnit.NANOSECONDS.toMillis(reader.header().tickUnit().toNanos(reader.header().timeout()));
    }
}
