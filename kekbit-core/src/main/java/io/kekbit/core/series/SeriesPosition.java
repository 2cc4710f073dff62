package io.kekbit.core.series;

/**
 * A position in a series: the channel's ordinal in the upper half of a long, the position in that channel in the lower
 * half. Positions grow along the stream, so they can be compared, but the difference of two is no number of bytes
 * unless both lie in the same channel.
 */
public final class SeriesPosition
{
    /**
     * The greatest ordinal that a position can hold.
     */
    public static final long MAX_ORDINAL = Integer.MAX_VALUE;

    private static final int ORDINAL_SHIFT = 32;
    private static final long IN_CHANNEL_MASK = (1L << ORDINAL_SHIFT) - 1;

    private SeriesPosition()
    {
    }

    /**
     * Put a position together.
     *
     * @param ordinal   of the channel, from 0 to {@link #MAX_ORDINAL}.
     * @param inChannel position in that channel, in bytes.
     * @return the position in the series.
     */
    public static long of(final long ordinal, final long inChannel)
    {
        return (ordinal << ORDINAL_SHIFT) + inChannel;
    }

    /**
     * Which channel a position lies in.
     *
     * @param position in the series.
     * @return the channel's ordinal.
     */
    public static long ordinal(final long position)
    {
        return position >>> ORDINAL_SHIFT;
    }

    /**
     * Where in its channel a position lies.
     *
     * @param position in the series.
     * @return the position in the channel, in bytes.
     */
    public static long inChannel(final long position)
    {
        return position & IN_CHANNEL_MASK;
    }
}
