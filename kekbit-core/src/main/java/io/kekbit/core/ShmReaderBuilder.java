package io.kekbit.core;

/**
 * Makes a {@link ShmReader}. Not thread-safe.
 */
public final class ShmReaderBuilder extends ReaderBuilder<ShmReader, ShmReaderBuilder>
{
    private final ChannelPlace place;
    private ChannelFiles files = ChannelFiles.SYSTEM;

    ShmReaderBuilder(final ChannelPlace place)
    {
        this.place = place;
    }

    /**
     * For tests: let an operation on the file system fail.
     */
    ShmReaderBuilder files(final ChannelFiles channelFiles)
    {
        this.files = channelFiles;
        return this;
    }

    @Override
    public ShmReader open()
    {
        Platform.check();

        final ChannelOpener.Opened opened = new ChannelOpener(files, place).open(format());
        boolean isOpen = false;
        try
        {
            opened.mapping().touch(prefault());
            final ShmReader reader = new ShmReader(opened, clock(), readsSuspect(), gapListener());
            if (isAtEnd())
            {
                reader.moveToEnd();
            }
            isOpen = true;

            return reader;
        }
        finally
        {
            if (!isOpen)
            {
                opened.mapping().unmap();
            }
        }
    }

    @Override
    protected ShmReaderBuilder self()
    {
        return this;
    }
}
