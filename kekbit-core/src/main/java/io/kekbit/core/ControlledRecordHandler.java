package io.kekbit.core;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.ControlledMessageHandler.Action;

/**
 * Takes the records of a channel one by one and says after each how to go on, see
 * {@link Reader#controlledRead(ControlledRecordHandler, int)}.
 */
@FunctionalInterface
public interface ControlledRecordHandler
{
    /**
     * One record. When this throws, the record counts as read.
     * <p>
     * Must not call the reader that calls it, but for {@link Reader#close()} and {@link Reader#position()}.
     *
     * @param buffer       that holds the content, as in
     *                     {@link RecordHandler#onRecord(DirectBuffer, int, int, long, long)}.
     * @param offset       of the content in the buffer.
     * @param length       of the content in bytes, at least 1.
     * @param position     of the record in the channel.
     * @param nextPosition at which the next record starts.
     * @return {@link Action#CONTINUE} to go on; {@link Action#COMMIT} to go on, with {@link Reader#position()} behind
     * this record from now on; {@link Action#BREAK} to stop behind this record; {@link Action#ABORT} to stop before
     * it, so that it is read again.
     */
    Action onRecord(DirectBuffer buffer, int offset, int length, long position, long nextPosition);
}
