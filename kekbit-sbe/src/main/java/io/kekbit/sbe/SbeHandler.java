package io.kekbit.sbe;

import org.agrona.sbe.MessageDecoderFlyweight;

/**
 * Takes the messages of one template, see {@link SbeDispatcher#on(MessageDecoderFlyweight, SbeHandler)}.
 *
 * @param <C> the application's own.
 * @param <D> the message's generated decoder.
 */
@FunctionalInterface
public interface SbeHandler<C, D extends MessageDecoderFlyweight>
{
    /**
     * One message. What this throws comes out of the reader's call, and the message counts as read.
     * <p>
     * A message of an untrusted writer can turn out to be malformed while its groups and var data are read. Then the
     * decoder throws {@link IndexOutOfBoundsException} or {@link IllegalArgumentException}, which is to be let through:
     * the dispatcher counts the message as malformed.
     *
     * @param context what the dispatcher was made with.
     * @param decoder on the message: the channel itself, not a copy. Valid only during the call.
     * @param frame   where the message stands. Valid only during the call.
     */
    void onMessage(C context, D decoder, SbeFrame frame);
}
