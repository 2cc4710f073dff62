package io.kekbit.aeron.feed;

import io.aeron.Image;

/**
 * Is told what happens to a recording. Every method is called by the thread that runs the {@link RecordingAgent}, out
 * of {@link RecordingAgent#doWork()}, and what it throws is thrown by that.
 */
public interface RecordingListener
{
    /**
     * A publisher has come, or come back: its messages are recorded from where it is now. Some may be recorded already
     * when this is called.
     *
     * @param image of the publisher's stream.
     */
    default void onImageAvailable(final Image image)
    {
        // Of no interest.
    }

    /**
     * A publisher is gone: it has closed, died, or cannot be reached any more. All that arrived from it is recorded.
     *
     * @param image of the publisher's stream, closed by now.
     */
    default void onImageUnavailable(final Image image)
    {
        // Of no interest.
    }

    /**
     * A message can never be recorded here, and was left out. The recording goes on behind it, unless this throws.
     *
     * @param reason    {@link io.kekbit.core.Writer#TOO_LONG} or {@link io.kekbit.core.Writer#EMPTY}, which
     *                  {@link io.kekbit.core.Writer#errorString(long)} explains.
     * @param sessionId of the publisher.
     * @param position  in the publisher's stream, behind the message.
     * @param length    of the message in bytes.
     */
    default void onRefused(final long reason, final int sessionId, final long position, final int length)
    {
        // The counts tell of it, too.
    }

    /**
     * The recording is in another state from now on.
     *
     * @param state it is in.
     */
    default void onState(final RecordingState state)
    {
        // Can be asked for.
    }
}
