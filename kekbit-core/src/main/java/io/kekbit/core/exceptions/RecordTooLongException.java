package io.kekbit.core.exceptions;

import java.nio.file.Path;

/**
 * The record is longer than the channel's header allows.
 */
public final class RecordTooLongException extends WriteException
{
    private static final long serialVersionUID = 1L;

    private final long length;
    private final long maxMessageLength;

    /**
     * For kekbit's own use.
     *
     * @param file            the file it is about.
     * @param length          the length of the content in bytes.
     * @param maxMessageLength the greatest length in this channel.
     */
    public RecordTooLongException(final Path file, final long length, final long maxMessageLength)
    {
        super(
            file,
            "record too long",
            "length=" + length + " maxMessageLength=" + maxMessageLength,
            "Create the channel with a greater maxMessageLength",
            null);
        this.length = length;
        this.maxMessageLength = maxMessageLength;
    }

    /**
     * The length of the content in bytes.
     *
     * @return the value at the time of the error.
     */
    public long length()
    {
        return length;
    }

    /**
     * The greatest length in this channel.
     *
     * @return the value at the time of the error.
     */
    public long maxMessageLength()
    {
        return maxMessageLength;
    }
}
