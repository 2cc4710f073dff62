package io.kekbit.examples.childprocess;

import io.kekbit.examples.support.ExampleProcess;
import io.kekbit.examples.support.ExitStatus;
import io.kekbit.examples.support.ScratchFolder;
import org.agrona.CloseHelper;
import org.agrona.concurrent.ShutdownSignalBarrier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The crate's benchmark: one process writes, others read all of it at the same time.
 */
@Command(
    name = "child-process",
    description = {
        "Measures how fast one process writes records of 71 bytes, while others read them.",
        "Without --readers it does so with none, with one and with two."},
    exitCodeListHeading = "%nExit status:%n",
    footer = "",
    exitCodeList = {
        "0:every reader read every record",
        "1:it failed, for the reason told",
        "2:the options are not right",
        "130, 143:interrupted (Ctrl-C, kill)",
        "other:that of the process that failed first"})
public final class ChildProcess implements Callable<Integer>
{
    static final long CHANNEL_ID = 1;

    private static final String WHY =
        "why readers cost the writer something: one that keeps up reads the memory that the writer is about to " +
        "write, so nearly every cache line travels from the writer's core to the reader's and, as the writer goes " +
        "on in it, back; one that is far behind only reads lines that the writer has left.";

    private static final int MAX_READERS = 64;
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private final List<ExampleProcess> processes = new CopyOnWriteArrayList<>();
    private volatile boolean isStopped;

    @Option(
        names = "--records",
        paramLabel = "N",
        defaultValue = "10000000",
        description = "How many records; ${DEFAULT-VALUE} unless given.")
    private long records;

    @Option(
        names = "--readers",
        paramLabel = "N",
        split = ",",
        defaultValue = "0,1,2",
        description = "How many readers; with commas, in several runs; ${DEFAULT-VALUE} unless given.")
    private List<Integer> readers;

    @Option(
        names = "--root",
        paramLabel = "DIR",
        description = {
            "Where to make a temporary folder for the channel, which takes 80 bytes a record.",
            "/dev/shm where that can be written to, unless given."})
    private Path root;

    @Spec
    private CommandSpec command;

    /**
     * Runs one process that writes, and those that read, once for each number of readers.
     *
     * @return the exit status.
     * @throws IOException          where there is no place for the channel, or a process cannot be started.
     * @throws InterruptedException where this thread is interrupted.
     */
    @Override
    public Integer call() throws IOException, InterruptedException
    {
        validate();

        final ShutdownSignalBarrier barrier = new ShutdownSignalBarrier(this::stop);
        try
        {
            return runAll();
        }
        finally
        {
            // Until here a JVM that was told to end waits.
            barrier.close();
        }
    }

    private void validate()
    {
        if (records < 1 || records > Sentence.MAX_RECORDS)
        {
            throw new ParameterException(
                command.commandLine(), "--records=" + records + " is not in 1.." + Sentence.MAX_RECORDS);
        }
        for (final int count : readers)
        {
            if (count < 0 || count > MAX_READERS)
            {
                throw new ParameterException(
                    command.commandLine(), "--readers=" + count + " is not in 0.." + MAX_READERS);
            }
        }
    }

    private int runAll() throws IOException, InterruptedException
    {
        final List<String> results = new ArrayList<>();
        for (final int count : readers)
        {
            println(count + (count == 1 ? " reader" : " readers"));
            final int processors = Runtime.getRuntime().availableProcessors();
            if (processors <= count)
            {
                println("note: " + (count + 1) + " processes share " + processors + " processors and wait for each " +
                    "other; the rates tell little of the channel");
            }
            final int status = run(count, results);
            if (status != ExitStatus.OK)
            {
                return status;
            }
        }

        println("the writer:");
        results.forEach(this::println);
        println(WHY);

        return ExitStatus.OK;
    }

    private int run(final int count, final List<String> results) throws IOException, InterruptedException
    {
        processes.clear();
        try (ScratchFolder folder = new ScratchFolder("child-process", root))
        {
            try
            {
                // They wait for the channel.
                for (int i = 1; i <= count; i++)
                {
                    start("reader " + i, "child-process-reader", "--root=" + folder.path());
                }
                final ExampleProcess writer = start(
                    "writer", "child-process-writer", "--root=" + folder.path(), "--records=" + records);
                final int status = await();
                if (status == ExitStatus.OK)
                {
                    results.add("with " + count + ": " + String.join(" ", writer.lines()));
                }

                return status;
            }
            finally
            {
                CloseHelper.closeAll(processes);
            }
        }
    }

    private ExampleProcess start(final String name, final String... args) throws IOException
    {
        final ExampleProcess process = new ExampleProcess(
            name, List.of(args), command.commandLine().getOut(), command.commandLine().getErr());
        processes.add(process);
        if (isStopped)
        {
            process.stop();
        }

        return process;
    }

    /**
     * Waits until all processes have ended, or one has failed.
     */
    private int await()
    {
        final CompletableFuture<Void> all = CompletableFuture.allOf(
            processes.stream().map(ExampleProcess::onExit).toArray(CompletableFuture[]::new));
        while (true)
        {
            final boolean isDone = all.isDone();
            for (final ExampleProcess process : processes)
            {
                if (process.hasFailed())
                {
                    command.commandLine().getErr().println(process + " failed: status=" + process.exitStatus());
                    return process.exitStatus();
                }
            }
            if (isDone)
            {
                return ExitStatus.OK;
            }
            LockSupport.parkNanos(POLL_NS);
        }
    }

    /**
     * Called by the thread that shuts the JVM down.
     */
    private void stop()
    {
        isStopped = true;
        processes.forEach(ExampleProcess::stop);
    }

    private void println(final String line)
    {
        command.commandLine().getOut().println(line);
    }
}
