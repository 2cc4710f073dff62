package io.kekbit.core;

import org.agrona.concurrent.IdleStrategy;

/**
 * Waits as long as it takes to have about as much to read again as was read last, never longer than a fixed number of
 * spins. For a reader that is to get as many records per second through as possible.
 * <p>
 * A reader that is faster than its writer finds the end after every few records, and each look there takes the cache
 * line, and those that the processor loads ahead of it, away from the writer that is about to store into them: both
 * then run at the pace at which lines go to and fro. A reader that stays behind for a while after each batch leaves
 * them to the writer. A read that returns less than the one before has come to the end, and the wait begins, without a
 * look at the end itself. One that receives single records now and then, as in a round trip, spins once between looks
 * and takes no longer than with {@link org.agrona.concurrent.BusySpinIdleStrategy}.
 * <p>
 * After a batch the next record may be seen later by up to as many {@linkplain Thread#onSpinWait() spins} as the batch
 * had records. One spin takes from a few nanoseconds to some tens, by processor. The processor is never given up, so
 * this is for a thread that has one to itself.
 * <p>
 * For one thread, and one reader:
 * <pre>{@code
 * while (isRunning)
 * {
 *     idleStrategy.idle(reader.read(handler, 256));
 * }
 * }</pre>
 */
public final class ProportionalIdleStrategy implements IdleStrategy
{
    /**
     * What {@link #alias()} says.
     */
    public static final String ALIAS = "proportional";

    /**
     * Spins that are not exceeded where no other number is given.
     */
    public static final int DEFAULT_MAX_SPINS = 4096;

    private final int maxSpins;
    private int spins = 1;
    private int lastWorkCount;

    /**
     * Spin at most {@link #DEFAULT_MAX_SPINS} times.
     */
    public ProportionalIdleStrategy()
    {
        this(DEFAULT_MAX_SPINS);
    }

    /**
     * Limit the spins, and so the longest time for which a record can wait unseen.
     *
     * @param maxSpins between two looks, at least 1.
     * @throws IllegalArgumentException where it is less.
     */
    public ProportionalIdleStrategy(final int maxSpins)
    {
        if (maxSpins < 1)
        {
            throw new IllegalArgumentException("has to be at least 1: maxSpins=" + maxSpins);
        }
        this.maxSpins = maxSpins;
    }

    /**
     * Return at once where there was as much work as last time, or more. Else the end was reached: spin as long as
     * there was work since the last wait.
     *
     * @param workCount what the last read returned.
     */
    @Override
    public void idle(final int workCount)
    {
        if (workCount > 0)
        {
            spins = workCount < maxSpins - spins ? spins + workCount : maxSpins;
        }
        if (workCount > 0 && workCount >= lastWorkCount)
        {
            lastWorkCount = workCount;
        }
        else
        {
            idle();
        }
    }

    @Override
    public void idle()
    {
        final int spins = this.spins;
        reset();
        for (int i = 0; i < spins; i++)
        {
            Thread.onSpinWait();
        }
    }

    /**
     * Forget what was read: the next wait is a single spin.
     */
    @Override
    public void reset()
    {
        spins = 1;
        lastWorkCount = 0;
    }

    /**
     * Spins that the next wait takes.
     */
    int spins()
    {
        return spins;
    }

    @Override
    public String alias()
    {
        return ALIAS;
    }

    @Override
    public String toString()
    {
        return "ProportionalIdleStrategy{alias=" + ALIAS + " maxSpins=" + maxSpins + "}";
    }
}
