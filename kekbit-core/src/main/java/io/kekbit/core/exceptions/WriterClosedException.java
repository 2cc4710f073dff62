package io.kekbit.core.exceptions;

import java.nio.file.Path;

/**
 * The writer was used after it was closed.
 */
public final class WriterClosedException extends WriteException
{
    private static final long serialVersionUID = 1L;

    /**
     * For kekbit's own use.
     *
     * @param file the file it is about.
     */
    public WriterClosedException(final Path file)
    {
        super(file, "writer closed", "", "Create or resume another", null);
    }
}
