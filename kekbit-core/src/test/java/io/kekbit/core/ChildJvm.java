package io.kekbit.core;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Another JVM with the class path of the tests, for what only another process can show.
 */
final class ChildJvm implements AutoCloseable
{
    static final String AGRONA_FLAG = "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED";

    private static final long PATIENCE_S = 60;

    /**
     * The exit status of a process that died of SIGKILL.
     */
    private static final int KILLED = 128 + 9;

    private final Process process;
    private final BufferedReader output;

    private ChildJvm(final Process process)
    {
        this.process = process;
        output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
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

    @Override
    public void close()
    {
        process.destroyForcibly();
    }
}
