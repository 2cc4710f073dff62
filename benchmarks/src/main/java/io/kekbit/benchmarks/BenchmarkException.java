package io.kekbit.benchmarks;

/**
 * Something that a person who runs benchmarks can put right: its message is all that needs to be shown.
 */
public final class BenchmarkException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    /**
     * With what went wrong.
     *
     * @param message in a line: what, where, and what to do.
     */
    public BenchmarkException(final String message)
    {
        super(message);
    }

    /**
     * With what went wrong and why.
     *
     * @param message in a line: what, where, and what to do.
     * @param cause   of it.
     */
    public BenchmarkException(final String message, final Throwable cause)
    {
        super(message, cause);
    }
}
