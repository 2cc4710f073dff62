package io.kekbit.core.positions;

import io.kekbit.core.Lag;
import io.kekbit.core.ShmReader;
import io.kekbit.core.layout.ExtensionDescriptor;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.SystemEpochNanoClock;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * The stream of a single channel.
 */
final class ChannelStream implements NamedStream
{
    private final ShmReader reader;
    private final DirectBuffer buffer;
    private final StreamIdentity identity;
    private final boolean hasExtension;
    private long durable;
    private long durableEpoch;
    private long vouched;

    ChannelStream(final ShmReader reader)
    {
        this.reader = reader;
        buffer = reader.buffer();
        identity = StreamIdentity.ofChannel(reader.header());
        hasExtension = reader.extension().isPresent();
    }

    @Override
    public StreamIdentity identity()
    {
        return identity;
    }

    /**
     * The durable position that was seen before the one that there is: that a durable position is on the device itself
     * is sure only when its writer went on to the next.
     */
    @Override
    public long vouchedPosition()
    {
        final long epoch = writerEpoch(0);
        final long seen = durablePosition();
        if (seen != durable || epoch != durableEpoch)
        {
            vouched = epoch == durableEpoch ? Math.max(vouched, durable) : vouched;
            durable = seen;
            durableEpoch = epoch;
        }

        return vouched;
    }

    private long durablePosition()
    {
        final long stored =
            hasExtension ? buffer.getLong(ExtensionDescriptor.DURABLE_POSITION_OFFSET, LITTLE_ENDIAN) : 0;

        return stored >= 0 && stored <= reader.header().capacity() ? stored : 0;
    }

    @Override
    public long writerEpoch(final long position)
    {
        return hasExtension ? buffer.getLong(ExtensionDescriptor.WRITER_EPOCH_OFFSET, LITTLE_ENDIAN) : 0;
    }

    @Override
    public Lag lag(final long position)
    {
        return Lag.of(reader, position, SystemEpochNanoClock.INSTANCE);
    }
}
