package io.kekbit.core;

import java.util.Arrays;

/**
 * For kekbit's own use: what there is to be done when a reader of a series goes on in the next channel, which may have
 * been opened before its writer came to it.
 */
public final class ReaderHandover
{
    private ReaderHandover()
    {
    }

    /**
     * Look at the extension of the next channel again, and let its reader expect the sequence number that follows the
     * last one that was read before, so that it tells what is missing between the two. Where the envelope is another,
     * other handlers count there, and the number is taken as it comes; also where nothing was read since the reader was
     * opened or moved.
     *
     * @param left channel, of which all was read.
     * @param next channel, which is published, and of which nothing was handed over yet.
     */
    public static void goOn(final ShmReader left, final ShmReader next)
    {
        next.lookAtExtension();
        final Envelope envelope = next.envelope;
        if (envelope != null && Arrays.equals(left.extension().envelope(), next.extension().envelope()))
        {
            envelope.goOnFrom(left.envelope);
        }
    }
}
