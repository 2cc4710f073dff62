package io.kekbit.core.handlers;

import io.kekbit.core.TickUnit;
import io.kekbit.core.WriteHandler;
import io.kekbit.core.layout.EnvelopeDescriptor;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.OffsetEpochNanoClock;

import java.util.Objects;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * Puts the time of publication before every payload: 8 bytes, in ticks since 1970-01-01T00:00Z.
 */
public final class TimestampHandler implements WriteHandler
{
    private final TickUnit tickUnit;
    private final EpochNanoClock clock;

    /**
     * A handler that reads Agrona's {@link OffsetEpochNanoClock}.
     *
     * @param tickUnit of the channel it is for.
     */
    public TimestampHandler(final TickUnit tickUnit)
    {
        this(tickUnit, new OffsetEpochNanoClock());
    }

    /**
     * A handler that reads a clock of the caller's.
     *
     * @param tickUnit of the channel it is for.
     * @param clock    to read, once for each record.
     */
    public TimestampHandler(final TickUnit tickUnit, final EpochNanoClock clock)
    {
        this.tickUnit = Objects.requireNonNull(tickUnit, "tickUnit");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    @Override
    public int code()
    {
        return EnvelopeDescriptor.TIMESTAMP;
    }

    @Override
    public int incomingLength()
    {
        return EnvelopeDescriptor.TIMESTAMP_LENGTH;
    }

    @Override
    public void incoming(final MutableDirectBuffer slot, final int offset)
    {
        slot.putLong(offset, tickUnit.now(clock), LITTLE_ENDIAN);
    }
}
