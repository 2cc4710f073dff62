package io.kekbit.aeron.replication;

import java.nio.file.Path;

/**
 * Is told what happens at a target, on the thread of its agent. What a method throws goes to whoever runs the agent.
 */
public interface TargetListener
{
    /**
     * Nobody wants to know.
     */
    TargetListener NONE = new TargetListener()
    {
    };

    /**
     * A source answered: what follows in the channel is copied from now on.
     *
     * @param file     of the copy.
     * @param ordinal  of the channel in its series; 0 for a single channel.
     * @param position in the channel, in bytes, at which the copy goes on.
     */
    default void onCopying(final Path file, final long ordinal, final long position)
    {
    }

    /**
     * A channel was copied up to its end, and its copy is closed as it is.
     *
     * @param file     of the copy.
     * @param ordinal  of the channel in its series; 0 for a single channel.
     * @param position in the channel, in bytes, at which it ends.
     */
    default void onChannelCompleted(final Path file, final long ordinal, final long position)
    {
    }

    /**
     * The source went, or died, or cannot be reached. The target looks for it again at intervals.
     *
     * @param why in words.
     */
    default void onSourceLost(final String why)
    {
    }

    /**
     * What the source sent is not what follows the copy. Nothing of it was stored, and the target asks again from where
     * its copy ends.
     *
     * @param expected position at which the copy ends.
     * @param actual   position that was sent.
     */
    default void onDiscontinuity(final long expected, final long actual)
    {
    }

    /**
     * The copy follows the live stream from now on. Not told unless there is a {@link
     * ReplicationTargetBuilder#liveChannel(String)}.
     *
     * @param ordinal  of the channel in its series; 0 for a single channel.
     * @param position in the channel, in bytes, at which the copy goes on.
     */
    default void onLive(final long ordinal, final long position)
    {
    }

    /**
     * The copy cannot follow the live stream any more, and the target asks the source for what it lacks. That the
     * channel ended is not told here.
     *
     * @param why in words.
     */
    default void onLiveLost(final String why)
    {
    }

    /**
     * The source does not serve the target. Where that may pass, see {@link RefusalReason#isTransient()}, the target
     * asks again at intervals; else it ends with a {@link ReplicationException}.
     *
     * @param reason  why.
     * @param details in words and figures.
     */
    default void onRefused(final RefusalReason reason, final String details)
    {
    }

    /**
     * The media driver is gone. The target connects again by itself, if the Aeron client is its own.
     *
     * @param cause what Aeron reported, or null.
     */
    default void onDriverLost(final Throwable cause)
    {
    }

    /**
     * Something failed that the target goes on after: what came was no message of a source, no connection could be
     * made, or there is no media driver that can be used, which is told once in each driver timeout of the context. The
     * target connects anew at intervals. Or the disk has no room for the next channel, which is a {@link
     * io.kekbit.core.exceptions.NotEnoughSpaceException} with the file: the target asks again at intervals, and the
     * source waits meanwhile.
     *
     * @param failure what was thrown.
     */
    default void onError(final Throwable failure)
    {
    }
}
