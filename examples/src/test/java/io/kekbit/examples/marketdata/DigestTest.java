package io.kekbit.examples.marketdata;

import io.kekbit.core.Header;
import io.kekbit.core.ShmReader;
import io.kekbit.core.ShmWriter;
import io.kekbit.sbe.SbeDataFormat;
import io.kekbit.sbe.SbeDispatcher;
import io.kekbit.sbe.SbeWriter;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DigestTest
{
    @TempDir
    private Path root;

    @Test
    void shouldBeEqualWhenMessagesWentThroughChannel() throws IOException
    {
        final MarketDataInput input = input(Sample.text());

        assertEquals(input.digest().hex(1), publishAndRead(input, 1).digest());
    }

    @Test
    void shouldBeEqualWhenMessagesWentThroughChannelMoreThanOnce() throws IOException
    {
        final MarketDataInput input = input(Sample.text());

        assertEquals(input.digest().hex(3), publishAndRead(input, 3).digest());
    }

    @Test
    void shouldDifferWhenInputIsRepeated() throws IOException
    {
        final MarketDataInput input = input(Sample.text());

        assertNotEquals(input.digest().hex(1), input.digest().hex(2));
    }

    @Test
    void shouldBeEqualWhenDigestTakesManyBlocks() throws IOException
    {
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < 100; i++)
        {
            text.append(Sample.text());
        }
        final MarketDataInput input = input(text.toString());

        assertEquals(input.digest().hex(20), publishAndRead(input, 20).digest());
    }

    @Test
    void shouldHaveRoomForAllDefinitionsWhenThereAreManyInstruments() throws IOException
    {
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < 5_000; i++)
        {
            text.append(json("7 {'stream':'x@bookTicker','data':{'u':1,'s':'LONGESTSYMBOL" + (100 + i % 900) +
                "','b':'1','B':'1','a':'1','A':'1'}}\n"));
        }
        final MarketDataInput input = input(text.toString());

        assertEquals(900, input.recording().instruments().size());
        assertEquals(input.digest().hex(1), publishAndRead(input, 1).digest());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "1700000000000000100 {|1700000000000000101 {",
        "1700000000000000200 {|1700000000000000201 {",
        "'E':1700000000050|'E':1700000000051",
        "'T':1700000000150|'T':1700000000151",
        "'U':7001|'U':7000",
        "'u':7005|'u':7004",
        "'u':7006|'u':7007",
        "'t':990001|'t':990002",
        "'m':false|'m':true",
        "'s':'ETHUSDT'|'s':'ETHUSDC'",
        "'p':'37000.10000000'|'p':'37000.10000001'",
        "'q':'0.05000000'|'q':'-0.05000000'",
        "'B':'1.25000000'|'B':'12.5000000'",
        "['36990.00000000','0.00000000']|['36990.00000000','0.00000001']",
        "'0.40000000']]|'0.40000000'],['0','0']]",
        "['36999.50000000','1.25000000'],|"})
    void shouldDifferWhenOneValueDiffers(final String value, final String otherValue) throws IOException
    {
        final String changed =
            Sample.text().replace(json(value), otherValue == null ? "" : json(otherValue));
        assertNotEquals(Sample.text(), changed);

        assertNotEquals(input(Sample.text()).digest().hex(1), publishAndRead(input(changed), 1).digest());
    }

    @Test
    void shouldBeEqualWhenDecimalsDifferInTrailingZerosOnly() throws IOException
    {
        final String changed = Sample.text().replace("\"37000.10000000\"", "\"37000.1\"");

        assertEquals(input(Sample.text()).digest().hex(1), publishAndRead(input(changed), 1).digest());
    }

    @Test
    void shouldTakeExactlyTheBytesThatWereComputedWhenPublished() throws IOException
    {
        final Recording recording = input(Sample.text()).recording();
        final long oneMore = recording.size().capacity(101) - recording.size().capacity(100);

        final String once = publishAndRead(input(Sample.text()), 1).counts().summary();
        final String twice = publishAndRead(input(Sample.text()), 2).counts().summary();

        assertEquals(oneMore, bytes(twice) - bytes(once));
    }

    @Test
    void shouldReceiveAllMessagesWhenWarmedUp() throws IOException
    {
        final MessageCounts counts = WarmUp.run();

        assertTrue(counts.messages() > 50_000, counts.summary());
    }

    private static String json(final String text)
    {
        return text.replace('\'', '"');
    }

    private static long bytes(final String summary)
    {
        return Long.parseLong(summary.substring(summary.indexOf("bytes=") + 6).replace(",", ""));
    }

    private static MarketDataInput input(final String text) throws IOException
    {
        return MarketDataInput.read(
            "test", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), new BinanceStream());
    }

    private MessageHandlers publishAndRead(final MarketDataInput input, final int repeats) throws IOException
    {
        final Recording recording = input.recording();
        final Header header = Header.builder()
            .channelId(repeats)
            .capacity(recording.size().capacity(repeats))
            .maxMessageLength(recording.size().maxMessageLength())
            .build();
        final MessageHandlers handlers = new MessageHandlers(SystemEpochNanoClock.INSTANCE);
        try (ShmWriter<SbeDataFormat> writer = ShmWriter.create(root, header, MarketDataFormat.INSTANCE);
            ShmReader reader = ShmReader.open(root, header.channelId(), MarketDataFormat.INSTANCE))
        {
            final Recording.Cursor cursor = recording.cursor();
            final MessagePublisher publisher =
                new MessagePublisher(new SbeWriter(writer), cursor, SystemEpochNanoClock.INSTANCE);
            recording.instruments().forEach(publisher::publishDefinition);
            for (int i = 0; i < repeats; i++)
            {
                while (cursor.next())
                {
                    publisher.publish();
                }
            }
            final SbeDispatcher<MessageHandlers> dispatcher = handlers.dispatcher(MarketDataFormat.INSTANCE);
            reader.read(dispatcher, Integer.MAX_VALUE);
        }
        assertEquals(recording.messages() * repeats, handlers.counts().messages());

        return handlers;
    }
}
