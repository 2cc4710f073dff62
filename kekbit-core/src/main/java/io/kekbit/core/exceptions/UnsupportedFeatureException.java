package io.kekbit.core.exceptions;

import java.nio.file.Path;

/**
 * The file demands a feature that this version does not know.
 */
public final class UnsupportedFeatureException extends ChannelException
{
    private static final long serialVersionUID = 1L;

    private final int features;

    /**
     * For kekbit's own use.
     *
     * @param file     the file it is about.
     * @param features the bits that are not known.
     */
    public UnsupportedFeatureException(final Path file, final int features)
    {
        super(
            file,
            "unsupported feature",
            "bits=0x" + Integer.toHexString(features),
            "Read it with a later kekbit",
            null);
        this.features = features;
    }

    /**
     * The bits that are not known.
     *
     * @return the value at the time of the error.
     */
    public int features()
    {
        return features;
    }
}
