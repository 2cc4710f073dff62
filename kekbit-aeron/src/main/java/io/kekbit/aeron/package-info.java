/**
 * Channels beyond one machine, over Aeron: a stream recorded into a channel, a channel replayed to a stream, and copies
 * of a channel or a series on other hosts.
 * <p>
 * Everything here is an Agrona {@link org.agrona.concurrent.Agent}, which the caller runs on a thread of his choice; no
 * class of this module starts one. Retransmission, flow control, fragmentation, liveness and sockets are Aeron's.
 */
package io.kekbit.aeron;
