package io.kekbit.aeron.feed;

import io.aeron.logbuffer.FrameDescriptor;
import io.aeron.logbuffer.LogBufferDescriptor;
import org.agrona.BitUtil;

/**
 * How long the terms of a publication have to be.
 */
final class TermLengths
{
    private TermLengths()
    {
    }

    /**
     * The shortest terms with which a publication takes messages of a length.
     *
     * @param length of the messages in bytes.
     * @return the length of a term, or -1 where no publication takes such messages.
     */
    static long forMessage(final int length)
    {
        if (length > FrameDescriptor.MAX_MESSAGE_LENGTH)
        {
            return -1;
        }
        int termLength = LogBufferDescriptor.TERM_MIN_LENGTH;
        while (FrameDescriptor.computeMaxMessageLength(termLength) < length)
        {
            termLength = BitUtil.findNextPositivePowerOfTwo(termLength + 1);
        }

        return termLength;
    }
}
