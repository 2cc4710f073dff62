package io.kekbit.sbe.ir;

/**
 * Ends the decoding of a message from within. Never seen by a user.
 */
final class LimitReached extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    LimitReached()
    {
        super("too many values", null, false, false);
    }
}
