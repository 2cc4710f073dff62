package io.kekbit.core.series;

import io.kekbit.core.ReaderBuilder;
import io.kekbit.core.SequenceGapListener;
import io.kekbit.core.ShmReader;
import io.kekbit.core.ShmReaderBuilder;

import java.nio.file.Path;

/**
 * Makes a {@link SeriesReader}. Not thread-safe.
 */
public final class SeriesReaderBuilder extends ReaderBuilder<SeriesReader, SeriesReaderBuilder>
{
    private final SeriesFolder folder;

    SeriesReaderBuilder(final Path root, final String name)
    {
        this(new SeriesFolder(root, name));
    }

    SeriesReaderBuilder(final SeriesFolder folder)
    {
        this.folder = folder;
    }

    @Override
    public SeriesReader open()
    {
        final SeriesReader reader = new SeriesReader(this, clock());
        boolean isOpen = false;
        try
        {
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
                reader.close();
            }
        }
    }

    @Override
    protected SeriesReaderBuilder self()
    {
        return this;
    }

    SeriesFolder folder()
    {
        return folder;
    }

    /**
     * Open one channel as this says.
     */
    ShmReader open(final long ordinal)
    {
        final ShmReaderBuilder builder = channel(folder.file(ordinal));
        final SequenceGapListener told = gapListener();
        if (told != null)
        {
            builder.gapListener((expected, actual, position) ->
                told.onGap(expected, actual, SeriesPosition.of(ordinal, position)));
        }

        return builder.open();
    }
}
