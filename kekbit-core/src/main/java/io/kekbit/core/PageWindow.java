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
     * Touch the pages of a window that come behind those touched already. A window is not to move back without {@link
     * #startOver()}.
     *
     * @param start of the window in the mapping.
     * @param end   of the window; what lies behind the mapping is left out.
     * @param limit the most pages to touch.
     * @return the number of pages touched.
     */
    int touch(final long start, final long end, final int limit)
    {
        final long endInMapping = Math.min(end, buffer.capacity());
        if (start >= endInMapping)
        {
            return 0;
        }

        final int firstPage = Math.max(nextPage, page(start));
        final int endPage = (int)Math.min(page(endInMapping - 1) + 1L, (long)firstPage + limit);
        for (int page = firstPage; page < endPage; page++)
        {
            touch(page);
        }
        nextPage = Math.max(firstPage, endPage);

        return nextPage - firstPage;
    }

    private int page(final long offset)
    {
        return (int)((offset + lead) / PAGE_LENGTH);
    }

    private void touch(final int page)
    {
        final int offset = (int)Math.max(0, (long)page * PAGE_LENGTH - lead);
        // The sum keeps the load from being optimised away. A writer's page is read as well, before it is written to:
        // of a load from a page that is gone the JVM tells in every mode, of an atomic operation alone it can die.
        sum += buffer.getByte(offset);
        if (isWritable)
        {
            // Others may be writing here at this moment, and lose nothing by an atomic addition.
            buffer.getAndAddLong(offset, 0);
        }
    }
}
