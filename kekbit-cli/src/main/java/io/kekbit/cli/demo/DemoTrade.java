package io.kekbit.cli.demo;

import io.kekbit.sbe.SbeDataFormat;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import java.util.SplittableRandom;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * The message {@code Trade} of the schema {@code schemas/market-data.xml}, put down field by field: the command has no
 * generated codecs on its class path, so that what it shows of a channel comes from the channel alone. Prices go up and
 * down by chance, the same way each time. Not thread-safe.
 */
final class DemoTrade
{
    /**
     * Bytes of the message with its header.
     */
    static final int LENGTH = 8 + 88;

    private static final int BLOCK_LENGTH = 88;
    private static final int TEMPLATE_ID = 2;
    private static final int SCHEMA_ID = 19_266;
    private static final int SCHEMA_VERSION = 1;

    private static final int HEADER_LENGTH = 8;
    private static final int SENDING_TIME = HEADER_LENGTH;
    private static final int TRANSACT_TIME = HEADER_LENGTH + 8;
    private static final int INSTRUMENT_ID = HEADER_LENGTH + 16;
    private static final int AGGRESSOR_SIDE = HEADER_LENGTH + 20;
    private static final int TRADE_ID = HEADER_LENGTH + 24;
    private static final int PRICE = HEADER_LENGTH + 32;
    private static final int QUANTITY = HEADER_LENGTH + 48;
    private static final int RECEIVE_TIME = HEADER_LENGTH + 64;
    private static final int BUY_ORDER_ID = HEADER_LENGTH + 72;
    private static final int SELL_ORDER_ID = HEADER_LENGTH + 80;
    private static final int EXPONENT = 8;
    private static final long NULL = -1;

    private static final int INSTRUMENTS = 4;
    private static final long FIRST_PRICE = 9_512_340;
    private static final long GREATEST_STEP = 50;
    private static final byte CENTS = -2;
    private static final byte MILLIONTHS = -6;

    private final SplittableRandom random = new SplittableRandom(1_850);
    private long price = FIRST_PRICE;

    /**
     * The format of a channel that holds such messages.
     */
    static SbeDataFormat format()
    {
        return SbeDataFormat.fromResource(SbeDataFormat.class, "META-INF/sbe/market-data.sbeir");
    }

    /**
     * The number in a trade.
     *
     * @param buffer that holds the message.
     * @param offset of its header.
     * @return what {@link #encode} was given.
     */
    static long tradeId(final DirectBuffer buffer, final int offset)
    {
        return buffer.getLong(offset + TRADE_ID, LITTLE_ENDIAN);
    }

    /**
     * Encode the next trade.
     *
     * @param slot    to encode into, at its start. What is not set is 0 there.
     * @param tradeId its number.
     * @param nowNs   in nanoseconds since 1970-01-01T00:00Z.
     */
    void encode(final MutableDirectBuffer slot, final long tradeId, final long nowNs)
    {
        price = Math.max(1, price + random.nextLong(-GREATEST_STEP, GREATEST_STEP + 1));

        slot.putShort(0, (short)BLOCK_LENGTH, LITTLE_ENDIAN);
        slot.putShort(2, (short)TEMPLATE_ID, LITTLE_ENDIAN);
        slot.putShort(4, (short)SCHEMA_ID, LITTLE_ENDIAN);
        slot.putShort(6, (short)SCHEMA_VERSION, LITTLE_ENDIAN);
        slot.putLong(SENDING_TIME, nowNs, LITTLE_ENDIAN);
        slot.putLong(TRANSACT_TIME, NULL, LITTLE_ENDIAN);
        slot.putInt(INSTRUMENT_ID, 1 + random.nextInt(INSTRUMENTS), LITTLE_ENDIAN);
        slot.putByte(AGGRESSOR_SIDE, (byte)(1 + random.nextInt(2)));
        slot.putLong(TRADE_ID, tradeId, LITTLE_ENDIAN);
        slot.putLong(PRICE, price, LITTLE_ENDIAN);
        slot.putByte(PRICE + EXPONENT, CENTS);
        slot.putLong(QUANTITY, random.nextLong(1, 5_000_000), LITTLE_ENDIAN);
        slot.putByte(QUANTITY + EXPONENT, MILLIONTHS);
        slot.putLong(RECEIVE_TIME, NULL, LITTLE_ENDIAN);
        slot.putLong(BUY_ORDER_ID, NULL, LITTLE_ENDIAN);
        slot.putLong(SELL_ORDER_ID, NULL, LITTLE_ENDIAN);
    }
}
