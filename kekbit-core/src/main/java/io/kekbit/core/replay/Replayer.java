package io.kekbit.core.replay;

import io.kekbit.core.Reader;
import io.kekbit.core.ReaderState;
import io.kekbit.core.exceptions.ReaderClosedException;
import io.kekbit.core.exceptions.WriteException;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NanoClock;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Hands the records of a stream over again, as fast as they came, faster, or without waiting, and drives a
 * {@link ReplayClock} by their times.
 * <p>
 * It is an {@link Agent}: the caller runs it, beside others or by {@link #run()}. Each record is due at a time that is
 * computed from the start of the replay, never from the record before it, so that what is late at one record is made up
 * for by the next ones. What is due is handed over by the next {@link #doWork()}: the replay is as exact as the thread
 * that runs it is awake.
 * <p>
 * Whatever the times are, every record of the stream between the first and the last is replayed, in the order in which
 * it stands:
 * <ul>
 * <li>a record without time (see {@link TimestampExtractor#NO_TIME}) comes right behind the one before it;</li>
 * <li>a record whose time lies before that of an earlier one comes right behind that; the clock stands meanwhile;</li>
 * <li>where the replay has a time to begin from, what stands before the first record of that time or later is left
 * out, and with a time to replay to, what stands behind the first record of that time or later, whatever its time
 * is.</li>
 * </ul>
 * A stream without any time can only be replayed at full speed, from where its reader stands to its end.
 * <p>
 * When the replay is over, its reader stands before the first record that was not replayed.
 * <p>
 * One thread works, and the reader, the handler and the writer belong to it. {@link #pause()}, {@link #resume()},
 * {@link #stop()}, {@link #state()}, the counts and the clock are for any thread. Allocates nothing for a record.
 */
public final class Replayer implements Agent
{
    private static final int MAX_SPINS = 100;
    private static final int MAX_YIELDS = 1_000;
    private static final long MIN_PARK_NS = TimeUnit.MICROSECONDS.toNanos(1);
    private static final long MAX_PARK_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final ReplayFeed feed;
    private final ReplaySink sink;
    private final ReplaySchedule schedule;
    private final NanoClock nanoClock;
    private final ReplayClock clock;
    private final boolean isPaced;
    private final boolean isFollowing;
    private final long fromNs;
    private final long toNs;
    private final int limit;

    private final AtomicLong records = new AtomicLong();
    private final AtomicLong untimedRecords = new AtomicLong();
    private final AtomicLong backwardRecords = new AtomicLong();
    private final AtomicLong maxOverdueNs = new AtomicLong();
    private volatile boolean isPauseWanted;
    private volatile boolean isStopWanted;
    private volatile ReplayState endState;

    // These belong to the thread that works.
    private boolean isBegun;
    private boolean isTimeKnown;
    private boolean isInWindow;
    private boolean isPending;
    private boolean isOfEarlierCall;
    private boolean isHeld;
    private long pendingTimeNs;
    private long latestTimeNs = RecordTime.NONE;
    private long nowNs;
    private long heldSinceNs;

    Replayer(final ReplayFeed feed, final ReplaySink sink, final ReplayerBuilder builder)
    {
        this.feed = feed;
        this.sink = sink;
        isPaced = builder.speed() != Double.POSITIVE_INFINITY;
        schedule = new ReplaySchedule(builder.speed(), builder.maxGapNs());
        nanoClock = builder.nanoClock();
        clock = builder.clock();
        isFollowing = builder.isFollowing();
        fromNs = builder.fromNs();
        toNs = builder.toNs();
        limit = builder.limit();
    }

    /**
     * Begin to say how to replay a stream.
     *
     * @param reader of the stream; not closed by the replay.
     * @return a builder.
     */
    public static ReplayerBuilder builder(final Reader reader)
    {
        return new ReplayerBuilder(reader);
    }

    /**
     * Begin to say how to replay several streams as one.
     *
     * @param merged reader of the streams; not closed by the replay.
     * @return a builder.
     */
    public static ReplayerBuilder builder(final MergedReader merged)
    {
        return new ReplayerBuilder(merged);
    }

    /**
     * Hand over what is due. The replay starts with the first call.
     *
     * @return the number of records handed over or passed over; 0 while none is due, and when the replay is over.
     * @throws IllegalStateException                           where the stream does not tell the times that are asked
     *                                                         for. The replay is over then.
     * @throws io.kekbit.core.exceptions.ReaderClosedException where the reader is closed. The replay is over then.
     * @throws io.kekbit.core.exceptions.ChannelException      as the reader does, of a series of which what comes next
     *                                                         was deleted.
     * @throws io.kekbit.core.exceptions.WriteException        where the writer refuses a record. It is tried again.
     */
    @Override
    public int doWork()
    {
        if (endState != null)
        {
            return 0;
        }
        if (isStopWanted)
        {
            end(ReplayState.STOPPED);
            return 0;
        }
        if (isPauseWanted)
        {
            hold();
            return 0;
        }

        final int work = work();
        if (work == 0 && endState == null)
        {
            sink.onWait();
        }

        return work;
    }

    /**
     * Replay until it is over, waiting with a strategy that spins, yields and then parks for up to a millisecond.
     *
     * @return the number of records replayed.
     * @throws io.kekbit.core.exceptions.WriteException as {@link #doWork()}, and so are other exceptions.
     */
    public long run()
    {
        return run(new BackoffIdleStrategy(MAX_SPINS, MAX_YIELDS, MIN_PARK_NS, MAX_PARK_NS));
    }

    /**
     * Replay until it is over: until it is through, {@link #stop()} is called, or this thread is interrupted, which
     * stays marked as interrupted.
     *
     * @param idleStrategy to wait with while nothing is due.
     * @return the number of records replayed.
     * @throws io.kekbit.core.exceptions.WriteException as {@link #doWork()}, and so are other exceptions.
     */
    public long run(final IdleStrategy idleStrategy)
    {
        idleStrategy.reset();
        while (endState == null)
        {
            if (Thread.currentThread().isInterrupted())
            {
                stop();
            }
            final int work = doWork();
            if (endState == null)
            {
                idleStrategy.idle(work);
            }
        }

        return records.get();
    }

    /**
     * Hand over nothing, and let time in the replay stand, from the record on that is being handed over.
     */
    public void pause()
    {
        isPauseWanted = true;
    }

    /**
     * Go on after a pause: what comes next is as far away as it was when the replay was paused.
     */
    public void resume()
    {
        isPauseWanted = false;
    }

    /**
     * End the replay, with the next {@link #doWork()}, behind the record that is being handed over.
     */
    public void stop()
    {
        isStopWanted = true;
    }

    /**
     * How far the replay has come.
     *
     * @return the state.
     */
    public ReplayState state()
    {
        final ReplayState end = endState;

        return end != null ? end : isPauseWanted ? ReplayState.PAUSED : ReplayState.RUNNING;
    }

    /**
     * The time in the replay.
     *
     * @return the clock that this drives.
     */
    public ReplayClock clock()
    {
        return clock;
    }

    /**
     * The number of records replayed.
     *
     * @return the number so far.
     */
    public long records()
    {
        return records.get();
    }

    /**
     * The number of records replayed that have no time.
     *
     * @return the number so far.
     */
    public long untimedRecords()
    {
        return untimedRecords.get();
    }

    /**
     * The number of records replayed whose time lies before that of an earlier one.
     *
     * @return the number so far.
     */
    public long backwardRecords()
    {
        return backwardRecords.get();
    }

    /**
     * How late a record was handed over at most: because this was not called in time, or because the handler or writer
     * took longer than the pace allows for. As of the last look at the clock, which is taken anew when there is nothing
     * due by the one before, and in each {@link #doWork()}.
     *
     * @return nanoseconds; 0 at full speed.
     */
    public long maxOverdueNs()
    {
        return maxOverdueNs.get();
    }

    @Override
    public String roleName()
    {
        return "replay";
    }

    /**
     * End the replay where it is, unless it is over.
     */
    @Override
    public void onClose()
    {
        if (endState == null)
        {
            end(ReplayState.STOPPED);
        }
    }

    @Override
    public String toString()
    {
        return "Replayer{state=" + state() + " records=" + records.get() + " clock=" + clock.nanoTime() + "}";
    }

    private int work()
    {
        try
        {
            if (isHeld)
            {
                release();
            }
            if (!isBegun)
            {
                begin();
            }
            if (isPaced)
            {
                nowNs = nanoClock.nanoTime();
            }
        }
        catch (final ReaderClosedException ex)
        {
            endState = ReplayState.STOPPED;
            throw ex;
        }

        int work = 0;
        while (work < limit && endState == null && !isPauseWanted && !isStopWanted)
        {
            if (isPending)
            {
                if (!isDue() || !handOver())
                {
                    isOfEarlierCall = true;
                    break;
                }
                work++;
            }
            else if (goToNext())
            {
                // One that is passed over is work, too.
                work += isPending ? 0 : 1;
            }
            else
            {
                break;
            }
        }

        return work;
    }

    private void begin()
    {
        clock.startAt(0);
        if (fromNs >= 0)
        {
            feed.seek(fromNs);
            startAt(fromNs);
        }
        isInWindow = fromNs < 0;
        isBegun = true;
    }

    private void startAt(final long timeNs)
    {
        isTimeKnown = true;
        if (isPaced)
        {
            nowNs = nanoClock.nanoTime();
            schedule.start(timeNs, nowNs);
        }
        clock.startAt(timeNs);
    }

    /**
     * Go to the next record, which is then pending, unless it is to be passed over or the replay ends before it.
     *
     * @return false where there is none.
     */
    private boolean goToNext()
    {
        try
        {
            if (!feed.next())
            {
                final ReaderState state = feed.state();
                // Once more: some streams find out only when asked for their state that there is more.
                if (!feed.next())
                {
                    endUnlessMoreCanFollow(state);
                    return false;
                }
            }
            requireTime();
        }
        catch (final ReaderClosedException ex)
        {
            endState = ReplayState.STOPPED;
            throw ex;
        }
        catch (final IllegalStateException ex)
        {
            endBefore(ReplayState.STOPPED);
            throw ex;
        }

        final long timeNs = feed.timeNs();
        if (timeNs >= toNs)
        {
            endBefore(ReplayState.REACHED_TO);
            return false;
        }
        // What an index leads to is a group of records, of which some are not before that time.
        isInWindow |= timeNs >= fromNs && timeNs >= 0 || feed.isCoarse();
        if (isInWindow)
        {
            plan(timeNs);
        }

        return true;
    }

    private void plan(final long timeNs)
    {
        isPending = true;
        pendingTimeNs = timeNs;
        if (timeNs < 0)
        {
            return;
        }
        if (!isTimeKnown)
        {
            startAt(timeNs);
        }
        if (isPaced)
        {
            schedule.plan(timeNs);
        }
    }

    private boolean isDue()
    {
        if (!isPaced || pendingTimeNs < 0)
        {
            return true;
        }

        long overdueNs = schedule.overdueNs(nowNs);
        if (overdueNs < 0)
        {
            nowNs = nanoClock.nanoTime();
            overdueNs = schedule.overdueNs(nowNs);
        }
        if (overdueNs < 0)
        {
            clock.advanceTo(schedule.timeAt(nowNs));
            return false;
        }
        if (overdueNs > maxOverdueNs.get())
        {
            maxOverdueNs.setRelease(overdueNs);
        }

        return true;
    }

    private boolean handOver()
    {
        if (isOfEarlierCall)
        {
            requireOpen();
        }
        final long timeNs = pendingTimeNs;
        if (timeNs >= 0)
        {
            clock.advanceTo(timeNs);
        }
        boolean isTaken = true;
        try
        {
            isTaken = sink.take(feed);
        }
        catch (final WriteException ex)
        {
            isTaken = false;
            throw ex;
        }
        finally
        {
            if (isTaken)
            {
                onHandedOver(timeNs);
            }
        }

        return isTaken;
    }

    /**
     * The reader may have been closed since it went to the record.
     */
    private void requireOpen()
    {
        try
        {
            feed.state();
        }
        catch (final ReaderClosedException | IllegalStateException ex)
        {
            isPending = false;
            endState = ReplayState.STOPPED;
            throw ex;
        }
        isOfEarlierCall = false;
    }

    private void onHandedOver(final long timeNs)
    {
        isPending = false;
        records.setRelease(records.getPlain() + 1);
        if (timeNs < 0)
        {
            untimedRecords.setRelease(untimedRecords.getPlain() + 1);
            return;
        }
        if (timeNs < latestTimeNs)
        {
            backwardRecords.setRelease(backwardRecords.getPlain() + 1);
        }
        latestTimeNs = Math.max(latestTimeNs, timeNs);
        if (isPaced)
        {
            schedule.onHandedOver();
        }
    }

    private void hold()
    {
        if (!isHeld)
        {
            isHeld = true;
            heldSinceNs = isPaced ? nanoClock.nanoTime() : 0;
            if (isPaced && isPending && pendingTimeNs >= 0)
            {
                clock.advanceTo(schedule.timeAt(heldSinceNs));
            }
        }
        sink.onWait();
    }

    private void release()
    {
        isHeld = false;
        if (isPaced && isTimeKnown)
        {
            schedule.shift(nanoClock.nanoTime() - heldSinceNs);
        }
    }

    private void endUnlessMoreCanFollow(final ReaderState state)
    {
        final boolean canFollow = switch (state)
        {
            case OPEN, TIMED_OUT -> isFollowing || feed.isHolding();
            case FULL, CLOSED, SUSPECT, CORRUPT -> feed.isHolding();
        };
        if (!canFollow)
        {
            endState = ReplayState.REACHED_END;
        }
    }

    private void requireTime()
    {
        if (feed.isTimeless() && (isPaced || fromNs >= 0 || toNs != Long.MAX_VALUE))
        {
            throw new IllegalStateException(
                "no time in the records, neither in an envelope nor in an index. Give a TimestampExtractor, or " +
                "replay at full speed and without a time to begin or end with.");
        }
    }

    private void end(final ReplayState state)
    {
        if (isPending)
        {
            endBefore(state);
        }
        else
        {
            endState = state;
        }
    }

    /**
     * End the replay, with the record gone to as the first that was not replayed.
     */
    private void endBefore(final ReplayState state)
    {
        isPending = false;
        endState = state;
        try
        {
            feed.giveBack();
        }
        catch (final ReaderClosedException ex)
        {
            // Its place does not matter any more.
            isPending = false;
        }
    }
}
