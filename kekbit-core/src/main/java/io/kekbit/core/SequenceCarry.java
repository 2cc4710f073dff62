package io.kekbit.core;

import java.util.Arrays;

/**
 * For kekbit's own use: lets a reader that goes on in the next channel of a series expect the sequence number that
 * follows the last one of the channel before, so that it tells what is missing between the two.
 */
public final class SequenceCarry
{
    private SequenceCarry()
    {
    }

    /**
     * See to it that the first record of a channel is compared with the last one that was read before. Where the
     * envelope is another, other handlers count there, and it is taken as it comes; also where nothing was read since
     * the reader was opened or moved.
     *
     * @param left channel, of which all was read.
     * @param next channel, of which nothing was handed over yet.
     */
    public static void carry(final ShmReader left, final ShmReader next)
    {
        final Envelope envelope = next.envelope;
        if (envelope != null && Arrays.equals(left.extension().envelope(), next.extension().envelope()))
        {
            envelope.goOnFrom(left.envelope);
        }
    }
}
