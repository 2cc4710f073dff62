package io.kekbit.cli.records;

import io.kekbit.core.layout.EnvelopeDescriptor;

/**
 * What the codes of a channel's envelope say of the bytes around its payloads.
 */
final class EnvelopeCodes
{
    private EnvelopeCodes()
    {
    }

    /**
     * Whether readers of a channel tell what a handler put around every payload. They do for none where they do not
     * know one of them.
     *
     * @param reader of the channel.
     * @param code   of the handler.
     * @return true if they do.
     */
    static boolean tell(final StreamReader reader, final int code)
    {
        return tell(reader.extension().envelope(), code);
    }

    /**
     * Whether readers of a channel with an envelope tell what a handler put around every payload.
     *
     * @param codes of the envelope.
     * @param code  of the handler.
     * @return true if they do.
     */
    static boolean tell(final byte[] codes, final int code)
    {
        boolean isThere = false;
        for (final byte one : codes)
        {
            isThere |= one == code;
        }

        return isThere && areSeenThrough(codes);
    }

    /**
     * Whether readers find the payload in an envelope.
     */
    static boolean areSeenThrough(final byte[] codes)
    {
        boolean areKnown = true;
        for (final byte code : codes)
        {
            areKnown &= isSeenThrough(code);
        }

        return areKnown;
    }

    /**
     * Whether a code is one of those that the format defines.
     */
    static boolean isSeenThrough(final byte code)
    {
        return code >= EnvelopeDescriptor.TIMESTAMP && code <= EnvelopeDescriptor.CHECKSUM;
    }

    /**
     * Bytes before the payload that come from a code, as far as that is known.
     */
    static int lengthBefore(final byte code)
    {
        return switch (code)
        {
            case EnvelopeDescriptor.TIMESTAMP -> EnvelopeDescriptor.TIMESTAMP_LENGTH;
            case EnvelopeDescriptor.SEQUENCE -> EnvelopeDescriptor.SEQUENCE_LENGTH;
            default -> 0;
        };
    }

    /**
     * Bytes behind the payload that come from a code, as far as that is known.
     */
    static int lengthAfter(final byte code)
    {
        return code == EnvelopeDescriptor.CHECKSUM ? EnvelopeDescriptor.CHECKSUM_LENGTH : 0;
    }
}
