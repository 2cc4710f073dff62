package io.kekbit.core.exceptions;

import java.nio.file.Path;

/**
 * The file was written by a later version of the format than this one.
 */
public final class IncompatibleVersionException extends ChannelException
{
    private static final long serialVersionUID = 1L;

    private final long expected;
    private final long actual;

    /**
     * For kekbit's own use.
     *
     * @param file     the file it is about.
     * @param expected the latest version that can be read: major &lt;&lt; 48 | minor &lt;&lt; 32 | patch.
     * @param actual   the version of the file, likewise.
     */
    public IncompatibleVersionException(final Path file, final long expected, final long actual)
    {
        super(
            file,
            "incompatible version",
            "expected=" + Messages.version(expected) + " actual=" + Messages.version(actual),
            "Read it with a later kekbit",
            null);
        this.expected = expected;
        this.actual = actual;
    }

    /**
     * The latest version that can be read: major &lt;&lt; 48 | minor &lt;&lt; 32 | patch.
     *
     * @return the value at the time of the error.
     */
    public long expected()
    {
        return expected;
    }

    /**
     * The version of the file, likewise.
     *
     * @return the value at the time of the error.
     */
    public long actual()
    {
        return actual;
    }
}
