package io.kekbit.benchmarks.stream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Keeps the calling thread on a processor, by {@code taskset} of Linux.
 */
final class Processor
{
    private static final Path THREAD = Path.of("/proc/thread-self");

    private Processor()
    {
    }

    /**
     * Pin the calling thread.
     *
     * @param processor its number, or several as {@code taskset} takes them; null to do nothing.
     */
    static void pin(final String processor)
    {
        if (processor == null)
        {
            return;
        }
        try
        {
            final String threadId = Files.readSymbolicLink(THREAD).getFileName().toString();
            final Process taskset = new ProcessBuilder("taskset", "-cp", processor, threadId)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
            if (taskset.waitFor() != 0)
            {
                throw new IllegalStateException("taskset failed: processor=" + processor);
            }
        }
        catch (final IOException ex)
        {
            throw new IllegalStateException("pinning needs taskset and /proc", ex);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", ex);
        }
    }
}
