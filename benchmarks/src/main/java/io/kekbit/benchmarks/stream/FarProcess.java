package io.kekbit.benchmarks.stream;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The other side of a measurement as a process of its own: a JVM with the flags and the class path of this one, that is
 * told its jobs in lines. It ends when this process does.
 */
final class FarProcess implements FarSide
{
    private static final long EXIT_TIMEOUT_S = 10;

    private final Process process;
    private final PrintStream requests;
    private final BufferedReader answers;

    /**
     * Start it.
     *
     * @param subject   that carries the messages.
     * @param folder    of the channels.
     * @param processor to keep it on; null for any.
     */
    FarProcess(final String subject, final Path folder, final String processor)
    {
        final List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(FarMain.class.getName());
        command.add(subject);
        command.add(folder.toString());
        if (processor != null)
        {
            command.add(processor);
        }
        try
        {
            process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        requests = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        answers = process.inputReader(StandardCharsets.UTF_8);
    }

    @Override
    public void begin(final Job job)
    {
        requests.println(FarMain.BEGIN + job.toLine());
        answer(FarMain.READY);
    }

    @Override
    public Outcome end()
    {
        return Outcome.parse(answer(FarMain.DONE));
    }

    @Override
    public void release(final Job job)
    {
        requests.println(FarMain.RELEASE + job.toLine());
        answer(FarMain.RELEASED);
    }

    /**
     * Wait for an answer, and pass by what else is printed.
     */
    private String answer(final String prefix)
    {
        try
        {
            while (true)
            {
                final String line = answers.readLine();
                if (line == null)
                {
                    throw new IllegalStateException("the far side's process ended: awaited=" + prefix);
                }
                if (line.startsWith(FarMain.FAILED))
                {
                    throw new IllegalStateException("the far side failed: " + line.substring(FarMain.FAILED.length()));
                }
                if (line.startsWith(prefix))
                {
                    return line.substring(prefix.length());
                }
            }
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    @Override
    public void close()
    {
        requests.close();
        try
        {
            if (!process.waitFor(EXIT_TIMEOUT_S, TimeUnit.SECONDS))
            {
                process.destroyForcibly();
            }
        }
        catch (final InterruptedException ex)
        {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
