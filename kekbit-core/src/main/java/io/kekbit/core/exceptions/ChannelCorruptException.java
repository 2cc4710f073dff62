package io.kekbit.core.exceptions;

import java.nio.file.Path;

/**
 * The channel is damaged: no record can stand where the walk along its records arrived.
 */
public final class ChannelCorruptException extends ChannelException
{
    private static final long serialVersionUID = 1L;

    private final long position;

    /**
     * For kekbit's own use.
     *
     * @param file     the file it is about.
     * @param position the position of the damage.
     */
    public ChannelCorruptException(final Path file, final long position)
    {
        this(file, position, "What lies before that position can be read; go on in another channel", null);
    }

    /**
     * For kekbit's own use.
     *
     * @param file     the file it is about.
     * @param position the position of the damage.
     * @param advice   what to do.
     * @param cause    by which it was found, or null.
     */
    public ChannelCorruptException(final Path file, final long position, final String advice, final Throwable cause)
    {
        super(file, "channel corrupt", "position=" + position, advice, cause);
        this.position = position;
    }

    /**
     * The position of the damage.
     *
     * @return the value at the time of the error.
     */
    public long position()
    {
        return position;
    }
}
