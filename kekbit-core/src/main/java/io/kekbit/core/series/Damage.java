package io.kekbit.core.series;

import io.kekbit.core.ChannelStatus;
import io.kekbit.core.exceptions.ChannelCorruptException;
import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.ChannelIdMismatchException;
import io.kekbit.core.exceptions.ChannelNotFoundException;
import io.kekbit.core.exceptions.ChannelNotResumableException;
import io.kekbit.core.exceptions.ChannelSuspectException;
import io.kekbit.core.exceptions.FileTooShortException;
import io.kekbit.core.exceptions.IncompatibleVersionException;
import io.kekbit.core.exceptions.InvalidHeaderException;
import io.kekbit.core.exceptions.InvalidSignatureException;
import io.kekbit.core.exceptions.UnsupportedFeatureException;

import java.nio.file.Path;

/**
 * What becomes of channels that are damaged, or suspect since the machine was restarted, when a series is opened for
 * writing: they are left as they are, or the opening is refused.
 */
final class Damage
{
    private static final String OPTION = "leaveDamaged(true)";

    /**
     * What is to be done with a channel that the last writer had left.
     */
    enum Standing
    {
        /** Nothing: it is closed, or was deleted after that. */
        CLOSED,
        /** It is to be closed. */
        OPEN,
        /** It is to be closed, where what nothing vouches for may be given up. */
        SUSPECT,
        /** Nothing can be done. */
        DAMAGED
    }

    private final SeriesFolder folder;
    private final SeriesListener listener;
    private final boolean isLeft;

    /**
     * @param folder   of the series.
     * @param listener to tell what is left behind.
     * @param isLeft   whether to leave such channels.
     */
    Damage(final SeriesFolder folder, final SeriesListener listener, final boolean isLeft)
    {
        this.folder = folder;
        this.listener = listener;
        this.isLeft = isLeft;
    }

    /**
     * How a channel stands that is not the last one.
     */
    Standing standing(final long ordinal)
    {
        try
        {
            return switch (ChannelStatus.of(folder.file(ordinal)).state())
            {
                case CLOSED -> Standing.CLOSED;
                case CORRUPT -> Standing.DAMAGED;
                case SUSPECT -> Standing.SUSPECT;
                default -> Standing.OPEN;
            };
        }
        catch (final ChannelNotFoundException ex)
        {
            return Standing.CLOSED;
        }
        catch (final ChannelException ex)
        {
            if (!isUnreadable(ex))
            {
                throw ex;
            }

            return Standing.DAMAGED;
        }
    }

    /**
     * Whether something was thrown because of what is in the file, and not for what is around it.
     */
    static boolean isDamage(final ChannelException thrown)
    {
        return thrown instanceof ChannelCorruptException ||
            thrown instanceof ChannelIdMismatchException ||
            thrown instanceof ChannelNotResumableException ||
            thrown instanceof FileTooShortException ||
            thrown instanceof InvalidHeaderException ||
            thrown instanceof InvalidSignatureException;
    }

    /**
     * Whether something was thrown because of what is in a file that is not to be written to, be it that another
     * version of kekbit made it: which of the two it is cannot be told where a single bit decides.
     */
    static boolean isUnreadable(final ChannelException thrown)
    {
        return isDamage(thrown) ||
            thrown instanceof IncompatibleVersionException ||
            thrown instanceof UnsupportedFeatureException;
    }

    /**
     * Leave a channel as it is, and go on behind it.
     *
     * @param ordinal of the channel.
     * @param thrown  when it was to be gone on with.
     * @throws ChannelException where that was not asked for, or it is for another reason that it failed.
     */
    void leave(final long ordinal, final ChannelException thrown)
    {
        final boolean isSuspect = thrown instanceof ChannelSuspectException;
        if (!isSuspect && !isDamage(thrown))
        {
            throw thrown;
        }
        if (isLeft)
        {
            listener.onDamagedChannelLeft(ordinal, folder.file(ordinal), thrown);
        }
        else
        {
            throw refusal(ordinal, thrown);
        }
    }

    /**
     * Give up a channel that was made ready and is damaged, and so cannot be closed. If its publication was lost, there
     * can be records in it.
     *
     * @param ordinal         of the channel.
     * @param thrown          when it was to be closed.
     * @param discardsSuspect whether to give such records up.
     * @throws ChannelException where there are some and that was not asked for, or it is for another reason that it
     *                          failed.
     */
    void giveUpReady(final long ordinal, final ChannelException thrown, final boolean discardsSuspect)
    {
        if (!isDamage(thrown))
        {
            throw thrown;
        }
        if (!discardsSuspect && folder.holdsRecord(ordinal))
        {
            throw new ChannelNotResumableException(
                folder.file(ordinal),
                "the channel was made ready for the series, is damaged, and holds records",
                "Open the series with discardSuspect(true), which deletes it; it is part of the series for no reader",
                thrown);
        }
    }

    /**
     * Leave what stands in the place of a channel and says nothing of the series.
     *
     * @param ordinal that it has.
     * @throws ChannelException where that was not asked for.
     */
    void leaveUnknown(final long ordinal)
    {
        leave(ordinal, unknown(ordinal));
    }

    private ChannelException unknown(final long ordinal)
    {
        try
        {
            ChannelStatus.of(folder.file(ordinal));
        }
        catch (final ChannelException ex)
        {
            return ex;
        }

        return new ChannelNotResumableException(folder.file(ordinal), "a channel, but not one of a series");
    }

    private ChannelException refusal(final long ordinal, final ChannelException thrown)
    {
        final Path file = folder.file(ordinal);
        if (thrown instanceof ChannelSuspectException suspect)
        {
            return new ChannelSuspectException(
                file,
                suspect.durablePosition(),
                "Open the series with discardSuspect(true), which gives up what stands behind that position, or with " +
                    OPTION + ", which leaves it there and goes on in a new channel",
                thrown);
        }
        if (thrown instanceof ChannelCorruptException corrupt)
        {
            return new ChannelCorruptException(
                file,
                corrupt.position(),
                "Open the series with " + OPTION + ", which leaves this channel as it is and goes on in a new one",
                thrown);
        }

        return new ChannelNotResumableException(
            file,
            "the beginning of the channel is damaged",
            "Open the series with " + OPTION + ", which leaves this file as it is and goes on in a new channel",
            thrown);
    }
}
