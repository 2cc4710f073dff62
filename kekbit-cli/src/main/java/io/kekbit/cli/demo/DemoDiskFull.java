package io.kekbit.cli.demo;

import io.kekbit.cli.support.CliException;
import io.kekbit.cli.support.ExitCodes;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Finds a way to run out of disk space that any user has: a small file system in memory that only one process sees
 * (Linux with user name spaces), or else a limit on the length of that process's files.
 */
final class DemoDiskFull
{
    /**
     * Bytes of the small file system, and of the longest file where there is none.
     */
    static final int SIZE = 4 * 1024 * 1024;

    private static final int ULIMIT_UNIT = 512;
    private static final long PATIENCE_SECONDS = 60;
    private static final String MOUNT = "mount -t tmpfs -o size=" + SIZE + " tmpfs \"$0\" && exec \"$@\"";
    private static final List<List<String>> PRIVATE_MOUNTS = List.of(
        List.of("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", MOUNT),
        List.of("unshare", "--mount", "sh", "-c", MOUNT));
    private static final List<String> LIMIT =
        List.of("sh", "-c", "ulimit -f " + SIZE / ULIMIT_UNIT + " && exec \"$@\"");

    private final Consumer<String> out;

    /**
     * @param out takes lines to print.
     */
    DemoDiskFull(final Consumer<String> out)
    {
        this.out = out;
    }

    /**
     * Show it.
     *
     * @return the status.
     */
    int run() throws IOException, InterruptedException
    {
        try (ScratchFolder folder = new ScratchFolder(2 * SIZE))
        {
            final String place = folder.path().toString();
            for (final List<String> mount : PRIVATE_MOUNTS)
            {
                if (succeeds(line(mount, place, List.of("true"))))
                {
                    out.accept("disk     a file system of " + SIZE + " bytes in memory, which only this " +
                        "demonstration sees: " + place);

                    return status(line(mount, place, disk(folder.path(), true)));
                }
            }
            if (succeeds(line(LIMIT, place, List.of("true"))))
            {
                out.accept("disk     this user may not mount a small file system: instead, no file of the " +
                    "demonstration can be longer than " + SIZE + " bytes (ulimit -f)");

                return status(line(LIMIT, place, disk(folder.path(), false)));
            }
        }

        throw new CliException(
            ExitCodes.FAILED, "neither unshare nor ulimit works here, so that no full disk can be shown");
    }

    private static List<String> disk(final Path root, final boolean isMounted)
    {
        return ChildCommand.line(List.of("demo-disk", "--root=" + root, "--mounted=" + isMounted));
    }

    private static List<String> line(final List<String> first, final String place, final List<String> command)
    {
        final List<String> line = new ArrayList<>(first);
        line.add(place);
        line.addAll(command);

        return line;
    }

    private static boolean succeeds(final List<String> line) throws InterruptedException
    {
        try
        {
            final Process process = new ProcessBuilder(line)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();

            return isOver(process) && process.exitValue() == 0;
        }
        catch (final IOException ex)
        {
            // There is no such program here.
            return false;
        }
    }

    private static int status(final List<String> line) throws IOException, InterruptedException
    {
        final Process process = new ProcessBuilder(line).inheritIO().start();

        return isOver(process) ? process.exitValue() : ExitCodes.FAILED;
    }

    private static boolean isOver(final Process process) throws InterruptedException
    {
        boolean isOver = false;
        try
        {
            isOver = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        finally
        {
            if (!isOver)
            {
                process.destroyForcibly();
            }
        }

        return isOver;
    }
}
