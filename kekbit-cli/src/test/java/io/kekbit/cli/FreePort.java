package io.kekbit.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A UDP port that nobody uses.
 */
final class FreePort
{
    private static final int FIRST = 20_000;
    private static final int COUNT = 10_000;
    private static final AtomicInteger NEXT = new AtomicInteger(ThreadLocalRandom.current().nextInt(COUNT));

    private FreePort()
    {
    }

    /**
     * One that is free as of now, and that was not given to anybody before, outside the range from which the system
     * gives ports to those that name none.
     *
     * @return the port.
     */
    static int next()
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
