package io.kekbit.core.series;

import io.kekbit.core.DataFormat;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.exceptions.NotEnoughSpaceException;
import org.agrona.DirectBuffer;

import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The folder of a series on a disk that is as full as a test wants it to be: creating a channel fails where there is no
 * room for it, and one that is deleted while somebody has it open takes its space still.
 */
final class FullDisk extends SeriesFolder
{
    private final Set<Long> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong held = new AtomicLong();
    private volatile long size = Long.MAX_VALUE;
    private volatile long channelLength = 1;

    FullDisk(final Path root)
    {
        super(root, TestSeries.NAME);
    }

    /**
     * A writer's builder on this disk.
     */
    SeriesWriterBuilder<DataFormat> builder()
    {
        return new SeriesWriterBuilder<DataFormat>(this, new Format())
            .capacity(TestSeries.CAPACITY).maxMessageLength(112);
    }

    /**
     * Let there be room for so many channels, which are as long as the first one is, and so many bytes more.
     */
    void resize(final int channels, final long more)
    {
        channelLength = length(ordinals()[0]);
        size = channels * channelLength + more;
    }

    long channelLength()
    {
        return channelLength;
    }

    /**
     * Have a channel be open, so that deleting it frees nothing.
     */
    void hold(final long ordinal)
    {
        open.add(ordinal);
    }

    /**
     * Have no channel be open: what was deleted is free.
     */
    void letGo()
    {
        open.clear();
        held.set(0);
    }

    @Override
    long freeSpace()
    {
        long taken = held.get();
        for (final long ordinal : ordinals())
        {
            taken += length(ordinal);
        }

        return size - taken;
    }

    @Override
    long delete(final long ordinal)
    {
        final long length = super.delete(ordinal);
        if (open.contains(ordinal))
        {
            held.addAndGet(length);
        }

        return length;
    }

    /**
     * Plain bytes. It is asked for its schema when a channel is created, and fails as a disk does.
     */
    private final class Format implements DataFormat
    {
        @Override
        public long id()
        {
            return RawBinDataFormat.INSTANCE.id();
        }

        @Override
        public String mediaType()
        {
            return RawBinDataFormat.INSTANCE.mediaType();
        }

        @Override
        public DirectBuffer schema()
        {
            final long free = freeSpace();
            if (free < channelLength)
            {
                throw new NotEnoughSpaceException(file(0), channelLength, free, null);
            }

            return null;
        }
    }
}
