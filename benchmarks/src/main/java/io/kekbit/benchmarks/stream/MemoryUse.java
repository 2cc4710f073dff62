package io.kekbit.benchmarks.stream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What this process holds at one moment.
 *
 * @param heapBytes      used on the heap, right after a garbage collection.
 * @param anonymousBytes of resident memory without files, the heap among it; -1 where the system does not tell.
 * @param mappings       parts of the address space, of which each mapped file is one or more; -1 where the system does
 *                       not tell.
 */
record MemoryUse(long heapBytes, long anonymousBytes, long mappings)
{
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path MAPS = Path.of("/proc/self/maps");
    private static final String ANONYMOUS = "RssAnon:";
    private static final int COLLECTIONS = 3;
    private static final long PAUSE_MS = 200;
    private static final long BYTES_PER_KB = 1024;

    /**
     * Collect garbage and look.
     *
     * @return what is held then.
     */
    static MemoryUse now()
    {
        // A mapping that nobody refers to goes with a cleaner, which needs a collection and some time.
        for (int i = 0; i < COLLECTIONS; i++)
        {
            System.gc();
            try
            {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
            }
            catch (final InterruptedException ex)
            {
                Thread.currentThread().interrupt();
            }
        }

        return new MemoryUse(
            ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(), anonymous(), countMappings());
    }

    private static long anonymous()
    {
        if (!Files.exists(STATUS))
        {
            return -1;
        }
        try (Stream<String> lines = Files.lines(STATUS))
        {
            return lines
                .filter((line) -> line.startsWith(ANONYMOUS))
                .mapToLong((line) -> Long.parseLong(line.replaceAll("\\D", "")) * BYTES_PER_KB)
                .findFirst()
                .orElse(-1);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    private static long countMappings()
    {
        if (!Files.exists(MAPS))
        {
            return -1;
        }
        try (Stream<String> lines = Files.lines(MAPS))
        {
            return lines.count();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }
}
