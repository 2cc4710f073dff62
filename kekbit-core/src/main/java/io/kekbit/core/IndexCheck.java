package io.kekbit.core;

import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.IndexDescriptor;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.List;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * Holds the entries of a channel's index against a walk along its records.
 */
final class IndexCheck implements AutoCloseable
{
    private static final int WINDOW_LENGTH = 1 << 16;

    private final FileWindow window;
    private final long creationTime;
    private final long offset;
    private final long end;
    private final long storedCount;
    private final int count;
    private int entry;
    private long position = Long.MAX_VALUE;
    private long records;
    private long time;
    private int wrong;
    private int firstWrong;

    /**
     * @param files     to work on.
     * @param channel   of the channel's file.
     * @param start     its first 1024 bytes.
     * @param header    of the channel.
     * @param extension of the channel.
     * @throws IOException where the index cannot be read.
     */
    IndexCheck(
        final ChannelFiles files,
        final FileChannel channel,
        final UnsafeBuffer start,
        final Header header,
        final Extension extension) throws IOException
    {
        creationTime = header.creationTime();
        offset = extension.indexOffset();
        storedCount = start.getLong(ExtensionDescriptor.INDEX_COUNT_OFFSET, LITTLE_ENDIAN);
        count = extension.indexCapacity() == 0 ? 0 : (int)Math.max(0, Math.min(storedCount, extension.indexCapacity()));
        end = offset + (long)count * IndexDescriptor.ENTRY_LENGTH;
        window = new FileWindow(files, channel, WINDOW_LENGTH);
        entry = -1;
        next();
    }

    /**
     * The position for which {@link #onBoundary} is waiting; other boundaries before it need not be told of.
     */
    long position()
    {
        return position;
    }

    /**
     * The walk is at a boundary at or behind {@link #position()}.
     *
     * @param boundary    position of it.
     * @param recordCount number of records before it.
     * @param isRecord    whether a record stands there.
     */
    void onBoundary(final long boundary, final long recordCount, final boolean isRecord) throws IOException
    {
        while (position <= boundary)
        {
            if (position != boundary || records != recordCount || !isRecord)
            {
                noteWrong();
            }
            next();
        }
    }

    /**
     * The walk is at its end.
     *
     * @param notes to add sentences to.
     */
    void onEnd(final List<String> notes) throws IOException
    {
        while (entry < count)
        {
            noteWrong();
            next();
        }
        if (wrong > 0)
        {
            notes.add("index: " + wrong + " of " + count + " entries are wrong, the first is entry " + firstWrong +
                ". That costs time when readers move, and no record");
        }
        if (offset != 0 && storedCount != count)
        {
            notes.add("index: " + Long.toUnsignedString(storedCount) + " entries are more than it has room for");
        }
    }

    @Override
    public void close()
    {
        window.close();
    }

    /**
     * Go to the next entry whose check is right.
     */
    private void next() throws IOException
    {
        position = Long.MAX_VALUE;
        while (++entry < count)
        {
            final long at = offset + (long)entry * IndexDescriptor.ENTRY_LENGTH;
            if (at + IndexDescriptor.ENTRY_LENGTH > window.start() + window.length())
            {
                window.load(at, end);
            }
            if (window.length() < IndexDescriptor.ENTRY_LENGTH)
            {
                noteRestWrong();

                return;
            }
            final int inWindow = (int)(at - window.start());
            if (IndexDescriptor.isValid(window.view(), inWindow, creationTime))
            {
                final long entryTime = field(inWindow, IndexDescriptor.TIME_OFFSET);
                final long entryPosition = field(inWindow, IndexDescriptor.POSITION_OFFSET);
                if (entryTime >= time && entryPosition >= 0)
                {
                    time = entryTime;
                    position = entryPosition;
                    records = field(inWindow, IndexDescriptor.RECORD_COUNT_OFFSET);

                    return;
                }
            }
            noteWrong();
        }
    }

    /**
     * From this entry on none can be read.
     */
    private void noteRestWrong()
    {
        noteWrong();
        wrong += count - entry - 1;
        entry = count;
    }

    private void noteWrong()
    {
        if (wrong++ == 0)
        {
            firstWrong = entry;
        }
    }

    private long field(final int inWindow, final int fieldOffset)
    {
        return window.view().getLong(inWindow + fieldOffset, LITTLE_ENDIAN);
    }
}
