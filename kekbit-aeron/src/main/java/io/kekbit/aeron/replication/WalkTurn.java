package io.kekbit.aeron.replication;

/**
 * Lets one session of a source walk a step along its channel in each turn. Belongs to the source's thread.
 */
final class WalkTurn
{
    private SourceSession taker;

    /**
     * Take the turn.
     *
     * @return false where another session has it.
     */
    boolean take(final SourceSession session)
    {
        if (taker != null)
        {
            return false;
        }
        taker = session;

        return true;
    }

    /**
     * Begin the next turn.
     *
     * @return who walked in the one that is over, or null.
     */
    SourceSession next()
    {
        final SourceSession last = taker;
        taker = null;

        return last;
    }
}
