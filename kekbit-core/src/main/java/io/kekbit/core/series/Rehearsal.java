package io.kekbit.core.series;

import io.kekbit.core.DataFormat;
import io.kekbit.core.ScratchChannels;
import io.kekbit.core.SeriesChannel;
import io.kekbit.core.WriteHandler;
import io.kekbit.core.handlers.ChecksumHandler;
import io.kekbit.core.handlers.SequenceHandler;
import io.kekbit.core.handlers.TimestampHandler;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.OffsetEpochNanoClock;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.agrona.concurrent.SystemNanoClock;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Goes on in another channel some thousand times, with writers whose channels are memory that nobody reads. Else that
 * code would run so seldom that the JVM interprets it for hours, and whatever is compiled meanwhile, methods of the
 * application that call a writer included, would be compiled as if it never ran: the JVM gives up such code, and goes
 * on as an interpreter, when it runs all the same.
 * <p>
 * What the JVM learns here it takes for what usually happens. So there are many records for each channel, of all
 * lengths; the clock and the write handlers are of the classes that the series has; and where it has a class that is
 * not known here, several others stand in for it, so that none is taken for the only one there is. Nothing of the
 * application's is called.
 *
 * @param <D> the format of the content.
 */
final class Rehearsal<D extends DataFormat>
{
    private static final int CHANNELS = 12;
    // A round has every way of writing, with every writer.
    private static final int CHANNELS_PER_ROUND = 24;
    // In each act so many channels are gone on in that the JVM asks itself whether to compile that: it does so at every
    // 1024th call of a method.
    private static final int ROUNDS_PER_ACT = 25;
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long UNCHANGED_NS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long LONGEST_NS = TimeUnit.SECONDS.toNanos(2);
    private static final int LONGEST = 128;
    private static final AtomicBoolean IS_PLAIN_DONE = new AtomicBoolean();
    private static final AtomicBoolean IS_ENVELOPED_DONE = new AtomicBoolean();

    private final UnsafeBuffer source = new UnsafeBuffer(new byte[LONGEST]);
    private final ScratchChannels<D> longChannels;
    private final ScratchChannels<D> shortChannels;
    private final List<SeriesWriter<D>> writers;

    private Rehearsal(final SeriesPlan<D> plan)
    {
        final RollClock[] rollClocks = {
            new RollClock(RollCycle.WHEN_FULL), new RollClock(RollCycle.HOURLY), new RollClock(RollCycle.DAILY)};
        final EpochNanoClock read = RollClock.unwatched(plan.clock());
        final EpochNanoClock[] clocks = clocks(read);
        final WriteHandler[] handlers = handlers(plan, clocks[0]);
        if (read != plan.clock())
        {
            // All of them, so that three classes are read by what watches.
            clocks[0] = new RollClock(RollCycle.DAILY).watched(clocks[0]);
            clocks[1] = rollClocks[1].watched(clocks[1]);
            clocks[2] = rollClocks[2].watched(clocks[2]);
        }
        longChannels = new ScratchChannels<>(plan.format(), clocks, handlers, false);
        shortChannels = new ScratchChannels<>(plan.format(), clocks, handlers, true);
        writers = List.of(
            writer(plan.with(handlers, clocks[0]), rollClocks[0], Outlook.NOBODY),
            writer(plan.with(handlers, clocks[1]), rollClocks[1], new SeriesListener()
            {
            }),
            writer(plan.with(handlers, clocks[2]), rollClocks[2], new SeriesListener()
            {
                @Override
                public void onRoll(final long ordinal, final Path file, final long firstRecordNumber)
                {
                    // Of a class that has this method for itself.
                }
            }));
        writers.get(2).prefaultAgent();
    }

    /**
     * Clocks as that of the series, one for each writer: of its class, or of three where that is not known here.
     */
    private static EpochNanoClock[] clocks(final EpochNanoClock read)
    {
        final EpochNanoClock system = SystemEpochNanoClock.INSTANCE;
        final EpochNanoClock offset = new OffsetEpochNanoClock();

        return read instanceof SystemEpochNanoClock ? new EpochNanoClock[]{system, system, system} :
            read instanceof OffsetEpochNanoClock ? new EpochNanoClock[]{offset, offset, offset} :
            new EpochNanoClock[]{offset, () -> system.nanoTime(), system};
    }

    /**
     * Rehearse what the writer of a series will do, once in each process with an envelope and once without. Takes about
     * half a second, and never fails.
     *
     * @param plan of each channel.
     */
    static void run(final SeriesPlan<?> plan)
    {
        final boolean isEnveloped = Arrays.stream(plan.handlers()).anyMatch(Rehearsal::isKnown);
        if ((isEnveloped ? IS_ENVELOPED_DONE : IS_PLAIN_DONE).compareAndSet(false, true))
        {
            try
            {
                new Rehearsal<>(plan).run();
            }
            catch (final RuntimeException | OutOfMemoryError ex)
            {
                // There is no memory for it, or what is planned cannot be: which the opening itself tells. Without a
                // rehearsal going on takes longer, and nothing else.
                return;
            }
        }
    }

    private static boolean isKnown(final WriteHandler handler)
    {
        return handler instanceof TimestampHandler || handler instanceof SequenceHandler ||
            handler instanceof ChecksumHandler;
    }

    /**
     * Handlers as those of the series, but for the application's own, which count for real.
     */
    private static WriteHandler[] handlers(final SeriesPlan<?> plan, final EpochNanoClock clock)
    {
        return Arrays.stream(plan.handlers())
            .filter(Rehearsal::isKnown)
            .map((handler) -> handler instanceof TimestampHandler ? new TimestampHandler(plan.tickUnit(), clock) :
                handler instanceof SequenceHandler ? new SequenceHandler() : new ChecksumHandler())
            .toArray(WriteHandler[]::new);
    }

    private SeriesWriter<D> writer(
        final SeriesPlan<D> plan, final RollClock rollClock, final SeriesListener listener)
    {
        final SeriesWriter<D> writer = new SeriesWriter<>(
            plan,
            null,
            1,
            longChannels.next(),
            null,
            rollClock,
            NextChannelPolicy.THROW,
            listener,
            Housekeeping.NONE,
            SystemNanoClock.INSTANCE);
        writer.agent().run();

        return writer;
    }

    /**
     * Go on until the compiler is done, which nobody can ask it: until nothing has become faster for as long again as
     * it took to become so fast. The pauses are for the compiler, which on a machine of few processors gets no other
     * time; and while it has much to do, the JVM asks it only for what runs most.
     */
    private void run()
    {
        // An interrupted thread would not pause.
        final boolean isInterrupted = Thread.interrupted();
        try
        {
            rehearse();
        }
        finally
        {
            if (isInterrupted)
            {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void rehearse()
    {
        for (int i = 0; i < CHANNELS; i++)
        {
            fill(writers.get(i % writers.size()), longChannels, i);
        }
        final long startNs = System.nanoTime();
        long fastestNs = Long.MAX_VALUE;
        long fasterForNs = 0;
        long forNs = 0;
        while (forNs - fasterForNs < Math.max(UNCHANGED_NS, fasterForNs) && forNs < LONGEST_NS)
        {
            LockSupport.parkNanos(PAUSE_NS);
            final long fastestRoundNs = act();
            forNs = System.nanoTime() - startNs;
            if (fastestRoundNs < fastestNs - fastestNs / 8)
            {
                fastestNs = fastestRoundNs;
                fasterForNs = forNs;
            }
        }
    }

    /**
     * Fill some channels.
     *
     * @return how long the fastest round took, which nothing interrupted.
     */
    private long act()
    {
        long fastestNs = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS_PER_ACT; round++)
        {
            final long startNs = System.nanoTime();
            for (int i = 0; i < CHANNELS_PER_ROUND; i++)
            {
                fill(writers.get(i % writers.size()), shortChannels, i);
            }
            fastestNs = Math.min(fastestNs, System.nanoTime() - startNs);
        }

        return fastestNs;
    }

    /**
     * Write records until a channel is full, which is as seldom as with any series.
     */
    private void fill(final SeriesWriter<D> writer, final ScratchChannels<D> channels, final int way)
    {
        int length = writer.longestContent();
        if (way % 3 == 1)
        {
            // It is time, and the next channel is late, though not yet needed.
            writer.rollClock().expire();
            write(writer, way, length);
        }
        if (way == 2)
        {
            // The next channel is late.
            while (writer.tryWrite(source, 0, length) > 0)
            {
                continue;
            }
        }
        final SeriesChannel<D> left = writer.current();
        writer.supply().offer(channels.next());
        while (writer.supply().isReady())
        {
            write(writer, way, length);
            length = length > 1 ? length * 3 / 4 : writer.longestContent() - way % Long.BYTES;
            if (length == 1 && way % 3 == 1)
            {
                writer.rollClock().expire();
            }
        }
        // Nobody closes it, so it would keep all that come after it in memory.
        left.leaveFor(null);
    }

    /**
     * In one of the ways in which that can be done. Encodables are the application's own, and need nothing else.
     */
    private void write(final SeriesWriter<D> writer, final int way, final int length)
    {
        switch (way & 3)
        {
            case 0 -> writer.write(source, 0, length);
            case 1 -> writer.tryWrite(source, 0, length);
            case 2 ->
            {
                writer.claim(length);
                writer.commit(length);
            }
            default ->
            {
                writer.claim(1, length);
                writer.commit(length);
            }
        }
    }
}
