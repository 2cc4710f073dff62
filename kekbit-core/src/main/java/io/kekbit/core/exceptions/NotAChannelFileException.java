package io.kekbit.core.exceptions;

import java.nio.file.Path;

/**
 * What stands in the place of a channel is not a regular file: a folder, a symbolic link, a pipe or a device.
 */
public final class NotAChannelFileException extends ChannelException
{
    private static final long serialVersionUID = 1L;

    /**
     * For kekbit's own use.
     *
     * @param file the file it is about.
     */
    public NotAChannelFileException(final Path file)
    {
        super(
            file,
            "not a regular file",
            "",
            "Channels are never opened through links, pipes or devices; remove it or check the root",
            null);
    }
}
