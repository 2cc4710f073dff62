package io.kekbit.core.exceptions;

import java.nio.file.Path;

/**
 * The file holds another channel than its name says.
 */
public final class ChannelIdMismatchException extends ChannelException
{
    private static final long serialVersionUID = 1L;

    private final long expected;
    private final long actual;

    /**
     * For kekbit's own use.
     *
     * @param file     the file it is about.
     * @param expected the channel id by which it was opened.
     * @param actual   the channel id in the file.
     */
    public ChannelIdMismatchException(final Path file, final long expected, final long actual)
    {
        super(
            file,
            "channel id mismatch",
            "expected=" + Long.toUnsignedString(expected) + " actual=" + Long.toUnsignedString(actual),
            "The file was renamed or copied; give it the name that its id asks for",
            null);
        this.expected = expected;
        this.actual = actual;
    }

    /**
     * The channel id by which it was opened.
     *
     * @return the value at the time of the error.
     */
    public long expected()
    {
        return expected;
    }

    /**
     * The channel id in the file.
     *
     * @return the value at the time of the error.
     */
    public long actual()
    {
        return actual;
    }
}
