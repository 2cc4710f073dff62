package io.kekbit.core.exceptions;

import java.nio.file.Path;

/**
 * There is no channel of this id below this root.
 */
public final class ChannelNotFoundException extends ChannelException
{
    private static final long serialVersionUID = 1L;

    /**
     * For kekbit's own use.
     *
     * @param file the file it is about.
     */
    public ChannelNotFoundException(final Path file)
    {
        super(
            file,
            "no such channel",
            "",
            "Check the root folder and the channel id, or wait until its writer has created it",
            null);
    }
}
