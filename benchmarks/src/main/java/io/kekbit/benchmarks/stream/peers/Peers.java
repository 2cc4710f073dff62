package io.kekbit.benchmarks.stream.peers;

import io.kekbit.benchmarks.floor.Floor;
import io.kekbit.core.Prefault;

import java.nio.file.Path;

/**
 * Finds a way of carrying messages by the name of the subject of a measurement.
 */
public final class Peers
{
    private Peers()
    {
    }

    /**
     * Set one up.
     *
     * @param subject which: {@code kekbit}, {@code kekbit-cold}, {@code agrona-ring}, {@code aeron-ipc},
     *                {@code chronicle-queue} or one of {@link Floor}.
     * @param folder  for its files, the same in all processes.
     * @param isFirst whether this is the process that outlives the others, and runs what all of them need.
     * @return the peer.
     */
    public static Peer of(final String subject, final Path folder, final boolean isFirst)
    {
        final Floor floor = Floor.of(subject);
        if (floor != null)
        {
            return new FloorPeer(floor, folder);
        }

        return switch (subject)
        {
            case "kekbit" -> new KekbitPeer(folder, Prefault.NOW);
            case "kekbit-cold" -> new KekbitPeer(folder, Prefault.NONE);
            case "agrona-ring" -> new RingPeer(folder);
            case "aeron-ipc" -> new AeronPeer(folder, isFirst);
            case "chronicle-queue" -> new ChroniclePeer(folder);
            default -> throw new IllegalArgumentException("no such subject: subject=" + subject);
        };
    }
}
