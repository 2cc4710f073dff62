package io.kekbit.core;

import org.agrona.concurrent.OffsetEpochNanoClock;

import java.nio.file.Path;

/**
 * Closes a channel in place of its writer, which died.
 */
final class ChannelCloser
{
    private ChannelCloser()
    {
    }

    /**
     * Take the channel over, and close it.
     *
     * @param files to work on.
     * @param file  of the channel.
     * @return the position of the close marker.
     * @see ShmWriter#closeAbandoned(Path)
     */
    static long close(final ChannelFiles files, final Path file)
    {
        return close(files, file, false);
    }

    /**
     * Take the channel over, and close it.
     *
     * @param files           to work on.
     * @param file            of the channel.
     * @param discardsSuspect whether to give up what was never forced before the machine was restarted.
     * @return the position of the close marker.
     */
    static long close(final ChannelFiles files, final Path file, final boolean discardsSuspect)
    {
        Platform.check();

        final WritableChannel channel =
            new ChannelResumer(files, ChannelPlace.of(file), null, null, discardsSuspect).resume();
        final ShmWriter<?> writer = new ShmWriter<>(RawBinDataFormat.INSTANCE, channel, new OffsetEpochNanoClock());
        final long end = writer.writeOffset();
        writer.close();

        return end;
    }
}
