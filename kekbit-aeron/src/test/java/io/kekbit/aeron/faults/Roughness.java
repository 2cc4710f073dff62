package io.kekbit.aeron.faults;

import io.aeron.driver.ext.LossGenerator;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a driver does to the datagrams it sends and receives, and how often it did so. All rates are shares of
 * datagrams.
 */
final class Roughness
{
    private final double loss;
    private final double controlLoss;
    private final double duplication;
    private final double reordering;
    private final SplittableRandom seeds;
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong duplicated = new AtomicLong();
    private final AtomicLong reordered = new AtomicLong();

    private Roughness(
        final double loss,
        final double controlLoss,
        final double duplication,
        final double reordering,
        final long seed)
    {
        this.loss = loss;
        this.controlLoss = controlLoss;
        this.duplication = duplication;
        this.reordering = reordering;
        seeds = new SplittableRandom(seed);
    }

    /**
     * Of texts, as they come on a command line.
     *
     * @param shares loss of data, loss of control messages, duplication and reordering with commas between them.
     * @param seed   of all random numbers.
     */
    static Roughness parse(final String shares, final long seed)
    {
        final String[] parts = shares.split(",");

        return new Roughness(
            Double.parseDouble(parts[0]),
            Double.parseDouble(parts[1]),
            Double.parseDouble(parts[2]),
            Double.parseDouble(parts[3]),
            seed);
    }

    double loss()
    {
        return loss;
    }

    double controlLoss()
    {
        return controlLoss;
    }

    double duplication()
    {
        return duplication;
    }

    double reordering()
    {
        return reordering;
    }

    /**
     * Each endpoint has random numbers of its own.
     */
    long nextSeed()
    {
        synchronized (seeds)
        {
            return seeds.nextLong();
        }
    }

    /**
     * The same, with a count of what was lost.
     */
    LossGenerator counting(final LossGenerator generator)
    {
        return (address, buffer, length) ->
        {
            final boolean isLost = generator.shouldDropFrame(address, buffer, length);
            if (isLost)
            {
                lost.incrementAndGet();
            }

            return isLost;
        };
    }

    void countDuplicated()
    {
        duplicated.incrementAndGet();
    }

    void countReordered()
    {
        reordered.incrementAndGet();
    }

    /**
     * A figure of what {@link #toString()} returned.
     */
    static long count(final String figures, final String name)
    {
        final Matcher matcher = Pattern.compile(name + "=(\\d+)").matcher(figures);
        if (!matcher.find())
        {
            throw new IllegalArgumentException(figures);
        }

        return Long.parseLong(matcher.group(1));
    }

    @Override
    public String toString()
    {
        return "lost=" + lost + " duplicated=" + duplicated + " reordered=" + reordered;
    }
}
