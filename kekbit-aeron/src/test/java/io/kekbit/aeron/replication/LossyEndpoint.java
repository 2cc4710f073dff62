package io.kekbit.aeron.replication;

import io.aeron.driver.DataPacketDispatcher;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ReceiveChannelEndpointSupplier;
import io.aeron.driver.ext.DebugReceiveChannelEndpoint;
import io.aeron.driver.ext.RandomLossGenerator;
import io.aeron.driver.media.UdpChannel;
import io.aeron.protocol.DataHeaderFlyweight;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Random;

/**
 * A network that loses datagrams, as Aeron's own does for tests, and also doubles and delays some.
 */
final class LossyEndpoint extends DebugReceiveChannelEndpoint
{
    private static final int MAX_DATAGRAM = 65536;

    private final Random random;
    private final double rate;
    private final ByteBuffer delayedBytes = ByteBuffer.allocateDirect(MAX_DATAGRAM);
    private final UnsafeBuffer delayedBuffer = new UnsafeBuffer(delayedBytes);
    private final DataHeaderFlyweight delayed = new DataHeaderFlyweight();
    private int delayedLength;

    private LossyEndpoint(
        final UdpChannel channel,
        final DataPacketDispatcher dispatcher,
        final AtomicCounter status,
        final MediaDriver.Context context,
        final double rate,
        final long seed)
    {
        super(
            channel,
            dispatcher,
            status,
            context,
            new RandomLossGenerator(rate, seed),
            new RandomLossGenerator(rate, seed + 1));
        this.rate = rate;
        random = new Random(seed + 2);
    }

    static ReceiveChannelEndpointSupplier supplier(final double rate, final long seed)
    {
        return (channel, dispatcher, status, context) ->
            new LossyEndpoint(channel, dispatcher, status, context, rate, seed);
    }

    @Override
    public int onDataPacket(
        final DataHeaderFlyweight header,
        final UnsafeBuffer buffer,
        final int length,
        final InetSocketAddress address,
        final int transport)
    {
        if (delayedLength == 0 && random.nextDouble() < rate)
        {
            delayedBuffer.putBytes(0, buffer, 0, length);
            delayedLength = length;
            return 0;
        }
        int received = super.onDataPacket(header, buffer, length, address, transport);
        if (random.nextDouble() < rate)
        {
            received += super.onDataPacket(header, buffer, length, address, transport);
        }
        if (delayedLength > 0 && random.nextDouble() < 0.3)
        {
            delayed.wrap(delayedBuffer, 0, delayedLength);
            received += super.onDataPacket(delayed, delayedBuffer, delayedLength, address, transport);
            delayedLength = 0;
        }

        return received;
    }
}
