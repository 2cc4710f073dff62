package io.kekbit.core;

import io.kekbit.core.exceptions.FileTooShortException;
import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.IndexDescriptor;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;

import static io.kekbit.core.layout.RecordDescriptor.RECORD_AREA_OFFSET;

/**
 * Touches the pages of a channel that its writer or reader is about to use, so that the page faults, see {@link
 * Prefault}, are met by another thread. {@link Writer#prefaultAgent()} and {@link Reader#prefaultAgent()} make one; the
 * caller runs it, in an {@link org.agrona.concurrent.AgentRunner} or as one of several agents of a thread. It changes
 * nothing in the file.
 * <p>
 * It keeps touched: a window from the position on, and with a writer what that stores now and then beside the records.
 * It does so again at intervals, and right after each {@link Writer#flush()}, because on a file system with a device
 * behind it every page that was written back takes a fault again (6 to 8 microseconds on ext4). Between a write-back
 * by the operating system and the next interval such faults can still happen. What is touched there is written once
 * more by the operating system, up to a window per interval. On tmpfs nothing is written, and touching again has no
 * effect.
 * <p>
 * The window has to be longer than what is written while this agent does not run: 4 MiB are 4 milliseconds of a writer
 * of 1 GB/s. A reader moves on when a call of it returns, and so does its window: one that reads much in one call
 * leaves the window behind.
 * <p>
 * Closing the writer or reader ends the agent, from whatever thread: it waits for a {@link #doWork()} that is under
 * way, which is soon over. After that {@link #doWork()} answers 0, so that other agents of its thread go on.
 * <p>
 * Thread-safe; of two threads that work at once, one does nothing.
 */
public final class PrefaultAgent implements Agent
{
    /**
     * Length of the window in bytes unless told otherwise.
     */
    public static final int DEFAULT_WINDOW_LENGTH = 4 * 1024 * 1024;

    /**
     * Time after which the window is touched again, in nanoseconds, unless told otherwise.
     */
    public static final long DEFAULT_INTERVAL_NS = TimeUnit.SECONDS.toNanos(3);

    /**
     * The most pages of 4 KiB that one call touches.
     */
    static final int MAX_PAGES = 64;

    private static final int MIN_WINDOW_LENGTH = 4096;

    private final ChannelMapping mapping;
    private final UnsafeBuffer buffer;
    private final IntSupplier position;
    private final int windowLength;
    private final long intervalNs;
    private final NanoClock clock;
    private final PageWindow header;
    private final PageWindow records;
    private final PageWindow index;
    private final int indexCapacity;
    private final long indexAhead;
    private final AtomicReference<Thread> worker = new AtomicReference<>();
    private volatile boolean isEnded;

    // These belong to the worker.
    private int lastPosition;
    private int lastForces;
    private long lastStartNs;

    /**
     * @param mapping      of the channel.
     * @param position     of the writer or reader, called by this agent's thread. What it answers may be out of date:
     *                     then pages are touched that were already.
     * @param indexSpacing bytes of record area for each entry that is written to the index; 0 where none is.
     * @param windowLength in bytes.
     * @param intervalNs   after which to touch again.
     * @param clock        to read at each call.
     */
    PrefaultAgent(
        final ChannelMapping mapping,
        final IntSupplier position,
        final long indexSpacing,
        final int windowLength,
        final long intervalNs,
        final NanoClock clock)
    {
        if (windowLength < MIN_WINDOW_LENGTH || intervalNs <= 0)
        {
            throw new IllegalArgumentException(
                "windowLength=" + windowLength + " min=" + MIN_WINDOW_LENGTH + " intervalNs=" + intervalNs + " min=1");
        }

        this.mapping = mapping;
        this.position = position;
        this.windowLength = windowLength;
        this.intervalNs = intervalNs;
        this.clock = clock;
        buffer = mapping.buffer();
        header = mapping.pages();
        records = mapping.pages();
        index = mapping.indexPages();
        indexCapacity = indexSpacing == 0 ? 0 : mapping.indexBuffer().capacity() / IndexDescriptor.ENTRY_LENGTH;
        indexAhead = indexSpacing == 0 ? 0 : windowLength / indexSpacing + 1;
        lastStartNs = clock.nanoTime();
    }

    /**
     * Touch what is not touched yet: at most 256 KiB; the header and the index first, then the nearest.
     *
     * @return the number of pages touched; 0 where nothing was to do, and once the writer or reader is closed.
     * @throws FileTooShortException where the file was cut short while it was mapped; further calls answer 0.
     * @throws InternalError         where a page cannot be had for another reason; further calls answer 0. The JVM may
     *                               tell that late, and then of some other mapping.
     */
    @Override
    public int doWork()
    {
        if (isEnded)
        {
            return 0;
        }

        // Others' code: not while the mapping is held.
        final long nowNs = clock.nanoTime();
        final Thread current = Thread.currentThread();
        try
        {
            // Here the worker is set and then the end is looked for, in end() it is the other way round: one of both
            // sees the other.
            return worker.compareAndSet(null, current) && !isEnded && moveWindows(nowNs) ? touch() : 0;
        }
        catch (final FileTooShortException ex)
        {
            isEnded = true;
            throw ex;
        }
        catch (final InternalError ex)
        {
            isEnded = true;
            mapping.noteFault();
            mapping.requireWhole();
            throw ex;
        }
        finally
        {
            worker.compareAndSet(current, null);
        }
    }

    @Override
    public String roleName()
    {
        return "prefault " + mapping.file();
    }

    /**
     * Touch nothing any more, from when this returns: the mapping can go.
     */
    void end()
    {
        isEnded = true;
        final Thread current = Thread.currentThread();
        for (Thread busy = worker.get(); busy != null && busy != current && busy.isAlive(); busy = worker.get())
        {
            Thread.yield();
        }
    }

    /**
     * Put the windows where they belong now.
     *
     * @return whether there are pages to touch.
     */
    private boolean moveWindows(final long nowNs)
    {
        final int position = this.position.getAsInt();
        final int forces = mapping.forces();
        if (nowNs - lastStartNs >= intervalNs || forces != lastForces || position < lastPosition)
        {
            lastStartNs = nowNs;
            lastForces = forces;
            header.startOver();
            records.startOver();
            index.startOver();
        }
        lastPosition = position;

        final long start = (long)RECORD_AREA_OFFSET + position;
        boolean isDue = header.moveTo(0, RECORD_AREA_OFFSET);
        isDue |= records.moveTo(start, start + windowLength);
        if (indexCapacity > 0)
        {
            final long count = buffer.getLongAcquire(ExtensionDescriptor.INDEX_COUNT_OFFSET);
            final long entry = Math.max(0, Math.min(indexCapacity, count));
            isDue |= index.moveTo(
                entry * IndexDescriptor.ENTRY_LENGTH, (entry + indexAhead) * IndexDescriptor.ENTRY_LENGTH);
        }

        return isDue;
    }

    private int touch()
    {
        mapping.requireWhole();
        // The index before the records: else it would never have its turn where these start over all the time.
        int pages = header.touch(MAX_PAGES);
        pages += index.touch(MAX_PAGES - pages);

        return pages + records.touch(MAX_PAGES - pages);
    }
}
