package io.kekbit.cli.support;

/**
 * A command cannot do what it was asked to, for a reason that the message tells together with what to do about it.
 */
public final class CliException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    /**
     * End the command.
     *
     * @param exitCode one of {@link ExitCodes}.
     * @param message  one line: what is wrong, and what to do.
     */
    public CliException(final int exitCode, final String message)
    {
        super(message);
        this.exitCode = exitCode;
    }

    /**
     * The status to end with.
     *
     * @return one of {@link ExitCodes}.
     */
    public int exitCode()
    {
        return exitCode;
    }
}
