package io.kekbit.core.series;

import org.agrona.concurrent.Agent;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.NanoClock;

import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Works in the background for the writer of a series: makes the next channel ready (created, filled with zeros, its
 * pages touched), forces and closes the ones that the writer has left, tells the writer when an hour or day is over,
 * and keeps the series within its bounds. {@link SeriesWriter#agent()} gives it; the caller runs it, in an {@link
 * org.agrona.concurrent.AgentRunner} or as one of several agents of a thread.
 * <p>
 * One call of {@link #doWork()} makes or closes at most one channel, which takes as long as writing or forcing a file
 * of that length does: what must not wait for that runs in another thread. Where nobody runs this agent, the writer
 * does all of it itself, in the middle of a call. It sees for itself that an hour or day is over, with an index entry,
 * a heartbeat or a flush.
 * <p>
 * It ends with the writer: then {@link #doWork()} answers 0, so that other agents of its thread go on.
 */
public final class SeriesAgent implements Agent
{
    private final Path folder;
    private final ChannelSupply<?> supply;
    private final RetiredChannels<?> retired;
    private final Housekeeping housekeeping;
    private final RollClock rollClock;
    private final NanoClock nanoClock;
    private final EpochNanoClock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean isRun;
    private volatile boolean isEnded;

    SeriesAgent(
        final SeriesPlan<?> plan,
        final ChannelSupply<?> supply,
        final RetiredChannels<?> retired,
        final Housekeeping housekeeping,
        final RollClock rollClock,
        final NanoClock nanoClock)
    {
        folder = plan.folder().path();
        clock = plan.clock();
        this.supply = supply;
        this.retired = retired;
        this.housekeeping = housekeeping;
        this.rollClock = rollClock;
        this.nanoClock = nanoClock;
    }

    /**
     * Do what is due.
     *
     * @return how much that was; 0 where nothing is to do.
     */
    @Override
    public int doWork()
    {
        if (isEnded || !lock.tryLock())
        {
            return 0;
        }
        try
        {
            if (isEnded)
            {
                return 0;
            }
            run();
            final long nowNs = nanoClock.nanoTime();
            // What the writer waits for comes first.
            int work = supply.makeReady(nowNs);
            work += retired.closeOne();
            work += housekeeping.doWork(nowNs, work > 0);
            if (supply.isReady())
            {
                rollClock.ring(clock);
            }

            return work;
        }
        finally
        {
            lock.unlock();
        }
    }

    /**
     * Nobody runs this agent any more: the writer does its work from now on.
     */
    @Override
    public void onClose()
    {
        isRun = false;
    }

    @Override
    public String roleName()
    {
        return "series " + folder;
    }

    /**
     * Somebody runs this agent.
     */
    void run()
    {
        // Stored only where it changes: the writer has it in its cache.
        if (!isRun)
        {
            isRun = true;
        }
    }

    /**
     * Whether somebody runs this agent.
     */
    boolean isRun()
    {
        return isRun;
    }

    /**
     * Do nothing until {@link #goOn()}, from when this returns. Called by the writer's thread.
     */
    void pause()
    {
        lock.lock();
    }

    /**
     * Go on after {@link #pause()}, called by the same thread.
     */
    void goOn()
    {
        lock.unlock();
    }

    /**
     * Do nothing any more, from when this returns.
     */
    void end()
    {
        isEnded = true;
        lock.lock();
        lock.unlock();
    }
}
