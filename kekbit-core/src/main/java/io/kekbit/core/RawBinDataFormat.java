package io.kekbit.core;

/**
 * Content that is only bytes to kekbit: id 2, media type {@code application/octet-stream}.
 */
public final class RawBinDataFormat implements DataFormat
{
    /**
     * The one instance.
     */
    public static final RawBinDataFormat INSTANCE = new RawBinDataFormat();

    /**
     * The id that a channel stores for this format.
     */
    public static final long ID = 2;

    private RawBinDataFormat()
    {
    }

    @Override
    public long id()
    {
        return ID;
    }

    @Override
    public String mediaType()
    {
        return "application/octet-stream";
    }

    @Override
    public String toString()
    {
        return "RawBinDataFormat";
    }
}
