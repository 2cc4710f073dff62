package io.kekbit.core.series;

import io.kekbit.core.DataFormat;
import io.kekbit.core.Extension;
import io.kekbit.core.Header;
import io.kekbit.core.Prefault;
import io.kekbit.core.SeriesChannel;
import io.kekbit.core.ShmReader;
import io.kekbit.core.ShmWriter;
import io.kekbit.core.ShmWriterBuilder;
import io.kekbit.core.TickUnit;
import io.kekbit.core.WriteHandler;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.Arrays;

/**
 * How each channel of a series is to be. Immutable.
 *
 * @param folder           of the series.
 * @param format           of the content.
 * @param handlers         around every payload.
 * @param writerId         of the header.
 * @param capacity         of each channel in bytes.
 * @param maxMessageLength of each channel in bytes.
 * @param timeout          of the header in ticks, or 0 for the usual one.
 * @param tickUnit         of the header.
 * @param label            of each channel.
 * @param clock            of the header and the index.
 * @param prefault         of a channel that is made ahead of time.
 * @param discardsSuspect  whether to give up what was never forced before the machine was restarted.
 * @param <D>              the format of the content.
 */
record SeriesPlan<D extends DataFormat>(
    SeriesFolder folder,
    D format,
    WriteHandler[] handlers,
    long writerId,
    long capacity,
    long maxMessageLength,
    long timeout,
    TickUnit tickUnit,
    String label,
    EpochNanoClock clock,
    Prefault prefault,
    boolean discardsSuspect)
{
    Header header(final long ordinal)
    {
        final Header.Builder builder = Header.builder()
            .writerId(writerId)
            .channelId(SeriesFolder.channelId(ordinal))
            .capacity(capacity)
            .maxMessageLength(maxMessageLength)
            .tickUnit(tickUnit)
            .clock(clock);

        return (timeout == 0 ? builder : builder.timeout(timeout)).build();
    }

    /**
     * The same with other handlers and another clock.
     */
    SeriesPlan<D> with(final WriteHandler[] otherHandlers, final EpochNanoClock otherClock)
    {
        return new SeriesPlan<>(
            folder,
            format,
            otherHandlers,
            writerId,
            capacity,
            maxMessageLength,
            timeout,
            tickUnit,
            label,
            otherClock,
            prefault,
            discardsSuspect);
    }

    /**
     * The bytes that handlers put around every payload.
     */
    int lengthAround()
    {
        int length = 0;
        for (final WriteHandler handler : handlers)
        {
            length += handler.incomingLength() + handler.outgoingLength();
        }

        return length;
    }

    /**
     * Create a channel.
     *
     * @param streamId          of the series, or 0 for a channel that is made ready.
     * @param ordinal           of the channel.
     * @param firstRecordNumber number of records before it, if it is known.
     * @param policy            whether to touch its pages.
     */
    SeriesChannel<D> create(
        final long streamId, final long ordinal, final long firstRecordNumber, final Prefault policy)
    {
        return SeriesChannel.create(
            writer(ordinal).prefault(policy), handlers, streamId, ordinal, firstRecordNumber);
    }

    SeriesChannel<D> resume(final long ordinal)
    {
        return SeriesChannel.resume(writer(ordinal).discardSuspect(discardsSuspect), handlers);
    }

    /**
     * Whether a channel that exists is as it would be made now, so that its writer can go on in it: the same content,
     * and records as long as now.
     */
    boolean isAsPlanned(final ShmReader reader)
    {
        final Extension extension = reader.extension();

        return isOfSameFormat(reader) &&
            Arrays.equals(extension.envelope(), codes()) &&
            reader.header().maxMessageLength() >= header(0).maxMessageLength();
    }

    /**
     * Whether a channel that exists is just as it would be made now.
     */
    boolean isJustAsPlanned(final ShmReader reader)
    {
        final Header planned = header(0);
        final Header found = reader.header();

        return isAsPlanned(reader) &&
            planned.writerId() == found.writerId() &&
            planned.capacity() == found.capacity() &&
            planned.maxMessageLength() == found.maxMessageLength() &&
            planned.timeout() == found.timeout() &&
            planned.tickUnit() == found.tickUnit() &&
            label.equals(reader.extension().label());
    }

    /**
     * Whether content of a channel that exists and content as planned make one stream: the same kind of content, be it
     * in another version.
     */
    boolean isOfSameFamily(final ShmReader reader)
    {
        final Extension extension = reader.extension();

        return extension.mediaType().equals(format.mediaType()) ||
            format.accepts(extension.formatId(), reader.schema());
    }

    private boolean isOfSameFormat(final ShmReader reader)
    {
        final DirectBuffer schema = format.schema();

        return reader.extension().formatId() == format.id() &&
            reader.schema().equals(schema == null ? new UnsafeBuffer(new byte[0]) : copyOf(schema));
    }

    private ShmWriterBuilder<D> writer(final long ordinal)
    {
        return ShmWriter.builder(folder.path(), header(ordinal), format).label(label).clock(clock);
    }

    /**
     * The codes of the handlers, which each channel lists as its envelope.
     */
    byte[] codes()
    {
        final byte[] codes = new byte[handlers.length];
        for (int i = 0; i < codes.length; i++)
        {
            codes[i] = (byte)handlers[i].code();
        }

        return codes;
    }

    /**
     * Buffers of different kinds are not equal, whatever they hold.
     */
    private static UnsafeBuffer copyOf(final DirectBuffer buffer)
    {
        final byte[] bytes = new byte[buffer.capacity()];
        buffer.getBytes(0, bytes);

        return new UnsafeBuffer(bytes);
    }
}
