package io.kekbit.core;

import org.agrona.DirectBuffer;

/**
 * Takes the records of a channel one by one, see {@link Reader#read(RecordHandler, int)}.
 */
@FunctionalInterface
public interface RecordHandler
{
    /**
     * One record. When this throws, the record counts as read.
     * <p>
     * Must not call the reader that calls it, but for {@link Reader#close()}.
     *
     * @param buffer       that holds the content: the channel itself, not a copy. Valid until the reader is closed.
     *                     Do not cast it to anything that can be written to: the mapping is read-only, and a store to
     *                     it ends the JVM.
     * @param offset       of the content in the buffer.
     * @param length       of the content in bytes, at least 1.
     * @param position     of the record in the channel.
     * @param nextPosition at which the next record starts: what to store in order to go on after this one.
     */
    void onRecord(DirectBuffer buffer, int offset, int length, long position, long nextPosition);
}
