package io.kekbit.aeron.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Another process with the class path of the tests: a media driver, or a host of a copy. It ends with the test, however
 * that ends.
 */
final class Child implements AutoCloseable
{
    private static final List<String> FLAGS = List.of(
        "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED", "-XX:+UseSerialGC", "-Xmx256m",
        // In the short forms, most of what it does is to start.
        "-XX:TieredStopAtLevel=" + (Evidence.times("kekbit.aeron.records", 100_000) > 1_000_000 ? 4 : 1));
    private static final long PATIENCE_S = 60;

    /**
     * The exit status of a process that died of SIGKILL.
     */
    private static final int KILLED = 128 + 9;

    /**
     * The exit status of a process whose parent died.
     */
    private static final int ORPHANED = 3;

    private final String name;
    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final Thread reader;

    private Child(final String name, final Process process)
    {
        this.name = name;
        this.process = process;
        reader = new Thread(this::readLines, "output of " + name);
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Start a main program.
     *
     * @param starter   a command that starts what its arguments say, in another network for one; may be empty.
     * @param mainClass to run.
     * @param arguments of the program.
     */
    static Child start(final List<String> starter, final Class<?> mainClass, final Object... arguments)
    {
        final List<String> command = new ArrayList<>(starter);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        command.add("-cp");
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.add(mainClass.getName());
        for (final Object argument : arguments)
        {
            command.add(argument.toString());
        }
        try
        {
            final ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().remove("JDK_JAVA_OPTIONS");

            return new Child(mainClass.getSimpleName(), builder.start());
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    /**
     * Let this process, if it is a child, end as soon as its parent does: its input ends then.
     */
    static void endWithParent()
    {
        final Thread watcher = new Thread(Child::haltAtEndOfInput, "watches the parent");
        watcher.setDaemon(true);
        watcher.start();
    }

    private static void haltAtEndOfInput()
    {
        try
        {
            while (System.in.read() >= 0)
            {
                continue;
            }
        }
        catch (final IOException ex)
        {
            System.err.println(ex);
        }
        Runtime.getRuntime().halt(ORPHANED);
    }

    long pid()
    {
        return process.pid();
    }

    boolean isAlive()
    {
        return process.isAlive();
    }

    int exitStatus()
    {
        return process.exitValue();
    }

    /**
     * Wait until it prints a line that begins so. What it printed before is dropped.
     *
     * @return the line.
     */
    String await(final String beginning) throws InterruptedException
    {
        final StringBuilder seen = new StringBuilder();
        while (true)
        {
            final String line = lines.poll(PATIENCE_S, TimeUnit.SECONDS);
            assertNotNull(line, name + " does not print \"" + beginning + "\":\n" + seen);
            if (line.startsWith(beginning))
            {
                return line;
            }
            seen.append(line).append('\n');
            assertTrue(
                process.isAlive() || !lines.isEmpty() || reader.isAlive(),
                name + " ended without \"" + beginning + "\":\n" + seen);
        }
    }

    /**
     * All that it has printed and nobody has looked at yet.
     */
    String printed()
    {
        final List<String> all = new ArrayList<>();
        lines.drainTo(all);

        return String.join("\n", all);
    }

    /**
     * Tell it something on a line of its input.
     */
    void tell(final String line) throws IOException
    {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    /**
     * Wait for its end.
     *
     * @return its exit status.
     */
    int awaitEnd() throws InterruptedException
    {
        assertTrue(process.waitFor(PATIENCE_S, TimeUnit.SECONDS), name + " does not end:\n" + printed());
        reader.join();

        return process.exitValue();
    }

    /**
     * Kill it by SIGKILL.
     *
     * @return whether it was alive.
     */
    boolean kill() throws InterruptedException
    {
        final boolean wasAlive = process.isAlive();
        // By its handle, since the process itself would close its output first.
        process.toHandle().destroyForcibly();
        awaitEnd();
        if (wasAlive)
        {
            assertEquals(KILLED, process.exitValue(), name);
        }

        return wasAlive;
    }

    /**
     * Send it a signal.
     *
     * @param signal as {@code kill} names it: STOP, CONT.
     */
    void signal(final String signal) throws IOException, InterruptedException
    {
        final Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start();
        assertEquals(0, kill.waitFor(), signal);
    }

    private void readLines()
    {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8))
        {
            for (String line = output.readLine(); line != null; line = output.readLine())
            {
                lines.add(line);
            }
        }
        catch (final IOException ex)
        {
            lines.add(ex.toString());
        }
    }

    @Override
    public void close()
    {
        process.toHandle().destroyForcibly();
        process.onExit().join();
    }
}
