/**
 * Copies of channels and series on other hosts, equal to their source byte by byte in the record area.
 * <p>
 * The channel is the archive: a target asks for the stream from the position at which its own copy ends, and the source
 * reads its channel from there for that target alone. A target that is new, late, slow or restarted is the same case.
 */
package io.kekbit.aeron.replication;
