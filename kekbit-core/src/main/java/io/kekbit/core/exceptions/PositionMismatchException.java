package io.kekbit.core.exceptions;

import java.nio.file.Path;

/**
 * The named position is one of another stream: of another channel, or of an older channel of the same id.
 */
public final class PositionMismatchException extends ChannelException
{
    private static final long serialVersionUID = 1L;

    /**
     * For kekbit's own use.
     *
     * @param file     the file it is about.
     * @param expected the stream that is read.
     * @param actual   the stream that the position is of.
     */
    public PositionMismatchException(final Path file, final String expected, final String actual)
    {
        super(
            file,
            "named position of another stream",
            "expected=\"" + expected + "\" actual=\"" + actual + "\"",
            "Use one name for each stream; delete the file to let the name begin anew",
            null);
    }
}
