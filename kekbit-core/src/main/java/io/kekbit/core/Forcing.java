package io.kekbit.core;

import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.RecordDescriptor;

/**
 * Forces what a writer has written to the device. Belongs to the writer's thread.
 */
final class Forcing
{
    private final ChannelMapping mapping;
    private final IndexWriter indexWriter;
    private int durablePosition;

    Forcing(final WritableChannel channel, final IndexWriter indexWriter)
    {
        mapping = channel.mapping();
        this.indexWriter = indexWriter;
        durablePosition = channel.durablePosition();
    }

    /**
     * The position below which everything was forced.
     */
    int durablePosition()
    {
        return durablePosition;
    }

    /**
     * Force the records below a position. The order matters: what lies below the durable position is on the device when
     * the durable position is.
     *
     * @param end position behind the last record.
     */
    void forceRecords(final int end)
    {
        indexWriter.storeTailHint(end);
        mapping.force(
            RecordDescriptor.RECORD_AREA_OFFSET + durablePosition,
            end + RecordDescriptor.LENGTH_WORD_LENGTH - durablePosition);
        mapping.buffer().putLongRelease(ExtensionDescriptor.DURABLE_POSITION_OFFSET, end);
        mapping.forceDurablePosition();
        durablePosition = end;
    }

    /**
     * Mark the end of a channel, and force all of it. The mark vouches for everything before it, so it is stored when
     * all of that is durable.
     *
     * @param end position behind the last record.
     */
    void close(final int end)
    {
        forceRecords(end);
        mapping.forceIndex();
        final int markOffset = RecordDescriptor.RECORD_AREA_OFFSET + end;
        mapping.buffer().putLongRelease(markOffset, RecordDescriptor.CLOSE);
        mapping.force(markOffset, RecordDescriptor.LENGTH_WORD_LENGTH);
    }
}
