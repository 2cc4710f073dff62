package io.kekbit.aeron.replication;

import io.kekbit.aeron.replication.codecs.RefusalCode;

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
