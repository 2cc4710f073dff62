package io.kekbit.core.exceptions;

import java.nio.file.Path;

/**
 * The channel does not carry what a further writer needs.
 */
public final class ChannelNotResumableException extends ChannelException
{
    private static final long serialVersionUID = 1L;

    /**
     * For kekbit's own use.
     *
     * @param file   the file it is about.
     * @param reason what is missing.
     */
    public ChannelNotResumableException(final Path file, final String reason)
    {
        super(
            file,
            "channel cannot be resumed",
            "reason=\"" + reason + "\"",
            "Go on in another channel; this one can only be read",
            null);
    }
}
