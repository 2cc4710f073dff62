package io.kekbit.examples.support;

import io.kekbit.examples.Examples;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * An example that runs in a JVM of its own, the same Java as this one. What it prints is printed here, each line behind
 * the process's name, and kept.
 */
public final class ExampleProcess implements AutoCloseable
{
    private static final List<String> INHERITED_FLAGS =
        List.of("--add-opens", "-Xm", "-XX:TieredStopAtLevel=", "-XX:+Use");
    private static final long STOP_TIMEOUT_SECONDS = 30;

    private final String name;
    private final Process process;
    private final List<String> lines = new ArrayList<>();
    private final Thread outPump;
    private final Thread errPump;

    /**
     * Start an example.
     *
     * @param name to print before each of its lines.
     * @param args the example's name and its arguments.
     * @param out  for what it prints.
     * @param err  for its errors.
     * @throws IOException where it cannot be started.
     */
    public ExampleProcess(final String name, final List<String> args, final PrintWriter out, final PrintWriter err)
        throws IOException
    {
        this.name = name;
        final List<String> command = new ArrayList<>(javaCommand());
        command.addAll(args);
        process = new ProcessBuilder(command).redirectInput(ProcessBuilder.Redirect.INHERIT).start();
        outPump = pump(process.getInputStream(), line -> printAndKeep(line, out));
        errPump = pump(process.getErrorStream(), line -> print(line, err));
    }

    /**
     * Completed when the process has ended.
     *
     * @return the future, which is never cancelled.
     */
    public CompletableFuture<Process> onExit()
    {
        return process.onExit();
    }

    /**
     * Whether the process has ended with a status other than 0.
     *
     * @return false while it runs.
     */
    public boolean hasFailed()
    {
        return !process.isAlive() && process.exitValue() != 0;
    }

    /**
     * The status of a process that has ended.
     *
     * @return the status, 128 and the signal's number where a signal ended it.
     */
    public int exitStatus()
    {
        return process.exitValue();
    }

    /**
     * All that an ended process printed, but for its errors.
     *
     * @return the lines.
     * @throws InterruptedException where this thread is interrupted.
     */
    public List<String> lines() throws InterruptedException
    {
        outPump.join();
        errPump.join();

        return lines;
    }

    /**
     * Ask the process to end. What it prints until then is still read, since not {@link Process#destroy()} is called,
     * which closes the streams.
     */
    public void stop()
    {
        process.toHandle().destroy();
    }

    /**
     * End the process as {@code kill -9} does: it can do nothing about it.
     */
    public void kill()
    {
        process.toHandle().destroyForcibly();
    }

    /**
     * See to it that the process has ended and everything it printed is printed here.
     */
    @Override
    public void close()
    {
        stop();
        try
        {
            if (!process.waitFor(STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS))
            {
                process.toHandle().destroyForcibly();
                process.waitFor();
            }
            lines();
        }
        catch (final InterruptedException ex)
        {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString()
    {
        return name;
    }

    /**
     * With the flags that this JVM was given about access, memory and compiling, among them the one that Agrona needs,
     * unless the runnable jar's manifest carries that. Others, as for debuggers and logs, name a port or a file that
     * only one process can have.
     */
    private static List<String> javaCommand()
    {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(flag -> INHERITED_FLAGS.stream().anyMatch(flag::startsWith))
            .forEach(command::add);
        final String classPath = System.getProperty("java.class.path");
        final boolean isRunnableJar = classPath.endsWith(".jar") && !classPath.contains(File.pathSeparator);
        command.addAll(
            isRunnableJar ? List.of("-jar", classPath) : List.of("-cp", classPath, Examples.class.getName()));

        return command;
    }

    private void printAndKeep(final String line, final PrintWriter out)
    {
        lines.add(line);
        print(line, out);
    }

    private void print(final String line, final PrintWriter to)
    {
        to.println(String.format("%-10s | %s", name, line));
    }

    private Thread pump(final InputStream in, final Consumer<String> consumer)
    {
        final Thread thread = new Thread(() -> forEachLine(in, consumer), name + "-output");
        thread.setDaemon(true);
        thread.start();

        return thread;
    }

    private void forEachLine(final InputStream in, final Consumer<String> consumer)
    {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(in, Charset.defaultCharset())))
        {
            reader.lines().forEach(consumer);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException("output of the " + name + " cannot be closed", ex);
        }
    }
}
