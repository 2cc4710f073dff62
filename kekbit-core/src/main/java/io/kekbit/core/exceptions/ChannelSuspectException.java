package io.kekbit.core.exceptions;

import java.nio.file.Path;

/**
 * The machine was restarted since the channel was written, and what lies behind the durable position may be damaged.
 */
public final class ChannelSuspectException extends ChannelException
{
    private static final long serialVersionUID = 1L;

    private final long durablePosition;

    /**
     * For kekbit's own use.
     *
     * @param file            the file it is about.
     * @param durablePosition the position up to which everything was forced to the device.
     */
    public ChannelSuspectException(final Path file, final long durablePosition)
    {
        this(
            file,
            durablePosition,
            "Save what can be read behind that position, then resume with discardSuspect(true), or go on in " +
                "another channel",
            null);
    }

    /**
     * For kekbit's own use.
     *
     * @param file            the file it is about.
     * @param durablePosition the position up to which everything was forced to the device.
     * @param advice          what to do.
     * @param cause           by which it was found, or null.
     */
    public ChannelSuspectException(
        final Path file, final long durablePosition, final String advice, final Throwable cause)
    {
        super(file, "channel suspect", "durablePosition=" + durablePosition, advice, cause);
        this.durablePosition = durablePosition;
    }

    /**
     * The position up to which everything was forced to the device.
     *
     * @return the value at the time of the error.
     */
    public long durablePosition()
    {
        return durablePosition;
    }
}
