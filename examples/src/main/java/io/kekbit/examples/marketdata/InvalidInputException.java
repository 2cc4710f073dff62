package io.kekbit.examples.marketdata;

/**
 * A line of the input is not what it should be: the message is the reason, in a few words.
 */
final class InvalidInputException extends Exception
{
    private static final long serialVersionUID = 1L;

    InvalidInputException(final String reason)
    {
        super(reason);
    }
}
