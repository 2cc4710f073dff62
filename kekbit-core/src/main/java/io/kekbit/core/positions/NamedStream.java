package io.kekbit.core.positions;

import io.kekbit.core.Lag;
import io.kekbit.core.ShmReader;

/**
 * What a named reader has to know of the stream it reads, beside how to read it. Used by the reader's thread.
 */
public interface NamedStream
{
    /**
     * The stream of a single channel.
     *
     * @param reader of the channel.
     * @return the stream, for as long as the reader is open.
     */
    static NamedStream of(final ShmReader reader)
    {
        return new ChannelStream(reader);
    }

    /**
     * Which stream it is.
     *
     * @return the identity.
     */
    StreamIdentity identity();

    /**
     * Up to where the stream outlives a loss of power, for sure: its records are on the device, and so is what says so.
     * Asked for often, so it has to be cheap as a rule and must not allocate.
     *
     * @return the position, which never goes back; 0 where nothing is known to be there.
     */
    long vouchedPosition();

    /**
     * A number that changes whenever a writer takes over, from one that died, what a position lies in: the channel, or
     * that channel of a series. Asked for often, mostly for where the reader is, so there it has to be cheap and must
     * not allocate.
     *
     * @param position in the stream.
     * @return the number; any other than before where what the position lies in is gone.
     */
    long writerEpoch(long position);

    /**
     * How far a position is behind.
     *
     * @param position of a record, of a heartbeat, or of the end of what is written.
     * @return the lag.
     * @throws io.kekbit.core.exceptions.ChannelException where the position is none of the stream.
     */
    Lag lag(long position);
}
