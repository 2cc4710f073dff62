package io.kekbit.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

/**
 * The command in a JVM of its own, what it prints in files. Ends with the test, whatever happens. Where the system
 * property kekbit.jar is set, it is that jar and nothing else; otherwise the classes that were compiled for this test.
 */
final class CommandProcess implements AutoCloseable
{
    private static final long DEADLINE_NS = TimeUnit.MINUTES.toNanos(2);

    private final Path outFile;
    private final Path errFile;
    private final Process process;

    /**
     * Start the command.
     *
     * @param folder for what it prints.
     * @param args   of the command.
     */
    CommandProcess(final Path folder, final String... args) throws IOException
    {
        this(folder, commandLine(args));
    }

    private CommandProcess(final Path folder, final List<String> commandLine) throws IOException
    {
        outFile = Files.createTempFile(folder, "out", ".txt");
        errFile = Files.createTempFile(folder, "err", ".txt");
        final ProcessBuilder builder = new ProcessBuilder(commandLine)
            .redirectOutput(outFile.toFile())
            .redirectError(errFile.toFile());
        // What a developer's shell may export.
        builder.environment().keySet().removeAll(List.of("COLUMNS", "NO_COLOR", "JDK_JAVA_OPTIONS"));
        process = builder.start();
    }

    /**
     * Start any program.
     */
    static CommandProcess program(final Path folder, final List<String> commandLine) throws IOException
    {
        return new CommandProcess(folder, commandLine);
    }

    /**
     * Run the command and wait until it ends.
     *
     * @param folder for what it prints.
     * @param args   of the command.
     * @return the process, which has ended.
     */
    static CommandProcess run(final Path folder, final String... args) throws IOException, InterruptedException
    {
        final CommandProcess process = new CommandProcess(folder, args);
        process.awaitExit();

        return process;
    }

    /**
     * How the command is started.
     */
    static List<String> commandLine(final String... args)
    {
        final List<String> line = new ArrayList<>(List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xshare:auto",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1"));
        final String jar = System.getProperty("kekbit.jar");
        if (jar != null)
        {
            line.addAll(List.of("-jar", jar));
        }
        else
        {
            line.addAll(List.of(
                "--add-opens",
                "java.base/jdk.internal.misc=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Kekbit.class.getName()));
        }
        line.addAll(List.of(args));

        return line;
    }

    /**
     * Wait until it ends.
     *
     * @return the exit status.
     */
    int awaitExit() throws InterruptedException, IOException
    {
        if (!process.waitFor(DEADLINE_NS, TimeUnit.NANOSECONDS))
        {
            fail("still running:\n" + out() + err());
        }

        return process.exitValue();
    }

    /**
     * The exit status of a process that has ended.
     */
    int status()
    {
        return process.exitValue();
    }

    /**
     * Wait until it has printed something.
     */
    void awaitOutput(final String text) throws IOException
    {
        final long startNs = System.nanoTime();
        while (!out().contains(text))
        {
            assertTrue(
                process.isAlive() && System.nanoTime() - startNs < DEADLINE_NS,
                "no \"" + text + "\":\n" + out() + err());
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    /**
     * What it reads as its input.
     */
    OutputStream input()
    {
        return process.getOutputStream();
    }

    /**
     * The process itself.
     */
    ProcessHandle handle()
    {
        return process.toHandle();
    }

    /**
     * What it has printed.
     */
    String out() throws IOException
    {
        return new String(outBytes(), StandardCharsets.UTF_8);
    }

    /**
     * The bytes of what it has printed.
     */
    byte[] outBytes() throws IOException
    {
        return Files.readAllBytes(outFile);
    }

    /**
     * What it has printed to standard error.
     */
    String err() throws IOException
    {
        return new String(Files.readAllBytes(errFile), StandardCharsets.UTF_8);
    }

    @Override
    public void close()
    {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
