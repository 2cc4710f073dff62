package io.kekbit.examples.marketdata;

import io.kekbit.core.DataFormat;
import io.kekbit.core.RecordHandler;
import io.kekbit.sbe.SbeDispatcher;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.EpochNanoClock;

/**
 * Decodes market data, message after message, and computes the digest of its values, to be compared with
 * {@link RecordedMarketData#digest()}. Allocates nothing for a message.
 */
public final class MarketDataDigest implements RecordHandler
{
    private final MessageHandlers handlers;
    private final SbeDispatcher<MessageHandlers> dispatcher;

    /**
     * Nothing decoded yet.
     *
     * @param clock that tells when a message is handled: of a replay, the time at which it was recorded.
     */
    public MarketDataDigest(final EpochNanoClock clock)
    {
        handlers = new MessageHandlers(clock);
        dispatcher = handlers.dispatcher(MarketDataFormat.INSTANCE);
    }

    /**
     * What a channel has to hold to be decoded by this.
     *
     * @return the format.
     */
    public static DataFormat format()
    {
        return MarketDataFormat.INSTANCE;
    }

    @Override
    public void onRecord(
        final DirectBuffer buffer, final int offset, final int length, final long position, final long nextPosition)
    {
        dispatcher.onRecord(buffer, offset, length, position, nextPosition);
    }

    /**
     * How many messages of which kind came.
     *
     * @return the numbers as text.
     */
    public String counts()
    {
        return handlers.counts().summary();
    }

    /**
     * The digest of all messages so far. Ends this object's life.
     *
     * @return the digest in hexadecimal.
     */
    public String hex()
    {
        return handlers.digest();
    }
}
