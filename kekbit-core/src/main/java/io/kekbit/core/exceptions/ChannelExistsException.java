package io.kekbit.core.exceptions;

import java.nio.file.Path;

/**
 * A channel cannot be created where one exists.
 */
public final class ChannelExistsException extends ChannelException
{
    private static final long serialVersionUID = 1L;

    /**
     * For kekbit's own use.
     *
     * @param file the file it is about.
     */
    public ChannelExistsException(final Path file)
    {
        super(file, "channel exists already", "", "Choose another channel id, or open it", null);
    }
}
