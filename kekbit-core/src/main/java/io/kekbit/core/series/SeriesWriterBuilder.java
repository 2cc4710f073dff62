package io.kekbit.core.series;

import io.kekbit.core.DataFormat;
import io.kekbit.core.Prefault;
import io.kekbit.core.SeriesLock;
import io.kekbit.core.TickUnit;
import io.kekbit.core.WriteHandler;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.OffsetEpochNanoClock;
import org.agrona.concurrent.SystemNanoClock;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Makes a {@link SeriesWriter}. Not thread-safe.
 *
 * @param <D> the format of the content.
 */
public final class SeriesWriterBuilder<D extends DataFormat>
{
    /**
     * Capacity of each channel in bytes unless told otherwise.
     */
    public static final long DEFAULT_CAPACITY = 256L * 1024 * 1024;

    /**
     * The longest content in bytes unless told otherwise.
     */
    public static final long DEFAULT_MAX_MESSAGE_LENGTH = 64L * 1024;

    private static final WriteHandler[] NO_HANDLERS = {};

    private final SeriesFolder folder;
    private final D format;
    private long writerId;
    private long capacity = DEFAULT_CAPACITY;
    private long maxMessageLength = DEFAULT_MAX_MESSAGE_LENGTH;
    private long timeout;
    private TickUnit tickUnit = TickUnit.NANOS;
    private String label = "";
    private RollCycle rollCycle = RollCycle.WHEN_FULL;
    private NextChannelPolicy policy = NextChannelPolicy.INLINE;
    private SeriesListener listener = Outlook.NOBODY;
    private WriteHandler[] handlers = NO_HANDLERS;
    private EpochNanoClock clock;
    private NanoClock nanoClock = SystemNanoClock.INSTANCE;
    private Prefault prefault = Prefault.NOW;
    private boolean discardsSuspect;
    private boolean leavesDamaged;
    private Retention retention;
    private boolean isWarmedUp = true;

    SeriesWriterBuilder(final Path root, final String name, final D format)
    {
        this(new SeriesFolder(root, name), format);
    }

    SeriesWriterBuilder(final SeriesFolder folder, final D format)
    {
        this.folder = folder;
        this.format = Objects.requireNonNull(format, "format");
    }

    /**
     * Who writes: a number of the application's choice, 0 unless set.
     *
     * @param id of the writer, unsigned.
     * @return this.
     */
    public SeriesWriterBuilder<D> writerId(final long id)
    {
        this.writerId = id;
        return this;
    }

    /**
     * Size of the record area of each channel, see {@link io.kekbit.core.Header.Builder#capacity(long)}: 256 MiB unless
     * set. A channel that was begun keeps its own. The disk holds one channel more than is written.
     *
     * @param bytes more than 0, at most {@link io.kekbit.core.layout.HeaderDescriptor#MAX_CAPACITY}.
     * @return this.
     */
    public SeriesWriterBuilder<D> capacity(final long bytes)
    {
        this.capacity = bytes;
        return this;
    }

    /**
     * The longest content that will be written, the envelope included: 64 KiB unless set. At most about the 128th part
     * of the capacity. Where the last channel of the series allows less, another one is begun on opening.
     *
     * @param bytes more than 0.
     * @return this.
     */
    public SeriesWriterBuilder<D> maxMessageLength(final long bytes)
    {
        this.maxMessageLength = bytes;
        return this;
    }

    /**
     * How long the writer may be silent before readers consider it gone: 10 seconds unless set.
     *
     * @param ticks the timeout in the tick unit, more than 0.
     * @return this.
     */
    public SeriesWriterBuilder<D> timeout(final long ticks)
    {
        if (ticks < 1)
        {
            throw new IllegalArgumentException("timeout=" + ticks + " min=1");
        }
        this.timeout = ticks;
        return this;
    }

    /**
     * The unit of all times in the channels: nanoseconds unless set. A series keeps the one that it was created with;
     * opening it with another is refused.
     *
     * @param unit to count in.
     * @return this.
     */
    public SeriesWriterBuilder<D> tickUnit(final TickUnit unit)
    {
        this.tickUnit = Objects.requireNonNull(unit, "tickUnit");
        return this;
    }

    /**
     * What people are to call each channel: nothing unless set.
     *
     * @param text at most 64 bytes in UTF-8.
     * @return this.
     */
    public SeriesWriterBuilder<D> label(final String text)
    {
        this.label = Objects.requireNonNull(text, "label");
        return this;
    }

    /**
     * When to go on in the next channel although the present one has room: never unless set.
     *
     * @param cycle by the clock.
     * @return this.
     */
    public SeriesWriterBuilder<D> rollCycle(final RollCycle cycle)
    {
        this.rollCycle = Objects.requireNonNull(cycle, "rollCycle");
        return this;
    }

    /**
     * What to do when the next channel is needed and not ready: make it inline unless set.
     *
     * @param nextChannelPolicy to follow.
     * @return this.
     */
    public SeriesWriterBuilder<D> nextChannelPolicy(final NextChannelPolicy nextChannelPolicy)
    {
        this.policy = Objects.requireNonNull(nextChannelPolicy, "nextChannelPolicy");
        return this;
    }

    /**
     * Who is told what happens to the channels: nobody unless set.
     *
     * @param seriesListener to tell.
     * @return this.
     */
    public SeriesWriterBuilder<D> listener(final SeriesListener seriesListener)
    {
        this.listener = Objects.requireNonNull(seriesListener, "listener");
        return this;
    }

    /**
     * What stands around every payload, see {@link io.kekbit.core.EnvelopeWriter}: nothing unless set. Numbers go on
     * over channels. Where the last channel of the series has others, another one is begun on opening.
     *
     * @param writeHandlers the outermost first; at most 8.
     * @return this.
     */
    public SeriesWriterBuilder<D> handlers(final WriteHandler... writeHandlers)
    {
        this.handlers = writeHandlers.clone();
        return this;
    }

    /**
     * The clock that gives the times in the index, and by which hours and days end: Agrona's {@link
     * OffsetEpochNanoClock} unless set.
     *
     * @param epochNanoClock to read, by the writer's thread and by the agent's. It must not throw.
     * @return this.
     */
    public SeriesWriterBuilder<D> clock(final EpochNanoClock epochNanoClock)
    {
        this.clock = Objects.requireNonNull(epochNanoClock, "clock");
        return this;
    }

    /**
     * The clock by which the agent waits before it tries again what failed: the system's unless set.
     *
     * @param monotonicClock that never steps back, read by the agent's thread.
     * @return this.
     */
    public SeriesWriterBuilder<D> nanoClock(final NanoClock monotonicClock)
    {
        this.nanoClock = Objects.requireNonNull(monotonicClock, "nanoClock");
        return this;
    }

    /**
     * Whether the agent touches all pages of a channel that it makes ready: {@link Prefault#NOW} unless set. A channel
     * that the writer has to make itself is never touched.
     *
     * @param when to touch them.
     * @return this.
     */
    public SeriesWriterBuilder<D> prefault(final Prefault when)
    {
        this.prefault = Objects.requireNonNull(when, "prefault");
        return this;
    }

    /**
     * Whether to go on although the machine was restarted since the series was written, and records that were never
     * forced to the device stand behind a durable position: false unless set. Those records are given up.
     *
     * @param isDiscarded true to give them up.
     * @return this.
     */
    public SeriesWriterBuilder<D> discardSuspect(final boolean isDiscarded)
    {
        this.discardsSuspect = isDiscarded;
        return this;
    }

    /**
     * Whether to go on in a new channel where the last one is damaged, or suspect since the machine was restarted:
     * false unless set, by which opening such a series is refused. The damaged file is never changed, and nothing is
     * deleted. Readers come to it as to any other, read what is whole, and stop there, {@link
     * io.kekbit.core.ReaderState#CORRUPT} or {@link io.kekbit.core.ReaderState#SUSPECT}, until they are moved to the
     * start of the next channel: {@code moveTo(SeriesPosition.of(ordinal + 1, 0))}.
     * <p>
     * The numbers of the records go on behind those that readers come to in the damaged channel; what stands behind
     * them has none. Where there are handlers, a channel that has records of which none is intact counts as damaged,
     * and when it is left the handlers count on over all of them. {@link #discardSuspect(boolean)} comes first where
     * both are set: it takes a suspect channel over, and this is for those that are damaged.
     *
     * @param isLeft true to leave it.
     * @return this.
     */
    public SeriesWriterBuilder<D> leaveDamaged(final boolean isLeft)
    {
        this.leavesDamaged = isLeft;
        return this;
    }

    /**
     * Which channels to delete when the series has grown or aged: none unless set, and none of a series that is sealed.
     * The {@link SeriesAgent} does it; where nobody runs that, the writer when it goes on in another channel.
     *
     * @param bounds to keep the series within.
     * @return this.
     */
    public SeriesWriterBuilder<D> retention(final Retention bounds)
    {
        this.retention = Objects.requireNonNull(bounds, "retention");
        return this;
    }

    /**
     * Whether going on in another channel is rehearsed first, with memory that nobody reads: true unless set. The first
     * opening in a process of a series without envelope, and of one with, takes longer by that, by about half a second,
     * and not much more than two ever; one that begins meanwhile does not wait for it. Else the JVM interprets code
     * that runs so seldom, and the record that waits for it takes some hundred times as long as others.
     *
     * @param isToBeWarmedUp false for a process that will not go on in another channel, or may take its time for it.
     * @return this.
     */
    public SeriesWriterBuilder<D> warmUp(final boolean isToBeWarmedUp)
    {
        this.isWarmedUp = isToBeWarmedUp;
        return this;
    }

    /**
     * Open the series, see {@link SeriesWriter#open(Path, String, DataFormat)}.
     *
     * @return the writer.
     * @throws io.kekbit.core.exceptions.ChannelException             where it can neither be created nor gone on with;
     *                                                                one subclass for each case.
     * @throws io.kekbit.core.exceptions.UnsupportedPlatformException where the JVM lacks the flag that Agrona needs.
     */
    public SeriesWriter<D> open()
    {
        final RollClock rollClock = new RollClock(rollCycle);
        final SeriesPlan<D> plan = new SeriesPlan<>(
            folder,
            format,
            handlers,
            writerId,
            capacity,
            maxMessageLength,
            timeout,
            tickUnit,
            label,
            rollClock.watched(clock == null ? new OffsetEpochNanoClock() : clock),
            prefault,
            discardsSuspect);
        // What is wrong with these is told before anything is made.
        plan.header(0);

        // Before rehearsing: a class that is loaded after that can undo what was compiled meanwhile.
        final Housekeeping housekeeping =
            retention == null ? Housekeeping.NONE : new Pruning(folder, retention, listener, plan.clock());

        final SeriesLock lock = SeriesLock.acquire(folder.root(), folder.path());
        boolean isOpen = false;
        try
        {
            if (isWarmedUp)
            {
                Rehearsal.run(plan);
            }
            final SeriesOpening<D> opening =
                new SeriesOpening<>(plan, new Damage(folder, listener, leavesDamaged)).open();
            final SeriesWriter<D> writer = new SeriesWriter<>(
                plan,
                lock,
                opening.streamId(),
                opening.current(),
                opening.next(),
                rollClock,
                policy,
                listener,
                housekeeping,
                nanoClock);
            isOpen = true;

            return writer;
        }
        finally
        {
            if (!isOpen)
            {
                lock.close();
            }
        }
    }
}
