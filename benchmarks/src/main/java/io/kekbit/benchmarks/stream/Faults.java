package io.kekbit.benchmarks.stream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Page faults of a thread, as Linux counts them.
 */
final class Faults
{
    private static final Path STATUS = Path.of("/proc/thread-self/stat");
    private static final int MINOR_FAULTS_BEHIND_NAME = 7;

    private Faults()
    {
    }

    /**
     * Faults that the calling thread had so far and that needed no device.
     *
     * @return the number; -1 where the system does not tell.
     */
    static long ofThisThread()
    {
        try
        {
            final String status = Files.readString(STATUS);
            // The name of the thread stands in parentheses and can contain anything.
            final String[] behindName = status.substring(status.lastIndexOf(')') + 2).split(" ");

            return Long.parseLong(behindName[MINOR_FAULTS_BEHIND_NAME]);
        }
        catch (final IOException ex)
        {
            return -1;
        }
    }
}
