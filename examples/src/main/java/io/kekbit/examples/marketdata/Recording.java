package io.kekbit.examples.marketdata;

import io.kekbit.marketdata.BookUpdateEncoder;
import org.agrona.ExpandableArrayBuffer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The messages of an input as numbers, one behind the other in a buffer, so that publishing does nothing but publish.
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------------------------------------------------------+
 *  |                            Kind                               |  0
 *  +---------------------------------------------------------------+
 *  |                        Instrument id                          |  4
 *  +---------------------------------------------------------------+
 *  |                     Transact time, i64                        |  8
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |                      Receive time, i64                        |  16
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |                        First id, i64                          |  24
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |                        Last id, i64                           |  32
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |                       Aggressor side                          |  40
 *  +---------------------------------------------------------------+
 *  |                         Bid levels                            |  44
 *  +---------------------------------------------------------------+
 *  |                     Number of decimals                        |  48
 *  +---------------------------------------------------------------+
 *  |            Decimals: mantissa i64, exponent i32             ...  52
 * ...                                                              |
 *  +---------------------------------------------------------------+
 * </pre>
 */
final class Recording
{
    private static final int KIND_OFFSET = 0;
    private static final int INSTRUMENT_ID_OFFSET = 4;
    private static final int TRANSACT_TIME_OFFSET = 8;
    private static final int RECEIVE_TIME_OFFSET = 16;
    private static final int FIRST_ID_OFFSET = 24;
    private static final int LAST_ID_OFFSET = 32;
    private static final int AGGRESSOR_SIDE_OFFSET = 40;
    private static final int BID_LEVELS_OFFSET = 44;
    private static final int DECIMAL_COUNT_OFFSET = 48;
    private static final int DECIMALS_OFFSET = 52;
    private static final int DECIMAL_LENGTH = Long.BYTES + Integer.BYTES;

    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(1 << 20);
    private final Map<String, Instrument> instrumentBySymbol = new HashMap<>();
    private final List<Instrument> instruments = new ArrayList<>();
    private final List<Decimal> decimals = new ArrayList<>();
    private final ChannelSize size = new ChannelSize();
    private final String venue;
    private int length;
    private long messages;

    /**
     * Begin an empty recording.
     *
     * @param venue where the messages come from, at most 8 ASCII characters.
     */
    Recording(final String venue)
    {
        this.venue = venue;
    }

    /**
     * Add a message.
     *
     * @param message to take the values from.
     * @throws InvalidInputException where a value cannot be encoded. Nothing is added then.
     */
    void append(final InputMessage message) throws InvalidInputException
    {
        requireLevels(message.bidLevels());
        requireLevels(message.askLevels());
        parseDecimals(message.decimals());
        final Instrument instrument = instrument(message.symbol());
        final int count = message.decimals().size();
        final int start = length;
        buffer.putInt(start + KIND_OFFSET, message.kind().code());
        buffer.putInt(start + INSTRUMENT_ID_OFFSET, instrument.id());
        buffer.putLong(start + TRANSACT_TIME_OFFSET, message.transactTime());
        buffer.putLong(start + RECEIVE_TIME_OFFSET, message.receiveTime());
        buffer.putLong(start + FIRST_ID_OFFSET, message.firstId());
        buffer.putLong(start + LAST_ID_OFFSET, message.lastId());
        buffer.putInt(start + AGGRESSOR_SIDE_OFFSET, message.aggressorSide());
        buffer.putInt(start + BID_LEVELS_OFFSET, message.bidLevels());
        buffer.putInt(start + DECIMAL_COUNT_OFFSET, count);
        int index = start + DECIMALS_OFFSET;
        for (int i = 0; i < count; i++)
        {
            final Decimal decimal = decimals.get(i);
            buffer.putLong(index, decimal.mantissa());
            buffer.putInt(index + Long.BYTES, decimal.exponent());
            instrument.seen(decimal, (i & 1) == 0);
            index += DECIMAL_LENGTH;
        }
        length = index;

        size.add(message.kind(), count);
        messages++;
    }

    /**
     * The number of messages.
     */
    long messages()
    {
        return messages;
    }

    /**
     * The room that the messages take in a channel.
     */
    ChannelSize size()
    {
        return size;
    }

    /**
     * What is traded, as far as the messages tell.
     */
    List<Instrument> instruments()
    {
        return instruments;
    }

    /**
     * A view of one message after the other.
     *
     * @return a cursor before the first message.
     */
    Cursor cursor()
    {
        return new Cursor();
    }

    private static void requireLevels(final int levels) throws InvalidInputException
    {
        // The same for bids and asks.
        final int max = BookUpdateEncoder.BidsEncoder.countMaxValue();
        if (levels > max)
        {
            throw new InvalidInputException("more than " + max + " levels: " + levels);
        }
    }

    private void parseDecimals(final List<String> texts) throws InvalidInputException
    {
        while (decimals.size() < texts.size())
        {
            decimals.add(new Decimal());
        }
        for (int i = 0; i < texts.size(); i++)
        {
            decimals.get(i).parse(texts.get(i));
        }
    }

    private Instrument instrument(final String symbol) throws InvalidInputException
    {
        final Instrument known = instrumentBySymbol.get(symbol);
        if (known != null)
        {
            return known;
        }

        final boolean isPrintable = symbol.chars().allMatch((c) -> c > ' ' && c < 127);
        if (symbol.isEmpty() || symbol.length() > Symbol.MAX_LENGTH || !isPrintable)
        {
            throw new InvalidInputException(
                "not a symbol of 1 to " + Symbol.MAX_LENGTH + " ASCII characters: \"" + symbol + "\"");
        }
        final Instrument instrument = new Instrument(instruments.size() + 1, symbol, venue);
        instruments.add(instrument);
        size.addDefinition();
        instrumentBySymbol.put(symbol, instrument);

        return instrument;
    }

    /**
     * A view of one message after the other. Allocates nothing.
     */
    final class Cursor
    {
        private int start;
        private int end;

        private Cursor()
        {
        }

        /**
         * Go to the next message.
         *
         * @return false where there is none, and the next call goes to the first again.
         */
        boolean next()
        {
            if (end == length)
            {
                end = 0;
                return false;
            }

            start = end;
            end = start + DECIMALS_OFFSET + decimalCount() * DECIMAL_LENGTH;

            return true;
        }

        MessageKind kind()
        {
            return MessageKind.of(buffer.getInt(start + KIND_OFFSET));
        }

        int instrumentId()
        {
            return buffer.getInt(start + INSTRUMENT_ID_OFFSET);
        }

        long transactTime()
        {
            return buffer.getLong(start + TRANSACT_TIME_OFFSET);
        }

        long receiveTime()
        {
            return buffer.getLong(start + RECEIVE_TIME_OFFSET);
        }

        long firstId()
        {
            return buffer.getLong(start + FIRST_ID_OFFSET);
        }

        long lastId()
        {
            return buffer.getLong(start + LAST_ID_OFFSET);
        }

        int aggressorSide()
        {
            return buffer.getInt(start + AGGRESSOR_SIDE_OFFSET);
        }

        int bidLevels()
        {
            return buffer.getInt(start + BID_LEVELS_OFFSET);
        }

        int decimalCount()
        {
            return buffer.getInt(start + DECIMAL_COUNT_OFFSET);
        }

        long mantissa(final int decimal)
        {
            return buffer.getLong(decimalOffset(decimal));
        }

        byte exponent(final int decimal)
        {
            return (byte)buffer.getInt(decimalOffset(decimal) + Long.BYTES);
        }

        private int decimalOffset(final int decimal)
        {
            return start + DECIMALS_OFFSET + decimal * DECIMAL_LENGTH;
        }
    }
}
