package io.kekbit.sbe;

import io.kekbit.core.ShmWriter;
import io.kekbit.core.Writer;
import io.kekbit.core.exceptions.EncodingException;
import io.kekbit.core.exceptions.NoSpaceForRecordException;
import io.kekbit.core.exceptions.WriterClosedException;
import io.kekbit.marketdata.BookUpdateEncoder;
import io.kekbit.marketdata.MessageHeaderDecoder;
import io.kekbit.marketdata.TradeDecoder;
import io.kekbit.marketdata.TradeEncoder;
import io.kekbit.sbe.TestMessages.Numbered;
import io.kekbit.test.extra.BlobDecoder;
import io.kekbit.test.extra.BlobEncoder;
import io.kekbit.test.nested.PingEncoder;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SbeClaimTest
{
    private static final int TRADE_RECORD = 8 + 8 + TradeEncoder.BLOCK_LENGTH;

    @TempDir
    private Path root;
    private ShmWriter<SbeDataFormat> writer;
    private SbeWriter sbe;
    private SbeClaim<TradeEncoder> trades;
    private SbeClaim<BookUpdateEncoder> updates;

    @BeforeEach
    void create()
    {
        writer = TestFormats.create(
            root, TestFormats.MARKET_DATA, TestFormats.SMALL_CAPACITY, TestFormats.SMALL_MAX_MESSAGE);
        sbe = new SbeWriter(writer);
        trades = sbe.claimFor(new TradeEncoder());
        updates = sbe.claimFor(new BookUpdateEncoder());
    }

    @AfterEach
    void close()
    {
        writer.close();
    }

    @Test
    void shouldPublishMessageWhenCommitted()
    {
        try (SbeClaim<TradeEncoder> claim = trades.claim())
        {
            TestMessages.trade(claim.encoder(), new Numbered(11));
            assertEquals(TRADE_RECORD, claim.commit());
        }

        final TradeDecoder decoder = new TradeDecoder()
            .wrapAndApplyHeader(TestFormats.records(root).get(0), 0, new MessageHeaderDecoder());
        assertEquals(11, decoder.tradeId());
    }

    @Test
    void shouldDoNoHarmWhenEncoderIsUsedAfterItsClaimAndNothingChecksBounds()
    {
        final TradeEncoder encoder = trades.encoder();
        for (int claims = 0; claims < 3; claims++)
        {
            // A store that nothing checks hits an array that is long enough, which is nobody else's.
            assertEquals(0, encoder.buffer().capacity());
            assertTrue(encoder.buffer().byteArray().length >= 8 + TradeEncoder.BLOCK_LENGTH, "claim " + claims);
            trades.claim();
            if (claims == 0)
            {
                trades.abort();
            }
            else
            {
                TestMessages.trade(encoder, new Numbered(claims));
                trades.commit();
            }
        }
    }

    @Test
    void shouldTakeNoMoreMemoryThanChannelAllowsWhenSchemaAllowsMuchMore()
    {
        final Path otherRoot = root.resolve("other");
        try (ShmWriter<SbeDataFormat> other =
            TestFormats.create(otherRoot, TestFormats.EXTRA, 256 * 1024, 1024))
        {
            final SbeClaim<BlobEncoder> blobs = new SbeWriter(other).claimFor(new BlobEncoder());
            // A GiB, as far as the schema goes.
            assertEquals(other.header().maxMessageLength(), blobs.encoder().buffer().byteArray().length);
            try (SbeClaim<BlobEncoder> claim = blobs.claim())
            {
                claim.encoder().putBytes(new byte[]{1, 2, 3}, 0, 3);
                assertEquals(40, claim.commit());
            }
        }

        final BlobDecoder decoder = new BlobDecoder().wrapAndApplyHeader(
            TestFormats.records(otherRoot).get(0), 0, new io.kekbit.test.extra.MessageHeaderDecoder());
        assertEquals(3, decoder.bytesLength());
    }

    @Test
    void shouldPublishNothingWhenClosedWithoutCommit()
    {
        try (SbeClaim<TradeEncoder> claim = trades.claim())
        {
            claim.encoder().tradeId(-1);
        }

        assertNothingPublished();
    }

    @Test
    void shouldPublishNothingWhenProducerThrows()
    {
        assertThrows(IllegalStateException.class, () ->
        {
            try (SbeClaim<TradeEncoder> claim = trades.claim())
            {
                claim.encoder().tradeId(-1);
                throw new IllegalStateException("from the application");
            }
        });

        assertNothingPublished();
    }

    @Test
    void shouldPublishNothingWhenEncoderOverruns()
    {
        assertThrows(IndexOutOfBoundsException.class, () ->
        {
            try (SbeClaim<BookUpdateEncoder> claim = updates.claim())
            {
                TestMessages.bookUpdate(claim.encoder(), new Numbered(9));
                claim.commit();
            }
        });

        assertNothingPublished();
    }

    @Test
    void shouldThrowWhenLimitPassedSlotSilently()
    {
        updates.claim();
        updates.encoder().limit(100_000);

        assertThrows(EncodingException.class, updates::commit);
        assertNothingPublished();
    }

    @Test
    void shouldSayNoSpaceWhenEndOfChannelCutSlotShort()
    {
        fillUpTo(96);
        updates.claim();
        updates.encoder().limit(100_000);

        assertThrows(NoSpaceForRecordException.class, updates::commit);
        assertEquals(96, writer.available());
    }

    @Test
    void shouldThrowWhenEncoderIsWrappedElsewhere()
    {
        trades.claim().encoder().wrap(new UnsafeBuffer(new byte[200]), 8);

        assertThrows(EncodingException.class, trades::commit);
        assertNothingPublished();
    }

    @Test
    void shouldNotTouchPublishedRecordWhenEncoderIsUsedAfterCommit()
    {
        final TradeEncoder retained = trades.claim().encoder();
        TestMessages.trade(retained, new Numbered(1));
        trades.commit();
        final List<UnsafeBuffer> before = TestFormats.records(root);

        assertThrows(IndexOutOfBoundsException.class, () -> retained.tradeId(666));
        assertEquals(before, TestFormats.records(root));
    }

    @Test
    void shouldNotTouchSlotOfAnotherClaimWhenEncoderIsUsedAfterAbort()
    {
        final TradeEncoder retained = trades.claim().encoder();
        trades.abort();
        final SbeClaim<TradeEncoder> other = sbe.claimFor(new TradeEncoder());
        other.claim();

        assertThrows(IndexOutOfBoundsException.class, () -> retained.tradeId(666));
        assertEquals(0, writer.slot().getLong(8 + TradeEncoder.tradeIdEncodingOffset()));
    }

    @Test
    void shouldRefuseToNestWhenItIsOpen()
    {
        trades.claim();

        assertThrows(IllegalStateException.class, trades::claim);
        assertThrows(IllegalStateException.class, updates::tryClaim);

        TestMessages.trade(trades.encoder(), new Numbered(1));
        trades.commit();
        assertEquals(1, TestFormats.records(root).size());
    }

    @Test
    void shouldRefuseCommitWhenItIsNotOpen()
    {
        assertThrows(IllegalStateException.class, trades::commit);

        trades.claim();
        trades.abort();
        assertThrows(IllegalStateException.class, trades::commit);
    }

    @Test
    void shouldNotEndClaimOfAnotherWhenClosedTwice()
    {
        trades.claim().close();
        updates.claim();

        trades.close();

        assertTrue(writer.slot().capacity() > 0);
    }

    @Test
    void shouldAnswerNegativeConstantWhenThereIsNoRoom()
    {
        fillUpTo(48);

        assertEquals(Writer.NO_SPACE, updates.tryClaim());
        assertEquals(Writer.TOO_LONG, updates.tryClaim(10_000));
        assertThrows(NoSpaceForRecordException.class, updates::claim);
        assertThrows(IllegalStateException.class, updates::commit);
    }

    @Test
    void shouldClaimWhatIsAskedForWhenGreatestLengthIsGiven()
    {
        assertEquals(8 + 112, updates.tryClaim(112));
        assertEquals(112, writer.slot().capacity());
        TestMessages.bookUpdate(updates.encoder(), new Numbered(0));
        assertEquals(8 + 112, updates.commit());
    }

    @Test
    void shouldLeaveNothingClaimedWhenRootBlockHasNoRoom()
    {
        assertThrows(IllegalArgumentException.class, () -> trades.claim(4));
        assertThrows(IllegalArgumentException.class, () -> trades.tryClaim(95));

        assertNothingPublished();
    }

    @Test
    void shouldTakeEncoderOffChannelWhenWriterIsClosedWhileClaimed()
    {
        final TradeEncoder encoder = trades.claim().encoder();
        writer.close();

        assertThrows(IndexOutOfBoundsException.class, () -> encoder.tradeId(5));
    }

    @Test
    void shouldThrowWhenWriterWasClosedMeanwhile()
    {
        trades.claim();
        TestMessages.trade(trades.encoder(), new Numbered(1));
        writer.close();

        assertThrows(WriterClosedException.class, trades::commit);
        assertThrows(WriterClosedException.class, trades::claim);
    }

    @Test
    void shouldRefuseEncoderWhenItsSchemaIsAnother()
    {
        assertThrows(IllegalArgumentException.class, () -> sbe.claimFor(new PingEncoder()));
    }

    private void assertNothingPublished()
    {
        assertEquals(0, TestFormats.records(root).size());
        writer.claim(TestFormats.SMALL_MAX_MESSAGE);
        for (int i = 0; i < TestFormats.SMALL_MAX_MESSAGE; i++)
        {
            assertEquals(0, writer.slot().getByte(i), "byte " + i + " of the slot");
        }
        writer.abort();
    }

    private void fillUpTo(final int available)
    {
        while (writer.available() > available)
        {
            writer.heartbeat();
        }
    }
}
