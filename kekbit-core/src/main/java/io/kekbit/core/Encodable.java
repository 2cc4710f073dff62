package io.kekbit.core;

import org.agrona.MutableDirectBuffer;

/**
 * Something that encodes itself straight into a record's slot.
 * <p>
 * {@link Writer#tryClaim(int)} and {@link Writer#write(org.agrona.DirectBuffer, int, int)} are the faster ways when
 * several types of encodable are loaded, since no call site of theirs has more than one target.
 *
 * @param <D> the data format in which it encodes itself; the compiler checks that the writer's format is one of these.
 */
@FunctionalInterface
public interface Encodable<D extends DataFormat>
{
    /**
     * Encode into the slot. When this throws, nothing is published and the slot is zeroed again.
     * <p>
     * Must not call the writer that calls it, nor keep the slot.
     *
     * @param format    of the channel.
     * @param slot      to write to; all zero unless an earlier encoder rewound. Writing past its capacity throws.
     * @param offset    in the slot of the first byte to write.
     * @param maxLength the most that may be written, in bytes.
     * @return the number of bytes that make up the content, from 1 to {@code maxLength}.
     */
    int encodeTo(D format, MutableDirectBuffer slot, int offset, int maxLength);
}
