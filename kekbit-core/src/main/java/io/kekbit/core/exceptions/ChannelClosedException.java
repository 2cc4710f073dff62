package io.kekbit.core.exceptions;

import java.nio.file.Path;

/**
 * The channel was closed by its writer and cannot be written to any more.
 */
public final class ChannelClosedException extends ChannelException
{
    private static final long serialVersionUID = 1L;

    /**
     * For kekbit's own use.
     *
     * @param file the file it is about.
     */
    public ChannelClosedException(final Path file)
    {
        super(file, "channel closed", "", "Go on in another channel; this one can only be read", null);
    }
}
