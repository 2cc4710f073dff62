package io.kekbit.core.exceptions;

import java.nio.file.Path;

/**
 * The file is too short for what its header says, or for a header.
 */
public final class FileTooShortException extends ChannelException
{
    private static final long serialVersionUID = 1L;

    private final long expected;
    private final long actual;

    /**
     * For kekbit's own use.
     *
     * @param file     the file it is about.
     * @param expected the least length in bytes.
     * @param actual   the length of the file in bytes.
     */
    public FileTooShortException(final Path file, final long expected, final long actual)
    {
        super(
            file,
            "file too short",
            "expected=" + expected + " actual=" + actual,
            "It was cut off, or is not a channel",
            null);
        this.expected = expected;
        this.actual = actual;
    }

    /**
     * The least length in bytes.
     *
     * @return the value at the time of the error.
     */
    public long expected()
    {
        return expected;
    }

    /**
     * The length of the file in bytes.
     *
     * @return the value at the time of the error.
     */
    public long actual()
    {
        return actual;
    }
}
