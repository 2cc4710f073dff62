package io.kekbit.core.replay;

import io.kekbit.core.ControlledRecordHandler;
import io.kekbit.core.Reader;
import io.kekbit.core.RecordHandler;
import io.kekbit.core.TickUnit;
import io.kekbit.core.Writer;
import org.agrona.concurrent.ControlledMessageHandler.Action;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Says what to replay and how. Made by {@link Replayer#builder(Reader)}.
 */
public final class ReplayerBuilder
{
    /**
     * The most records that one {@link Replayer#doWork()} handles unless told otherwise.
     */
    public static final int DEFAULT_LIMIT = 256;

    private final Reader reader;
    private final MergedReader merged;
    private RecordTime time;
    private double speed = 1;
    private long maxGapNs = Long.MAX_VALUE;
    private long fromNs = RecordTime.NONE;
    private long toNs = Long.MAX_VALUE;
    private boolean isFollowing;
    private int limit = DEFAULT_LIMIT;
    private NanoClock nanoClock = SystemNanoClock.INSTANCE;
    private ReplayClock clock = new ReplayClock();

    ReplayerBuilder(final Reader reader)
    {
        this.reader = Objects.requireNonNull(reader, "reader");
        merged = null;
        time = RecordTime.firstTold(reader);
    }

    ReplayerBuilder(final MergedReader merged)
    {
        this.merged = Objects.requireNonNull(merged, "merged");
        reader = null;
    }

    /**
     * Go by the time stamp in the envelope of each record. Unless one is chosen, this is done where records are
     * stamped, and {@link #byIndex()} where they are not.
     *
     * @return this.
     * @throws IllegalStateException where several streams are replayed, which have their times already.
     */
    public ReplayerBuilder byEnvelope()
    {
        return by(RecordTime.ofEnvelope(requireOneStream()));
    }

    /**
     * Go by the stream's index, for want of anything better: it has a time for one record in every 64 KiB (or the
     * index's stride), at which all records up to the next one come at once, up to that much too early. The replay
     * begins, and ends, with such a group.
     *
     * @return this.
     * @throws IllegalStateException where several streams are replayed.
     */
    public ReplayerBuilder byIndex()
    {
        return by(RecordTime.ofIndex(requireOneStream()));
    }

    /**
     * Go by a time in the content of each record.
     *
     * @param extractor that finds the time.
     * @param tickUnit  of that time.
     * @return this.
     * @throws IllegalStateException where several streams are replayed.
     */
    public ReplayerBuilder byField(final TimestampExtractor extractor, final TickUnit tickUnit)
    {
        return by(RecordTime.ofField(requireOneStream(), extractor, tickUnit));
    }

    /**
     * Replay so many times faster than the records came. Unless told, it is 1: the original pace.
     *
     * @param speed above 0; below 1 is slower. {@link Double#POSITIVE_INFINITY} is {@link #fullSpeed()}.
     * @return this.
     */
    public ReplayerBuilder speed(final double speed)
    {
        if (!(speed > 0))
        {
            throw new IllegalArgumentException("speed=" + speed + " is not above 0");
        }
        this.speed = speed;

        return this;
    }

    /**
     * Replay without waiting.
     *
     * @return this.
     */
    public ReplayerBuilder fullSpeed()
    {
        return speed(Double.POSITIVE_INFINITY);
    }

    /**
     * Begin with the first record of a time or later. Where the replay goes by stamps or by the index, the reader is
     * taken there by {@link Reader#seekToTime(long)}, wherever it stands. Where it goes by a time in the content, no
     * index leads there: records from the reader's position on are passed over. Time in the replay begins with this
     * time, so that replays that start together stay together.
     * <p>
     * Unless told, the replay begins where the reader stands, and with the time of the first record.
     *
     * @param epochNs the time in nanoseconds since 1970-01-01T00:00Z, at least 0.
     * @return this.
     */
    public ReplayerBuilder from(final long epochNs)
    {
        fromNs = requireTime(epochNs);

        return this;
    }

    /**
     * As {@link #from(long)}.
     *
     * @param time from 1970 to 2262.
     * @return this.
     */
    public ReplayerBuilder from(final Instant time)
    {
        return from(nanos(time));
    }

    /**
     * End before the first record of a time or later. The reader then stands before it.
     *
     * @param epochNs the time in nanoseconds since 1970-01-01T00:00Z, at least 0.
     * @return this.
     */
    public ReplayerBuilder to(final long epochNs)
    {
        toNs = requireTime(epochNs);

        return this;
    }

    /**
     * As {@link #to(long)}.
     *
     * @param time from 1970 to 2262.
     * @return this.
     */
    public ReplayerBuilder to(final Instant time)
    {
        return to(nanos(time));
    }

    /**
     * Make gaps shorter: nights, weekends. Where a record's time lies further behind the latest before it (or behind
     * {@link #from(long)}), it is replayed as if it lay so far behind. The clock runs for so long, and then goes to the
     * record's time at once. Of no meaning at full speed.
     *
     * @param maxGapNs of the records' time, in nanoseconds, whatever the speed; at least 0.
     * @return this.
     */
    public ReplayerBuilder maxGap(final long maxGapNs)
    {
        if (maxGapNs < 0)
        {
            throw new IllegalArgumentException("maxGapNs=" + maxGapNs + " min=0");
        }
        this.maxGapNs = maxGapNs;

        return this;
    }

    /**
     * At the end of what is written wait for more, until the stream is closed, full, suspect or damaged. A writer that
     * is silent is waited for; the reader's state tells of it. Unless told, the replay ends where there is nothing
     * further just now.
     *
     * @return this.
     */
    public ReplayerBuilder follow()
    {
        isFollowing = true;

        return this;
    }

    /**
     * The most records to handle in one {@link Replayer#doWork()}, those passed over included, so that other agents of
     * the thread have their turn. Between two looks at the clock, too, no more than these are handed over.
     *
     * @param limit at least 1; {@link #DEFAULT_LIMIT} unless told.
     * @return this.
     */
    public ReplayerBuilder limit(final int limit)
    {
        if (limit < 1)
        {
            throw new IllegalArgumentException("limit=" + limit + " min=1");
        }
        this.limit = limit;

        return this;
    }

    /**
     * The clock by which the replay waits; the system's unless told. At full speed it is not read, but for heartbeats.
     *
     * @param nanoClock to read.
     * @return this.
     */
    public ReplayerBuilder nanoClock(final NanoClock nanoClock)
    {
        this.nanoClock = Objects.requireNonNull(nanoClock, "nanoClock");

        return this;
    }

    /**
     * The clock that the replay drives; one of its own unless told.
     *
     * @param clock to drive, and no other replay meanwhile.
     * @return this.
     */
    public ReplayerBuilder clock(final ReplayClock clock)
    {
        this.clock = Objects.requireNonNull(clock, "clock");

        return this;
    }

    /**
     * Replay to a handler.
     *
     * @param handler to take the records; of several streams with the positions of each record's own. If it throws, its
     *                record counts as replayed, and the caller of the replay gets what it threw. It must not move the
     *                reader; where it closes it, the replay ends with what a closed reader throws.
     * @return the replay, not started yet.
     */
    public Replayer into(final RecordHandler handler)
    {
        Objects.requireNonNull(handler, "handler");

        return build((feed) ->
        {
            handler.onRecord(
                feed.buffer(), feed.offset(), feed.length(), feed.recordPosition(), feed.nextPosition());

            return true;
        });
    }

    /**
     * Replay to a handler that is told the stream of each record.
     *
     * @param handler to take the records. If it throws, its record counts as replayed, and the caller of the replay
     *                gets what it threw.
     * @return the replay, not started yet.
     */
    public Replayer into(final MergedRecordHandler handler)
    {
        Objects.requireNonNull(handler, "handler");

        return build((feed) ->
        {
            handler.onRecord(
                feed.source(),
                feed.buffer(),
                feed.offset(),
                feed.length(),
                feed.recordPosition(),
                feed.nextPosition());

            return true;
        });
    }

    /**
     * Replay to a handler that can put a record off: where something behind it is full for now.
     *
     * @param handler to take the records; of several streams with the positions of each record's own. The record for
     *                which it answers {@link Action#ABORT} is not replayed, and handed over again by a later
     *                {@link Replayer#doWork()}; with any other answer it is. If it throws, its record counts as
     *                replayed, and the caller of the replay gets what it threw. It must not move the reader.
     * @return the replay, not started yet.
     */
    public Replayer intoControlled(final ControlledRecordHandler handler)
    {
        Objects.requireNonNull(handler, "handler");

        return build((feed) -> handler.onRecord(
            feed.buffer(), feed.offset(), feed.length(), feed.recordPosition(), feed.nextPosition()) != Action.ABORT);
    }

    /**
     * Replay into another stream, by copying each record's content as the readers see it, without its envelope. A
     * writer with a {@link io.kekbit.core.handlers.TimestampHandler} on the clock that the replay drives stamps the
     * copies with the times of the originals. While the replay waits, it sends heartbeats, three in each timeout of the
     * stream.
     * <p>
     * What the writer throws, because it has no room or is closed, is thrown at the caller of the replay; the record
     * is not replayed then, and is tried again. A writer that answers {@link Writer#WAIT} is asked again later.
     *
     * @param writer to write to, by the thread that runs the replay. It is not closed by it.
     * @return the replay, not started yet.
     */
    public Replayer into(final Writer<?> writer)
    {
        return build(new WriterSink(Objects.requireNonNull(writer, "writer"), nanoClock));
    }

    private Replayer build(final ReplaySink sink)
    {
        if (toNs < fromNs)
        {
            throw new IllegalArgumentException("toNs=" + toNs + " is before fromNs=" + fromNs);
        }
        final ReplayFeed feed = merged == null ? new StreamFeed(reader, time) : new MergedFeed(merged);

        return new Replayer(feed, sink, this);
    }

    double speed()
    {
        return speed;
    }

    long maxGapNs()
    {
        return maxGapNs;
    }

    long fromNs()
    {
        return fromNs;
    }

    long toNs()
    {
        return toNs;
    }

    boolean isFollowing()
    {
        return isFollowing;
    }

    int limit()
    {
        return limit;
    }

    NanoClock nanoClock()
    {
        return nanoClock;
    }

    ReplayClock clock()
    {
        return clock;
    }

    private ReplayerBuilder by(final RecordTime recordTime)
    {
        time = recordTime;

        return this;
    }

    private Reader requireOneStream()
    {
        if (reader == null)
        {
            throw new IllegalStateException(
                "several streams have their times already. Say where when adding a stream to the merged reader.");
        }

        return reader;
    }

    private static long requireTime(final long epochNs)
    {
        if (epochNs < 0)
        {
            throw new IllegalArgumentException("epochNs=" + epochNs + " is before 1970");
        }

        return epochNs;
    }

    private static long nanos(final Instant time)
    {
        try
        {
            return Math.addExact(
                Math.multiplyExact(time.getEpochSecond(), TimeUnit.SECONDS.toNanos(1)), time.getNano());
        }
        catch (final ArithmeticException ex)
        {
            throw new IllegalArgumentException("time=" + time + " is not from 1970 to 2262", ex);
        }
    }
}
