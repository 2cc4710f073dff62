package io.kekbit.cli.demo;

import io.kekbit.cli.support.CliException;
import io.kekbit.cli.support.ExitCodes;
import io.kekbit.cli.records.Interruption;
import io.kekbit.cli.records.RecordLines;
import io.kekbit.core.ReaderState;
import io.kekbit.core.ShmReader;
import io.kekbit.core.layout.ChannelPath;
import io.kekbit.core.layout.HeaderDescriptor;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Shows what channels are for: a process that writes trades, another that reads them at the same time, and what happens
 * when the writer is killed or the disk is full.
 */
@Command(
    name = "demo",
    description = {
        "Shows a channel at work: a process writes trades, this one reads them at the same time.",
        "Works in a folder of its own, in shared memory where there is room, and leaves nothing behind."},
    footer = {
        "%nExamples:",
        "  kekbit demo                               and in another terminal: kekbit tail -f FILE, as it says",
        "  kekbit demo --rate 0 --trades 10000000    as fast as this machine can",
        "  kekbit demo --kill                        writers are killed with -9, and nothing is lost",
        "  kekbit demo --disk-full                   a full disk is an error at the start, not a crash later"})
public final class DemoCommand implements Callable<Integer>
{
    private static final int LAST_SHOWN = 3;
    private static final int MAX_KILLS = 50;
    private static final long MAX_TRADES = (HeaderDescriptor.MAX_CAPACITY - 64 * 1024) / DemoChannel.RECORD_LENGTH;
    private static final long MAX_RATE = 1_000_000_000;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long REPORT_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long POLL_PAUSE_NS = TimeUnit.MICROSECONDS.toNanos(100);

    private final IdleStrategy idleStrategy = new SleepingMillisIdleStrategy(1);

    @Option(
        names = "--trades",
        paramLabel = "N",
        defaultValue = "1000000",
        description = "How many to write; ${DEFAULT-VALUE} unless given.")
    private long trades;

    @Option(
        names = "--rate",
        paramLabel = "N",
        defaultValue = "250000",
        description = "Trades a second, 0 for as many as it can; ${DEFAULT-VALUE} unless given.")
    private long rate;

    @Option(
        names = "--kill",
        paramLabel = "N",
        arity = "0..1",
        fallbackValue = "3",
        description = "Kill N writers one after the other, ${FALLBACK-VALUE} unless given; the next one takes over.")
    private Integer kills;

    @Option(
        names = "--disk-full",
        description = "Make a small file system, where this user may, and fill it up.")
    private boolean isDiskFilled;

    @Spec
    private CommandSpec command;

    private PrintWriter out;
    private Interruption interruption;

    /**
     * Shows it.
     *
     * @return the status.
     * @throws IOException          where there is no place for the channel, or a process cannot be started.
     * @throws InterruptedException where this thread is interrupted.
     */
    @Override
    public Integer call() throws IOException, InterruptedException
    {
        requireInRange("--trades", trades, 1, MAX_TRADES);
        requireInRange("--rate", rate, 0, MAX_RATE);
        requireInRange("--kill", kills == null ? 0 : kills, 0, MAX_KILLS);
        if (isDiskFilled && kills != null)
        {
            throw new ParameterException(command.commandLine(), "--kill and --disk-full are two demonstrations");
        }

        out = command.commandLine().getOut();
        // The JVM waits for the folder to be removed when it is interrupted.
        try (Interruption signals = new Interruption())
        {
            if (isDiskFilled)
            {
                return new DemoDiskFull(this::println).run();
            }
            interruption = signals;
            try (ScratchFolder folder = new ScratchFolder(2 * DemoChannel.capacity(trades)))
            {
                return isRight(folder.path()) ? ExitCodes.OK : ExitCodes.FAILED;
            }
        }
    }

    private boolean isRight(final Path root) throws IOException, InterruptedException
    {
        final Path file = ChannelPath.file(root, DemoChannel.ID);
        final int writers = 1 + (kills == null ? 0 : kills);
        println("channel  " + file);
        println("look     kekbit tail -f " + file);

        DemoReader live = null;
        try
        {
            for (int i = 1; i <= writers; i++)
            {
                final long before = live == null ? 0 : live.count();
                try (ChildCommand writer = start(root, i < writers))
                {
                    live = live == null ? new DemoReader(open(file, writer), LAST_SHOWN) : live;
                    println("writer   process " + writer.id() +
                        (i == 1 ? " creates the channel" : " takes the channel over after trade " + format(before)));
                    final long killedAt = i < writers ? (trades - 1) * i / writers : Long.MAX_VALUE;
                    read(live, writer, killedAt);
                    if (i < writers)
                    {
                        writer.kill();
                        // What it published before it died is there, and is read, too.
                        live.drain();
                        println("kill -9  process " + writer.id() + " is gone, after trade " + format(live.count()));
                    }
                }
            }

            return verdict(live, file);
        }
        finally
        {
            if (live != null)
            {
                live.close();
            }
        }
    }

    private boolean verdict(final DemoReader live, final Path file) throws IOException
    {
        println("last     as kekbit tail -n " + LAST_SHOWN + " shows them, by the schema in the channel:");
        for (final String line : RecordLines.json(file, live.lastPositions()))
        {
            println(line);
        }
        println("while they were written: " + format(live.count()) + " trades read, " + live.verdict());
        try (DemoReader late = new DemoReader(ShmReader.builder(file).open(), LAST_SHOWN))
        {
            late.drain();
            println("from the closed channel: " + format(late.count()) + " trades read, " + late.verdict());

            return live.isRight() && late.isRight() && live.count() == trades && late.count() == trades &&
                late.state() == ReaderState.CLOSED;
        }
    }

    private ChildCommand start(final Path root, final boolean isDoomed) throws IOException
    {
        final List<String> line = new ArrayList<>(List.of(
            "demo-writer",
            "--root=" + root,
            "--trades=" + trades,
            "--rate=" + rate,
            "--capacity=" + DemoChannel.capacity(trades)));
        if (isDoomed)
        {
            // It must not close the channel before it is killed.
            line.add("--doomed");
        }

        return new ChildCommand(line);
    }

    private ShmReader open(final Path file, final ChildCommand writer)
    {
        final long startNs = System.nanoTime();
        while (!Files.exists(file))
        {
            requireGoingOn(writer, startNs);
            idleStrategy.idle();
        }

        return ShmReader.builder(file).open();
    }

    /**
     * Read until so many trades came, or the channel was closed.
     */
    private void read(final DemoReader reader, final ChildCommand writer, final long untilCount)
    {
        final long startNs = System.nanoTime();
        long reportedNs = startNs;
        long reported = reader.count();
        long progressNs = startNs;
        while (reader.count() < untilCount)
        {
            requireWanted();
            if (reader.poll() > 0)
            {
                progressNs = System.nanoTime();
            }
            else if (reader.state() == ReaderState.CLOSED)
            {
                break;
            }
            else
            {
                requireGoingOn(writer, progressNs);
                LockSupport.parkNanos(POLL_PAUSE_NS);
            }
            final long nowNs = System.nanoTime();
            if (reader.count() == reported)
            {
                // The writer has not begun yet.
                reportedNs = nowNs;
            }
            else if (nowNs - reportedNs >= REPORT_INTERVAL_NS)
            {
                println(String.format(
                    Locale.ROOT,
                    "read     %,11d trades %,11d a second",
                    reader.count(),
                    (long)((reader.count() - reported) * 1e9 / (nowNs - reportedNs))));
                reportedNs = nowNs;
                reported = reader.count();
            }
        }
    }

    private void requireWanted()
    {
        if (interruption.isPending())
        {
            throw new CliException(ExitCodes.FAILED, "interrupted");
        }
    }

    private void requireGoingOn(final ChildCommand writer, final long sinceNs)
    {
        requireWanted();
        if (writer.hasFailed() || System.nanoTime() - sinceNs > PATIENCE_NS)
        {
            throw new CliException(ExitCodes.FAILED, "the demonstration's writer does not write. See above for why");
        }
    }

    private void requireInRange(final String option, final long value, final long min, final long max)
    {
        if (value < min || value > max)
        {
            throw new ParameterException(
                command.commandLine(), option + "=" + value + " is not in " + min + ".." + max);
        }
    }

    private void println(final String line)
    {
        out.println(line);
        out.flush();
    }

    private static String format(final long number)
    {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
