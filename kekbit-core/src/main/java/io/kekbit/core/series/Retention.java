package io.kekbit.core.series;

import io.kekbit.core.exceptions.ChannelException;
import org.agrona.concurrent.SystemEpochNanoClock;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Bounds of a series: what is beyond one of them is deleted, the oldest channel first and always a whole one. Deleted
 * are closed channels only, never the last one, and none of a series that is sealed, see {@link Seal}. Immutable.
 * <p>
 * Unless told otherwise, what a named reader, see {@link io.kekbit.core.positions.NamedReader}, still needs is kept,
 * whatever the bounds say, so that the series can grow beyond them; the name of a reader that has not stored a position
 * for a while expires. With {@link Builder#withinBounds(boolean)} the bounds hold whoever needs what. A reader that
 * comes to what was deleted gets a {@link io.kekbit.core.exceptions.PositionDeletedException}, which tells where to go
 * on.
 * <p>
 * The space is free again when the last reader that has the channel open has gone on.
 */
public final class Retention
{
    /**
     * After how long without a position stored a named reader counts no more, unless told otherwise.
     */
    public static final Duration DEFAULT_READER_EXPIRY = Duration.ofDays(7);

    private final Duration maxAge;
    private final long maxBytes;
    private final long maxChannels;
    private final List<Path> readers;
    private final Duration readerExpiry;
    private final boolean isWithinBounds;

    private Retention(final Builder builder)
    {
        maxAge = builder.maxAge;
        maxBytes = builder.maxBytes;
        maxChannels = builder.maxChannels;
        readers = List.copyOf(builder.readers);
        readerExpiry = builder.readerExpiry;
        isWithinBounds = builder.isWithinBounds;
    }

    /**
     * Begin bounds, of which none holds unless it is set.
     *
     * @return a builder.
     */
    public static Builder builder()
    {
        return new Builder();
    }

    /**
     * Delete what is beyond the bounds, here and now. Any process may do this, while the series is written and read.
     *
     * @param root     folder of all series.
     * @param name     of the series.
     * @param listener to tell of each channel that is deleted.
     * @return what was done.
     * @throws ChannelException         where a file cannot be looked at or deleted.
     * @throws IllegalArgumentException where the name is none for a folder.
     */
    public Pruned prune(final Path root, final String name, final SeriesListener listener)
    {
        return new Pruning(new SeriesFolder(root, name), this, listener, SystemEpochNanoClock.INSTANCE).prune(true);
    }

    /**
     * Tell what {@link #prune} would do now.
     *
     * @param root folder of all series.
     * @param name of the series.
     * @return what would be done.
     * @throws ChannelException         where a file cannot be looked at.
     * @throws IllegalArgumentException where the name is none for a folder.
     */
    public Pruned tryOut(final Path root, final String name)
    {
        return new Pruning(
            new SeriesFolder(root, name), this, new SeriesListener()
            {
            },
            SystemEpochNanoClock.INSTANCE).prune(false);
    }

    /**
     * How long a channel is kept after it was closed; null for ever.
     */
    Duration maxAge()
    {
        return maxAge;
    }

    long maxBytes()
    {
        return maxBytes;
    }

    long maxChannels()
    {
        return maxChannels;
    }

    List<Path> readers()
    {
        return readers;
    }

    Duration readerExpiry()
    {
        return readerExpiry;
    }

    boolean isWithinBounds()
    {
        return isWithinBounds;
    }

    @Override
    public String toString()
    {
        return "Retention{maxAge=" + maxAge + " maxBytes=" + maxBytes + " maxChannels=" + maxChannels + " readers=" +
            readers + " readerExpiry=" + readerExpiry + " isWithinBounds=" + isWithinBounds + "}";
    }

    /**
     * Makes {@link Retention}. Not thread-safe.
     */
    public static final class Builder
    {
        private Duration maxAge;
        private long maxBytes = Long.MAX_VALUE;
        private long maxChannels = Long.MAX_VALUE;
        private final List<Path> readers = new ArrayList<>();
        private Duration readerExpiry = DEFAULT_READER_EXPIRY;
        private boolean isWithinBounds;

        private Builder()
        {
        }

        /**
         * How long a channel is kept after it was closed: for ever unless set.
         *
         * @param age not negative.
         * @return this.
         */
        public Builder maxAge(final Duration age)
        {
            if (age.isNegative())
            {
                throw new IllegalArgumentException("maxAge=" + age + " min=" + Duration.ZERO);
            }
            this.maxAge = age;
            return this;
        }

        /**
         * How many bytes all channels together may take, the one that is written and the one that is made ready
         * included: any number unless set. The next channel is made after that, so that the disk holds up to one
         * channel more.
         *
         * @param bytes at least 1.
         * @return this.
         */
        public Builder maxBytes(final long bytes)
        {
            this.maxBytes = requirePositive("maxBytes", bytes);
            return this;
        }

        /**
         * How many channels there may be, the one that is written included: any number unless set.
         *
         * @param channels at least 1.
         * @return this.
         */
        public Builder maxChannels(final long channels)
        {
            this.maxChannels = requirePositive("maxChannels", channels);
            return this;
        }

        /**
         * A folder of named readers whose needs are respected: none unless set. May be called for several folders.
         * Where what stands there cannot be read, everything is kept.
         *
         * @param folder of the names.
         * @return this.
         */
        public Builder readers(final Path folder)
        {
            readers.add(Objects.requireNonNull(folder, "folder"));
            return this;
        }

        /**
         * After how long without a position stored a named reader counts no more: 7 days unless set.
         *
         * @param expiry more than 0.
         * @return this.
         */
        public Builder readersExpireAfter(final Duration expiry)
        {
            if (expiry.isNegative() || expiry.isZero())
            {
                throw new IllegalArgumentException("readersExpireAfter=" + expiry);
            }
            this.readerExpiry = expiry;
            return this;
        }

        /**
         * Whether the bounds hold whatever named readers still need: false unless set.
         *
         * @param isKept true to delete what they need, too.
         * @return this.
         */
        public Builder withinBounds(final boolean isKept)
        {
            this.isWithinBounds = isKept;
            return this;
        }

        /**
         * Make the bounds.
         *
         * @return the bounds.
         */
        public Retention build()
        {
            return new Retention(this);
        }

        private static long requirePositive(final String name, final long value)
        {
            if (value < 1)
            {
                throw new IllegalArgumentException(name + "=" + value + " min=1");
            }

            return value;
        }
    }
}
