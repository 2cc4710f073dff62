package io.kekbit.core.exceptions;

import java.nio.file.Path;

/**
 * There is no room left for this record; a shorter one may still fit.
 */
public final class NoSpaceForRecordException extends WriteException
{
    private static final long serialVersionUID = 1L;

    private final long length;
    private final long available;

    /**
     * For kekbit's own use.
     *
     * @param file      the file it is about.
     * @param length    the length of the content in bytes, or of the slot that was too short for it.
     * @param available the bytes left, the length word included.
     * @param cause     what the operating system said, or what was thrown.
     */
    public NoSpaceForRecordException(final Path file, final long length, final long available, final Throwable cause)
    {
        super(
            file,
            "no space for record",
            "length=" + length + " available=" + available,
            "Write a shorter one, or go on in another channel",
            cause);
        this.length = length;
        this.available = available;
    }

    /**
     * The length of the content in bytes, or of the slot that was too short for it.
     *
     * @return the value at the time of the error.
     */
    public long length()
    {
        return length;
    }

    /**
     * The bytes left, the length word included.
     *
     * @return the value at the time of the error.
     */
    public long available()
    {
        return available;
    }
}
