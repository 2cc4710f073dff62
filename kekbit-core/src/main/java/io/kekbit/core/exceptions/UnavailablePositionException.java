package io.kekbit.core.exceptions;

import java.nio.file.Path;

/**
 * The channel cannot be read as far as this position.
 */
public final class UnavailablePositionException extends ChannelException
{
    private static final long serialVersionUID = 1L;

    private final long position;
    private final long end;

    /**
     * For kekbit's own use.
     *
     * @param file     the file it is about.
     * @param position the position that was asked for.
     * @param end      the position at which reading ends for now.
     */
    public UnavailablePositionException(final Path file, final long position, final long end)
    {
        super(file, "position not available", "position=" + position + " end=" + end, "Wait until it is written", null);
        this.position = position;
        this.end = end;
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

    /**
     * The position at which reading ends for now.
     *
     * @return the value at the time of the error.
     */
    public long end()
    {
        return end;
    }
}
