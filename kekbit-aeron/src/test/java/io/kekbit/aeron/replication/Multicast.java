package io.kekbit.aeron.replication;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.net.StandardSocketOptions;

/**
 * Whether this machine's loopback interface carries multicast: not every container's does.
 */
final class Multicast
{
    private static final int PATIENCE_MS = 500;

    private Multicast()
    {
    }

    static boolean isPossible()
    {
        try (MulticastSocket socket = new MulticastSocket(0))
        {
            final InetAddress group = InetAddress.getByName("224.20.30.41");
            final NetworkInterface loopback = NetworkInterface.getByInetAddress(InetAddress.getByName("127.0.0.1"));
            socket.setOption(StandardSocketOptions.IP_MULTICAST_IF, loopback);
            socket.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 0);
            socket.joinGroup(new InetSocketAddress(group, 0), loopback);
            socket.setSoTimeout(PATIENCE_MS);
            socket.send(new DatagramPacket(new byte[1], 1, group, socket.getLocalPort()));
            socket.receive(new DatagramPacket(new byte[1], 1));

            return true;
        }
        catch (final IOException ex)
        {
            return false;
        }
    }
}
