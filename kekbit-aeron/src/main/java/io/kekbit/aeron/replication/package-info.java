/**
 * Copies of channels and series on other hosts, over Aeron, equal to their source byte by byte in the record area.
 * <p>
 * The channel is the archive: a {@link io.kekbit.aeron.replication.ReplicationTarget} asks for the stream from the
 * position at which its own copy ends, and a {@link io.kekbit.aeron.replication.ReplicationSource} reads its channel
 * from there for that target alone. A target that is new, late, slow or restarted is the same case, and nothing is
 * stored twice. Where many targets follow the same stream, what is written now can be sent once for all of them, and
 * each is sent by itself what it lacks.
 * <p>
 * Both are Agrona {@link org.agrona.concurrent.Agent}s, which the caller runs; only the Aeron client has a thread. What
 * they say to each other is in the SBE schema {@code kekbit-replication.xml} beside the classes. Retransmission, flow
 * control, fragmentation, liveness and sockets are Aeron's.
 */
package io.kekbit.aeron.replication;
