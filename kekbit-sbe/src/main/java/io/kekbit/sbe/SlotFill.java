package io.kekbit.sbe;

import org.agrona.MutableDirectBuffer;

/**
 * Writes a whole message, its header included, into a slot, see {@link SbeWriter#writeSlot(int, Object, SlotFill)}.
 *
 * @param <C> what the message is made from.
 */
@FunctionalInterface
public interface SlotFill<C>
{
    /**
     * Encode into the slot, most often with {@code wrapAndApplyHeader} of a generated encoder. When this throws,
     * nothing is published.
     *
     * @param slot    to write to; writing past its capacity throws. It must not be kept.
     * @param offset  in the slot of the first byte to write.
     * @param context what was given to {@code writeSlot}.
     * @return the length of the message in bytes: message header and {@code encodedLength()}.
     */
    int fill(MutableDirectBuffer slot, int offset, C context);
}
