package io.kekbit.aeron.replication;

import io.kekbit.aeron.replication.codecs.RefusalCode;
import io.kekbit.core.exceptions.ChannelAccessException;
import io.kekbit.core.exceptions.ChannelException;
import io.kekbit.core.exceptions.ChannelNotFoundException;
import io.kekbit.core.exceptions.InvalidPositionException;
import io.kekbit.core.exceptions.StorageNotReadyException;
import io.kekbit.core.exceptions.UnavailablePositionException;

/**
 * Why a source does not serve a target, or a target does not go on.
 */
public enum RefusalReason
{
    /**
     * The source does not understand the request.
     */
    BAD_REQUEST(false, RefusalCode.BAD_REQUEST),

    /**
     * The source has no such channel or series. The target asks again at intervals, since it may be made yet.
     */
    UNKNOWN_STREAM(true, RefusalCode.UNKNOWN_STREAM),

    /**
     * In the source's channel, no record begins where the copy ends: they are not the same.
     */
    NO_BOUNDARY(false, RefusalCode.NO_BOUNDARY),

    /**
     * The copy is longer than the source's channel, or has later channels than the source's series: the source lost
     * what it had sent, or is another one.
     */
    POSITION_BEYOND_END(false, RefusalCode.POSITION_BEYOND_END),

    /**
     * Other bytes stand before that position at the source than in the copy. After a loss of power the source's writer
     * gave up what the device had not taken, wrote on, and the copy has what was given up.
     */
    DIVERGED(false, RefusalCode.DIVERGED),

    /**
     * What follows in the series was deleted at the source.
     */
    POSITION_DELETED(false, RefusalCode.POSITION_DELETED),

    /**
     * The channel's records may be longer than one Aeron message: the term length of the response channel is too small
     * for them.
     */
    RECORD_TOO_LONG(false, RefusalCode.RECORD_TOO_LONG),

    /**
     * The source's channel is corrupt, or its file is none of a channel, and no writer will go on with it. Where its
     * series goes on behind it, no copy passes it by itself.
     */
    SOURCE_DAMAGED(false, RefusalCode.SOURCE_DAMAGED),

    /**
     * The source's machine was restarted, and what follows in its channel is not vouched for. The target asks again at
     * intervals, since a writer may take the channel over yet; in a series, the next writer closes it, wherever it
     * stands.
     */
    SOURCE_SUSPECT(true, RefusalCode.SOURCE_SUSPECT),

    /**
     * The source could not open what was asked for: the operating system refused it, for want of files or memory, say,
     * or of rights. The target asks again at intervals.
     */
    SOURCE_UNAVAILABLE(true, RefusalCode.SOURCE_UNAVAILABLE),

    /**
     * The copy that the target has is of another channel or series than the one that the source has.
     */
    OTHER_CHANNEL(false, null),

    /**
     * The copy cannot be made, opened or written.
     */
    COPY_FAILED(false, null),

    /**
     * The Aeron client that the caller handed over was closed, or its media driver is gone.
     */
    CLIENT_CLOSED(false, null);

    private static final RefusalReason[] REASONS = values();

    private final boolean isTransient;
    private final RefusalCode code;

    RefusalReason(final boolean isTransient, final RefusalCode code)
    {
        this.isTransient = isTransient;
        this.code = code;
    }

    /**
     * Whether the target asks again by itself.
     *
     * @return false where somebody has to look at it first.
     */
    public boolean isTransient()
    {
        return isTransient;
    }

    RefusalCode code()
    {
        return code;
    }

    /**
     * Why a source cannot serve a channel that it could not open at a position.
     */
    static RefusalReason of(final ChannelException thrown)
    {
        if (thrown instanceof ChannelNotFoundException || thrown instanceof StorageNotReadyException)
        {
            return UNKNOWN_STREAM;
        }
        if (thrown instanceof UnavailablePositionException)
        {
            return POSITION_BEYOND_END;
        }
        if (thrown instanceof InvalidPositionException)
        {
            return NO_BOUNDARY;
        }

        return thrown instanceof ChannelAccessException ? SOURCE_UNAVAILABLE : SOURCE_DAMAGED;
    }

    static RefusalReason of(final RefusalCode code)
    {
        for (final RefusalReason reason : REASONS)
        {
            if (reason.code == code)
            {
                return reason;
            }
        }

        return BAD_REQUEST;
    }
}
