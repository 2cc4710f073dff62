package io.kekbit.core.positions;

import io.kekbit.core.Header;
import io.kekbit.core.layout.PositionDescriptor;

/**
 * Which stream a position belongs to, so that it is never taken for one of another stream. A channel that was deleted
 * and made anew by the same id is another stream. Immutable.
 *
 * @param kind         {@link PositionDescriptor#KIND_CHANNEL} or {@link PositionDescriptor#KIND_SERIES}; any other is
 *                     one of a later version.
 * @param id           channel id, or id of the series; unsigned.
 * @param creationTime of the channel in its ticks; 0 for a series.
 */
public record StreamIdentity(int kind, long id, long creationTime)
{
    /**
     * The identity of a single channel.
     *
     * @param header of the channel.
     * @return the identity.
     */
    public static StreamIdentity ofChannel(final Header header)
    {
        return new StreamIdentity(PositionDescriptor.KIND_CHANNEL, header.channelId(), header.creationTime());
    }

    /**
     * The identity of a series of channels.
     *
     * @param streamId that all its channels carry.
     * @return the identity.
     */
    public static StreamIdentity ofSeries(final long streamId)
    {
        return new StreamIdentity(PositionDescriptor.KIND_SERIES, streamId, 0);
    }

    /**
     * Whether it is a series of channels, and not a single one.
     *
     * @return true if it is.
     */
    public boolean isSeries()
    {
        return kind == PositionDescriptor.KIND_SERIES;
    }

    @Override
    public String toString()
    {
        final String unsignedId = Long.toUnsignedString(id);

        return switch (kind)
        {
            case PositionDescriptor.KIND_CHANNEL ->
                "channel " + unsignedId + " created " + Long.toUnsignedString(creationTime);
            case PositionDescriptor.KIND_SERIES -> "series " + unsignedId;
            default -> "stream of kind " + Integer.toUnsignedString(kind) + " " + unsignedId;
        };
    }
}
