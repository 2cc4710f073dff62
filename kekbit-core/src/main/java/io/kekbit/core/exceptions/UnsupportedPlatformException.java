package io.kekbit.core.exceptions;

/**
 * This JVM, as it was started, or this machine cannot run kekbit. The message says what is missing.
 */
public final class UnsupportedPlatformException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    /**
     * For kekbit's own use.
     *
     * @param message what is missing and what to do.
     */
    public UnsupportedPlatformException(final String message)
    {
        super(message);
    }
}
