package io.kekbit.examples.replay;

import io.kekbit.core.replay.TimestampExtractor;
import io.kekbit.examples.support.TestProcess;
import io.kekbit.marketdata.BestBidOfferDecoder;
import io.kekbit.marketdata.BookSnapshotDecoder;
import io.kekbit.marketdata.BookUpdateDecoder;
import io.kekbit.marketdata.InstrumentDefinitionDecoder;
import io.kekbit.marketdata.MessageHeaderDecoder;
import io.kekbit.marketdata.TradeDecoder;
import io.kekbit.marketdata.TradingStatusDecoder;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ReplayTest
{
    private static final Pattern DIGESTS = Pattern.compile(
        "^digest of the recording: ([0-9a-f]{64})\ndigest of the replay:    ([0-9a-f]{64})$", Pattern.MULTILINE);

    @TempDir
    private Path folder;

    @Test
    void shouldReplayWeekOfTradesInSecondsWhenNoOptionIsGiven() throws Exception
    {
        try (TestProcess example = new TestProcess(folder, "replay"))
        {
            assertEquals(0, example.awaitExit(), example.out() + example.err());
            assertSameDigests(example.out());
            assertTrue(example.out().contains("\nit is 2013-"), example.out());
            assertTrue(
                example.out().contains("replayed 100,001 records up to 2013-12-01T16:02:05Z in "), example.out());
            assertEquals("", example.err());
        }
    }

    @Test
    void shouldReplayChannelThatMarketDataMadeWhenRootIsGiven() throws Exception
    {
        final String root = "--root=" + folder.resolve("kept");
        try (TestProcess publisher = new TestProcess(folder, "market-data-publisher", root, "--rate=max"))
        {
            assertEquals(0, publisher.awaitExit(), publisher.err());
        }
        try (TestProcess example = new TestProcess(folder, "replay", root, "--speed=max"))
        {
            assertEquals(0, example.awaitExit(), example.out() + example.err());
            assertSameDigests(example.out());
        }
    }

    @Test
    void shouldFailWhenChannelIsNotOfTheRecording() throws Exception
    {
        final String root = "--root=" + folder.resolve("kept");
        try (TestProcess publisher =
            new TestProcess(folder, "market-data-publisher", root, "--rate=max", "--repeat=2"))
        {
            assertEquals(0, publisher.awaitExit(), publisher.err());
        }
        try (TestProcess example = new TestProcess(folder, "replay", root, "--speed=max"))
        {
            assertEquals(1, example.awaitExit(), example.out() + example.err());
            assertTrue(
                example.err().startsWith("examples/run replay: the replay is not the recording"), example.err());
        }
    }

    @Test
    void shouldFindTransactTimeWhereEveryDecoderDoesWhenMessageHasOne()
    {
        final List<Integer> offsets = List.of(
            TradeDecoder.transactTimeEncodingOffset(),
            BestBidOfferDecoder.transactTimeEncodingOffset(),
            BookSnapshotDecoder.transactTimeEncodingOffset(),
            BookUpdateDecoder.transactTimeEncodingOffset(),
            InstrumentDefinitionDecoder.transactTimeEncodingOffset(),
            TradingStatusDecoder.transactTimeEncodingOffset());

        offsets.forEach((offset) -> assertEquals(TransactTime.OFFSET - MessageHeaderDecoder.ENCODED_LENGTH, offset));
        assertEquals(TimestampExtractor.NO_TIME, TradeDecoder.transactTimeNullValue());
    }

    @Test
    void shouldFindNoTimeWhenRecordIsTooShort()
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64]);

        assertEquals(TimestampExtractor.NO_TIME, new TransactTime().timestamp(buffer, 0, TransactTime.OFFSET + 7));
        assertEquals(0, new TransactTime().timestamp(buffer, 0, TransactTime.OFFSET + 8));
    }

    private static void assertSameDigests(final String output)
    {
        final Matcher matcher = DIGESTS.matcher(output);
        assertTrue(matcher.find(), output);
        assertEquals(matcher.group(1), matcher.group(2));
    }
}
