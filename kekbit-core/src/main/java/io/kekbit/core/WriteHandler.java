package io.kekbit.core;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Puts something around every payload: before it, behind it, or both. Handlers are given to an {@link EnvelopeWriter},
 * the outermost first, and together make up the channel's envelope, which its file tells to every reader.
 * <p>
 * The lengths are fixed, so that a payload's place in the slot is known before it is encoded. A handler is called when
 * the payload is complete, just before the record is published: first {@code incoming} of all handlers from the
 * outermost to the innermost, then {@code outgoing} from the innermost to the outermost. It belongs to one writer, and
 * is called by its thread only.
 */
public interface WriteHandler
{
    /**
     * The code under which the file tells what this handler does.
     *
     * @return one of the codes in {@link io.kekbit.core.layout.EnvelopeDescriptor};
     * {@link io.kekbit.core.layout.EnvelopeDescriptor#APPLICATION} for a handler of the application's own, which
     * readers cannot see through: they then hand over the whole content of a record.
     */
    int code();

    /**
     * Bytes that this handler puts before the payload.
     *
     * @return the length, always the same.
     */
    default int incomingLength()
    {
        return 0;
    }

    /**
     * Bytes that this handler puts behind the payload.
     *
     * @return the length, always the same.
     */
    default int outgoingLength()
    {
        return 0;
    }

    /**
     * Write what stands before the payload. When this throws, nothing is published.
     *
     * @param slot   of the record, from offset 0.
     * @param offset at which to write {@link #incomingLength()} bytes.
     */
    default void incoming(final MutableDirectBuffer slot, final int offset)
    {
        // Nothing stands before the payload.
    }

    /**
     * Write what stands behind the payload. When this throws, nothing is published.
     *
     * @param slot   of the record, from offset 0: everything before {@code offset} is complete.
     * @param offset at which to write {@link #outgoingLength()} bytes.
     */
    default void outgoing(final MutableDirectBuffer slot, final int offset)
    {
        // Nothing stands behind the payload.
    }

    /**
     * The record was published: what was given away for it, such as a number, is used up. When this throws, the record
     * stands, the other handlers are told, and the writer's caller gets what was thrown. Must not write.
     */
    default void onPublished()
    {
        // Nothing is counted.
    }

    /**
     * The channel was taken over from a writer that died, see {@link EnvelopeWriter#resume}.
     *
     * @param buffer that holds the last record that writer published.
     * @param offset at which its {@link #incoming} wrote.
     */
    default void onResumed(final DirectBuffer buffer, final int offset)
    {
        // Nothing is counted.
    }
}
