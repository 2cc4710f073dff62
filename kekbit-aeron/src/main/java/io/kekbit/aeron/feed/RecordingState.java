package io.kekbit.aeron.feed;

/**
 * How a recording is.
 */
public enum RecordingState
{
    /**
     * Messages are recorded as they come.
     */
    RECORDING(false),

    /**
     * The next message cannot be recorded just now: there is no room, as where the disk is full and a series cannot go
     * on, or the writer throws. The message is kept and tried again every second, and nothing further is taken from the
     * stream meanwhile. Its publishers are held back by Aeron's flow control.
     */
    HELD_BACK(false),

    /**
     * There is no room for the next message, and never will be: the channel is at its end. Neither that message nor any
     * behind it was recorded.
     */
    FULL(true),

    /**
     * The writer was closed by somebody else.
     */
    WRITER_CLOSED(true),

    /**
     * The Aeron client closed the subscription: it was closed itself, or its media driver is gone.
     */
    STREAM_CLOSED(true),

    /**
     * The recording was closed.
     */
    CLOSED(true);

    private final boolean isFinal;

    RecordingState(final boolean isFinal)
    {
        this.isFinal = isFinal;
    }

    /**
     * Whether the recording is over.
     *
     * @return true for all but {@link #RECORDING} and {@link #HELD_BACK}.
     */
    public boolean isFinal()
    {
        return isFinal;
    }
}
