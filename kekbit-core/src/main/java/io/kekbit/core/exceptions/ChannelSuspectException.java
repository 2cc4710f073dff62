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
        super(
            file,
            "channel suspect",
            "durablePosition=" + durablePosition,
            "Save what can be read behind that position, then resume with discardSuspect(true), or go on in " +
                "another channel",
            null);
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
