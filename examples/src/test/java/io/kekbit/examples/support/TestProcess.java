package io.kekbit.examples.support;

import io.kekbit.examples.Examples;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * An example in a JVM of its own, its output in files. Ends with the test, whatever happens.
 */
public final class TestProcess implements AutoCloseable
{
    private static final long DEADLINE_NS = TimeUnit.MINUTES.toNanos(3);

    private final Path outFile;
    private final Path errFile;
    private final Process process;

    /**
     * Start an example.
     *
     * @param folder for what it prints.
     * @param args   the example's name and its arguments.
     * @throws IOException where it cannot be started.
     */
    public TestProcess(final Path folder, final String... args) throws IOException
    {
        outFile = Files.createTempFile(folder, "out", ".txt");
        errFile = Files.createTempFile(folder, "err", ".txt");
        final List<String> command = new ArrayList<>(List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            // Those that it starts have these flags, too: most of what they do is to start.
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Examples.class.getName()));
        command.addAll(List.of(args));
        process = new ProcessBuilder(command)
            .redirectOutput(outFile.toFile())
            .redirectError(errFile.toFile())
            .start();
    }

    /**
     * Wait until it ends.
     *
     * @return the exit status.
     * @throws InterruptedException where this thread is interrupted.
     * @throws IOException          where its output cannot be read.
     */
    public int awaitExit() throws InterruptedException, IOException
    {
        assertTrue(process.waitFor(DEADLINE_NS, TimeUnit.NANOSECONDS), "still running:\n" + out() + err());

        return process.exitValue();
    }

    /**
     * Wait until it has printed something.
     *
     * @param text to wait for.
     * @throws IOException where its output cannot be read.
     */
    public void awaitOutput(final String text) throws IOException
    {
        final long startNs = System.nanoTime();
        while (!out().contains(text))
        {
            assertTrue(
                process.isAlive() && System.nanoTime() - startNs < DEADLINE_NS,
                "no \"" + text + "\":\n" + out() + err());
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    /**
     * Give it a line on its standard input.
     *
     * @param line without line end.
     * @throws IOException where it does not read any more.
     */
    public void type(final String line) throws IOException
    {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    /**
     * End its standard input.
     *
     * @throws IOException where that fails.
     */
    public void endInput() throws IOException
    {
        process.getOutputStream().close();
    }

    /**
     * End it as {@code kill -9} does.
     */
    public void kill()
    {
        process.destroyForcibly();
    }

    /**
     * Ask it to end, as {@code kill} does.
     */
    public void interrupt()
    {
        // Not by Process.destroy(), which closes its input as well.
        process.toHandle().destroy();
    }

    /**
     * The processes it started.
     *
     * @return those that live.
     */
    public List<ProcessHandle> children()
    {
        return process.children().toList();
    }

    /**
     * Wait until it has started a process.
     *
     * @param argument of that process.
     * @return the process.
     */
    public ProcessHandle awaitChild(final String argument)
    {
        final long startNs = System.nanoTime();
        while (true)
        {
            final Optional<ProcessHandle> child = process.children()
                .filter(handle -> List.of(handle.info().arguments().orElse(new String[0])).contains(argument))
                .findFirst();
            if (child.isPresent())
            {
                return child.get();
            }
            assertTrue(process.isAlive() && System.nanoTime() - startNs < DEADLINE_NS, "no process: " + argument);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    /**
     * What it has printed.
     *
     * @return the text so far.
     * @throws IOException where it cannot be read.
     */
    public String out() throws IOException
    {
        return Files.readString(outFile);
    }

    /**
     * What it has printed to standard error.
     *
     * @return the text so far.
     * @throws IOException where it cannot be read.
     */
    public String err() throws IOException
    {
        return Files.readString(errFile);
    }

    @Override
    public void close()
    {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
