package io.kekbit.core.replay;

import io.kekbit.core.Reader;
import io.kekbit.core.TickUnit;

import java.util.Objects;

/**
 * The time of the record that a reader's {@link Reader#next()} went to, wherever it is told. Belongs to one reader.
 */
final class RecordTime
{
    /**
     * The record has no time.
     */
    static final long NONE = TimestampExtractor.NO_TIME;

    private enum Origin
    {
        /**
         * Not known before the first record: its stamp where it has one, else the index.
         */
        FIRST_TOLD,
        ENVELOPE,
        INDEX,
        FIELD,
        NOWHERE
    }

    private final Reader reader;
    private final TickUnit tickUnit;
    private final TimestampExtractor extractor;
    private Origin origin;
    private boolean isChecked;

    private RecordTime(
        final Reader reader, final Origin origin, final TimestampExtractor extractor, final TickUnit tickUnit)
    {
        this.reader = reader;
        this.origin = origin;
        this.extractor = extractor;
        this.tickUnit = tickUnit;
    }

    /**
     * From the stamps where records have them, else from the index, else from nowhere.
     */
    static RecordTime firstTold(final Reader reader)
    {
        return new RecordTime(reader, Origin.FIRST_TOLD, null, reader.header().tickUnit());
    }

    /**
     * From the stamps around the payloads.
     */
    static RecordTime ofEnvelope(final Reader reader)
    {
        return new RecordTime(reader, Origin.ENVELOPE, null, reader.header().tickUnit());
    }

    /**
     * From the stream's index.
     */
    static RecordTime ofIndex(final Reader reader)
    {
        return new RecordTime(reader, Origin.INDEX, null, reader.header().tickUnit());
    }

    /**
     * From the content.
     */
    static RecordTime ofField(final Reader reader, final TimestampExtractor extractor, final TickUnit tickUnit)
    {
        return new RecordTime(
            reader,
            Origin.FIELD,
            Objects.requireNonNull(extractor, "extractor"),
            Objects.requireNonNull(tickUnit, "tickUnit"));
    }

    /**
     * See, at the first record that the reader went to, that the stream has what was asked for. To be called before
     * {@link #nanos()}.
     *
     * @throws IllegalStateException where it has not.
     */
    void check()
    {
        if (!isChecked)
        {
            checkFirst();
        }
    }

    /**
     * The time of the record gone to.
     *
     * @return nanoseconds since 1970-01-01T00:00Z, or a negative number where it has none, or one past the year 2262.
     */
    long nanos()
    {
        final long ticks = switch (origin)
        {
            case ENVELOPE -> reader.time();
            case INDEX -> reader.indexedTime();
            case FIELD -> extractor.timestamp(reader.buffer(), reader.offset(), reader.length());
            default -> NONE;
        };
        if (ticks < 0)
        {
            return NONE;
        }
        final long nanos = tickUnit.toNanos(ticks);

        return nanos == Long.MAX_VALUE ? NONE : nanos;
    }

    /**
     * Whether the records before a time are known only as far as the index goes. To be asked after {@link #check()}.
     */
    boolean isCoarse()
    {
        return origin == Origin.INDEX;
    }

    /**
     * Whether the stream has no time at all. To be asked after {@link #check()}.
     */
    boolean isNowhere()
    {
        return origin == Origin.NOWHERE;
    }

    /**
     * Whether {@link #seek(long)} can be of use.
     */
    boolean canSeek()
    {
        return origin != Origin.FIELD;
    }

    /**
     * Take the reader to a place before which there is nothing of a time or later, as near as the stream tells.
     */
    void seek(final long epochNs)
    {
        final long ticks = tickUnit.fromNanos(epochNs);
        // Never a tick too early: the one that the time lies in begins before it.
        reader.seekToTime(tickUnit.toNanos(ticks) < epochNs ? ticks + 1 : ticks);
    }

    private void checkFirst()
    {
        final boolean isStamped = reader.time() != Reader.NOT_TOLD;
        final boolean isIndexed = reader.indexedTime() != Reader.NOT_TOLD;
        if (origin == Origin.ENVELOPE && !isStamped || origin == Origin.INDEX && !isIndexed)
        {
            throw new IllegalStateException(
                "no time in the " + (origin == Origin.ENVELOPE ? "envelope" : "index") + " of the records: reader=" +
                reader + ". Give a TimestampExtractor, or have the records stamped when they are written.");
        }
        if (origin == Origin.FIRST_TOLD)
        {
            origin = isStamped ? Origin.ENVELOPE : isIndexed ? Origin.INDEX : Origin.NOWHERE;
        }
        isChecked = true;
    }
}
