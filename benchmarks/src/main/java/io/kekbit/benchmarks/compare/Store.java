package io.kekbit.benchmarks.compare;

import java.util.Locale;

/**
 * The kinds of file system that are measured on.
 */
public enum Store
{
    /**
     * Files in memory.
     */
    TMPFS,

    /**
     * Files on a disk.
     */
    EXT4;

    /**
     * As the kernel and people write it.
     *
     * @return the name in lower case.
     */
    public String label()
    {
        return name().toLowerCase(Locale.ROOT);
    }
}
