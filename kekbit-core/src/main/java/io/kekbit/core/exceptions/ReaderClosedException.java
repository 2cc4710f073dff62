package io.kekbit.core.exceptions;

import java.nio.file.Path;

/**
 * The reader was used after it was closed.
 */
public final class ReaderClosedException extends ChannelException
{
    private static final long serialVersionUID = 1L;

    /**
     * For kekbit's own use.
     *
     * @param file the file it is about.
     */
    public ReaderClosedException(final Path file)
    {
        super(file, "reader closed", "", "Open another", null);
    }
}
