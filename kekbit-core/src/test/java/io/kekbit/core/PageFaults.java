package io.kekbit.core;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What Linux tells of the pages of this process, and the faults it took to get at them.
 */
final class PageFaults
{
    private static final Path THREAD = Path.of("/proc/thread-self/stat");
    private static final Path MAPPINGS = Path.of("/proc/self/smaps");
    private static final int MINOR_FAULTS = 10;
    private static final int FIELDS_BEFORE_STATE = 2;
    private static final AtomicBoolean SAID = new AtomicBoolean();

    private PageFaults()
    {
    }

    /**
     * Whether it is told; says once that it is not.
     */
    static boolean isTold()
    {
        final boolean isTold = Files.exists(THREAD) && Files.exists(MAPPINGS);
        if (!isTold && SAID.compareAndSet(false, true))
        {
            System.out.println("skipped: page faults are counted where there are " + THREAD + " and " + MAPPINGS);
        }

        return isTold;
    }

    /**
     * The minor page faults of the calling thread so far.
     */
    static long ofThread() throws IOException
    {
        final String line = Files.readString(THREAD);
        // The name of the thread can have blanks in it.
        final String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");

        return Long.parseLong(fields[MINOR_FAULTS - FIELDS_BEFORE_STATE - 1]);
    }

    /**
     * The KiB of files that are mapped, and those of them that this process reaches without a fault.
     */
    record Reach(long mapped, long resident)
    {
    }

    /**
     * Of all files below a folder: a channel's keeps the name by which it was made and mapped.
     */
    static Reach below(final Path folder) throws IOException
    {
        final String name = folder.toRealPath().toString();
        long mapped = 0;
        long resident = 0;
        boolean isBelow = false;
        for (final String line : Files.readAllLines(MAPPINGS))
        {
            if (line.matches("[0-9a-f]+-[0-9a-f]+ .*"))
            {
                isBelow = line.contains(name);
            }
            else if (isBelow && line.startsWith("Size:"))
            {
                mapped += kib(line);
            }
            else if (isBelow && line.startsWith("Rss:"))
            {
                resident += kib(line);
            }
        }

        return new Reach(mapped, resident);
    }

    private static long kib(final String line)
    {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
    }
}
