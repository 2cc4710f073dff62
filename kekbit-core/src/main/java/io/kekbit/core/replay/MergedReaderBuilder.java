package io.kekbit.core.replay;

import io.kekbit.core.Reader;
import io.kekbit.core.TickUnit;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.SystemEpochNanoClock;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Says which streams to read as one, and in which order. Made by {@link MergedReader#builder()}.
 */
public final class MergedReaderBuilder
{
    private final List<Reader> readers = new ArrayList<>();
    private final List<RecordTime> times = new ArrayList<>();
    private boolean isRoundRobin;
    private long slackNs;
    private EpochNanoClock clock = SystemEpochNanoClock.INSTANCE;

    MergedReaderBuilder()
    {
    }

    /**
     * Add a stream whose records are stamped, or, for a round-robin, any. The reader is used through the merged reader
     * only from then on, and closed with it; it need not stand at its start.
     *
     * @param reader of the stream.
     * @return this.
     */
    public MergedReaderBuilder add(final Reader reader)
    {
        return add(reader, RecordTime.ofEnvelope(reader));
    }

    /**
     * Add a stream that is ordered by a time in its records' content. The reader is used through the merged reader only
     * from then on, and closed with it.
     *
     * @param reader    of the stream.
     * @param extractor that finds the time.
     * @param tickUnit  of that time.
     * @return this.
     */
    public MergedReaderBuilder add(final Reader reader, final TimestampExtractor extractor, final TickUnit tickUnit)
    {
        return add(reader, RecordTime.ofField(reader, extractor, tickUnit));
    }

    /**
     * Take a record of each stream in turn, whatever its time is, and pass over those that have none: no stream waits
     * for more than one record of each other. Unless this is said, records are ordered by time.
     *
     * @return this.
     */
    public MergedReaderBuilder roundRobin()
    {
        isRoundRobin = true;

        return this;
    }

    /**
     * How long a record may be held back for the sake of streams that have nothing to read just now, but may have:
     * until its time is that long ago, and no longer than that in any case. With 0, which is the default, only what is
     * there is ordered, and nothing is held back. With {@link Long#MAX_VALUE} the order is kept whatever it takes: a
     * record is handed over when every stream has a later one, is at its end, or has a writer that is silent for longer
     * than its timeout.
     *
     * @param slackNs in nanoseconds: longer than what lies between the time of a record and its publication.
     * @return this.
     */
    public MergedReaderBuilder slack(final long slackNs)
    {
        if (slackNs < 0)
        {
            throw new IllegalArgumentException("slackNs=" + slackNs + " min=0");
        }
        this.slackNs = slackNs;

        return this;
    }

    /**
     * The clock that tells how long ago a record's time is; the system's unless told. Not read while every stream has a
     * record, or the slack is 0.
     *
     * @param clock to read.
     * @return this.
     */
    public MergedReaderBuilder clock(final EpochNanoClock clock)
    {
        this.clock = Objects.requireNonNull(clock, "clock");

        return this;
    }

    /**
     * Begin to read the streams as one.
     *
     * @return the reader of all of them.
     * @throws IllegalStateException where no stream was added.
     */
    public MergedReader build()
    {
        if (readers.isEmpty())
        {
            throw new IllegalStateException("nothing to merge: add a reader");
        }

        return new MergedReader(
            readers.toArray(Reader[]::new), times.toArray(RecordTime[]::new), isRoundRobin, slackNs, clock);
    }

    private MergedReaderBuilder add(final Reader reader, final RecordTime time)
    {
        if (readers.contains(reader))
        {
            throw new IllegalArgumentException("added already: reader=" + reader);
        }
        readers.add(reader);
        times.add(time);

        return this;
    }
}
