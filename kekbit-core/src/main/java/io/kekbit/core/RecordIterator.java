package io.kekbit.core;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * For kekbit's own use: walks a reader from record to record, one ahead of what was asked for only while {@link
 * #hasNext()} says so. {@link Reader#iterator()} gives one.
 */
public final class RecordIterator implements Iterator<DirectBuffer>
{
    private final Reader reader;
    private final Runnable openCheck;
    private final UnsafeBuffer view;
    private boolean isAhead;

    /**
     * Begin to walk.
     *
     * @param reader    to walk.
     * @param openCheck that throws where the reader is closed.
     * @param view      that is put on each record's content, and is taken off the channel by the reader.
     */
    public RecordIterator(final Reader reader, final Runnable openCheck, final UnsafeBuffer view)
    {
        this.reader = reader;
        this.openCheck = openCheck;
        this.view = view;
    }

    @Override
    public boolean hasNext()
    {
        openCheck.run();
        isAhead = isAhead || reader.next();

        return isAhead;
    }

    @Override
    public DirectBuffer next()
    {
        if (!hasNext())
        {
            throw new NoSuchElementException("nothing further for now: " + reader);
        }
        isAhead = false;
        view.wrap(reader.buffer(), reader.offset(), reader.length());

        return view;
    }
}
