package io.kekbit.aeron.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * UDP ports that nobody uses.
 */
public final class Ports
{
    private Ports()
    {
    }

    /**
     * One that is free as of now, outside the range from which the system gives ports to those that name none.
     *
     * @return the port.
     */
    public static int free()
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
