package io.kekbit.benchmarks.compare;

/**
 * A measurement failed: the message says how, and ends with what it printed.
 */
public final class ForkFailedException extends Exception
{
    private static final long serialVersionUID = 1L;

    /**
     * With how it failed.
     *
     * @param message first a line for the progress, then the details.
     */
    public ForkFailedException(final String message)
    {
        super(message);
    }
}
