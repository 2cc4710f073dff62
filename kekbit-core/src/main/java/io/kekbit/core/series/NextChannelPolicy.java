package io.kekbit.core.series;

/**
 * What the writer of a series does when it needs the next channel, and none is ready: nobody runs its agent, the agent
 * is late, or there is no space on the disk. The agent tries to make the next channel as soon as the one before it is
 * begun, and {@link SeriesListener#onNextChannelFailed} tells of each try that failed: a whole channel ahead.
 */
public enum NextChannelPolicy
{
    /**
     * The writer makes the channel itself, in the middle of the call, which takes as long as writing a file of that
     * length does. Where that fails, too, the record is refused as in a full channel, and the next call tries again.
     */
    INLINE,

    /**
     * The record is refused as in a full channel. The next call looks again whether the channel is ready.
     */
    THROW,

    /**
     * As {@link #INLINE}, and where there is no space, the oldest channels of the series are deleted, whoever still
     * needs them, until there is. None of a series that is sealed is deleted, see {@link Seal}. A channel that a reader
     * has open frees nothing until it goes on: after three in a row of which that is so, no more are deleted for this
     * new channel until space becomes free, and the record is refused.
     */
    PRUNE
}
