package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.IndexDescriptor;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

import java.lang.invoke.VarHandle;
import java.nio.file.Path;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * For kekbit's own use: one channel of a series, as the writer of the series has it. It is made by one thread, written
 * by another, and closed by a third; whoever passes it on sees to it that what one did is visible to the next.
 *
 * @param <D> the format of the content.
 */
public final class SeriesChannel<D extends DataFormat>
{
    private static final int LINE_LENGTH = 64;
    private static final int NEAR_END_ENTRIES = 8;

    private final ShmWriter<D> channel;
    private final EnvelopeWriter<D> enveloping;
    private final long ordinal;
    private final long baseAddress;
    private long firstRecordNumber;
    private SeriesChannel<D> successor;

    private SeriesChannel(final ShmWriter<D> channel, final EnvelopeWriter<D> enveloping)
    {
        this.channel = channel;
        this.enveloping = enveloping;
        ordinal = channel.extension().ordinal();
        baseAddress = channel.buffer().addressOffset();
        firstRecordNumber = channel.extension().firstRecordNumber();
    }

    /**
     * Create a channel.
     *
     * @param builder           of its writer.
     * @param handlers          around every payload; none for a channel without envelope.
     * @param streamId          of the series, or 0 for a channel that is made ready and has yet to be {@link
     *                          #publish published}.
     * @param ordinal           in the series.
     * @param firstRecordNumber the number of records before it, if it is known.
     * @param <D>               the format of the content.
     * @return the channel.
     * @throws ChannelException as {@link ShmWriterBuilder#create()}.
     */
    public static <D extends DataFormat> SeriesChannel<D> create(
        final ShmWriterBuilder<D> builder,
        final WriteHandler[] handlers,
        final long streamId,
        final long ordinal,
        final long firstRecordNumber)
    {
        builder.series(new SeriesLink(streamId, ordinal, firstRecordNumber));

        return handlers.length == 0 ? new SeriesChannel<>(builder.create(), null) :
            of(EnvelopeWriter.create(builder, handlers));
    }

    /**
     * Take a channel over. Where it holds a record, the handlers go on from the last one.
     *
     * @param builder  of its writer.
     * @param handlers around every payload; none for a channel without envelope.
     * @param <D>      the format of the content.
     * @return the channel.
     * @throws ChannelException as {@link ShmWriterBuilder#resume()}.
     */
    public static <D extends DataFormat> SeriesChannel<D> resume(
        final ShmWriterBuilder<D> builder, final WriteHandler[] handlers)
    {
        return handlers.length == 0 ? new SeriesChannel<>(builder.resume(), null) :
            of(EnvelopeWriter.resume(builder, handlers));
    }

    /**
     * What {@link ScratchChannels} makes.
     */
    static <D extends DataFormat> SeriesChannel<D> over(final ShmWriter<D> channel, final WriteHandler[] handlers)
    {
        return handlers.length == 0 ? new SeriesChannel<>(channel, null) : of(EnvelopeWriter.open(channel, handlers));
    }

    /**
     * Close a channel in place of its writer, which died.
     *
     * @param file            of the channel.
     * @param discardsSuspect whether to give up what was never forced before the machine was restarted.
     * @throws ChannelException as {@link ShmWriter#closeAbandoned(Path)}.
     */
    public static void closeAbandoned(final Path file, final boolean discardsSuspect)
    {
        ChannelCloser.close(ChannelFiles.SYSTEM, file, discardsSuspect);
    }

    /**
     * The writer of the channel itself, past its envelope.
     *
     * @return the writer.
     */
    public ShmWriter<D> channel()
    {
        return channel;
    }

    /**
     * The writer that puts the envelope around payloads.
     *
     * @return the writer, or null where the channel has no envelope.
     */
    public EnvelopeWriter<D> enveloping()
    {
        return enveloping;
    }

    /**
     * Which channel of the series this is.
     *
     * @return the number of channels before it.
     */
    public long ordinal()
    {
        return ordinal;
    }

    /**
     * The number that this channel's first record has in the series.
     *
     * @return the number of records in the channels before it.
     */
    public long firstRecordNumber()
    {
        return firstRecordNumber;
    }

    /**
     * How many records there are in the series up to the end of this channel.
     *
     * @return the number that the next record will have.
     */
    public long nextRecordNumber()
    {
        return firstRecordNumber + channel.recordCount();
    }

    /**
     * Whether nothing but heartbeats was written yet.
     *
     * @return true if there is no record.
     */
    public boolean isEmpty()
    {
        return channel.recordCount() == 0;
    }

    /**
     * When the first record was published, as the index tells it.
     *
     * @return the time in ticks; the time of the channel's creation where there is no record or no index.
     */
    public long startTime()
    {
        final UnsafeBuffer index = channel.indexWriter().buffer();
        final long count = channel.buffer().getLong(ExtensionDescriptor.INDEX_COUNT_OFFSET, LITTLE_ENDIAN);

        return count < 1 || index.capacity() == 0 ? channel.header().creationTime() :
            index.getLong(IndexDescriptor.TIME_OFFSET, LITTLE_ENDIAN);
    }

    /**
     * Have it announced that this channel is nearly full: several times, the last of them when at most 64 KiB, or the
     * 16th part of a channel that is smaller than 1 MiB, can still be written.
     *
     * @param alarm to run, by the writer's thread, in the middle of a call that has published its record already; it
     *              neither throws nor writes to the channel.
     */
    public void nearEndAlarm(final Runnable alarm)
    {
        channel.indexWriter().nearEndAlarm(NEAR_END_ENTRIES, alarm);
    }

    /**
     * Load what the writer's thread needs of this object and its writers when it begins to write to this channel.
     *
     * @return a number without meaning.
     */
    public long lookAtWriter()
    {
        return firstRecordNumber + channel.longestContent() + channel.recordCount() + channel.slot().capacity() +
            channel.header().maxMessageLength() + (channel.file() == null ? 0 : 1) +
            (enveloping == null ? 0 : enveloping.look());
    }

    /**
     * Load what the writer's thread needs of the channel itself when it begins to write to it.
     *
     * @return a number without meaning.
     */
    public long lookAtMemory()
    {
        final UnsafeBuffer buffer = channel.buffer();

        return channel.indexWriter().look() + buffer.getLongVolatile(ExtensionDescriptor.INDEX_COUNT_OFFSET) +
            buffer.getLongVolatile(ExtensionDescriptor.STREAM_ID_OFFSET) +
            buffer.getLongVolatile(RecordDescriptor.RECORD_AREA_OFFSET) +
            buffer.getLongVolatile(RecordDescriptor.RECORD_AREA_OFFSET + LINE_LENGTH);
    }

    /**
     * Make a channel that was made ready part of the series, by the writer's thread, which has not let go of it. Two
     * stores: readers that see the stream id see the rest, and all that was written to the channels before.
     *
     * @param streamId of the series.
     * @param number   of records in the channels before it.
     */
    public void publish(final long streamId, final long number)
    {
        firstRecordNumber = number;
        // By address, as records are, and with fences, which the JVM's first compiler knows: to it a store with release
        // is one that waits for the other processors.
        VarHandle.releaseFence();
        UnsafeApi.putLong(null, baseAddress + ExtensionDescriptor.FIRST_RECORD_NUMBER_OFFSET, number);
        VarHandle.releaseFence();
        UnsafeApi.putLong(null, baseAddress + ExtensionDescriptor.STREAM_ID_OFFSET, streamId);
    }

    /**
     * The writer's thread has left this channel for another, and handed it over: whoever sees that can close it.
     *
     * @param next channel that is written to.
     */
    public void leaveFor(final SeriesChannel<D> next)
    {
        // No more than release: the record that waits for this does not wait for other processors. And a fence instead
        // of a VarHandle's access, which takes half a microsecond until the JVM's second compiler has seen to it.
        VarHandle.releaseFence();
        successor = next;
    }

    /**
     * The channel that this one was left for.
     *
     * @return the channel, or null while this one is written to.
     */
    public SeriesChannel<D> successor()
    {
        final SeriesChannel<D> seen = successor;
        VarHandle.acquireFence();

        return seen;
    }

    /**
     * Let go of the channel as if this process had died: nothing says that it was closed.
     */
    public void abandon()
    {
        channel.abandon();
    }

    @Override
    public String toString()
    {
        return "SeriesChannel{ordinal=" + ordinal + " firstRecordNumber=" + firstRecordNumber + " channel=" +
            channel + "}";
    }

    private static <D extends DataFormat> SeriesChannel<D> of(final EnvelopeWriter<D> enveloping)
    {
        return new SeriesChannel<>(enveloping.channel(), enveloping);
    }
}
