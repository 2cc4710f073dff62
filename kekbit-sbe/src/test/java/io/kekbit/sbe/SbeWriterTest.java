package io.kekbit.sbe;

import io.kekbit.core.EnvelopeWriter;
import io.kekbit.core.Header;
import io.kekbit.core.ShmReader;
import io.kekbit.core.ShmWriter;
import io.kekbit.core.Writer;
import io.kekbit.core.exceptions.ChannelFullException;
import io.kekbit.core.exceptions.EmptyRecordException;
import io.kekbit.core.exceptions.EncodingException;
import io.kekbit.core.exceptions.NoSpaceForRecordException;
import io.kekbit.core.exceptions.RecordTooLongException;
import io.kekbit.core.exceptions.WriterClosedException;
import io.kekbit.core.handlers.SequenceHandler;
import io.kekbit.marketdata.BookUpdateDecoder;
import io.kekbit.marketdata.BookUpdateEncoder;
import io.kekbit.marketdata.MessageHeaderDecoder;
import io.kekbit.marketdata.MessageHeaderEncoder;
import io.kekbit.marketdata.TradeDecoder;
import io.kekbit.marketdata.TradeEncoder;
import io.kekbit.sbe.TestMessages.Numbered;
import io.kekbit.test.extra.NothingEncoder;
import io.kekbit.test.nested.BasketDecoder;
import io.kekbit.test.nested.BasketEncoder;
import io.kekbit.test.nested.PingEncoder;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SbeWriterTest
{
    private static final int TRADE_LENGTH = MessageHeaderEncoder.ENCODED_LENGTH + TradeEncoder.BLOCK_LENGTH;
    private static final int TRADE_RECORD = 8 + TRADE_LENGTH;

    @TempDir
    private Path root;
    private final TradeEncoder trade = new TradeEncoder();
    private final BookUpdateEncoder update = new BookUpdateEncoder();
    private ShmWriter<SbeDataFormat> writer;
    private SbeWriter sbe;

    @AfterEach
    void close()
    {
        if (writer != null)
        {
            writer.close();
        }
    }

    @Test
    void shouldWriteWhatGeneratedCodeWritesWhenMessageIsFixed()
    {
        create(TestFormats.MARKET_DATA);
        final UnsafeBuffer expected = new UnsafeBuffer(new byte[TRADE_LENGTH]);
        TestMessages.trade(
            new TradeEncoder().wrapAndApplyHeader(expected, 0, new MessageHeaderEncoder()), new Numbered(42));

        final long bytes = sbe.write(trade, new Numbered(42), TestMessages::trade);

        assertEquals(TRADE_RECORD, bytes);
        assertEquals(List.of(expected), TestFormats.records(root));
    }

    @Test
    void shouldPublishExactLengthWhenMessageHasGroups()
    {
        create(TestFormats.MARKET_DATA);

        sbe.write(update, new Numbered(100), TestMessages::bookUpdate);

        final UnsafeBuffer record = TestFormats.records(root).get(0);
        final BookUpdateDecoder decoder = new BookUpdateDecoder()
            .wrapAndApplyHeader(record, 0, new MessageHeaderDecoder());
        assertEquals(record.capacity(), 8 + decoder.sbeDecodedLength());
        assertEquals(100, decoder.bids().count());
    }

    @Test
    void shouldPublishExactLengthWhenGroupsNestAndHeaderIsUnusual()
    {
        create(TestFormats.NESTED);

        sbe.write(new BasketEncoder(), new Numbered(3), TestMessages::basket);

        final UnsafeBuffer record = TestFormats.records(root).get(0);
        final BasketDecoder decoder = new BasketDecoder()
            .wrapAndApplyHeader(record, 0, new io.kekbit.test.nested.MessageHeaderDecoder());
        assertEquals(record.capacity(), 6 + decoder.sbeDecodedLength());
        assertEquals(3, decoder.stamp());
    }

    @Test
    void shouldWriteHeaderAloneWhenMessageHasNoFields()
    {
        create(TestFormats.EXTRA);

        sbe.write(new NothingEncoder(), this, SbeWriterTest::setNothing);

        assertEquals(20, TestFormats.records(root).get(0).capacity());
    }

    @Test
    void shouldClaimNoMoreThanMessageTakesWhenItIsFixed()
    {
        create(TestFormats.MARKET_DATA, TestFormats.SMALL_CAPACITY, TestFormats.SMALL_MAX_MESSAGE);
        fillUpTo(TRADE_RECORD);

        assertEquals(TRADE_RECORD, sbe.tryWrite(trade, new Numbered(1), TestMessages::trade));
        assertEquals(0, writer.available());
    }

    @Test
    void shouldWriteLevelsOfRealBooksWhenChannelAllows()
    {
        final int maxLength = TestFormats.MARKET_DATA.maxLength(BookUpdateEncoder.TEMPLATE_ID, 1000, 1);
        create(TestFormats.MARKET_DATA, 16 << 20, maxLength);

        sbe.write(update, new Numbered(1000), TestMessages::bookUpdate);

        assertEquals(8 + 56 + 8 + 1000 * 32 + 8 + 32, TestFormats.records(root).get(0).capacity());
    }

    @Test
    void shouldNotCallFillWhenNotEvenRootBlockFits()
    {
        create(TestFormats.MARKET_DATA, TestFormats.SMALL_CAPACITY, TestFormats.SMALL_MAX_MESSAGE);
        fillUpTo(48);

        assertEquals(Writer.NO_SPACE, sbe.tryWrite(update, this, SbeWriterTest::neverCalled));
        assertThrows(NoSpaceForRecordException.class, () -> sbe.write(update, this, SbeWriterTest::neverCalled));
    }

    @Test
    void shouldSayChannelIsFullWhenNothingFits()
    {
        create(TestFormats.MARKET_DATA, TestFormats.SMALL_CAPACITY, TestFormats.SMALL_MAX_MESSAGE);
        fillUpTo(8);

        assertEquals(Writer.CHANNEL_FULL, sbe.tryWrite(update, this, SbeWriterTest::neverCalled));
        assertThrows(ChannelFullException.class, () -> sbe.write(trade, this, SbeWriterTest::neverCalled));
    }

    @Test
    void shouldSayNoSpaceWhenEndOfChannelCutSlotShort()
    {
        create(TestFormats.MARKET_DATA, TestFormats.SMALL_CAPACITY, TestFormats.SMALL_MAX_MESSAGE);
        fillUpTo(104);

        assertUnchanged(() -> assertThrows(
            NoSpaceForRecordException.class, () -> sbe.write(update, new Numbered(0), TestMessages::bookUpdate)));
        assertUnchanged(() -> assertEquals(
            Writer.NO_SPACE, sbe.tryWrite(update, new Numbered(0), TestMessages::bookUpdate)));
    }

    @Test
    void shouldSayNoSpaceWhenLimitPassedShortenedSlotSilently()
    {
        create(TestFormats.MARKET_DATA, TestFormats.SMALL_CAPACITY, TestFormats.SMALL_MAX_MESSAGE);
        fillUpTo(96);

        assertUnchanged(() -> assertEquals(
            Writer.NO_SPACE, sbe.tryWrite(update, this, SbeWriterTest::passSlotSilently)));
    }

    @Test
    void shouldThrowWhenMessageIsLongerThanChannelAllows()
    {
        create(TestFormats.MARKET_DATA, TestFormats.SMALL_CAPACITY, TestFormats.SMALL_MAX_MESSAGE);

        assertUnchanged(() ->
        {
            final EncodingException exception = assertThrows(
                EncodingException.class, () -> sbe.write(update, new Numbered(1), TestMessages::bookUpdate));
            assertTrue(exception.getMessage().contains("templateId=5 "), exception.getMessage());
            assertEquals(writer.file(), exception.file());
            assertEquals(IndexOutOfBoundsException.class, exception.getCause().getClass());
        });
    }

    @Test
    void shouldThrowWhenLimitPassedSlotSilently()
    {
        create(TestFormats.MARKET_DATA, TestFormats.SMALL_CAPACITY, TestFormats.SMALL_MAX_MESSAGE);

        assertUnchanged(() -> assertThrows(
            EncodingException.class, () -> sbe.tryWrite(update, this, SbeWriterTest::passSlotSilently)));
    }

    @Test
    void shouldLeaveRoomForEnvelopeWhenChannelHasOne()
    {
        final Header header = Header.builder()
            .channelId(TestFormats.CHANNEL_ID)
            .capacity(TestFormats.SMALL_CAPACITY)
            .maxMessageLength(TestFormats.SMALL_MAX_MESSAGE)
            .build();
        try (EnvelopeWriter<SbeDataFormat> enveloped = EnvelopeWriter.create(
            ShmWriter.builder(root, header, TestFormats.MARKET_DATA), new SequenceHandler()))
        {
            sbe = new SbeWriter(enveloped);
            sbe.write(update, new Numbered(0), TestMessages::bookUpdate);
            assertThrows(EncodingException.class, () -> sbe.write(update, new Numbered(1), TestMessages::bookUpdate));
        }

        try (ShmReader reader = ShmReader.open(root, TestFormats.CHANNEL_ID, TestFormats.MARKET_DATA))
        {
            assertTrue(reader.next());
            assertEquals(112, reader.length());
        }
    }

    @Test
    void shouldRefuseRecordWhenRootBlockIsLongerThanChannelAllows()
    {
        create(TestFormats.MARKET_DATA, TestFormats.SMALL_CAPACITY, 64);

        assertEquals(Writer.TOO_LONG, sbe.tryWrite(trade, this, SbeWriterTest::neverCalled));
        assertThrows(RecordTooLongException.class, () -> sbe.write(trade, this, SbeWriterTest::neverCalled));
    }

    @Test
    void shouldPublishNothingWhenFillThrows()
    {
        create(TestFormats.MARKET_DATA);
        final IllegalStateException cause = new IllegalStateException("from the application");

        assertUnchanged(() ->
        {
            final EncodingException exception = assertThrows(
                EncodingException.class, () -> sbe.tryWrite(trade, cause, SbeWriterTest::setAndThrow));
            assertSame(cause, exception.getCause());
        });
    }

    @Test
    void shouldPublishNothingWhenFillThrowsError()
    {
        create(TestFormats.MARKET_DATA);
        final AssertionError cause = new AssertionError("from the application");

        assertUnchanged(() -> assertSame(
            cause, assertThrows(AssertionError.class, () -> sbe.write(trade, cause, SbeWriterTest::setAndThrowError))));
    }

    @Test
    void shouldPublishNothingWhenGroupsAreSetInWrongOrder()
    {
        create(TestFormats.MARKET_DATA);

        assertUnchanged(() -> assertThrows(
            EncodingException.class,
            () -> sbe.write(update, this, SbeWriterTest::setAsksBeforeBids)));
    }

    @Test
    void shouldPublishNothingWhenEncoderIsWrappedElsewhere()
    {
        create(TestFormats.MARKET_DATA);

        assertUnchanged(() -> assertThrows(
            EncodingException.class, () -> sbe.write(trade, this, SbeWriterTest::wrapElsewhere)));
    }

    @Test
    void shouldPublishNothingWhenLimitIsMovedBeforeBlock()
    {
        create(TestFormats.MARKET_DATA);

        assertUnchanged(() -> assertThrows(
            EncodingException.class, () -> sbe.write(trade, this, SbeWriterTest::lowerLimit)));
    }

    @Test
    void shouldPublishShorterMessageWhenFillRewinds()
    {
        create(TestFormats.MARKET_DATA);

        sbe.write(update, this, SbeWriterTest::rewind);
        sbe.write(trade, new Numbered(1), TestMessages::trade);

        final List<UnsafeBuffer> records = TestFormats.records(root);
        assertEquals(2, records.size());
        assertEquals(8 + 56 + 8 + 8, records.get(0).capacity());
        assertEquals(TRADE_LENGTH, records.get(1).capacity());
    }

    @Test
    void shouldRefuseEncoderWhenItsSchemaIsAnother()
    {
        create(TestFormats.MARKET_DATA);

        assertUnchanged(() -> assertThrows(
            IllegalArgumentException.class, () -> sbe.write(new PingEncoder(), this, SbeWriterTest::neverCalled)));
    }

    @Test
    void shouldWriteEveryMessageAsItsKindWhenKindsTakeTurnsAndOneIsRefused()
    {
        create(TestFormats.MARKET_DATA);

        for (int i = 0; i < 2; i++)
        {
            sbe.write(trade, new Numbered(1), TestMessages::trade);
            sbe.write(update, new Numbered(2), TestMessages::bookUpdate);
            assertThrows(
                IllegalArgumentException.class,
                () -> sbe.write(new BasketEncoder(), new Numbered(3), TestMessages::basket));
            sbe.tryWrite(update, new Numbered(4), TestMessages::bookUpdate);
        }

        final MessageHeaderDecoder header = new MessageHeaderDecoder();
        final List<Integer> templateIds = TestFormats.records(root).stream()
            .map((record) -> header.wrap(record, 0).templateId()).toList();
        final List<Integer> once =
            List.of(TradeEncoder.TEMPLATE_ID, BookUpdateEncoder.TEMPLATE_ID, BookUpdateEncoder.TEMPLATE_ID);
        assertEquals(once, templateIds.subList(0, 3));
        assertEquals(once, templateIds.subList(3, templateIds.size()));
    }

    @Test
    void shouldRefuseEncoderWhenItIsNewerThanChannelsSchema()
    {
        create(TestFormats.MARKET_DATA_V0);

        assertUnchanged(() -> assertThrows(
            IllegalArgumentException.class, () -> sbe.write(trade, this, SbeWriterTest::neverCalled)));
    }

    @Test
    void shouldClaimWhatIsAskedForWhenGreatestLengthIsGiven()
    {
        create(TestFormats.MARKET_DATA, TestFormats.SMALL_CAPACITY, TestFormats.SMALL_MAX_MESSAGE);
        final int maxLength = TestFormats.MARKET_DATA.maxLength(BookUpdateEncoder.TEMPLATE_ID, 0, 1);
        fillUpTo(maxLength);

        assertEquals(112, maxLength);
        assertEquals(Writer.NO_SPACE, sbe.tryWrite(update, maxLength, this, SbeWriterTest::neverCalled));
    }

    @Test
    void shouldWriteMessageWhenGreatestLengthIsGivenAndFits()
    {
        create(TestFormats.MARKET_DATA, TestFormats.SMALL_CAPACITY, TestFormats.SMALL_MAX_MESSAGE);

        assertEquals(8 + 112, sbe.write(update, 112, new Numbered(0), TestMessages::bookUpdate));
    }

    @Test
    void shouldThrowWhenMessageIsLongerThanGreatestLengthGiven()
    {
        create(TestFormats.MARKET_DATA);

        assertUnchanged(() -> assertThrows(
            EncodingException.class, () -> sbe.tryWrite(update, 111, new Numbered(0), TestMessages::bookUpdate)));
    }

    @Test
    void shouldRefuseGreatestLengthWhenRootBlockHasNoRoom()
    {
        create(TestFormats.MARKET_DATA);

        assertUnchanged(() -> assertThrows(
            IllegalArgumentException.class,
            () -> sbe.tryWrite(trade, TRADE_LENGTH - 1, this, SbeWriterTest::neverCalled)));
    }

    @Test
    void shouldNotTouchPublishedRecordWhenEncoderIsUsedAfterwards()
    {
        create(TestFormats.MARKET_DATA);
        sbe.write(trade, new Numbered(1), TestMessages::trade);
        final List<UnsafeBuffer> before = TestFormats.records(root);

        assertThrows(IndexOutOfBoundsException.class, () -> trade.tradeId(666));
        assertEquals(before, TestFormats.records(root));
    }

    @Test
    void shouldThrowWhenWriterIsClosed()
    {
        create(TestFormats.MARKET_DATA);
        writer.close();

        assertEquals(Writer.CLOSED, sbe.tryWrite(update, this, SbeWriterTest::neverCalled));
        assertThrows(WriterClosedException.class, () -> sbe.write(trade, this, SbeWriterTest::neverCalled));
    }

    @Test
    void shouldPublishWhatSlotFillWroteWhenItAnswersLength()
    {
        create(TestFormats.MARKET_DATA);

        assertEquals(
            TRADE_RECORD, sbe.writeSlot(500, new Numbered(9), SbeWriterTest::tradeWithHeader));

        final TradeDecoder decoder = new TradeDecoder()
            .wrapAndApplyHeader(TestFormats.records(root).get(0), 0, new MessageHeaderDecoder());
        assertEquals(9, decoder.tradeId());
    }

    @Test
    void shouldPublishNothingWhenSlotFillOverruns()
    {
        create(TestFormats.MARKET_DATA);

        assertUnchanged(() -> assertThrows(
            EncodingException.class,
            () -> sbe.tryWriteSlot(TRADE_LENGTH - 1, new Numbered(9), SbeWriterTest::tradeWithHeader)));
    }

    @Test
    void shouldPublishNothingWhenSlotFillAnswersImpossibleLength()
    {
        create(TestFormats.MARKET_DATA);

        assertUnchanged(() ->
        {
            assertThrows(
                EncodingException.class, () -> sbe.writeSlot(100, 101, (slot, offset, length) -> length));
            assertThrows(
                EmptyRecordException.class, () -> sbe.writeSlot(100, 0, (slot, offset, length) -> length));
        });
    }

    @Test
    void shouldAnswerNegativeConstantWhenThereIsNoRoomForSlot()
    {
        create(TestFormats.MARKET_DATA, TestFormats.SMALL_CAPACITY, TestFormats.SMALL_MAX_MESSAGE);
        fillUpTo(96);

        assertEquals(Writer.NO_SPACE, sbe.tryWriteSlot(100, this, (slot, offset, context) -> 1));
        assertEquals(Writer.TOO_LONG, sbe.tryWriteSlot(1000, this, (slot, offset, context) -> 1));
    }

    @Test
    void shouldAllowNoWriteWithinFillWhenOneIsUnderWay()
    {
        create(TestFormats.MARKET_DATA);

        assertUnchanged(() -> assertThrows(
            EncodingException.class, () -> sbe.write(trade, sbe, SbeWriterTest::writeAgain)));
    }

    private void create(final SbeDataFormat format)
    {
        create(format, TestFormats.CAPACITY, TestFormats.MAX_MESSAGE);
    }

    private void create(final SbeDataFormat format, final long capacity, final int maxMessageLength)
    {
        writer = TestFormats.create(root, format, capacity, maxMessageLength);
        sbe = new SbeWriter(writer);
    }

    private void fillUpTo(final int available)
    {
        while (writer.available() > available)
        {
            writer.heartbeat();
        }
    }

    /**
     * Nothing is published, the rest of the channel is as zero as before, and a further message fits in.
     */
    private void assertUnchanged(final Executable failure)
    {
        assertNotNull(writer);
        final long offset = writer.writeOffset();
        final long available = writer.available();
        final int records = TestFormats.records(root).size();
        try
        {
            failure.execute();
        }
        catch (final Throwable ex)
        {
            throw ex instanceof final AssertionError error ? error : new AssertionError(ex);
        }

        assertEquals(offset, writer.writeOffset());
        assertEquals(available, writer.available());
        assertEquals(records, TestFormats.records(root).size());

        final int length = (int)Math.min(writer.header().maxMessageLength(), writer.available() - 8);
        writer.claim(length);
        for (int i = 0; i < length; i++)
        {
            assertEquals(0, writer.slot().getByte(i), "byte " + i + " of the slot");
        }
        writer.abort();
    }

    private static void neverCalled(final Object encoder, final Object context)
    {
        throw new AssertionError("called");
    }

    private static void setNothing(final NothingEncoder encoder, final Object context)
    {
    }

    private static void setAndThrow(final TradeEncoder encoder, final RuntimeException exception)
    {
        encoder.tradeId(-1).sendingTime(-1);
        throw exception;
    }

    private static void setAndThrowError(final TradeEncoder encoder, final Error error)
    {
        encoder.tradeId(-1).sendingTime(-1);
        throw error;
    }

    private static void setAsksBeforeBids(final BookUpdateEncoder encoder, final Object context)
    {
        encoder.asksCount(1).next().orderCount(-1);
        encoder.bidsCount(0);
    }

    private static void passSlotSilently(final BookUpdateEncoder encoder, final Object context)
    {
        encoder.limit(encoder.limit() + 100_000);
    }

    private static void wrapElsewhere(final TradeEncoder encoder, final Object context)
    {
        encoder.tradeId(-1).wrap(new UnsafeBuffer(new byte[200]), 8);
    }

    private static void lowerLimit(final TradeEncoder encoder, final Object context)
    {
        encoder.tradeId(-1).limit(20);
    }

    private static void rewind(final BookUpdateEncoder encoder, final Object context)
    {
        TestMessages.bookUpdate(encoder, new Numbered(10));
        encoder.wrap(encoder.buffer(), encoder.offset()).bidsCount(0);
        encoder.asksCount(0);
    }

    private static void writeAgain(final TradeEncoder encoder, final SbeWriter sbe)
    {
        encoder.tradeId(-1);
        sbe.write(new TradeEncoder(), new Numbered(1), TestMessages::trade);
    }

    private static int tradeWithHeader(
        final MutableDirectBuffer slot, final int offset, final Numbered numbered)
    {
        final TradeEncoder encoder = new TradeEncoder().wrapAndApplyHeader(slot, offset, new MessageHeaderEncoder());
        TestMessages.trade(encoder, numbered);

        return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
    }
}
