package io.kekbit.core.replay;

/**
 * How far a replay has come.
 */
public enum ReplayState
{
    /**
     * It goes on: records are handed over as they are due.
     */
    RUNNING(false),

    /**
     * It was paused: nothing is handed over, and time in it stands, until it is resumed.
     */
    PAUSED(false),

    /**
     * Everything before the time to replay to was handed over.
     */
    REACHED_TO(true),

    /**
     * Everything that the stream has, or ever will have, was handed over; the state of its reader says which.
     */
    REACHED_END(true),

    /**
     * It was stopped before it was through, by a call, an interrupt, or an error.
     */
    STOPPED(true);

    private final boolean isFinal;

    ReplayState(final boolean isFinal)
    {
        this.isFinal = isFinal;
    }

    /**
     * Whether the replay is over.
     *
     * @return true for {@link #REACHED_TO}, {@link #REACHED_END} and {@link #STOPPED}.
     */
    public boolean isFinal()
    {
        return isFinal;
    }
}
