package io.kekbit.core.exceptions;

import java.nio.file.Path;

/**
 * A field of a header, as it was asked for or as it stands in a file, is out of its range.
 */
public final class InvalidHeaderException extends ChannelException
{
    private static final long serialVersionUID = 1L;

    /**
     * For kekbit's own use.
     *
     * @param file   the file it is about.
     * @param reason the field, its value and its range.
     * @param advice what to do about it.
     */
    public InvalidHeaderException(final Path file, final String reason, final String advice)
    {
        super(file, "invalid header", reason, advice, null);
    }
}
