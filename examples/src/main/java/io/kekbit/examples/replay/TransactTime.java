package io.kekbit.examples.replay;

import io.kekbit.core.replay.TimestampExtractor;
import io.kekbit.marketdata.MessageHeaderDecoder;
import io.kekbit.marketdata.TradeDecoder;
import org.agrona.DirectBuffer;

import java.nio.ByteOrder;

/**
 * The venue's time in a message of the market data schema: it stands at the same place in all of them, so that no
 * decoder is needed. Its null value is -1 as a long, which is what means that there is none here, too.
 */
final class TransactTime implements TimestampExtractor
{
    /**
     * Where the time is in a record.
     */
    static final int OFFSET = MessageHeaderDecoder.ENCODED_LENGTH + TradeDecoder.transactTimeEncodingOffset();

    @Override
    public long timestamp(final DirectBuffer buffer, final int offset, final int length)
    {
        return length < OFFSET + Long.BYTES ? NO_TIME : buffer.getLong(offset + OFFSET, ByteOrder.LITTLE_ENDIAN);
    }
}
