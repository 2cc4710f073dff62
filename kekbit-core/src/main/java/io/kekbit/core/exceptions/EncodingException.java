package io.kekbit.core.exceptions;

import java.nio.file.Path;

/**
 * An encoder failed, wrote past its slot, or answered an impossible length. Nothing was published.
 */
public final class EncodingException extends WriteException
{
    private static final long serialVersionUID = 1L;

    /**
     * For kekbit's own use.
     *
     * @param file   the file it is about.
     * @param reason what went wrong.
     * @param cause  what the operating system said, or what was thrown.
     */
    public EncodingException(final Path file, final String reason, final Throwable cause)
    {
        super(file, "encoding failed", reason, "Nothing was published, and the writer stays usable", cause);
    }
}
