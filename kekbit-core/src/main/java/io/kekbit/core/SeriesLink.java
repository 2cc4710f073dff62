package io.kekbit.core;

import io.kekbit.core.layout.ExtensionDescriptor;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * Where in a series a channel stands.
 *
 * @param streamId          that all channels of the series share; 0 for none, or for a channel that is made ready only.
 * @param ordinal           how many channels there were before it.
 * @param firstRecordNumber how many records there were in them.
 */
record SeriesLink(long streamId, long ordinal, long firstRecordNumber)
{
    /**
     * In no series.
     */
    static final SeriesLink NONE = new SeriesLink(0, 0, 0);

    /**
     * What an extension says.
     *
     * @param buffer the first 1024 bytes of the file.
     */
    static SeriesLink in(final DirectBuffer buffer)
    {
        return new SeriesLink(
            buffer.getLong(ExtensionDescriptor.STREAM_ID_OFFSET, LITTLE_ENDIAN),
            buffer.getLong(ExtensionDescriptor.ORDINAL_OFFSET, LITTLE_ENDIAN),
            buffer.getLong(ExtensionDescriptor.FIRST_RECORD_NUMBER_OFFSET, LITTLE_ENDIAN));
    }

    /**
     * Store this in an extension that is being made.
     *
     * @param buffer the first 1024 bytes of the file.
     */
    void putIn(final MutableDirectBuffer buffer)
    {
        ExtensionDescriptor.putLong(buffer, ExtensionDescriptor.STREAM_ID_OFFSET, streamId);
        ExtensionDescriptor.putLong(buffer, ExtensionDescriptor.ORDINAL_OFFSET, ordinal);
        ExtensionDescriptor.putLong(buffer, ExtensionDescriptor.FIRST_RECORD_NUMBER_OFFSET, firstRecordNumber);
    }
}
