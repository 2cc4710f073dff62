package io.kekbit.core.replay;

import org.agrona.DirectBuffer;

/**
 * Takes the records of several streams one by one, see {@link MergedReader#read(MergedRecordHandler, int)}.
 */
@FunctionalInterface
public interface MergedRecordHandler
{
    /**
     * One record. When this throws, the record counts as read.
     * <p>
     * Must not call what calls it, but for its accessors and {@link MergedReader#close()}, and none of the readers.
     *
     * @param source       number of the stream it comes from, in the order in which they were added, from 0.
     * @param buffer       that holds the content: the channel itself, not a copy. Valid until the reader is closed. Do
     *                     not cast it to anything that can be written to: a store to it ends the JVM.
     * @param offset       of the content in the buffer.
     * @param length       of the content in bytes, at least 1.
     * @param position     of the record in its stream.
     * @param nextPosition at which the next record of its stream starts: what to store, together with the source, in
     *                     order to go on after this one.
     */
    void onRecord(int source, DirectBuffer buffer, int offset, int length, long position, long nextPosition);
}
