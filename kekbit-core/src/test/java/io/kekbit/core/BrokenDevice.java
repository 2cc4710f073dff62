package io.kekbit.core;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.MappedByteBuffer;
import java.nio.file.Path;

/**
 * A device that takes nothing that is forced to it any more, from when a channel was created on it.
 */
public final class BrokenDevice extends ChannelFiles
{
    private boolean isBroken;

    private BrokenDevice()
    {
    }

    /**
     * Create a channel of a series on such a device.
     *
     * @param root     folder of the channels.
     * @param header   of the channel.
     * @param streamId of the series.
     * @param ordinal  of the channel.
     * @return the channel.
     */
    public static SeriesChannel<RawBinDataFormat> channel(
        final Path root, final Header header, final long streamId, final long ordinal)
    {
        final BrokenDevice device = new BrokenDevice();
        final SeriesChannel<RawBinDataFormat> channel = SeriesChannel.create(
            ShmWriter.builder(root, header, RawBinDataFormat.INSTANCE).files(device),
            new WriteHandler[0],
            streamId,
            ordinal,
            0);
        device.isBroken = true;

        return channel;
    }

    @Override
    void force(final MappedByteBuffer mapped, final int offset, final int length)
    {
        if (isBroken)
        {
            throw new UncheckedIOException(new IOException("Input/output error"));
        }
        super.force(mapped, offset, length);
    }
}
