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
        this(file, reason, "Go on in another channel; this one can only be read", null);
    }

    /**
     * For kekbit's own use.
     *
     * @param file   the file it is about.
     * @param reason what is missing.
     * @param advice what to do.
     * @param cause  by which it was found, or null.
     */
    public ChannelNotResumableException(
        final Path file, final String reason, final String advice, final Throwable cause)
    {
        super(file, "channel cannot be resumed", "reason=\"" + reason + "\"", advice, cause);
    }
}
