package io.kekbit.core.exceptions;

import java.nio.file.Path;

/**
 * Another thread of this process was writing for longer than the caller's patience. Nothing was published.
 */
public final class WriterBusyException extends WriteException
{
    private static final long serialVersionUID = 1L;

    private final int tries;

    /**
     * For kekbit's own use.
     *
     * @param file  the file it is about.
     * @param tries how often it was tried.
     */
    public WriterBusyException(final Path file, final int tries)
    {
        super(file, "another thread is writing", "tries=" + tries, "Try again later, or with more patience", null);
        this.tries = tries;
    }

    /**
     * How often it was tried.
     *
     * @return the value at the time of the error.
     */
    public int tries()
    {
        return tries;
    }
}
