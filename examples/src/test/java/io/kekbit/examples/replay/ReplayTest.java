package io.kekbit.examples.replay;

import io.kekbit.core.replay.TimestampExtractor;
import io.kekbit.examples.marketdata.RecordedMarketData;
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
import picocli.CommandLine;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

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
    void shouldReplayChannelThatIsThereWhenRootIsGiven() throws IOException
    {
        RecordedMarketData.read(null).publish(folder, 7);

        assertEquals(0, run("--root=" + folder, "--channel=7", "--speed=max"), err.toString());
        assertSameDigests(out.toString());
    }

    @Test
    void shouldReplayRecordingThatIsGivenWhenItIsOfBinance() throws IOException
    {
        assertEquals(0, run("--input=" + binanceSample(), "--speed=max"), err.toString());
        assertSameDigests(out.toString());
    }

    @Test
    void shouldFailWhenChannelIsNotOfTheRecording() throws IOException
    {
        RecordedMarketData.read(binanceSample()).publish(folder, 1);

        assertEquals(1, run("--root=" + folder, "--speed=max"));
        assertTrue(err.toString().contains(": the replay is not the recording: "), err.toString());
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

    private int run(final String... args)
    {
        return new CommandLine(new Replay())
            .setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true)).execute(args);
    }

    private Path binanceSample() throws IOException
    {
        final Path file = folder.resolve("sample.txt");
        try (InputStream in = RecordedMarketData.class.getResourceAsStream("binance-sample.txt"))
        {
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        }

        return file;
    }

    private static void assertSameDigests(final String output)
    {
        final Matcher matcher = DIGESTS.matcher(output);
        assertTrue(matcher.find(), output);
        assertEquals(matcher.group(1), matcher.group(2));
    }
}
