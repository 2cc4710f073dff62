package io.kekbit.core.series;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * Walks the reader of a series from record to record, one ahead of what was asked for only while {@link #hasNext()}
 * says so.
 */
final class SeriesIterator implements Iterator<DirectBuffer>
{
    private final SeriesReader reader;
    private final UnsafeBuffer view;
    private boolean isAhead;

    /**
     * @param reader to walk.
     * @param view   that is put on each record's content, and is taken off the channel by the reader.
     */
    SeriesIterator(final SeriesReader reader, final UnsafeBuffer view)
    {
        this.reader = reader;
        this.view = view;
    }

    @Override
    public boolean hasNext()
    {
        reader.requireOpen();
        isAhead = isAhead || reader.next();

        return isAhead;
    }

    @Override
    public DirectBuffer next()
    {
        if (!hasNext())
        {
            throw new NoSuchElementException("nothing further for now: file=" + reader.file());
        }
        isAhead = false;
        view.wrap(reader.buffer(), reader.offset(), reader.length());

        return view;
    }
}
