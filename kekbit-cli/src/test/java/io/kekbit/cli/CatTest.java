package io.kekbit.cli;

import io.kekbit.cli.support.ExitCodes;
import io.kekbit.core.Header;
import io.kekbit.core.PlainTextDataFormat;
import io.kekbit.core.ShmReader;
import io.kekbit.core.ShmWriter;
import io.kekbit.core.layout.ChannelPath;
import io.kekbit.core.layout.RecordDescriptor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The command as a process, on channels of all kinds.
 */
class CatTest
{
    private static final Path RUST = Path.of("..", "kekbit-core", "src", "test", "resources", "channels", "rust");
    private static final Path EVERY_TYPE =
        Path.of("..", "kekbit-sbe", "src", "test", "resources", "io", "kekbit", "sbe", "ir");

    @TempDir
    private static Path shared;

    private static String trades;

    @TempDir
    private Path folder;

    @BeforeAll
    static void writeTrades()
    {
        try (TradeChannel channel = TradeChannel.create(shared).write(2_000))
        {
            trades = channel.file().toString();
        }
    }

    @Test
    void shouldPrintEveryValueWhenSchemaHasEveryType() throws Exception
    {
        final List<String> lines = lines("cat", EVERY_TYPE.resolve("every-type.kekbit").toString());

        assertEquals(
            Files.readAllLines(EVERY_TYPE.resolve("every-type.jsonl")),
            lines.stream().map((line) -> line.replaceFirst("\"position\":\\d+,", "")).toList());
    }

    @Test
    void shouldPrintWholeEnvelopeAndMessageWhenRecordIsTrade() throws Exception
    {
        assertEquals(
            List.of("{\"position\":136,\"sequence\":2,\"time\":\"2026-11-25T10:00:01.000000000Z\"," +
                "\"message\":\"Trade\",\"fields\":{\"sendingTime\":1795600801000000000,\"transactTime\":null," +
                "\"instrumentId\":1,\"aggressorSide\":\"SELL\",\"conditions\":[],\"tradeId\":1,\"price\":100.01," +
                "\"quantity\":1,\"receiveTime\":null,\"buyOrderId\":null,\"sellOrderId\":null}}"),
            lines("cat", shared.toString(), "trades", "--from=#1", "--to=#2"));
    }

    @Test
    void shouldPrintRecordsBetweenTimesWhenBothAreGiven() throws Exception
    {
        assertEquals(
            List.of("{\"position\":76808,\"sequence\":601,\"time\":\"2026-11-25T10:10:00.000000000Z\"," +
                "\"message\":\"Trade\",\"fields\":{\"quantity\":600}}"),
            lines("cat", trades, "--fields=quantity", "--from=2026-11-25T10:09:59.5Z", "--to=2026-11-25T10:10:00.5Z"));
    }

    @Test
    void shouldPrintMatchesAndNeighboursWhenBothAreAskedFor() throws Exception
    {
        assertEquals(
            List.of(
                "2026-11-25T10:01:39.000000000Z #100 Trade aggressorSide=SELL price=100.99",
                "2026-11-25T10:01:40.000000000Z #101 Trade aggressorSide=BUY price=101.00",
                "2026-11-25T10:01:41.000000000Z #102 Trade aggressorSide=SELL price=101.01",
                "--",
                "2026-11-25T10:01:49.000000000Z #110 Trade aggressorSide=SELL price=101.09",
                "2026-11-25T10:01:50.000000000Z #111 Trade aggressorSide=BUY price=101.10",
                "2026-11-25T10:01:51.000000000Z #112 Trade aggressorSide=SELL price=101.11"),
            lines("cat", trades, "--format=text", "-C1", "--fields=price,aggressorSide", "--where", "tradeId=null",
                "--where", "price>=101", "--where", "quantity<120", "--where", "aggressorSide=BUY"));
    }

    @Test
    void shouldFindConstantByItsNumberWhenItIsOfAnEnum() throws Exception
    {
        assertEquals(
            List.of("{\"position\":200,\"message\":\"Kinds\",\"fields\":{\"constSide\":\"SELL\"}}"),
            lines("cat", EVERY_TYPE.resolve("every-type.kekbit").toString(), "--fields=constSide",
                "--where=constSide=" + (int)'S'));
    }

    @Test
    void shouldPrintBytesOnlyWhenTheyAreAskedFor() throws Exception
    {
        final Path file = RUST.resolve("0000_0000/0000_0002.kekbit");
        final ByteArrayOutputStream expected = new ByteArrayOutputStream();
        try (ShmReader reader = ShmReader.builder(file).open())
        {
            while (reader.next())
            {
                final byte[] bytes = new byte[reader.length()];
                reader.buffer().getBytes(reader.offset(), bytes);
                expected.write(bytes);
            }
        }

        try (CommandProcess cat = CommandProcess.run(folder, "cat", RUST.toString(), "2", "--format=raw"))
        {
            assertArrayEquals(expected.toByteArray(), cat.outBytes());
            assertEquals("", cat.err());
            assertEquals(ExitCodes.OK, cat.status());
        }
    }

    @Test
    void shouldDumpBytesWhenHexIsAskedFor() throws Exception
    {
        assertEquals(
            List.of(
                "position 24, length 8",
                "00000000  1f 26 2d 34 3b 42 49 50                           |.&-4;BIP|"),
            lines("cat", RUST.toString(), "1", "--format", "hex", "--from=#1", "--to=#2"));
    }

    @Test
    void shouldPrintTextWhenChannelHoldsText() throws Exception
    {
        final Header header = Header.builder().channelId(1).capacity(1).maxMessageLength(64).build();
        try (ShmWriter<PlainTextDataFormat> writer =
            ShmWriter.create(folder, header, PlainTextDataFormat.INSTANCE))
        {
            writer.write(PlainTextDataFormat.INSTANCE.encodable("red \u001b[31m \"caf\u00e9\""));
        }
        final String file = ChannelPath.file(folder, 1).toString();

        assertEquals(
            List.of("{\"position\":8,\"text\":\"red \\u001b[31m \\\"caf\u00e9\\\"\"}"), lines("cat", file));
        assertEquals(List.of("red \\u001b[31m \"caf\u00e9\""), lines("cat", file, "--format=text"));
    }

    @Test
    void shouldEndQuietlyWhenReaderOfPipeGoesAway() throws Exception
    {
        final List<String> shell = new ArrayList<>(List.of(
            "bash", "-c", "set -o pipefail; \"$@\" | head -n 1", "bash"));
        shell.addAll(CommandProcess.commandLine("cat", trades));
        try (CommandProcess pipe = CommandProcess.program(folder, shell))
        {
            assertEquals(ExitCodes.OK, pipe.awaitExit(), pipe.err());
            assertEquals(1, pipe.out().lines().count());
            assertEquals("", pipe.err());
        }
    }

    @Test
    void shouldPrintWhatCanBeReadWhenChannelIsDamaged() throws Exception
    {
        final Path damaged = Files.copy(Path.of(trades), folder.resolve("damaged.kekbit"));
        try (FileChannel file = FileChannel.open(damaged, StandardOpenOption.WRITE))
        {
            file.write(
                ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, -5),
                RecordDescriptor.RECORD_AREA_OFFSET + 8 + 3 * 128);
        }

        try (CommandProcess cat = CommandProcess.run(folder, "cat", damaged.toString()))
        {
            assertEquals(3, cat.out().lines().count());
            assertEquals(
                "kekbit: the channel is damaged here: position=392 file=" + damaged +
                    ". kekbit verify says what is wrong\n",
                cat.err());
            assertEquals(ExitCodes.DAMAGED, cat.status());
        }
    }

    @Test
    void shouldSayWhatIsWrongWhenOptionsDoNotFitChannel() throws Exception
    {
        assertError(ExitCodes.USAGE, "no field amount in any of these messages.", trades, "--where", "amount>1");
        assertError(
            ExitCodes.USAGE,
            "\"aggressorSide=Buy\": aggressorSide has no such value. It has BUY, SELL",
            trades,
            "--where=aggressorSide=Buy");
        assertError(
            ExitCodes.USAGE,
            "--where needs messages with a schema: the channel's records are bytes. Leave it out",
            RUST.resolve("0000_0000/0000_0001.kekbit").toString(),
            "--where=a=1");
    }

    @Test
    void shouldSayWhatIsWrongWhenPlaceIsNone() throws Exception
    {
        assertError(ExitCodes.USAGE, "\"soon\" is no place: start, end, a position", trades, "--from=soon");
        assertError(ExitCodes.FAILED, "no record #2000: the channel does not have as many.", trades, "--from=#2000");
    }

    private void assertError(final int status, final String message, final String... args) throws Exception
    {
        final List<String> line = new ArrayList<>(List.of("cat"));
        line.addAll(List.of(args));
        try (CommandProcess cat = CommandProcess.run(folder, line.toArray(new String[0])))
        {
            assertTrue(cat.err().contains(message), cat.err());
            assertEquals(1, cat.err().lines().count(), cat.err());
            assertEquals("", cat.out());
            assertEquals(status, cat.status());
        }
    }

    private List<String> lines(final String... args) throws IOException, InterruptedException
    {
        try (CommandProcess command = CommandProcess.run(folder, args))
        {
            assertEquals("", command.err());
            assertEquals(ExitCodes.OK, command.status());

            return command.out().lines().toList();
        }
    }
}
