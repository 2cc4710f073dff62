package io.kekbit.aeron.feed;

import io.aeron.Aeron;

import java.util.Objects;

/**
 * A stream of Aeron's, and the client by which it is reached.
 *
 * @param aeron    not closed by who uses this.
 * @param channel  URI of the channel.
 * @param streamId of the stream in it.
 */
record AeronStream(Aeron aeron, String channel, int streamId)
{
    AeronStream
    {
        Objects.requireNonNull(aeron, "aeron");
        Objects.requireNonNull(channel, "channel");
    }
}
