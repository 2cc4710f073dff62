package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelExistsException;
import io.kekbit.core.layout.ChannelPath;
import org.agrona.collections.ArrayUtil;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.OffsetEpochNanoClock;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Makes a {@link ShmWriter}. Not thread-safe.
 *
 * @param <D> the format of the content.
 */
public final class ShmWriterBuilder<D extends DataFormat>
{
    private final Path root;
    private final long channelId;
    private final Header header;
    private final D format;
    private String label = "";
    private boolean initialHeartbeat = true;
    private boolean discardsSuspect;
    private Prefault prefault = Prefault.NONE;
    private byte[] envelope = ArrayUtil.EMPTY_BYTE_ARRAY;
    private EpochNanoClock clock;
    private SeriesLink series = SeriesLink.NONE;
    private ChannelFiles files = ChannelFiles.SYSTEM;

    ShmWriterBuilder(final Path root, final long channelId, final Header header, final D format)
    {
        this.root = Objects.requireNonNull(root, "root");
        this.channelId = channelId;
        this.header = header;
        this.format = Objects.requireNonNull(format, "format");
    }

    /**
     * What people are to call the channel: nothing unless set.
     *
     * @param text at most 64 bytes in UTF-8.
     * @return this.
     */
    public ShmWriterBuilder<D> label(final String text)
    {
        this.label = Objects.requireNonNull(text, "label");
        return this;
    }

    /**
     * Whether a new channel begins with a heartbeat, as the versions of the crate up to 0.3.1 make it: true unless
     * set. Leave it out for readers of the crate from 0.3.2 on, to which it is an empty record.
     *
     * @param isWritten true to write it.
     * @return this.
     */
    public ShmWriterBuilder<D> initialHeartbeat(final boolean isWritten)
    {
        this.initialHeartbeat = isWritten;
        return this;
    }

    /**
     * Whether to take a channel over although the machine was restarted since it was written and records that were
     * never forced to the device stand behind the durable position: false unless set. Those records are given up.
     *
     * @param isDiscarded true to give them up.
     * @return this.
     */
    public ShmWriterBuilder<D> discardSuspect(final boolean isDiscarded)
    {
        this.discardsSuspect = isDiscarded;
        return this;
    }

    /**
     * The clock that gives the times in the index: Agrona's {@link OffsetEpochNanoClock} unless set.
     *
     * @param epochNanoClock to read, at entries of the index, heartbeats, flushes and closing, after what was to be
     *                       published is published. It must not throw: the call would seem to have failed.
     * @return this.
     */
    public ShmWriterBuilder<D> clock(final EpochNanoClock epochNanoClock)
    {
        this.clock = Objects.requireNonNull(epochNanoClock, "clock");
        return this;
    }

    /**
     * When to touch the channel's pages: not ahead of use unless set. See also {@link ShmWriter#prefaultAgent()}.
     *
     * @param policy what to do before the writer is handed out.
     * @return this.
     */
    public ShmWriterBuilder<D> prefault(final Prefault policy)
    {
        this.prefault = Objects.requireNonNull(policy, "policy");
        return this;
    }

    /**
     * Where in a series the channel stands: in none unless set.
     */
    ShmWriterBuilder<D> series(final SeriesLink link)
    {
        this.series = link;
        return this;
    }

    /**
     * The codes of the handlers around every payload.
     */
    ShmWriterBuilder<D> envelope(final byte[] codes)
    {
        this.envelope = codes;
        return this;
    }

    Path file()
    {
        return ChannelPath.file(root, channelId);
    }

    /**
     * For tests: let an operation on the file system fail.
     */
    ShmWriterBuilder<D> files(final ChannelFiles channelFiles)
    {
        this.files = channelFiles;
        return this;
    }

    /**
     * Create the channel and become its writer.
     *
     * @return the writer.
     * @throws io.kekbit.core.exceptions.ChannelException             where the channel exists, is being written,
     *                                                                does not fit on the disk, or cannot be created
     *                                                                for another reason. Nothing is left behind but
     *                                                                empty folders and, where the writer lock could
     *                                                                not be taken, its empty file.
     * @throws io.kekbit.core.exceptions.UnsupportedPlatformException where the JVM lacks the flag that Agrona
     *                                                                needs.
     */
    public ShmWriter<D> create()
    {
        Platform.check();

        final ChannelBlueprint blueprint =
            ChannelBlueprint.planned(file(), header, format, envelope, label, series);

        return writer(new ChannelCreator(files, root, blueprint, initialHeartbeat).create());
    }

    /**
     * Take over the channel whose writer died. See {@link ShmWriter#resume(Path, long, DataFormat)}.
     *
     * @return the writer.
     * @throws io.kekbit.core.exceptions.ChannelException             where it cannot be taken over; it is unchanged
     *                                                                then.
     * @throws io.kekbit.core.exceptions.UnsupportedPlatformException where the JVM lacks the flag that Agrona
     *                                                                needs.
     */
    public ShmWriter<D> resume()
    {
        Platform.check();

        final ChannelPlace place = ChannelPlace.of(root, channelId);

        return writer(new ChannelResumer(files, place, format, envelope, discardsSuspect).resume());
    }

    /**
     * Create the channel, or take it over where it exists.
     *
     * @return the writer.
     * @throws io.kekbit.core.exceptions.ChannelException             where it can neither be created nor taken
     *                                                                over.
     * @throws io.kekbit.core.exceptions.UnsupportedPlatformException where the JVM lacks the flag that Agrona
     *                                                                needs.
     */
    public ShmWriter<D> createOrResume()
    {
        try
        {
            return create();
        }
        catch (final ChannelExistsException ex)
        {
            return resume();
        }
    }

    private ShmWriter<D> writer(final WritableChannel channel)
    {
        final ShmWriter<D> writer =
            new ShmWriter<>(format, channel, clock == null ? new OffsetEpochNanoClock() : clock);
        boolean isTouched = false;
        try
        {
            channel.mapping().touch(prefault);
            isTouched = true;

            return writer;
        }
        finally
        {
            if (!isTouched)
            {
                writer.abandon();
            }
        }
    }
}
