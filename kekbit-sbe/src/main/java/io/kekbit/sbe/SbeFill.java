package io.kekbit.sbe;

import org.agrona.sbe.MessageEncoderFlyweight;

/**
 * Fills in a message in place, see {@link SbeWriter#write(MessageEncoderFlyweight, Object, SbeFill)}.
 *
 * @param <E> the message's generated encoder.
 * @param <C> what the message is made from.
 */
@FunctionalInterface
public interface SbeFill<E extends MessageEncoderFlyweight, C>
{
    /**
     * Set the message's fields, then its groups, then its var data, in the order of the schema. When this throws,
     * nothing is published.
     * <p>
     * Optional fields have to be set too, to their null value: SBE encoders do not do that, and 0 is not null. The
     * encoder must not be wrapped anew nor kept. Refer to a static method, since a lambda that captures something is
     * allocated for each call: what it needs comes as the context.
     *
     * @param encoder on the slot, its message header written.
     * @param context what was given to {@code write}.
     */
    void fill(E encoder, C context);
}
