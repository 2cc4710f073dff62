package io.kekbit.core.exceptions;

import java.nio.file.Path;

/**
 * The operating system refused what was asked of it.
 */
public final class ChannelAccessException extends ChannelException
{
    private static final long serialVersionUID = 1L;

    /**
     * For kekbit's own use.
     *
     * @param file   the file it is about.
     * @param action what was tried.
     * @param cause  what the operating system said, or what was thrown.
     */
    public ChannelAccessException(final Path file, final String action, final Throwable cause)
    {
        super(
            file,
            "file access refused",
            "action=\"" + action + "\" cause=\"" + Messages.describe(cause) + "\"",
            "Check that the folder exists and what this user may do there",
            cause);
    }
}
