package io.kekbit.core.exceptions;

import java.nio.file.Path;

/**
 * No record can begin at this position: it is negative, not a multiple of 8, or inside a record.
 */
public final class InvalidPositionException extends ChannelException
{
    private static final long serialVersionUID = 1L;

    private final long position;

    /**
     * For kekbit's own use.
     *
     * @param file     the file it is about.
     * @param position the position that was asked for.
     * @param reason   why no record can begin there.
     */
    public InvalidPositionException(final Path file, final long position, final String reason)
    {
        super(
            file,
            "invalid position",
            "position=" + position + " reason=\"" + reason + "\"",
            "Use a position that a reader gave",
            null);
        this.position = position;
    }

    /**
     * The position that was asked for.
     *
     * @return the value at the time of the error.
     */
    public long position()
    {
        return position;
    }
}
