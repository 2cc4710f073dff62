package io.kekbit.core.replay;

/**
 * Where a replay hands its records over to.
 */
interface ReplaySink
{
    /**
     * Take the record that a feed went to.
     *
     * @return false where it cannot be taken just now, and is to be handed over again later.
     */
    boolean take(ReplayFeed feed);

    /**
     * Nothing is to be taken for now. Called while the replay waits.
     */
    default void onWait()
    {
        // Nobody is told.
    }
}
