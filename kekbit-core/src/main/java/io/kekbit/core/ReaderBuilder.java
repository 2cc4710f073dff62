package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.ChannelNotFoundException;
import io.kekbit.core.exceptions.StorageNotReadyException;
import io.kekbit.core.exceptions.UnsupportedPlatformException;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

import java.nio.file.Path;
import java.util.Objects;

/**
 * What can be said of a reader before it is opened, be it of a channel or of a series: {@link ShmReader#builder(Path)}
 * and {@link io.kekbit.core.series.SeriesReader#builder(Path, String)} begin one. Not thread-safe.
 *
 * @param <R> the reader that is made.
 * @param <B> the builder itself.
 */
public abstract class ReaderBuilder<R extends Reader, B extends ReaderBuilder<R, B>>
{
    private DataFormat format;
    private NanoClock clock = SystemNanoClock.INSTANCE;
    private boolean readsSuspect;
    private boolean isAtEnd;
    private SequenceGapListener gapListener;
    private Prefault prefault = Prefault.NONE;

    /**
     * For kekbit's own builders.
     */
    protected ReaderBuilder()
    {
    }

    /**
     * The format that has to accept what a channel stores of its own: any will do unless set. Of a series, a channel
     * that it does not accept is reported when the reader comes to it.
     *
     * @param dataFormat to read the content as.
     * @return this.
     */
    public final B format(final DataFormat dataFormat)
    {
        this.format = Objects.requireNonNull(dataFormat, "format");
        return self();
    }

    /**
     * The clock by which {@link ReaderState#TIMED_OUT} is found, and by which the reader of a series looks for the next
     * channel a thousand times a second while there is nothing to read: the system's unless set.
     *
     * @param nanoClock that never steps back; of a single channel, read by {@link Reader#state()} only.
     * @return this.
     */
    public final B clock(final NanoClock nanoClock)
    {
        this.clock = Objects.requireNonNull(nanoClock, "clock");
        return self();
    }

    /**
     * Whether to read on where {@link ReaderState#SUSPECT} would hold: false unless set. What is read there can be
     * wrong or incomplete, so the content has to carry checks of its own. Open another reader when a writer takes the
     * channel over, since that writer may have cut off what this one read.
     *
     * @param isRead true to read it.
     * @return this.
     */
    public final B readSuspect(final boolean isRead)
    {
        this.readsSuspect = isRead;
        return self();
    }

    /**
     * Whether to begin at the end of what is written, see {@link Reader#moveToEnd()}, and not at the first record that
     * there is: false unless set.
     *
     * @param isEnd true to begin there.
     * @return this.
     */
    public final B atEnd(final boolean isEnd)
    {
        this.isAtEnd = isEnd;
        return self();
    }

    /**
     * Who is told of missing sequence numbers: nobody unless set. Only where the envelope has sequence numbers, see
     * {@link io.kekbit.core.handlers.SequenceHandler}, and no handler of an application's own, through which readers
     * cannot see, can it be told that records are missing. Numbers are compared from one record to the next, also where
     * that is in the next channel of a series, unless the envelope changes with it; after moving the reader the first
     * record is taken as it comes.
     *
     * @param listener to tell. It is given positions of the channel or series that is read.
     * @return this.
     */
    public final B gapListener(final SequenceGapListener listener)
    {
        this.gapListener = Objects.requireNonNull(listener, "listener");
        return self();
    }

    /**
     * When to touch a channel's pages: not ahead of use unless set. See also {@link Reader#prefaultAgent(int, long)}.
     *
     * @param policy what to do when a channel is opened.
     * @return this.
     */
    public final B prefault(final Prefault policy)
    {
        this.prefault = Objects.requireNonNull(policy, "policy");
        return self();
    }

    /**
     * Open the channel or series.
     *
     * @return a reader at the first record that there is, or at the end where that was asked for.
     * @throws ChannelException             where there is none, none that can be read, or its content is of another
     *                                      format; one subclass for each case.
     * @throws UnsupportedPlatformException where the JVM lacks the flag that Agrona needs.
     */
    public abstract R open();

    /**
     * Open the channel or series, and wait for it where its writer has not created it yet.
     *
     * @param timeoutNs    the longest to wait, in nanoseconds.
     * @param idleStrategy to wait with between tries, each of which looks for a file.
     * @return as {@link #open()}.
     * @throws ChannelException             the last error, when the time is up; at once where waiting cannot help.
     * @throws UnsupportedPlatformException where the JVM lacks the flag that Agrona needs.
     */
    public final R tryOpen(final long timeoutNs, final IdleStrategy idleStrategy)
    {
        final long startNs = clock.nanoTime();
        idleStrategy.reset();
        while (true)
        {
            try
            {
                return open();
            }
            catch (final ChannelNotFoundException | StorageNotReadyException ex)
            {
                if (clock.nanoTime() - startNs >= timeoutNs)
                {
                    throw ex;
                }
            }
            idleStrategy.idle();
        }
    }

    /**
     * This builder.
     *
     * @return this.
     */
    protected abstract B self();

    /**
     * Begin the reader of one channel, of which everything is said that was said here, but where to begin.
     *
     * @param file of the channel.
     * @return a builder.
     */
    protected final ShmReaderBuilder channel(final Path file)
    {
        final ReaderBuilder<ShmReader, ShmReaderBuilder> builder = ShmReader.builder(file);
        builder.format = format;
        builder.clock = clock;
        builder.readsSuspect = readsSuspect;
        builder.gapListener = gapListener;
        builder.prefault = prefault;

        return builder.self();
    }

    /**
     * The format that was set, or null.
     *
     * @return the format.
     */
    protected final DataFormat format()
    {
        return format;
    }

    /**
     * The clock to use.
     *
     * @return the clock.
     */
    protected final NanoClock clock()
    {
        return clock;
    }

    /**
     * Whether to read what is suspect.
     *
     * @return true to read it.
     */
    protected final boolean readsSuspect()
    {
        return readsSuspect;
    }

    /**
     * Whether to begin at the end.
     *
     * @return true to begin there.
     */
    protected final boolean isAtEnd()
    {
        return isAtEnd;
    }

    /**
     * Who is told of gaps, or null.
     *
     * @return the listener.
     */
    protected final SequenceGapListener gapListener()
    {
        return gapListener;
    }

    /**
     * When to touch pages.
     *
     * @return the policy.
     */
    protected final Prefault prefault()
    {
        return prefault;
    }
}
