package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelNotFoundException;
import io.kekbit.core.exceptions.StorageNotReadyException;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

import java.util.Objects;

/**
 * Makes a {@link ShmReader}. Not thread-safe.
 */
public final class ShmReaderBuilder
{
    private final ChannelPlace place;
    private DataFormat format;
    private NanoClock clock = SystemNanoClock.INSTANCE;
    private boolean readsSuspect;
    private boolean isAtEnd;
    private SequenceGapListener gapListener;
    private Prefault prefault = Prefault.NONE;
    private ChannelFiles files = ChannelFiles.SYSTEM;

    ShmReaderBuilder(final ChannelPlace place)
    {
        this.place = place;
    }

    /**
     * The format that has to accept what the channel stores of its own: any will do unless set.
     *
     * @param dataFormat to read the content as.
     * @return this.
     */
    public ShmReaderBuilder format(final DataFormat dataFormat)
    {
        this.format = Objects.requireNonNull(dataFormat, "format");
        return this;
    }

    /**
     * The clock by which {@link ReaderState#TIMED_OUT} is found: the system's unless set.
     *
     * @param nanoClock that never steps back, read by {@link ShmReader#state()} only.
     * @return this.
     */
    public ShmReaderBuilder clock(final NanoClock nanoClock)
    {
        this.clock = Objects.requireNonNull(nanoClock, "clock");
        return this;
    }

    /**
     * Whether to read on where {@link ReaderState#SUSPECT} would hold: false unless set. What is read there can be
     * wrong or incomplete, so the content has to carry checks of its own. Open another reader when a writer takes the
     * channel over, since that writer may have cut off what this one read.
     *
     * @param isRead true to read it.
     * @return this.
     */
    public ShmReaderBuilder readSuspect(final boolean isRead)
    {
        this.readsSuspect = isRead;
        return this;
    }

    /**
     * Whether to begin at the end of what is written, see {@link ShmReader#moveToEnd()}, and not at the start of the
     * channel: false unless set.
     *
     * @param isEnd true to begin there.
     * @return this.
     */
    public ShmReaderBuilder atEnd(final boolean isEnd)
    {
        this.isAtEnd = isEnd;
        return this;
    }

    /**
     * Who is told of missing sequence numbers: nobody unless set. Only a channel whose envelope has sequence numbers,
     * see {@link io.kekbit.core.handlers.SequenceHandler}, and no handler of an application's own, through which
     * readers cannot see, can show that records are missing. Numbers are compared from one record to the next; after
     * moving the reader the first record is taken as it comes.
     *
     * @param listener to tell.
     * @return this.
     */
    public ShmReaderBuilder gapListener(final SequenceGapListener listener)
    {
        this.gapListener = Objects.requireNonNull(listener, "listener");
        return this;
    }

    /**
     * When to touch the channel's pages: not ahead of use unless set. See also {@link ShmReader#prefaultAgent()}.
     *
     * @param policy what to do before the reader is handed out.
     * @return this.
     */
    public ShmReaderBuilder prefault(final Prefault policy)
    {
        this.prefault = Objects.requireNonNull(policy, "policy");
        return this;
    }

    /**
     * For tests: let an operation on the file system fail.
     */
    ShmReaderBuilder files(final ChannelFiles channelFiles)
    {
        this.files = channelFiles;
        return this;
    }

    /**
     * Open the channel.
     *
     * @return a reader at the start of the channel, or at its end where that was asked for.
     * @throws io.kekbit.core.exceptions.ChannelException             where there is no channel, none that can be
     *                                                                read, or its content is of another format; one
     *                                                                subclass for each case.
     * @throws io.kekbit.core.exceptions.UnsupportedPlatformException where the JVM lacks the flag that Agrona
     *                                                                needs.
     */
    public ShmReader open()
    {
        Platform.check();

        final ChannelOpener.Opened opened = new ChannelOpener(files, place).open(format);
        boolean isOpen = false;
        try
        {
            opened.mapping().touch(prefault);
            final ShmReader reader = new ShmReader(opened, clock, readsSuspect, gapListener);
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
                opened.mapping().unmap();
            }
        }
    }

    /**
     * Open the channel, and wait for it where its writer has not created it yet.
     *
     * @param timeoutNs    the longest to wait, in nanoseconds.
     * @param idleStrategy to wait with between tries, each of which looks for a file.
     * @return a reader at the start of the channel, or at its end where that was asked for.
     * @throws io.kekbit.core.exceptions.ChannelException             the last error, when the time is up; at once
     *                                                                where waiting cannot help.
     * @throws io.kekbit.core.exceptions.UnsupportedPlatformException where the JVM lacks the flag that Agrona
     *                                                                needs.
     */
    public ShmReader tryOpen(final long timeoutNs, final IdleStrategy idleStrategy)
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
}
