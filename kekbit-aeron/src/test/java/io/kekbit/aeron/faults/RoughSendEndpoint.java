package io.kekbit.aeron.faults;

import io.aeron.driver.MediaDriver;
import io.aeron.driver.ext.DebugSendChannelEndpoint;
import io.aeron.driver.ext.RandomLossGenerator;
import io.aeron.driver.media.UdpChannel;
import org.agrona.concurrent.status.AtomicCounter;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/**
 * A driver's end of a stream that it sends. Some datagrams are sent twice, and some behind the next one. Of what comes
 * back, status messages and requests for retransmission, some is lost. Used by the sender's thread only.
 */
final class RoughSendEndpoint extends DebugSendChannelEndpoint
{
    private static final int MAX_DATAGRAM = 65_536;

    private final Roughness roughness;
    private final SplittableRandom random;
    private final ByteBuffer held = ByteBuffer.allocateDirect(MAX_DATAGRAM).limit(0);
    private InetSocketAddress heldFor;

    RoughSendEndpoint(
        final UdpChannel udpChannel,
        final AtomicCounter statusIndicator,
        final MediaDriver.Context context,
        final Roughness roughness)
    {
        super(
            udpChannel,
            statusIndicator,
            context,
            (address, buffer, length) -> false,
            roughness.counting(new RandomLossGenerator(roughness.controlLoss(), roughness.nextSeed())));
        this.roughness = roughness;
        random = new SplittableRandom(roughness.nextSeed());
    }

    @Override
    public int send(final ByteBuffer buffer)
    {
        return sendRoughly(buffer, null);
    }

    @Override
    public int send(final ByteBuffer buffer, final InetSocketAddress endpointAddress)
    {
        return sendRoughly(buffer, endpointAddress);
    }

    private int sendRoughly(final ByteBuffer buffer, final InetSocketAddress address)
    {
        final int start = buffer.position();
        if (!held.hasRemaining() && random.nextDouble() < roughness.reordering())
        {
            final int length = buffer.remaining();
            held.clear().put(buffer).flip();
            heldFor = address;
            roughness.countReordered();

            return length;
        }

        final int sent = transmit(buffer, address);
        if (random.nextDouble() < roughness.duplication())
        {
            buffer.position(start);
            transmit(buffer, address);
            roughness.countDuplicated();
        }
        if (held.hasRemaining())
        {
            transmit(held, heldFor);
            held.limit(0);
        }

        return sent;
    }

    private int transmit(final ByteBuffer buffer, final InetSocketAddress address)
    {
        return address == null ? super.send(buffer) : super.send(buffer, address);
    }
}
