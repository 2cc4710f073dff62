package io.kekbit.core;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Touches pages of a mapping, each once until it is told to start over. Nothing in the file changes by it.
 */
final class PageWindow
{
    // Where pages are longer, one is touched several times, which is as good as once.
    private static final int PAGE_LENGTH = 4096;

    private final UnsafeBuffer buffer;
    private final boolean isWritable;
    private final int lead;
    private int nextPage;
    private int endPage;
    private long sum;

    /**
     * @param buffer     the mapping. It may begin inside a page, at a multiple of 8 bytes.
     * @param isWritable whether a page is to be made ready for stores: then the mapping's length is a multiple of 8,
     *                   too.
     */
    PageWindow(final UnsafeBuffer buffer, final boolean isWritable)
    {
        this.buffer = buffer;
        this.isWritable = isWritable;
        lead = (int)(buffer.addressOffset() & (PAGE_LENGTH - 1));
    }

    /**
     * Take all pages for untouched.
     */
    void startOver()
    {
        nextPage = 0;
    }

    /**
     * Move the window. It is not to move back without {@link #startOver()}.
     *
     * @param start of the window in the mapping.
     * @param end   of the window; what lies behind the mapping is left out.
     * @return whether there are pages in it to touch.
     */
    boolean moveTo(final long start, final long end)
    {
        final long endInMapping = Math.min(end, buffer.capacity());
        if (start >= endInMapping)
        {
            endPage = 0;

            return false;
        }

        nextPage = Math.max(nextPage, page(start));
        endPage = page(endInMapping - 1) + 1;

        return nextPage < endPage;
    }

    /**
     * Touch pages of the window, the first ones that are not touched yet.
     *
     * @param limit the most pages to touch.
     * @return the number of pages touched.
     */
    int touch(final int limit)
    {
        int pages = 0;
        while (pages < limit && nextPage < endPage)
        {
            touchPage(nextPage++);
            pages++;
        }

        return pages;
    }

    private int page(final long offset)
    {
        return (int)((offset + lead) / PAGE_LENGTH);
    }

    private void touchPage(final int page)
    {
        final int offset = (int)Math.max(0, (long)page * PAGE_LENGTH - lead);
        if (isWritable)
        {
            // Others may be writing here at this moment, and lose nothing by an atomic addition.
            buffer.getAndAddLong(offset, 0);
        }
        else
        {
            // The sum keeps the load from being optimised away.
            sum += buffer.getByte(offset);
        }
    }
}
