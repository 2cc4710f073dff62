package io.kekbit.sbe;

import io.kekbit.marketdata.BookUpdateEncoder;
import io.kekbit.marketdata.MessageHeaderEncoder;
import io.kekbit.marketdata.TradeEncoder;
import io.kekbit.sbe.TestMessages.Numbered;
import io.kekbit.test.nested.BasketEncoder;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.ByteOrder;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class BlockLayoutTest
{
    private static final int NESTED_HEADER_LENGTH = 6;
    private static final int RANDOM_MESSAGES = 20_000;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[2048]);
    private final BlockLayout basket = TestFormats.NESTED.message(BasketEncoder.TEMPLATE_ID).root();
    private final BlockLayout bookUpdate = TestFormats.MARKET_DATA.message(BookUpdateEncoder.TEMPLATE_ID).root();

    @Test
    void shouldRequireWhatWriterOfVersionKnewWhenFieldsWereAddedLater()
    {
        final BlockLayout trade = TestFormats.MARKET_DATA.message(TradeEncoder.TEMPLATE_ID).root();

        assertEquals(57, trade.requiredLength(0));
        assertEquals(88, trade.requiredLength(1));
        assertEquals(88, trade.requiredLength(2));
    }

    @Test
    void shouldRequireNothingForConstantsWhenBlockHasSome()
    {
        assertEquals(8 + 4 + 1, basket.requiredLength(1));
        assertEquals(8 + 4 + 1 + 4, basket.requiredLength(2));
    }

    @Test
    void shouldTellFixedMessagesFromOthersWhenAsked()
    {
        assertTrue(TestFormats.MARKET_DATA.message(TradeEncoder.TEMPLATE_ID).root().isFixedLength());
        assertFalse(bookUpdate.isFixedLength());
    }

    @Test
    void shouldEndWhereMessageEndsWhenItIsWhole()
    {
        final int length = encodeBasket();

        assertEquals(length, end(basket, NESTED_HEADER_LENGTH, length, BasketEncoder.BLOCK_LENGTH, 2));
    }

    @Test
    void shouldBeMalformedWhenMessageIsCutAnywhere()
    {
        final int length = encodeBasket();
        for (int cut = NESTED_HEADER_LENGTH; cut < length; cut++)
        {
            assertEquals(
                BlockLayout.MALFORMED,
                end(basket, NESTED_HEADER_LENGTH, cut, BasketEncoder.BLOCK_LENGTH, 2),
                "cut=" + cut);
        }
    }

    @Test
    void shouldBeMalformedWhenGroupCountExceedsMessage()
    {
        final int length = encodeBookUpdate(3);
        buffer.putShort(8 + 56 + 2, (short)-1, ByteOrder.LITTLE_ENDIAN);

        assertEquals(BlockLayout.MALFORMED, end(bookUpdate, 8, length, 56, 1));
    }

    @Test
    void shouldBeMalformedWhenEntriesAreShorterThanTheirFields()
    {
        final int length = encodeBookUpdate(3);
        buffer.putShort(8 + 56, (short)31, ByteOrder.LITTLE_ENDIAN);

        assertEquals(BlockLayout.MALFORMED, end(bookUpdate, 8, length, 56, 1));
    }

    @Test
    void shouldBeMalformedWhenBlockIsShorterThanItsFields()
    {
        final BlockLayout trade = TestFormats.MARKET_DATA.message(TradeEncoder.TEMPLATE_ID).root();

        assertEquals(8 + 88, end(trade, 8, 8 + 88, 88, 1));
        assertEquals(BlockLayout.MALFORMED, end(trade, 8, 8 + 88, 87, 1));
    }

    @Test
    void shouldBeMalformedWhenEntriesWithGroupsAreShorterThanTheirFields()
    {
        final BasketEncoder encoder = new BasketEncoder()
            .wrapAndApplyHeader(buffer, 0, new io.kekbit.test.nested.MessageHeaderEncoder());
        encoder.ordersCount(1).next().number(0).legsCount(0);
        encoder.tagsCount(0);
        encoder.putComment(TestMessages.NOTE, 0, 0);
        final int length = NESTED_HEADER_LENGTH + encoder.encodedLength();
        final int entry = NESTED_HEADER_LENGTH + BasketEncoder.BLOCK_LENGTH + 3;
        buffer.putShort(entry - 2, (short)3, ByteOrder.BIG_ENDIAN);
        buffer.putBytes(entry + 3, buffer, entry + 4, length - entry - 4);

        assertEquals(BlockLayout.MALFORMED, end(basket, NESTED_HEADER_LENGTH, length - 1, 17, 2));
    }

    @Test
    void shouldStepOverLongerBlockWhenWriterIsNewer()
    {
        final int length = encodeBookUpdate(0);
        buffer.putBytes(8 + 56 + 16, buffer, 8 + 56, length - 8 - 56);

        assertEquals(length + 16, end(bookUpdate, 8, length + 16, 56 + 16, 9));
    }

    @Test
    void shouldEndWithinMessageOrBeMalformedWhenBytesAreRandom()
    {
        final long seed = System.nanoTime();
        final SplittableRandom random = new SplittableRandom(seed);
        final byte[] bytes = new byte[512];
        for (int i = 0; i < RANDOM_MESSAGES; i++)
        {
            random.nextBytes(bytes);
            // Small numbers are what gets deep into the structure.
            for (int j = 0; j < bytes.length; j++)
            {
                bytes[j] &= (byte)(random.nextInt(4) == 0 ? 0xFF : 3);
            }

            buffer.putBytes(0, bytes);
            final int limit = random.nextInt(NESTED_HEADER_LENGTH, bytes.length);
            final int end = end(basket, NESTED_HEADER_LENGTH, limit, random.nextInt(40), random.nextInt(3));
            assertTrue(
                end == BlockLayout.MALFORMED || end >= NESTED_HEADER_LENGTH && end <= limit,
                "seed=" + seed + " message=" + i + " end=" + end + " limit=" + limit);
        }
    }

    private int end(
        final BlockLayout layout, final int offset, final int limit, final int blockLength, final int version)
    {
        return layout.end(new UnsafeBuffer(buffer, 0, limit), offset, limit, blockLength, version);
    }

    private int encodeBasket()
    {
        final BasketEncoder encoder = new BasketEncoder()
            .wrapAndApplyHeader(buffer, 0, new io.kekbit.test.nested.MessageHeaderEncoder());
        TestMessages.basket(encoder, new Numbered(1));

        return NESTED_HEADER_LENGTH + encoder.encodedLength();
    }

    private int encodeBookUpdate(final int bids)
    {
        final BookUpdateEncoder encoder = new BookUpdateEncoder()
            .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
        TestMessages.bookUpdate(encoder, new Numbered(bids));

        return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
    }
}
