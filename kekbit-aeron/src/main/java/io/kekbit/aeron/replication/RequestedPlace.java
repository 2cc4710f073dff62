package io.kekbit.aeron.replication;

import io.kekbit.aeron.replication.codecs.StreamKind;
import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.series.SeriesPosition;

import java.nio.file.Path;

/**
 * Where a target is: in which stream, in which channel of it, and at which position. At first that is what it asked
 * for, which is found below the root and nowhere else; then it is what is sent.
 */
final class RequestedPlace
{
    private final Path root;
    private CopyRequest request;
    private CopiedStream stream;
    private long ordinal;
    private long position;
    private boolean isFirst;

    RequestedPlace(final Path root)
    {
        this.root = root;
    }

    /**
     * Another place is asked for, which is not found yet.
     */
    void of(final CopyRequest asked)
    {
        request = asked;
        stream = null;
        ordinal = asked.ordinal();
        position = asked.position();
    }

    /**
     * The stream.
     *
     * @return it, or null where it is not known what is asked for, or that is nothing that can be there.
     */
    CopiedStream stream()
    {
        return stream;
    }

    long ordinal()
    {
        return ordinal;
    }

    long position()
    {
        return position;
    }

    /**
     * Find out what is asked for.
     *
     * @return whether that can be there.
     */
    boolean resolve()
    {
        try
        {
            if (request.kind() == StreamKind.SERIES)
            {
                stream = CopiedStream.series(root, request.stream());
            }
            else if (request.kind() == StreamKind.CHANNEL)
            {
                stream = CopiedStream.channel(root, request.channelId());
            }
        }
        catch (final IllegalArgumentException ex)
        {
            // No name of a series.
            stream = null;
        }

        final boolean isSound = stream != null && position >= 0 && ordinal <= SeriesPosition.MAX_ORDINAL &&
            (stream.isSeries() ? ordinal >= -1 : ordinal == 0) && TargetNames.isSound(request.target());
        if (!isSound)
        {
            stream = null;
        }

        return isSound;
    }

    /**
     * Settle which channel it is, where the first one is asked for.
     */
    void settle()
    {
        isFirst = ordinal < 0;
        if (isFirst)
        {
            ordinal = Math.max(0, stream.first());
        }
    }

    /**
     * The channel was found: it stays this one from now on.
     */
    void onFound()
    {
        isFirst = false;
    }

    /**
     * Go on with the next channel of the series.
     */
    void next()
    {
        ordinal++;
        position = 0;
    }

    boolean exists()
    {
        return stream.exists(ordinal);
    }

    Path file()
    {
        return stream.file(ordinal);
    }

    /**
     * Why a channel is not there.
     *
     * @return that, or null where another one is to be looked for.
     */
    Refused missing()
    {
        final long first = stream.first();
        if (first < 0)
        {
            return refused(RefusalReason.UNKNOWN_STREAM, stream + " root has none");
        }
        if (first > ordinal && isFirst)
        {
            // The first one was deleted since it was looked for.
            ordinal = first;
            return null;
        }
        if (first > ordinal)
        {
            return deleted(first);
        }
        if (position > 0 || stream.last() < ordinal - 1)
        {
            return refused(RefusalReason.POSITION_BEYOND_END, this + " lastOrdinal=" + stream.last());
        }

        return refused(RefusalReason.UNKNOWN_STREAM, stream + " ordinal=" + ordinal + " is not there yet");
    }

    /**
     * That the channel was deleted.
     *
     * @param first the first one that there is.
     */
    Refused deleted(final long first)
    {
        return new Refused(RefusalReason.POSITION_DELETED, first, 0, this + " firstOrdinal=" + first);
    }

    Refused refused(final RefusalReason reason, final String details)
    {
        return new Refused(reason, Math.max(0, ordinal), position, details);
    }

    /**
     * That a channel cannot be served.
     *
     * @param thrown when it was opened, or its folder listed.
     */
    Refused failed(final RuntimeException thrown)
    {
        return refused(
            thrown instanceof ChannelException ex ? RefusalReason.of(ex) : RefusalReason.SOURCE_UNAVAILABLE,
            thrown.getMessage());
    }

    @Override
    public String toString()
    {
        return stream + " ordinal=" + ordinal + " position=" + position;
    }
}
