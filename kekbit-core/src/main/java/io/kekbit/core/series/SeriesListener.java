package io.kekbit.core.series;

import java.nio.file.Path;

/**
 * Is told what happens to the channels of a series. Each method says by which thread it is called. None of them may
 * throw: the caller would take it for a failure of its own.
 */
public interface SeriesListener
{
    /**
     * The writer went on in another channel. Called by the writer's thread, before the record that did not fit into the
     * last channel is written.
     *
     * @param ordinal           of the channel that is written from now on.
     * @param file              of that channel.
     * @param firstRecordNumber that its first record will have in the series.
     */
    default void onRoll(final long ordinal, final Path file, final long firstRecordNumber)
    {
        // Of no interest.
    }

    /**
     * The next channel is made and waits. Called by the agent's thread.
     *
     * @param ordinal of that channel.
     * @param file    of that channel.
     */
    default void onNextChannelReady(final long ordinal, final Path file)
    {
        // Of no interest.
    }

    /**
     * The next channel could not be made, as when the disk is full. Called by the agent's thread, a whole channel ahead
     * of when it will be needed, and again with each try that fails, one a second; and by the writer's thread, where it
     * needed that channel and could not make it.
     *
     * @param ordinal of that channel.
     * @param cause   what was thrown.
     */
    default void onNextChannelFailed(final long ordinal, final RuntimeException cause)
    {
        // Of no interest.
    }

    /**
     * The next channel is needed, and not ready: now the policy decides. Called by the writer's thread.
     *
     * @param ordinal of that channel.
     * @param policy  that decides.
     */
    default void onNextChannelLate(final long ordinal, final NextChannelPolicy policy)
    {
        // Of no interest.
    }

    /**
     * A channel that the writer has left is durable and closed. Called by the agent's thread, or by the writer's where
     * nobody runs the agent, or the agent of a series within bounds is late.
     *
     * @param ordinal of that channel.
     * @param file    of that channel.
     */
    default void onChannelClosed(final long ordinal, final Path file)
    {
        // Of no interest.
    }

    /**
     * The device did not take a channel that the writer has left, or one before it. Readers still see every record
     * until the machine stops; the next flush of the writer fails, and is its end. No channel of this writer is closed
     * any more, since that would vouch for this one: the next writer closes them. Called as {@link #onChannelClosed}
     * is.
     *
     * @param ordinal of that channel.
     * @param file    of that channel.
     * @param cause   what was thrown.
     */
    default void onClosingFailed(final long ordinal, final Path file, final RuntimeException cause)
    {
        // Of no interest.
    }

    /**
     * A channel was deleted, to make room or to keep the series within its bounds. Called by the thread that did it.
     *
     * @param ordinal of that channel.
     * @param file    it had.
     */
    default void onChannelDeleted(final long ordinal, final Path file)
    {
        // Of no interest.
    }

    /**
     * The last channel of the series is damaged, or suspect since the machine was restarted, and was left as it is: the
     * writer goes on in a new channel behind it, see {@link SeriesWriterBuilder#leaveDamaged(boolean)}. Called by the
     * thread that opens the series.
     *
     * @param ordinal of the channel that was left.
     * @param file    of that channel.
     * @param cause   why it could not be gone on with.
     */
    default void onDamagedChannelLeft(final long ordinal, final Path file, final RuntimeException cause)
    {
        // Of no interest.
    }

    /**
     * The series could not be kept within its bounds, or no room be made: a file cannot be deleted, the series is
     * sealed, or what a named reader needs cannot be read, so that everything is kept. Called by the thread that tried,
     * again with each try.
     *
     * @param cause what was thrown.
     */
    default void onPruningFailed(final RuntimeException cause)
    {
        // Of no interest.
    }
}
