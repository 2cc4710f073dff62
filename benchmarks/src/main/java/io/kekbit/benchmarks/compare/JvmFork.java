package io.kekbit.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Runs measurements in JVMs of their own, one at a time. A JVM that takes far longer than it should is killed, and all
 * that this one started when this one ends, by Ctrl-C too. What the threads of one that hangs did, and of the JVMs that
 * it started, is written before into a file beside the result, {@code .threads}. Whatever a measurement left in its
 * folder is deleted.
 */
public final class JvmFork implements Fork, AutoCloseable
{
    private static final int SPARE_SECONDS = 120;
    private static final int TIMES_THE_GUESS = 4;
    private static final int PATIENCE_SECONDS = 15;
    private static final int SHOWN_OUTPUT = 8_000;
    private static final int KILLED_BY_SIGNAL = 128;
    private static final long TIME_OF_A_SIGNAL_MS = 300;

    private final Function<String, List<String>> prefixes;
    private final Map<Store, Path> bases;
    private final int spareSeconds;
    private final Thread hook = new Thread(this::stop);

    private Process process;
    private Path folder;
    private Path log;
    private boolean isStopped;

    /**
     * Ready to run.
     *
     * @param prefixes of the command by the subject: the JVM with its flags, and the class.
     * @param bases    the folders in which a measurement's folder is made.
     */
    public JvmFork(final Function<String, List<String>> prefixes, final Map<Store, Path> bases)
    {
        this(prefixes, bases, SPARE_SECONDS);
    }

    JvmFork(final Function<String, List<String>> prefixes, final Map<Store, Path> bases, final int spareSeconds)
    {
        this.spareSeconds = spareSeconds;
        this.prefixes = prefixes;
        this.bases = Map.copyOf(bases);
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * {@inheritDoc}
     */
    @Override
    public void run(final Measurement measurement, final Path result) throws ForkFailedException, InterruptedException
    {
        try
        {
            final Process started = start(measurement, result);
            final long limit = spareSeconds + (long)TIMES_THE_GUESS * measurement.seconds();
            final boolean isEnded = started.waitFor(limit, TimeUnit.SECONDS);
            final Path threads = threads(result);
            if (!isEnded)
            {
                killHanging(started, threads);
            }
            final int status = started.waitFor();
            throwIfStopped(status);

            if (!isEnded)
            {
                throw failure("it did not end within " + limit + " s and was killed, what its threads did is in " +
                    threads.getFileName(), measurement);
            }
            if (status != 0)
            {
                throw failure("its exit status is " + status, measurement);
            }
            if (!Files.exists(result))
            {
                throw failure("it wrote no result", measurement);
            }
        }
        catch (final IOException ex)
        {
            throw new ForkFailedException("it could not be started: " + ex);
        }
        finally
        {
            clean();
        }
    }

    /**
     * Stop what runs, and run no more.
     */
    @Override
    public void close()
    {
        stop();
        try
        {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
        catch (final IllegalStateException ignored)
        {
            // The JVM ends, and the hook has its turn.
        }
    }

    private synchronized Process start(final Measurement measurement, final Path result)
        throws IOException, InterruptedException
    {
        if (isStopped)
        {
            throw new InterruptedException();
        }

        folder = Folders.create(bases.get(measurement.store()));
        log = result.resolveSibling(result.getFileName() + ".log");
        final List<String> command = new ArrayList<>(prefixes.apply(measurement.subject()));
        command.addAll(arguments(measurement));
        command.addAll(List.of("--folder", folder.toString(), "--result", result.toString()));
        process = new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .start();

        return process;
    }

    private static List<String> arguments(final Measurement measurement)
    {
        final List<String> arguments = new ArrayList<>();
        arguments.add(measurement.name());
        arguments.addAll(List.of("--subject", measurement.subject()));
        arguments.addAll(measurement.options());

        return arguments;
    }

    private synchronized void stop()
    {
        isStopped = true;
        if (process != null)
        {
            kill(process);
        }
        clean();
    }

    private synchronized void clean()
    {
        if (folder != null)
        {
            Folders.delete(folder);
            Folders.delete(log);
            folder = null;
        }
        process = null;
    }

    /**
     * What hangs is to be explained. It is killed whether it answers or not.
     */
    private static void killHanging(final Process hanging, final Path threads) throws InterruptedException
    {
        try
        {
            new ThreadDump(PATIENCE_SECONDS).write(all(hanging), threads);
        }
        finally
        {
            kill(hanging);
        }
    }

    private static Path threads(final Path result)
    {
        return result.resolveSibling(result.getFileName().toString().replaceAll("\\.result$", "") + ".threads");
    }

    private static List<ProcessHandle> all(final Process started)
    {
        final List<ProcessHandle> all = new ArrayList<>(started.descendants().toList());
        all.add(started.toHandle());

        return all;
    }

    private static void kill(final Process killed)
    {
        final List<ProcessHandle> all = all(killed);
        all.forEach(ProcessHandle::destroyForcibly);
        for (final ProcessHandle handle : all)
        {
            handle.onExit().completeOnTimeout(handle, 1, TimeUnit.SECONDS).join();
        }
    }

    /**
     * Ctrl-C reaches the child as well, and it may be faster than our hook.
     */
    private void throwIfStopped(final int status) throws InterruptedException
    {
        if (status > KILLED_BY_SIGNAL)
        {
            Thread.sleep(TIME_OF_A_SIGNAL_MS);
        }
        synchronized (this)
        {
            if (isStopped)
            {
                throw new InterruptedException();
            }
        }
    }

    private ForkFailedException failure(final String how, final Measurement measurement) throws IOException
    {
        final String output = Files.exists(log) ? Files.readString(log) : "";
        final String end = output.substring(Math.max(0, output.length() - SHOWN_OUTPUT));

        return new ForkFailedException(
            how + "\nmeasure " + String.join(" ", arguments(measurement)) + "\n" +
            (end.isBlank() ? "(it printed nothing)" : end.strip()));
    }
}
