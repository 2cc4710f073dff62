package io.kekbit.examples.marketdata;

import io.kekbit.examples.Examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * An example in a JVM of its own, its output in files. Ends with the test, whatever happens.
 */
final class TestProcess implements AutoCloseable
{
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(60);

    private final Path outFile;
    private final Path errFile;
    private final Process process;

    TestProcess(final Path folder, final String... args) throws IOException
    {
        outFile = Files.createTempFile(folder, "out", ".txt");
        errFile = Files.createTempFile(folder, "err", ".txt");
        final List<String> command = new ArrayList<>(List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-opens",
            "java.base/jdk.internal.misc=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Examples.class.getName()));
        command.addAll(List.of(args));
        process = new ProcessBuilder(command)
            .redirectOutput(outFile.toFile())
            .redirectError(errFile.toFile())
            .start();
    }

    int awaitExit() throws InterruptedException, IOException
    {
        assertTrue(process.waitFor(DEADLINE_NS, TimeUnit.NANOSECONDS), "still running:\n" + out() + err());

        return process.exitValue();
    }

    void awaitOutput(final String text) throws IOException
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

    void kill()
    {
        process.destroyForcibly();
    }

    void interrupt()
    {
        process.destroy();
    }

    List<ProcessHandle> children()
    {
        return process.children().toList();
    }

    String out() throws IOException
    {
        return Files.readString(outFile);
    }

    String err() throws IOException
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
