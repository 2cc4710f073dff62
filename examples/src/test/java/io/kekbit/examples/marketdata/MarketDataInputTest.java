package io.kekbit.examples.marketdata;

import io.kekbit.examples.ExampleException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class MarketDataInputTest
{
    @TempDir
    private Path folder;

    @Test
    void shouldReadAllTradesWhenInputIsBitstamps() throws IOException
    {
        final MarketDataInput input = MarketDataInput.bitstamp();

        assertEquals(100_000, input.recording().messages());
        assertEquals(0, input.rejectedLines());
        assertEquals(
            "bitstamp_trades_from_20131125_usd.csv: 100,001 lines, 100,000 messages", input.summary());
    }

    @Test
    void shouldCountLinesAndTellTheFirstWhenSomeAreNotUnderstood() throws IOException
    {
        final Path file = Sample.write(folder);

        final MarketDataInput input = MarketDataInput.binance(file);

        assertEquals(6, input.recording().messages());
        assertEquals(5, input.rejectedLines());
        assertEquals(
            file + ": 11 lines, 6 messages, 5 not understood, first line 3: no field \"stream\"", input.summary());
    }

    @Test
    void shouldGiveTheSameWhenInputIsCompressed() throws IOException
    {
        final Path plain = Sample.write(folder);
        final Path compressed = folder.resolve("sample.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(compressed)))
        {
            Files.copy(plain, out);
        }

        assertEquals(
            MarketDataInput.binance(plain).digest().hex(1),
            MarketDataInput.binance(compressed).digest().hex(1));
    }

    @Test
    void shouldFailWithFileNameWhenCompressedInputIsCutShort() throws IOException
    {
        final Path file = folder.resolve("cut.gz");
        Files.write(file, new byte[]{0x1F, (byte)0x8B, 8, 0});

        final ExampleException ex = assertThrows(ExampleException.class, () -> MarketDataInput.binance(file));

        assertTrue(ex.getMessage().contains(file.toString()), ex.getMessage());
    }

    @Test
    void shouldFailWhenNoLineIsUnderstood()
    {
        final ExampleException ex = assertThrows(ExampleException.class, () -> read("timestamp,price,amount\nx\n"));

        assertEquals(
            "no message in the input: test: 2 lines, 0 messages, 1 not understood, " +
                "first line 2: not three values divided by commas",
            ex.getMessage());
    }

    @Test
    void shouldFailWhenInputIsEmpty()
    {
        final ExampleException ex = assertThrows(ExampleException.class, () -> read(""));

        assertEquals("no message in the input: test: 0 lines, 0 messages", ex.getMessage());
    }

    @Test
    void shouldReadLastLineWhenItHasNoEnd() throws IOException
    {
        assertEquals(2, read("1,1.0,1.0\n2,1.0,1.0").recording().messages());
    }

    @Test
    void shouldLeaveMessageOutOfDigestWhenItsValueCannotBeEncoded() throws IOException
    {
        final MarketDataInput input = read("1,1.0,1.0\n2,1e3,1.0\n");

        assertEquals(1, input.rejectedLines());
        assertEquals(read("1,1.0,1.0\n").digest().hex(1), input.digest().hex(1));
    }

    @Test
    void shouldRefuseMessageWhenItHasMoreLevelsThanTheSchemaAllows()
    {
        final InputMessage message = new InputMessage();
        message.reset(MessageKind.BOOK_UPDATE, "X");
        for (int i = 0; i < 2 * 10_001; i++)
        {
            message.decimals().add("1");
        }

        final InvalidInputException ex =
            assertThrows(InvalidInputException.class, () -> new Recording("TEST").append(message));

        assertEquals("more than 10000 levels: 10001", ex.getMessage());
    }

    @Test
    void shouldRefuseMessageWhenSymbolIsTooLong()
    {
        final InputMessage message = new InputMessage();
        message.reset(MessageKind.BOOK_UPDATE, "SYMBOLOF17LETTERS");

        final InvalidInputException ex =
            assertThrows(InvalidInputException.class, () -> new Recording("TEST").append(message));

        assertEquals("not a symbol of 1 to 16 ASCII characters: \"SYMBOLOF17LETTERS\"", ex.getMessage());
    }

    private static MarketDataInput read(final String text) throws IOException
    {
        return MarketDataInput.read(
            "test", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), new BitstampTrades());
    }
}
