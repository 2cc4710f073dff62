package io.kekbit.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What the threads of JVMs do, asked by the {@code jcmd} of this JDK. A JVM that hangs may not answer: it is given a
 * time, and whatever goes wrong is written into the file instead.
 */
final class ThreadDump
{
    private final int patienceSeconds;

    /**
     * Ready to ask.
     *
     * @param patienceSeconds for the answer of each JVM.
     */
    ThreadDump(final int patienceSeconds)
    {
        this.patienceSeconds = patienceSeconds;
    }

    /**
     * Ask.
     *
     * @param jvms that are asked, one after the other.
     * @param file that takes the answers, a new one.
     * @throws InterruptedException when this thread is to stop.
     */
    void write(final List<ProcessHandle> jvms, final Path file) throws InterruptedException
    {
        for (final ProcessHandle jvm : jvms)
        {
            try
            {
                append(file, "process " + jvm.pid() + "\n");
                append(file, ask(jvm.pid(), file) + "\n");
            }
            catch (final IOException ex)
            {
                // A dump that cannot be written must not hide that something hung.
                System.err.println("no thread dump: pid=" + jvm.pid() + " cause=" + ex);
            }
        }
    }

    private String ask(final long pid, final Path file) throws InterruptedException
    {
        Process jcmd = null;
        try
        {
            final Path command = Path.of(System.getProperty("java.home"), "bin", "jcmd");
            jcmd = new ProcessBuilder(command.toString(), Long.toString(pid), "Thread.print", "-l")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(file.toFile()))
                .start();

            return jcmd.waitFor(patienceSeconds, TimeUnit.SECONDS) ? "" :
                "no answer within " + patienceSeconds + " s";
        }
        catch (final IOException ex)
        {
            return "not asked: " + ex;
        }
        finally
        {
            if (jcmd != null)
            {
                jcmd.destroyForcibly();
            }
        }
    }

    private static void append(final Path file, final String text) throws IOException
    {
        Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
