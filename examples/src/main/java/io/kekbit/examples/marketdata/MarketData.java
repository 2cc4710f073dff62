package io.kekbit.examples.marketdata;

import io.kekbit.examples.support.ChannelOptions;
import io.kekbit.examples.support.ExampleProcess;
import io.kekbit.examples.support.ScratchFolder;
import org.agrona.concurrent.ShutdownSignalBarrier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Runs publisher and subscriber, each in a JVM of its own, and compares what the one sent with what the other received.
 */
@Command(
    name = "market-data",
    description = {
        "Publishes market data in one process and reads it in another.",
        "Fails unless all of it arrived with the same values."},
    exitCodeListHeading = "%nExit status:%n",
    footer = "",
    exitCodeList = {
        "0:all messages arrived with the same values",
        "1:they did not, or it failed, for the reason told",
        "2:the options are not right",
        "other:that of the process that failed first"})
public final class MarketData implements Callable<Integer>
{
    /**
     * The lines in which the two have to agree begin like this.
     */
    private static final List<String> COMPARED = List.of("messages: ", "digest=");

    private static final int DIFFERENT = 1;

    private final List<ExampleProcess> processes = new CopyOnWriteArrayList<>();
    private volatile boolean isStopped;

    @Mixin
    private ChannelOptions channelOptions;

    @Mixin
    private InputOptions inputOptions;

    @Mixin
    private SeriesOption seriesOption;

    @Spec
    private CommandSpec command;

    /**
     * Runs the two and waits for both.
     *
     * @return the exit status.
     * @throws IOException          where there is no place for the channel, or a process cannot be started.
     * @throws InterruptedException where this thread is interrupted.
     */
    @Override
    public Integer call() throws IOException, InterruptedException
    {
        inputOptions.validate();
        seriesOption.validate();

        final ShutdownSignalBarrier barrier = new ShutdownSignalBarrier(this::stop);
        try
        {
            return runInFolder();
        }
        finally
        {
            // Until here a JVM that was told to end waits.
            barrier.close();
        }
    }

    private int runInFolder() throws IOException, InterruptedException
    {
        if (channelOptions.root != null)
        {
            return run(channelOptions.root);
        }

        try (ScratchFolder folder = new ScratchFolder("market-data"))
        {
            return run(folder.path());
        }
    }

    private int run(final Path root) throws IOException, InterruptedException
    {
        // The subscriber first: it waits for the channel, and is there when the first message is published.
        try (ExampleProcess subscriber = start("subscriber", root, List.of());
            ExampleProcess publisher = start("publisher", root, inputOptions.args()))
        {
            CompletableFuture.anyOf(subscriber.onExit(), publisher.onExit()).join();
            if (!subscriber.hasFailed() && !publisher.hasFailed())
            {
                CompletableFuture.allOf(subscriber.onExit(), publisher.onExit()).join();
            }
            if (publisher.hasFailed())
            {
                return failed(publisher);
            }
            if (subscriber.hasFailed())
            {
                return failed(subscriber);
            }

            return compare(publisher.lines(), subscriber.lines());
        }
    }

    private ExampleProcess start(final String name, final Path root, final List<String> options) throws IOException
    {
        final List<String> args = new ArrayList<>();
        args.add("market-data-" + name);
        args.add("--root=" + root);
        args.add("--channel=" + Long.toUnsignedString(channelOptions.channel));
        args.addAll(seriesOption.args());
        args.addAll(options);

        final ExampleProcess process =
            new ExampleProcess(name, args, command.commandLine().getOut(), command.commandLine().getErr());
        processes.add(process);
        if (isStopped)
        {
            process.stop();
        }

        return process;
    }

    /**
     * Called by the thread that shuts the JVM down.
     */
    private void stop()
    {
        isStopped = true;
        processes.forEach(ExampleProcess::stop);
    }

    private int failed(final ExampleProcess process)
    {
        command.commandLine().getErr().println(process + " failed: status=" + process.exitStatus());

        return process.exitStatus();
    }

    private int compare(final List<String> published, final List<String> received)
    {
        boolean isEqual = true;
        for (final String prefix : COMPARED)
        {
            final String sent = lineOf(published, prefix);
            final String arrived = lineOf(received, prefix);
            if (sent.isEmpty() || !sent.equals(arrived))
            {
                isEqual = false;
                command.commandLine().getErr().println("not equal: published \"" + sent +
                    "\" received \"" + arrived + "\"");
            }
        }
        if (isEqual)
        {
            command.commandLine().getOut().println("all messages arrived with the same values");
        }

        return isEqual ? 0 : DIFFERENT;
    }

    private static String lineOf(final List<String> lines, final String prefix)
    {
        return lines.stream().filter(line -> line.startsWith(prefix)).findFirst().orElse("");
    }
}
