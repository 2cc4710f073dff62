package io.kekbit.cli.demo;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * This command once more, in a process of its own, with the same Java.
 */
final class ChildCommand implements AutoCloseable
{
    private static final long PATIENCE_SECONDS = 5;
    private static final String MAIN_CLASS = "io.kekbit.cli.Kekbit";

    private final Process process;

    /**
     * Start it. What it prints is printed here.
     *
     * @param args of the command.
     * @throws IOException where it cannot be started.
     */
    ChildCommand(final List<String> args) throws IOException
    {
        process = new ProcessBuilder(line(args)).inheritIO().start();
    }

    /**
     * The command line to start it with.
     *
     * @param args of the command.
     * @return the program and its arguments.
     */
    static List<String> line(final List<String> args)
    {
        final String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        final String classPath = System.getProperty("java.class.path");
        final boolean isRunnableJar = classPath.endsWith(".jar") && !classPath.contains(File.pathSeparator);

        // The runnable jar's manifest carries the flag that Agrona needs; a class path does not.
        final List<String> line = new ArrayList<>(isRunnableJar ?
            List.of(java, "-jar", classPath) :
            List.of(java, "--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED", "-cp", classPath, MAIN_CLASS));
        line.addAll(args);

        return line;
    }

    /**
     * The id of the process.
     */
    long id()
    {
        return process.pid();
    }

    /**
     * Whether it has ended with a status other than 0.
     */
    boolean hasFailed()
    {
        return !process.isAlive() && process.exitValue() != 0;
    }

    /**
     * End it as {@code kill -9} does, in the middle of whatever it is doing.
     *
     * @throws InterruptedException where this thread is interrupted.
     */
    void kill() throws InterruptedException
    {
        process.destroyForcibly();
        process.waitFor();
    }

    /**
     * See to it that it has ended: one that still runs is no longer wanted.
     */
    @Override
    public void close()
    {
        process.destroy();
        try
        {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
            {
                kill();
            }
        }
        catch (final InterruptedException ex)
        {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
