package io.kekbit.core.exceptions;

import java.nio.file.Path;

/**
 * The channel is larger than a JVM can map in one piece.
 */
public final class ChannelTooLargeException extends ChannelException
{
    private static final long serialVersionUID = 1L;

    private final long capacity;
    private final long maxCapacity;

    /**
     * For kekbit's own use.
     *
     * @param file        the file it is about.
     * @param capacity    the capacity in bytes.
     * @param maxCapacity the greatest capacity that can be mapped.
     */
    public ChannelTooLargeException(final Path file, final long capacity, final long maxCapacity)
    {
        super(
            file,
            "channel too large to be mapped",
            "capacity=" + capacity + " maxCapacity=" + maxCapacity,
            "Only channels up to that capacity can be used from Java",
            null);
        this.capacity = capacity;
        this.maxCapacity = maxCapacity;
    }

    /**
     * The capacity in bytes.
     *
     * @return the value at the time of the error.
     */
    public long capacity()
    {
        return capacity;
    }

    /**
     * The greatest capacity that can be mapped.
     *
     * @return the value at the time of the error.
     */
    public long maxCapacity()
    {
        return maxCapacity;
    }
}
