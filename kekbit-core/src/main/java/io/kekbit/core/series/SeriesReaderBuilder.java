package io.kekbit.core.series;

import io.kekbit.core.DataFormat;
import io.kekbit.core.Prefault;
import io.kekbit.core.SequenceGapListener;
import io.kekbit.core.ShmReader;
import io.kekbit.core.ShmReaderBuilder;
import io.kekbit.core.exceptions.ChannelNotFoundException;
import io.kekbit.core.exceptions.StorageNotReadyException;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Makes a {@link SeriesReader}. Not thread-safe.
 */
public final class SeriesReaderBuilder
{
    private final SeriesFolder folder;
    private DataFormat format;
    private NanoClock clock = SystemNanoClock.INSTANCE;
    private boolean readsSuspect;
    private boolean isAtEnd;
    private SequenceGapListener gapListener;
    private Prefault prefault = Prefault.NONE;

    SeriesReaderBuilder(final Path root, final String name)
    {
        folder = new SeriesFolder(root, name);
    }

    /**
     * The format that has to accept what each channel stores of its own: any will do unless set. A channel that it does
     * not accept is reported when the reader comes to it.
     *
     * @param dataFormat to read the content as.
     * @return this.
     */
    public SeriesReaderBuilder format(final DataFormat dataFormat)
    {
        this.format = Objects.requireNonNull(dataFormat, "format");
        return this;
    }

    /**
     * The clock by which {@link io.kekbit.core.ReaderState#TIMED_OUT} is found, and by which the reader looks for the
     * next channel a thousand times a second while there is nothing to read: the system's unless set.
     *
     * @param nanoClock that never steps back.
     * @return this.
     */
    public SeriesReaderBuilder clock(final NanoClock nanoClock)
    {
        this.clock = Objects.requireNonNull(nanoClock, "clock");
        return this;
    }

    /**
     * Whether to read on where {@link io.kekbit.core.ReaderState#SUSPECT} would hold, see {@link
     * ShmReaderBuilder#readSuspect(boolean)}: false unless set.
     *
     * @param isRead true to read it.
     * @return this.
     */
    public SeriesReaderBuilder readSuspect(final boolean isRead)
    {
        this.readsSuspect = isRead;
        return this;
    }

    /**
     * Whether to begin at the end of what is written, and not at the first record that there is: false unless set.
     *
     * @param isEnd true to begin there.
     * @return this.
     */
    public SeriesReaderBuilder atEnd(final boolean isEnd)
    {
        this.isAtEnd = isEnd;
        return this;
    }

    /**
     * Who is told of missing sequence numbers, see {@link ShmReaderBuilder#gapListener}: nobody unless set. It is given
     * the position in the series. The first record of each channel is taken as it comes.
     *
     * @param listener to tell.
     * @return this.
     */
    public SeriesReaderBuilder gapListener(final SequenceGapListener listener)
    {
        this.gapListener = Objects.requireNonNull(listener, "listener");
        return this;
    }

    /**
     * When to touch the pages of each channel: not ahead of use unless set. See also {@link
     * SeriesReader#prefaultAgent()}.
     *
     * @param policy what to do when a channel is opened.
     * @return this.
     */
    public SeriesReaderBuilder prefault(final Prefault policy)
    {
        this.prefault = Objects.requireNonNull(policy, "policy");
        return this;
    }

    /**
     * Open the series.
     *
     * @return a reader at its first record that there is, or at its end where that was asked for.
     * @throws io.kekbit.core.exceptions.ChannelException             where there is no series, none that can be read,
     *                                                                or its content is of another format; one subclass
     *                                                                for each case.
     * @throws io.kekbit.core.exceptions.UnsupportedPlatformException where the JVM lacks the flag that Agrona needs.
     */
    public SeriesReader open()
    {
        final SeriesReader reader = new SeriesReader(folder, this, clock);
        boolean isOpen = false;
        try
        {
            if (isAtEnd)
            {
                reader.moveToEnd();
            }
            isOpen = true;

            return reader;
        }
        finally
        {
            if (!isOpen)
            {
                reader.close();
            }
        }
    }

    /**
     * Open the series, and wait for it where its writer has not created it yet.
     *
     * @param timeoutNs    the longest to wait, in nanoseconds.
     * @param idleStrategy to wait with between tries, each of which looks for a file.
     * @return as {@link #open()}.
     * @throws io.kekbit.core.exceptions.ChannelException             the last error, when the time is up; at once where
     *                                                                waiting cannot help.
     * @throws io.kekbit.core.exceptions.UnsupportedPlatformException where the JVM lacks the flag that Agrona needs.
     */
    public SeriesReader tryOpen(final long timeoutNs, final IdleStrategy idleStrategy)
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

    SeriesFolder folder()
    {
        return folder;
    }

    /**
     * Open one channel as this says.
     */
    ShmReader open(final long ordinal)
    {
        final ShmReaderBuilder builder = ShmReader.builder(folder.file(ordinal))
            .clock(clock)
            .readSuspect(readsSuspect)
            .prefault(prefault);
        if (format != null)
        {
            builder.format(format);
        }
        if (gapListener != null)
        {
            final SequenceGapListener told = gapListener;
            builder.gapListener((expected, actual, position) ->
                told.onGap(expected, actual, SeriesPosition.of(ordinal, position)));
        }

        return builder.open();
    }
}
