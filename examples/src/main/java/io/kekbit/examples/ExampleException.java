package io.kekbit.examples;

/**
 * Ends an example: its message is all that the user has to be told.
 */
public final class ExampleException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    /**
     * Ends an example.
     *
     * @param message for the user.
     */
    public ExampleException(final String message)
    {
        super(message);
    }

    /**
     * Ends an example.
     *
     * @param message for the user.
     * @param cause   of it, for a developer.
     */
    public ExampleException(final String message, final Throwable cause)
    {
        super(message, cause);
    }
}
