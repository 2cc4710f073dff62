package io.kekbit.core;

import org.agrona.concurrent.EpochNanoClock;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * The unit in which a channel counts time: its timeout, its creation time and the times in its index.
 */
public enum TickUnit
{
    /**
     * Ticks of one nanosecond, stored as 9.
     */
    NANOS(9, TimeUnit.NANOSECONDS),

    /**
     * Ticks of one microsecond, stored as 6.
     */
    MICROS(6, TimeUnit.MICROSECONDS),

    /**
     * Ticks of one millisecond, stored as 3.
     */
    MILLIS(3, TimeUnit.MILLISECONDS),

    /**
     * Ticks of one second, stored as 0.
     */
    SECONDS(0, TimeUnit.SECONDS);

    private final byte code;
    private final TimeUnit timeUnit;

    TickUnit(final int code, final TimeUnit timeUnit)
    {
        this.code = (byte)code;
        this.timeUnit = timeUnit;
    }

    /**
     * The unit that a header stores as the given code.
     *
     * @param code byte 56 of a channel file.
     * @return the unit, or null where no unit has this code.
     */
    public static TickUnit fromCode(final byte code)
    {
        return switch (code)
        {
            case 9 -> NANOS;
            case 6 -> MICROS;
            case 3 -> MILLIS;
            case 0 -> SECONDS;
            default -> null;
        };
    }

    /**
     * What the header stores for this unit: the number of digits behind the decimal point of a second.
     *
     * @return the code, byte 56 of the channel file.
     */
    public byte code()
    {
        return code;
    }

    /**
     * A duration in nanoseconds.
     *
     * @param ticks the duration in this unit, unsigned.
     * @return the duration in nanoseconds, or {@link Long#MAX_VALUE} where it is longer than a long can say.
     */
    public long toNanos(final long ticks)
    {
        return ticks < 0 ? Long.MAX_VALUE : timeUnit.toNanos(ticks);
    }

    /**
     * A duration in this unit, rounded down.
     *
     * @param nanos the duration in nanoseconds.
     * @return the duration in ticks.
     */
    public long fromNanos(final long nanos)
    {
        return timeUnit.convert(nanos, TimeUnit.NANOSECONDS);
    }

    /**
     * A time as the standard library has it.
     *
     * @param ticks since 1970-01-01T00:00Z, unsigned.
     * @return the time, exact, or {@link Instant#MAX} where it is later than that.
     */
    public Instant toInstant(final long ticks)
    {
        final long perSecond = timeUnit.convert(1, TimeUnit.SECONDS);
        final long seconds = Long.divideUnsigned(ticks, perSecond);
        if (Long.compareUnsigned(seconds, Instant.MAX.getEpochSecond()) > 0)
        {
            return Instant.MAX;
        }

        return Instant.ofEpochSecond(seconds, timeUnit.toNanos(Long.remainderUnsigned(ticks, perSecond)));
    }

    /**
     * The present time in this unit.
     *
     * @param clock to read.
     * @return ticks since 1970-01-01T00:00Z.
     */
    public long now(final EpochNanoClock clock)
    {
        return fromNanos(clock.nanoTime());
    }
}
