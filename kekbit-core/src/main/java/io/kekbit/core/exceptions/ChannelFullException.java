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
        super(file, "channel full", "available=" + available, "Go on in another channel", null);
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
