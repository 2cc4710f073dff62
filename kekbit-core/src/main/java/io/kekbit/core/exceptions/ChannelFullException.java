package io.kekbit.core.exceptions;

import java.nio.file.Path;

/**
 * There is no room for any record: the end of the channel's life.
 */
public final class ChannelFullException extends WriteException
{
    private static final long serialVersionUID = 1L;

    private final long available;

    /**
     * For kekbit's own use.
     *
     * @param file      the file it is about.
     * @param available the bytes left.
     */
    public ChannelFullException(final Path file, final long available)
    {
        this(file, available, null);
    }

    /**
     * For kekbit's own use.
     *
     * @param file      the file it is about.
     * @param available the bytes left.
     * @param cause     why there is no other channel to go on in, or null.
     */
    public ChannelFullException(final Path file, final long available, final Throwable cause)
    {
        super(file, "channel full", "available=" + available, "Go on in another channel", cause);
        this.available = available;
    }

    /**
     * The bytes left.
     *
     * @return the value at the time of the error.
     */
    public long available()
    {
        return available;
    }
}
