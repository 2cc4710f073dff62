package io.kekbit.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * A UDP port that nobody uses.
 */
final class FreePort
{
    private FreePort()
    {
    }

    /**
     * One that is free as of now, outside the range from which the system gives ports to those that name none.
     *
     * @return the port.
     */
    static int next()
    {
        while (true)
        {
            final int port = 20_000 + (int)(Math.random() * 10_000);
            try (DatagramSocket socket = new DatagramSocket(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port)))
            {
                return socket.getLocalPort();
            }
            catch (final BindException ex)
            {
                Thread.onSpinWait();
            }
            catch (final IOException ex)
            {
                throw new UncheckedIOException(ex);
            }
        }
    }
}
