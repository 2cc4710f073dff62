package io.kekbit.core;

/**
 * What has become of a channel and its writer, see {@link ChannelStatus}.
 */
public enum ChannelState
{
    /**
     * A writer has the channel, and gave a sign of life within the channel's timeout. For a channel that the Rust crate
     * made, whose writers hold no lock, and where this user may not look at the lock, the sign of life alone decides.
     */
    LIVE,

    /**
     * A writer has the channel, but has given no sign of life that others can see for longer than the channel's
     * timeout. A few records may have been written all the same where they are not stamped, since only one in every
     * 64 KiB or so is told of otherwise.
     */
    IDLE,

    /**
     * The writer closed the channel: nothing follows.
     */
    CLOSED,

    /**
     * The channel has no room for a further record, and was not closed.
     */
    FULL,

    /**
     * The channel is open, but nobody writes it: its writer died, and another can take it over.
     */
    ABANDONED,

    /**
     * The machine was restarted since the channel was written, and nothing vouches for what stands behind its durable
     * position, if anything does. Ends when a writer takes the channel over.
     */
    SUSPECT,

    /**
     * What stands in place of a record's length cannot be one: readers end there.
     */
    CORRUPT
}
