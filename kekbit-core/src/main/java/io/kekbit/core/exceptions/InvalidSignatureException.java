package io.kekbit.core.exceptions;

import java.nio.file.Path;

/**
 * The file does not begin with the signature of a channel.
 */
public final class InvalidSignatureException extends ChannelException
{
    private static final long serialVersionUID = 1L;

    private final long expected;
    private final long actual;

    /**
     * For kekbit's own use.
     *
     * @param file     the file it is about.
     * @param expected what the format demands.
     * @param actual   what the file has.
     */
    public InvalidSignatureException(final Path file, final long expected, final long actual)
    {
        super(
            file,
            "invalid signature",
            "expected=0x" + Long.toHexString(expected) + " actual=0x" + Long.toHexString(actual),
            "This is not a kekbit channel",
            null);
        this.expected = expected;
        this.actual = actual;
    }

    /**
     * What the format demands.
     *
     * @return the value at the time of the error.
     */
    public long expected()
    {
        return expected;
    }

    /**
     * What the file has.
     *
     * @return the value at the time of the error.
     */
    public long actual()
    {
        return actual;
    }
}
