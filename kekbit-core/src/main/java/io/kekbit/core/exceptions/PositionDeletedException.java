package io.kekbit.core.exceptions;

import java.nio.file.Path;

/**
 * The channel of a series that this position lies in was deleted, to keep the series within its bounds.
 */
public final class PositionDeletedException extends ChannelException
{
    private static final long serialVersionUID = 1L;

    private final long position;
    private final long firstPosition;

    /**
     * For kekbit's own use.
     *
     * @param file          the file it is about.
     * @param position      the position that was asked for, or that reading came to.
     * @param firstPosition the first position in the series that can be read.
     */
    public PositionDeletedException(final Path file, final long position, final long firstPosition)
    {
        super(
            file,
            "position deleted",
            "position=" + position + " firstPosition=" + firstPosition,
            "Go on at the first position, and do without what was before it; or keep the series for longer",
            null);
        this.position = position;
        this.firstPosition = firstPosition;
    }

    /**
     * The position that was asked for, or that reading came to.
     *
     * @return the value at the time of the error.
     */
    public long position()
    {
        return position;
    }

    /**
     * The first position in the series that can be read.
     *
     * @return the value at the time of the error; more may be deleted since.
     */
    public long firstPosition()
    {
        return firstPosition;
    }
}
