package io.kekbit.core.exceptions;

import java.nio.file.Path;

/**
 * The channel was opened for a data format that does not accept what it holds.
 */
public final class FormatMismatchException extends ChannelException
{
    private static final long serialVersionUID = 1L;

    private final String expected;
    private final String actual;

    /**
     * For kekbit's own use.
     *
     * @param file     the file it is about.
     * @param expected the format it was opened for.
     * @param actual   the format that the channel holds.
     */
    public FormatMismatchException(final Path file, final String expected, final String actual)
    {
        super(
            file,
            "data format mismatch",
            "expected=" + expected + " actual=" + actual,
            "Open it with the format it was written in, or with none",
            null);
        this.expected = expected;
        this.actual = actual;
    }

    /**
     * The format it was opened for.
     *
     * @return the value at the time of the error.
     */
    public String expected()
    {
        return expected;
    }

    /**
     * The format that the channel holds.
     *
     * @return the value at the time of the error.
     */
    public String actual()
    {
        return actual;
    }
}
