package io.kekbit.core.exceptions;

import java.nio.file.Path;

/**
 * The channel has a living writer, in this process or in another.
 */
public final class WriterActiveException extends ChannelException
{
    private static final long serialVersionUID = 1L;

    /**
     * For kekbit's own use.
     *
     * @param file the file it is about.
     */
    public WriterActiveException(final Path file)
    {
        super(file, "channel has a writer", "", "Only one can write at a time; close that one first", null);
    }
}
