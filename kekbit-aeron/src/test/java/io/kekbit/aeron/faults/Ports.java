package io.kekbit.aeron.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * UDP ports that nobody uses.
 */
public final class Ports
{
    private static final int FIRST = 20_000;
    private static final int COUNT = 10_000;
    private static final AtomicInteger NEXT = new AtomicInteger(ThreadLocalRandom.current().nextInt(COUNT));

    private Ports()
    {
    }

    /**
     * One that is free as of now, and that was not given to anybody before, outside the range from which the system
     * gives ports to those that name none.
     *
     * @return the port.
     */
    public static int free()
    {
        while (true)
        {
            final int port = FIRST + NEXT.getAndIncrement() % COUNT;
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
