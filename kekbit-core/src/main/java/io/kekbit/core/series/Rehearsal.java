package io.kekbit.core.series;

import io.kekbit.core.DataFormat;
import io.kekbit.core.ScratchChannels;
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
    private static final int SHORT_CHANNELS = 6000;
    private static final int CHANNELS_PER_PAUSE = 100;
    private static final long SHORT_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(1);
    // Chooses the second writer, which has hours.
    private static final int TIMED = 24;
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(30);
    private static final int LONGEST = 128;
    private static final AtomicBoolean IS_PLAIN_DONE = new AtomicBoolean();
    private static final AtomicBoolean IS_ENVELOPED_DONE = new AtomicBoolean();

    private final UnsafeBuffer source = new UnsafeBuffer(new byte[LONGEST]);
    private final ScratchChannels<D> longChannels;
    private final ScratchChannels<D> shortChannels;
    private final List<SeriesWriter<D>> writers;

    private Rehearsal(final SeriesPlan<D> plan)
    {
        final EpochNanoClock planned = RollClock.unwatched(plan.clock());
        final EpochNanoClock likely = planned instanceof SystemEpochNanoClock ? SystemEpochNanoClock.INSTANCE :
            new OffsetEpochNanoClock();
        final EpochNanoClock clock =
            planned == plan.clock() ? likely : new RollClock(RollCycle.DAILY).watched(likely);
        final SeriesPlan<D> rehearsed = plan.with(handlers(plan, likely), clock);
        longChannels = new ScratchChannels<>(plan.format(), clock, rehearsed.handlers(), false);
        shortChannels = new ScratchChannels<>(plan.format(), clock, rehearsed.handlers(), true);
        writers = List.of(
            writer(rehearsed, RollCycle.WHEN_FULL, Outlook.NOBODY),
            writer(rehearsed, RollCycle.HOURLY, new SeriesListener()
            {
            }),
            writer(rehearsed, RollCycle.DAILY, new SeriesListener()
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
     * Rehearse what the writer of a series will do, once in each process. Takes more than a tenth of a second, and
     * never fails.
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
        final SeriesPlan<D> plan, final RollCycle rollCycle, final SeriesListener listener)
    {
        final SeriesWriter<D> writer = new SeriesWriter<>(
            plan,
            null,
            1,
            longChannels.next(),
            null,
            new RollClock(rollCycle),
            NextChannelPolicy.THROW,
            listener,
            Housekeeping.NONE,
            SystemNanoClock.INSTANCE);
        writer.agent().run();

        return writer;
    }

    private void run()
    {
        for (int i = 0; i < CHANNELS; i++)
        {
            fill(writers.get(i % writers.size()), longChannels, i);
        }
        // The compiler has to be done with what runs often, before the rest runs more often than it does in life.
        LockSupport.parkNanos(PAUSE_NS);
        for (int i = 0; i < SHORT_CHANNELS; i++)
        {
            fill(writers.get(i % writers.size()), shortChannels, i);
            if (i % CHANNELS_PER_PAUSE == 0)
            {
                LockSupport.parkNanos(SHORT_PAUSE_NS);
            }
        }
    }

    /**
     * Write records until a channel is full, which is as seldom as with any series.
     */
    private void fill(final SeriesWriter<D> writer, final ScratchChannels<D> channels, final int way)
    {
        int length = writer.longestContent();
        if (way % TIMED == 2)
        {
            // The next channel is late.
            while (writer.tryWrite(source, 0, length) > 0)
            {
                continue;
            }
        }
        writer.supply().offer(channels.next());
        while (writer.supply().isReady())
        {
            write(writer, way, length);
            length = length > 1 ? length * 3 / 4 : writer.longestContent() - way % Long.BYTES;
            if (length == 1 && way % TIMED == 1)
            {
                writer.rollClock().expire();
            }
        }
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
