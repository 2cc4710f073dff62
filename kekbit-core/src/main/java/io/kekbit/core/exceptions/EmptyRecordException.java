package io.kekbit.core.exceptions;

import java.nio.file.Path;

/**
 * A record without content cannot be expressed: it would be a heartbeat.
 */
public final class EmptyRecordException extends WriteException
{
    private static final long serialVersionUID = 1L;

    private final long length;

    /**
     * For kekbit's own use.
     *
     * @param file   the file it is about.
     * @param length the length that was given.
     */
    public EmptyRecordException(final Path file, final long length)
    {
        super(file, "empty record", "length=" + length, "Content has at least one byte", null);
        this.length = length;
    }

    /**
     * The length that was given.
     *
     * @return the value at the time of the error.
     */
    public long length()
    {
        return length;
    }
}
