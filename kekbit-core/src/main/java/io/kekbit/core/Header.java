package io.kekbit.core;

import io.kekbit.core.exceptions.InvalidHeaderException;
import io.kekbit.core.layout.ChannelPath;
import io.kekbit.core.layout.HeaderDescriptor;
import org.agrona.BitUtil;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.SystemEpochNanoClock;

import java.util.Objects;

/**
 * A channel's identity and limits, fixed when it is created. Immutable.
 */
public final class Header
{
    private final long writerId;
    private final long channelId;
    private final int capacity;
    private final int maxMessageLength;
    private final long timeout;
    private final long creationTime;
    private final TickUnit tickUnit;

    Header(
        final long writerId,
        final long channelId,
        final int capacity,
        final int maxMessageLength,
        final long timeout,
        final long creationTime,
        final TickUnit tickUnit)
    {
        this.writerId = writerId;
        this.channelId = channelId;
        this.capacity = capacity;
        this.maxMessageLength = maxMessageLength;
        this.timeout = timeout;
        this.creationTime = creationTime;
        this.tickUnit = tickUnit;
    }

    /**
     * Begin a header for a channel to be created.
     *
     * @return a builder, in which only {@link Builder#channelId(long)}, {@link Builder#capacity(long)} and
     * {@link Builder#maxMessageLength(long)} have to be set.
     */
    public static Builder builder()
    {
        return new Builder();
    }

    /**
     * Who writes: a number of the application's choice.
     *
     * @return the id, unsigned.
     */
    public long writerId()
    {
        return writerId;
    }

    /**
     * Which channel this is: together with the root folder it makes the file's name.
     *
     * @return the id, unsigned.
     */
    public long channelId()
    {
        return channelId;
    }

    /**
     * Size of the record area.
     *
     * @return the capacity in bytes, a multiple of 8 from {@link HeaderDescriptor#MIN_CAPACITY} to
     * {@link HeaderDescriptor#MAX_CAPACITY}.
     */
    public int capacity()
    {
        return capacity;
    }

    /**
     * The greatest length of a record's content.
     *
     * @return the length in bytes, a multiple of 8.
     */
    public int maxMessageLength()
    {
        return maxMessageLength;
    }

    /**
     * How long a writer may be silent before readers consider it gone.
     *
     * @return the timeout in ticks of {@link #tickUnit()}, unsigned.
     */
    public long timeout()
    {
        return timeout;
    }

    /**
     * When the channel was created.
     *
     * @return the time in ticks of {@link #tickUnit()} since 1970-01-01T00:00Z, unsigned.
     */
    public long creationTime()
    {
        return creationTime;
    }

    /**
     * The unit of all times in the channel.
     *
     * @return the unit.
     */
    public TickUnit tickUnit()
    {
        return tickUnit;
    }

    @Override
    public boolean equals(final Object other)
    {
        return other instanceof Header that &&
            writerId == that.writerId &&
            channelId == that.channelId &&
            capacity == that.capacity &&
            maxMessageLength == that.maxMessageLength &&
            timeout == that.timeout &&
            creationTime == that.creationTime &&
            tickUnit == that.tickUnit;
    }

    @Override
    public int hashCode()
    {
        return Objects.hash(writerId, channelId, capacity, maxMessageLength, timeout, creationTime, tickUnit);
    }

    @Override
    public String toString()
    {
        return "Header{writerId=" + Long.toUnsignedString(writerId) +
            " channelId=" + Long.toUnsignedString(channelId) +
            " capacity=" + capacity +
            " maxMessageLength=" + maxMessageLength +
            " timeout=" + Long.toUnsignedString(timeout) +
            " creationTime=" + Long.toUnsignedString(creationTime) +
            " tickUnit=" + tickUnit + "}";
    }

    /**
     * Makes a {@link Header} from what the application needs. Not thread-safe.
     */
    public static final class Builder
    {
        private static final String ASK_FOR_ANOTHER = "Ask for a value in that range";

        private static final long DEFAULT_TIMEOUT_NS = 10_000_000_000L;

        private long writerId;
        private Long channelId;
        private long capacity;
        private long maxMessageLength;
        private Long timeout;
        private Long creationTime;
        private TickUnit tickUnit = TickUnit.NANOS;
        private EpochNanoClock clock = SystemEpochNanoClock.INSTANCE;

        private Builder()
        {
        }

        /**
         * Who writes: a number of the application's choice, 0 unless set.
         *
         * @param id of the writer, unsigned.
         * @return this.
         */
        public Builder writerId(final long id)
        {
            this.writerId = id;
            return this;
        }

        /**
         * Which channel this is. Has to be set.
         *
         * @param id of the channel, unsigned, unique below a root.
         * @return this.
         */
        public Builder channelId(final long id)
        {
            this.channelId = id;
            return this;
        }

        /**
         * Size of the record area: raised to 16,384 where it is less, and to a multiple of 8. Has to be set.
         *
         * @param bytes more than 0, at most {@link HeaderDescriptor#MAX_CAPACITY}.
         * @return this.
         */
        public Builder capacity(final long bytes)
        {
            this.capacity = bytes;
            return this;
        }

        /**
         * The longest message that will be written, at most about the 128th part of the capacity. Has to be set.
         * {@link Header#maxMessageLength()} is this or a little more.
         *
         * @param bytes more than 0.
         * @return this.
         */
        public Builder maxMessageLength(final long bytes)
        {
            this.maxMessageLength = bytes;
            return this;
        }

        /**
         * How long the writer may be silent before readers consider it gone: 10 seconds unless set. A writer with
         * nothing to write sends heartbeats more often than this, and a flush or the closing, which first forces all
         * that was written to the device, should not take longer.
         *
         * @param ticks the timeout in the tick unit, more than 0.
         * @return this.
         */
        public Builder timeout(final long ticks)
        {
            this.timeout = ticks;
            return this;
        }

        /**
         * When the channel was created: the clock's time at {@link #build()} unless set.
         *
         * @param ticks the time in the tick unit since 1970-01-01T00:00Z, not negative.
         * @return this.
         */
        public Builder creationTime(final long ticks)
        {
            this.creationTime = ticks;
            return this;
        }

        /**
         * The unit of all times in the channel: nanoseconds unless set.
         *
         * @param unit to count in.
         * @return this.
         */
        public Builder tickUnit(final TickUnit unit)
        {
            this.tickUnit = Objects.requireNonNull(unit, "tickUnit");
            return this;
        }

        /**
         * The clock that gives the creation time: the system's unless set.
         *
         * @param epochNanoClock to read.
         * @return this.
         */
        public Builder clock(final EpochNanoClock epochNanoClock)
        {
            this.clock = Objects.requireNonNull(epochNanoClock, "clock");
            return this;
        }

        /**
         * Make the header.
         *
         * @return the header.
         * @throws InvalidHeaderException where a value is missing or out of its range, or the capacity does not allow
         *                                messages of the length asked for; it names the value that is needed.
         */
        public Header build()
        {
            if (channelId == null)
            {
                throw new InvalidHeaderException(
                    null, "channelId is not set", "Set it to a number that is unique below the root");
            }

            requireInRange(capacity, "capacity", HeaderDescriptor.MAX_CAPACITY);
            final int alignedCapacity = (int)BitUtil.align(Math.max(HeaderDescriptor.MIN_CAPACITY, capacity), 8L);

            requireInRange(
                maxMessageLength,
                "maxMessageLength",
                HeaderDescriptor.greatestMaxRecordLength(HeaderDescriptor.MAX_CAPACITY));
            final long greatestLength = HeaderDescriptor.maxRecordLength(maxMessageLength, alignedCapacity);
            if (greatestLength < maxMessageLength)
            {
                throw new InvalidHeaderException(
                    ChannelPath.relative(channelId),
                    "maxMessageLength=" + maxMessageLength + " capacity=" + capacity +
                        " requiredCapacity=" + HeaderDescriptor.requiredCapacity(maxMessageLength),
                    "Ask for that capacity, or for shorter messages");
            }

            final long timeoutTicks = timeout == null ? tickUnit.fromNanos(DEFAULT_TIMEOUT_NS) : timeout;
            requireInRange(timeoutTicks, "timeout", Long.MAX_VALUE);

            final long creationTicks = creationTime == null ? tickUnit.now(clock) : creationTime;
            if (creationTicks < 0)
            {
                throw new InvalidHeaderException(
                    ChannelPath.relative(channelId), "creationTime=" + creationTicks + " min=0", ASK_FOR_ANOTHER);
            }

            return new Header(
                writerId,
                channelId,
                alignedCapacity,
                (int)greatestLength,
                timeoutTicks,
                creationTicks,
                tickUnit);
        }

        private void requireInRange(final long value, final String name, final long max)
        {
            if (value < 1 || value > max)
            {
                throw new InvalidHeaderException(
                    ChannelPath.relative(channelId), name + "=" + value + " min=1 max=" + max, ASK_FOR_ANOTHER);
            }
        }
    }
}
