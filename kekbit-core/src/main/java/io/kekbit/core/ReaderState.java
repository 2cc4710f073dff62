package io.kekbit.core;

/**
 * Why a reader has nothing to deliver.
 */
public enum ReaderState
{
    /**
     * The channel is open: a record is there, or one may follow.
     */
    OPEN(false),

    /**
     * The writer has given no sign of life for longer than the channel's timeout; any word it writes ends this.
     */
    TIMED_OUT(false),

    /**
     * The channel has no room for a further record; only the mark that the writer closed it may follow.
     */
    FULL(false),

    /**
     * The writer closed the channel, and every record was read.
     */
    CLOSED(true),

    /**
     * The machine was restarted since this was written, or does not tell: what follows was never forced to the device
     * and may be damaged. Ends when a writer takes the channel over.
     */
    SUSPECT(false),

    /**
     * The channel is damaged here: what stands in place of a record's length cannot be one.
     */
    CORRUPT(true);

    private final boolean isFinal;

    ReaderState(final boolean isFinal)
    {
        this.isFinal = isFinal;
    }

    /**
     * Whether polling on is useless, since only moving the reader can lead out of this state.
     *
     * @return true for {@link #CLOSED} and {@link #CORRUPT}.
     */
    public boolean isFinal()
    {
        return isFinal;
    }

    /**
     * Whether a record can follow without a further writer or a move of the reader.
     */
    boolean canRecordFollow()
    {
        return this == OPEN || this == TIMED_OUT;
    }
}
