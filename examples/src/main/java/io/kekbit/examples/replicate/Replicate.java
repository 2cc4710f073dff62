package io.kekbit.examples.replicate;

import io.kekbit.core.ReaderState;
import io.kekbit.core.ShmReader;
import io.kekbit.core.exceptions.ChannelNotFoundException;
import io.kekbit.examples.ExampleException;
import io.kekbit.examples.marketdata.MarketDataDigest;
import io.kekbit.examples.support.ExampleProcess;
import io.kekbit.examples.support.ExitStatus;
import io.kekbit.examples.support.Interruption;
import io.kekbit.examples.support.ScratchFolder;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.agrona.concurrent.SystemNanoClock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Publishes market data on one host and copies it to two others while it is published, one of which is killed half-way
 * and started again. Here the hosts are processes of one machine, each with a media driver of its own; they share
 * nothing but the network.
 */
@Command(
    name = "replicate",
    description = {
        "Publishes market data on one host, and copies it to two others while it is published.",
        "One of the two is killed half-way and started again. Fails unless all three hold the same in the end."},
    exitCodeListHeading = "%nExit status:%n",
    footer = "",
    exitCodeList = {
        "0:both copies hold all messages with the same values",
        "1:they do not, or it failed, for the reason told",
        "2:the options are not right",
        "130, 143:interrupted (Ctrl-C, kill)",
        "other:that of the process that failed first"})
public final class Replicate implements Callable<Integer>
{
    private static final String SOURCE = "source";
    private static final String PUBLISHER = "publisher";
    private static final String KILLED_TARGET = "target 2";
    private static final List<String> TARGETS = List.of("target 1", KILLED_TARGET);
    private static final long CHANNEL_ID = 1;
    private static final String RATES = "max|[1-9][0-9]{0,8}";
    private static final int READ_LIMIT = 256;
    private static final int FIRST_PORT = 20_000;
    private static final int PORTS = 10_000;

    private final Map<String, ExampleProcess> running = new TreeMap<>();
    private final IdleStrategy idleStrategy = new SleepingMillisIdleStrategy(1);
    private Interruption interruption;
    private SourceAddress address;

    @Option(
        names = "--root", paramLabel = "DIR",
        description = "Folder of the hosts' folders, which are kept; a temporary one unless given.")
    private Path root;

    @Option(
        names = "--rate",
        paramLabel = "N|max",
        defaultValue = "25000",
        description = "Messages per second, or max; ${DEFAULT-VALUE} unless given.")
    private String rate;

    @Option(
        names = "--input",
        paramLabel = "FILE",
        description = "Recording of Binance's spot streams, plain or gzip. Unless given, 100,000 trades of Bitstamp.")
    private Path input;

    @Spec
    private CommandSpec command;

    /**
     * Runs all hosts.
     *
     * @return the exit status.
     * @throws IOException          where there is no place for the channels, or a process cannot be started.
     * @throws InterruptedException where this thread is interrupted.
     */
    @Override
    public Integer call() throws IOException, InterruptedException
    {
        if (input != null && !(Files.isRegularFile(input) && Files.isReadable(input)))
        {
            throw new ParameterException(command.commandLine(), "--input=" + input + " is no file that can be read");
        }

        if (!rate.matches(RATES))
        {
            throw new ParameterException(
                command.commandLine(), "--rate=" + rate + " is neither a number from 1 to 999999999 nor max");
        }

        address = new SourceAddress("localhost", freePort());
        try (Interruption signals = new Interruption())
        {
            interruption = signals;
            if (root != null)
            {
                return run(root);
            }
            try (ScratchFolder folder = new ScratchFolder("replicate"))
            {
                return run(folder.path());
            }
        }
    }

    private int run(final Path folder) throws IOException, InterruptedException
    {
        try
        {
            startSource(folder);
            for (final String target : TARGETS)
            {
                startTarget(folder, target);
            }
            startPublisher(folder);
            killHalfWay(folder);
            startTarget(folder, KILLED_TARGET);
            awaitPublisher();
            for (final String target : TARGETS)
            {
                awaitEnd(target);
            }
        }
        catch (final GivenUpException ex)
        {
            // At once: when the interruption is closed, an interrupted JVM ends.
            command.commandLine().getErr().println(ex.getMessage());

            return ex.status;
        }
        finally
        {
            running.values().forEach(ExampleProcess::close);
        }

        return compare(folder);
    }

    private void startSource(final Path folder) throws IOException
    {
        start(
            SOURCE,
            "replicate-source",
            "--root=" + folder.resolve(SOURCE),
            "--address=" + address,
            "--aeron-dir=" + folder.resolve(SOURCE + " driver"));
    }

    private void startTarget(final Path folder, final String name) throws IOException
    {
        start(
            name,
            "replicate-target",
            "--root=" + folder.resolve(name),
            "--channel=" + CHANNEL_ID,
            "--source=" + address,
            "--name=" + name.replace(' ', '-'),
            "--aeron-dir=" + folder.resolve(name + " driver"));
    }

    private void startPublisher(final Path folder) throws IOException
    {
        final List<String> args = new ArrayList<>(List.of(
            "market-data-publisher",
            "--root=" + folder.resolve(SOURCE),
            "--channel=" + CHANNEL_ID,
            "--rate=" + rate));
        if (input != null)
        {
            args.add("--input=" + input);
        }
        start(PUBLISHER, args.toArray(new String[0]));
    }

    private void start(final String name, final String... args) throws IOException
    {
        running.put(name, new ExampleProcess(
            name, List.of(args), command.commandLine().getOut(), command.commandLine().getErr()));
    }

    /**
     * Kills a target as soon as its copy is half full: the publisher makes a channel that holds what it publishes.
     */
    private void killHalfWay(final Path folder)
    {
        try (ShmReader reader = openCopy(folder.resolve(KILLED_TARGET)))
        {
            final GrowingCopy copy = new GrowingCopy(reader, SystemNanoClock.INSTANCE);
            while (!copy.isHalfFull())
            {
                check(copy.patience(), "the copy does not grow: position=" + reader.position());
            }
            final ExampleProcess target = running.remove(KILLED_TARGET);
            target.kill();
            target.close();
            command.commandLine().getOut().println(
                KILLED_TARGET + " killed, its copy ends at position " + copy.end());
        }
    }

    private ShmReader openCopy(final Path folder)
    {
        final Patience patience = new Patience(SystemNanoClock.INSTANCE);
        while (true)
        {
            try
            {
                return ShmReader.open(folder, CHANNEL_ID, MarketDataDigest.format());
            }
            catch (final ChannelNotFoundException ex)
            {
                check(patience, "there is no copy: folder=" + folder);
                idleStrategy.idle();
            }
        }
    }

    /**
     * Takes as long as the rate says.
     */
    private void awaitPublisher()
    {
        final ExampleProcess process = running.get(PUBLISHER);
        while (!process.onExit().isDone())
        {
            check();
            idleStrategy.idle();
        }
        check();
    }

    private void awaitEnd(final String name)
    {
        final Patience patience = new Patience(SystemNanoClock.INSTANCE);
        final ExampleProcess process = running.get(name);
        while (!process.onExit().isDone())
        {
            check(patience, name + " does not end");
            idleStrategy.idle();
        }
        check();
    }

    private void check(final Patience patience, final String message)
    {
        check();
        if (patience.isOver())
        {
            throw new GivenUpException(command.qualifiedName() + ": " + message, ExitStatus.FAILED);
        }
    }

    /**
     * See that no process failed, and the user wants all this to go on.
     */
    private void check()
    {
        for (final ExampleProcess process : running.values())
        {
            if (process.hasFailed())
            {
                throw new GivenUpException(
                    process + " failed: status=" + process.exitStatus(), process.exitStatus());
            }
        }
        if (interruption.isPending())
        {
            throw new GivenUpException(command.qualifiedName() + ": interrupted", ExitStatus.FAILED);
        }
    }

    private int compare(final Path folder)
    {
        final String expected = digest(folder, SOURCE);
        boolean isEqual = true;
        for (final String target : TARGETS)
        {
            isEqual &= expected.equals(digest(folder, target));
        }
        final PrintWriter out = command.commandLine().getOut();
        out.println(isEqual ? "both copies hold all messages with the same values" : "the copies are not equal");

        return isEqual ? ExitStatus.OK : ExitStatus.FAILED;
    }

    /**
     * The digest of the values of all messages, decoded from a host's channel.
     */
    private String digest(final Path folder, final String host)
    {
        final MarketDataDigest digest = new MarketDataDigest(SystemEpochNanoClock.INSTANCE);
        try (ShmReader reader = ShmReader.open(folder.resolve(host), CHANNEL_ID, MarketDataDigest.format()))
        {
            while (reader.read(digest, READ_LIMIT) > 0)
            {
                continue;
            }
            if (reader.state() != ReaderState.CLOSED)
            {
                throw new ExampleException("not complete: file=" + reader.file() + " state=" + reader.state());
            }
        }
        final String hex = digest.hex();
        command.commandLine().getOut().println(String.format("%-10s | messages: %s", host, digest.counts()));
        command.commandLine().getOut().println(String.format("%-10s | digest=%s", host, hex));

        return hex;
    }

    /**
     * A port that is free, and the next one, too, outside the range that systems give to those who name none.
     */
    private static int freePort()
    {
        final InetAddress loopback = InetAddress.getLoopbackAddress();
        // Not always the same ones: others may look for a port at this moment, too.
        final int begin = ThreadLocalRandom.current().nextInt(PORTS / 2);
        for (int i = 0; i < PORTS / 2; i++)
        {
            final int port = FIRST_PORT + 2 * ((begin + i) % (PORTS / 2));
            try (DatagramSocket one = new DatagramSocket(new InetSocketAddress(loopback, port));
                DatagramSocket next = new DatagramSocket(new InetSocketAddress(loopback, port + 1)))
            {
                return Math.min(one.getLocalPort(), next.getLocalPort());
            }
            catch (final IOException ex)
            {
                // Somebody has one of them.
                continue;
            }
        }

        throw new ExampleException("no free UDP ports from " + FIRST_PORT + " on");
    }

    private static final class GivenUpException extends RuntimeException
    {
        private static final long serialVersionUID = 1L;

        private final int status;

        GivenUpException(final String message, final int status)
        {
            super(message);
            this.status = status;
        }
    }
}
