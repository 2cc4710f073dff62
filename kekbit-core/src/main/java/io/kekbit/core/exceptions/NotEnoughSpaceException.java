package io.kekbit.core.exceptions;

import java.nio.file.Path;

/**
 * The file system has no room for the whole channel. Nothing is left behind.
 */
public final class NotEnoughSpaceException extends ChannelException
{
    private static final long serialVersionUID = 1L;

    private final long required;
    private final long available;

    /**
     * For kekbit's own use.
     *
     * @param file      the file it is about.
     * @param required  the bytes that the channel takes.
     * @param available the bytes that the file system had left.
     * @param cause     what the operating system said, or what was thrown.
     */
    public NotEnoughSpaceException(final Path file, final long required, final long available, final Throwable cause)
    {
        super(
            file,
            "not enough space",
            "required=" + required + " available=" + available,
            "Free some, or create a channel of less capacity",
            cause);
        this.required = required;
        this.available = available;
    }

    /**
     * The bytes that the channel takes.
     *
     * @return the value at the time of the error.
     */
    public long required()
    {
        return required;
    }

    /**
     * The bytes that the file system had left.
     *
     * @return the value at the time of the error.
     */
    public long available()
    {
        return available;
    }
}
