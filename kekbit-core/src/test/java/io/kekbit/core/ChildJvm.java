package io.kekbit.core;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Another JVM with the class path of the tests, for what only another process can show.
 */
final class ChildJvm implements AutoCloseable
{
    static final String AGRONA_FLAG = "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED";

    /**
     * For those that start often, and live for a short while.
     */
    static final List<String> QUICK_START = List.of(AGRONA_FLAG, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private static final long PATIENCE_S = 60;
    private static final int LIFE_MINUTES = Evidence.times("kekbit.child.minutes", 10);
    private static final Timer WATCHDOGS = new Timer("watchdogs", true);

    /**
     * The exit status of a process that died of SIGKILL.
     */
    private static final int KILLED = 128 + 9;

    /**
     * The exit status of a process whose parent died.
     */
    private static final int ORPHANED = 3;

    private final Process process;
    private final BufferedReader output;
    private final TimerTask watchdog;

    private ChildJvm(final Process process)
    {
        this.process = process;
        output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        // Nothing interrupts a thread that waits for a line: without this, a hang would last for ever.
        watchdog = new TimerTask()
        {
            @Override
            public void run()
            {
                System.out.println("killed after " + LIFE_MINUTES + " minutes: " + process.info().command().orElse(""));
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.toHandle().destroyForcibly();
            }
        };
        WATCHDOGS.schedule(watchdog, TimeUnit.MINUTES.toMillis(LIFE_MINUTES));
    }

    /**
     * Let this process, if it is a child, end as soon as its parent does, however that ends: its input ends then. For
     * those that would run for ever, and have no input to read.
     */
    static void endWithParent()
    {
        final Thread watcher = new Thread(ChildJvm::haltAtEndOfInput, "watches the parent");
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

    /**
     * Start a main program.
     *
     * @param flags     of the JVM.
     * @param mainClass to run.
     * @param arguments of the program.
     * @return the running JVM; what it says on either output is read line by line.
     */
    static ChildJvm start(final List<String> flags, final Class<?> mainClass, final Object... arguments)
    {
        return startBy(List.of(), flags, classPath(), mainClass, arguments);
    }

    /**
     * Start a main program by another command, which starts what its arguments say: as another user, for one.
     *
     * @param starter   the command.
     * @param flags     of the JVM.
     * @param classPath of the program.
     * @param mainClass to run.
     * @param arguments of the program.
     * @return the running JVM.
     */
    static ChildJvm startBy(
        final List<String> starter,
        final List<String> flags,
        final String classPath,
        final Class<?> mainClass,
        final Object... arguments)
    {
        final List<String> command = new ArrayList<>(starter);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.add("-Xmx256m");
        command.add("-cp");
        command.add(classPath);
        command.add(mainClass.getName());
        for (final Object argument : arguments)
        {
            command.add(argument.toString());
        }
        try
        {
            final ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().remove("JDK_JAVA_OPTIONS");

            return new ChildJvm(builder.start());
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    /**
     * The class path of the tests.
     */
    static String classPath()
    {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    long pid()
    {
        return process.pid();
    }

    boolean isAlive()
    {
        return process.isAlive();
    }

    /**
     * The next line it prints, or null when it ended.
     */
    String readLine() throws IOException
    {
        return output.readLine();
    }

    /**
     * Tell it to go on: it may be waiting for its input to end.
     */
    void endInput() throws IOException
    {
        process.getOutputStream().close();
    }

    /**
     * Wait for its end.
     *
     * @return all that it printed and was not read yet.
     */
    String awaitEnd() throws IOException, InterruptedException
    {
        final StringBuilder rest = new StringBuilder();
        for (String line = readLine(); line != null; line = readLine())
        {
            rest.append(line).append('\n');
        }
        assertTrue(process.waitFor(PATIENCE_S, TimeUnit.SECONDS), "it does not end");

        return rest.toString();
    }

    int exitStatus()
    {
        return process.exitValue();
    }

    void kill() throws InterruptedException
    {
        process.destroyForcibly().waitFor();
    }

    /**
     * Kill it by SIGKILL.
     *
     * @return all that it had printed and was not read yet.
     */
    String killAndRead() throws IOException, InterruptedException
    {
        // By its handle, since the process itself would close its output first.
        process.toHandle().destroyForcibly();
        final String rest = awaitEnd();
        assertEquals(KILLED, process.exitValue(), rest);

        return rest;
    }

    /**
     * Kill it if it still runs, and wait for that, since a folder in which it still writes could not be deleted.
     */
    @Override
    public void close()
    {
        watchdog.cancel();
        process.destroyForcibly();
        try
        {
            assertTrue(process.waitFor(PATIENCE_S, TimeUnit.SECONDS), "it does not end");
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
    }
}
