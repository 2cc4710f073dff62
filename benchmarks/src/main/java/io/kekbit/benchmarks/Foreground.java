package io.kekbit.benchmarks;

import io.kekbit.benchmarks.compare.Folders;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs a command in this one's terminal, and ends it when this one is ended.
 */
final class Foreground
{
    private Foreground()
    {
    }

    /**
     * Run it to its end.
     *
     * @param command to run.
     * @param folder  that is deleted afterwards, whatever happens, or null.
     * @return its exit status.
     */
    static int run(final List<String> command, final Path folder) throws IOException, InterruptedException
    {
        final Process process = new ProcessBuilder(command).inheritIO().start();
        final Thread hook = new Thread(() -> end(process, folder));
        Runtime.getRuntime().addShutdownHook(hook);
        final int status = process.waitFor();
        end(process, folder);

        return status;
    }

    private static void end(final Process process, final Path folder)
    {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().join();
        if (folder != null)
        {
            Folders.delete(folder);
        }
    }
}
