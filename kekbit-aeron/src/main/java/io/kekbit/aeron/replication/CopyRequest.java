package io.kekbit.aeron.replication;

import io.kekbit.aeron.replication.codecs.StreamKind;

/**
 * What a target asked for. Nothing in it is checked.
 *
 * @param requestId    comes back in every answer.
 * @param kind         of what is copied.
 * @param channelId    of a single channel.
 * @param ordinal      of the channel in the series; -1 for the first that there is.
 * @param position     in the channel.
 * @param tailChecksum of what stands before the position, see {@link io.kekbit.core.ChannelCopy#tailChecksum()}.
 * @param listensLive  whether the target has subscribed to a live stream.
 * @param stream       name of the series.
 * @param target       name of the target.
 */
record CopyRequest(
    long requestId,
    StreamKind kind,
    long channelId,
    long ordinal,
    long position,
    int tailChecksum,
    boolean listensLive,
    String stream,
    String target)
{
}
