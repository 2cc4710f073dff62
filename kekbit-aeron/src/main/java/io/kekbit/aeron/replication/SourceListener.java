package io.kekbit.aeron.replication;

/**
 * Is told what happens at a source of copies, on the thread of its agent. What a method throws goes to whoever runs the
 * agent.
 */
public interface SourceListener
{
    /**
     * Nobody wants to know.
     */
    SourceListener NONE = new SourceListener()
    {
    };

    /**
     * A target connected.
     *
     * @param targetId number of the connection, by which the other methods name it.
     * @param address  where the target's requests come from, as Aeron tells it.
     */
    default void onTargetConnected(final long targetId, final String address)
    {
    }

    /**
     * A target asks for what follows its copy.
     *
     * @param targetId number of the connection.
     * @param name     that the target gave itself; empty for none.
     * @param stream   what it copies, in words.
     * @param ordinal  of the channel that it asks for in the series; -1 for the first one; 0 for a single channel.
     * @param position in that channel, in bytes, from which on it asks for blocks.
     */
    default void onRequest(
        final long targetId, final String name, final String stream, final long ordinal, final long position)
    {
    }

    /**
     * A target was told that it cannot be served.
     *
     * @param targetId number of the connection.
     * @param reason   why.
     * @param details  in words and figures.
     */
    default void onRefused(final long targetId, final RefusalReason reason, final String details)
    {
    }

    /**
     * A target went, or died.
     *
     * @param targetId number of the connection.
     */
    default void onTargetLost(final long targetId)
    {
    }

    /**
     * The media driver is gone. The source connects again by itself, if the Aeron client is its own.
     *
     * @param cause what Aeron reported, or null.
     */
    default void onDriverLost(final Throwable cause)
    {
    }

    /**
     * Something failed that the source goes on after: a hostile request, a connection that could not be made.
     *
     * @param failure what was thrown.
     */
    default void onError(final Throwable failure)
    {
    }
}
