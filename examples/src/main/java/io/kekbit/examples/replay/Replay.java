package io.kekbit.examples.replay;

import io.kekbit.core.ShmReader;
import io.kekbit.core.TickUnit;
import io.kekbit.core.replay.ReplayClock;
import io.kekbit.core.replay.ReplayState;
import io.kekbit.core.replay.Replayer;
import io.kekbit.examples.marketdata.MarketDataDigest;
import io.kekbit.examples.marketdata.RecordedMarketData;
import io.kekbit.examples.support.ChannelOptions;
import io.kekbit.examples.support.Interruption;
import io.kekbit.examples.support.ScratchFolder;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * Replays recorded market data so many times faster than it happened: the trades of a week in some seconds, each when
 * the time for it has come, with a clock that tells what time it is in that week.
 */
@Command(
    name = "replay",
    description = {
        "Replays recorded market data so many times faster than it happened.",
        "Fails unless all of it came with the values of the recording."},
    exitCodeListHeading = "%nExit status:%n",
    footer = "",
    exitCodeList = {
        "0:all was replayed, and with the same values",
        "1:it was not, or it failed, for the reason told",
        "2:the options are not right"})
public final class Replay implements Callable<Integer>
{
    private static final int FAILED = 1;
    private static final long REPORT_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final int MAX_SPINS = 20;
    private static final int MAX_YIELDS = 1_000;
    private static final long MIN_PARK_NS = TimeUnit.MICROSECONDS.toNanos(1);
    private static final long MAX_PARK_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final NanoClock nanoClock = SystemNanoClock.INSTANCE;

    @Mixin
    private ChannelOptions channelOptions;

    @Option(
        names = "--input",
        paramLabel = "FILE",
        description = "Recording of Binance's spot streams, as market-data takes it. Unless given, trades of Bitstamp.")
    private Path input;

    @Option(
        names = "--speed",
        paramLabel = "N|max",
        defaultValue = "200000",
        converter = Speed.class,
        description = "How many times faster than it happened, or max; ${DEFAULT-VALUE} unless given.")
    private double speed;

    @Spec
    private CommandSpec command;

    /**
     * Replays the recording: from the channel that is given, else from one that is made of it first.
     *
     * @return the exit status.
     * @throws IOException where the recording cannot be read, or there is no place for a channel.
     */
    @Override
    public Integer call() throws IOException
    {
        if (input != null && !(Files.isRegularFile(input) && Files.isReadable(input)))
        {
            throw new ParameterException(command.commandLine(), "--input=" + input + " is no file that can be read");
        }

        final RecordedMarketData recording = RecordedMarketData.read(input);
        command.commandLine().getOut().println("recording " + recording.summary());
        if (channelOptions.root != null)
        {
            return replay(channelOptions.root, recording);
        }
        try (ScratchFolder folder = new ScratchFolder("replay"))
        {
            recording.publish(folder.path(), channelOptions.channel);

            return replay(folder.path(), recording);
        }
    }

    private int replay(final Path root, final RecordedMarketData recording)
    {
        final ReplayClock clock = new ReplayClock();
        final MarketDataDigest digest = new MarketDataDigest(clock);
        final long startNs = nanoClock.nanoTime();
        final Replayer replayer;
        try (Interruption interruption = new Interruption();
            ShmReader reader = ShmReader.open(root, channelOptions.channel, MarketDataDigest.format()))
        {
            replayer = Replayer.builder(reader)
                .byField(new TransactTime(), TickUnit.NANOS)
                .speed(speed)
                .clock(clock)
                .into(digest);
            run(replayer, interruption);
        }

        return report(replayer, digest, recording.digest(), nanoClock.nanoTime() - startNs);
    }

    private void run(final Replayer replayer, final Interruption interruption)
    {
        final PrintWriter out = command.commandLine().getOut();
        final IdleStrategy idleStrategy =
            new BackoffIdleStrategy(MAX_SPINS, MAX_YIELDS, MIN_PARK_NS, MAX_PARK_NS);
        long reportNs = nanoClock.nanoTime();
        while (!replayer.state().isFinal())
        {
            if (interruption.isPending())
            {
                replayer.stop();
            }
            idleStrategy.idle(replayer.doWork());

            final long nowNs = nanoClock.nanoTime();
            if (nowNs - reportNs >= REPORT_INTERVAL_NS)
            {
                reportNs = nowNs;
                out.println("it is " + time(replayer) + ", records so far: " + replayer.records());
            }
        }
    }

    private int report(
        final Replayer replayer, final MarketDataDigest digest, final String expected, final long elapsedNs)
    {
        final PrintWriter out = command.commandLine().getOut();
        out.println(String.format(
            Locale.ROOT,
            "replayed %,d records up to %s in %.3f s, behind schedule at most: %,.1f us",
            replayer.records(),
            time(replayer),
            elapsedNs / 1e9,
            replayer.maxOverdueNs() / 1e3));
        out.println("messages: " + digest.counts());
        if (replayer.state() == ReplayState.STOPPED)
        {
            out.println("interrupted");
            return FAILED;
        }

        final String actual = digest.hex();
        out.println("digest of the recording: " + expected);
        out.println("digest of the replay:    " + actual);
        if (!actual.equals(expected))
        {
            command.commandLine().getErr().println(
                command.qualifiedName() + ": the replay is not the recording: was the channel made of this input?");
            return FAILED;
        }

        return 0;
    }

    private static Instant time(final Replayer replayer)
    {
        return TickUnit.NANOS.toInstant(replayer.clock().nanoTime());
    }

    /**
     * A number above 0, or the word for no limit.
     */
    static final class Speed implements ITypeConverter<Double>
    {
        @Override
        public Double convert(final String text)
        {
            if (text.equals("max"))
            {
                return Double.POSITIVE_INFINITY;
            }

            try
            {
                final double speed = Double.parseDouble(text);
                if (speed > 0 && speed < Double.POSITIVE_INFINITY)
                {
                    return speed;
                }
            }
            catch (final NumberFormatException ex)
            {
                // Answered like a number out of range.
            }

            throw new TypeConversionException("'" + text + "' is neither a number above 0 nor max");
        }
    }
}
