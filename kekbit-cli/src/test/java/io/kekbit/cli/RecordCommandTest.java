package io.kekbit.cli;

import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.kekbit.cli.support.ExitCodes;
import io.kekbit.core.ReaderState;
import io.kekbit.core.ShmReader;
import io.kekbit.core.series.SeriesReader;
import io.kekbit.marketdata.MessageHeaderEncoder;
import io.kekbit.marketdata.Side;
import io.kekbit.marketdata.TradeEncoder;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * {@code kekbit record}.
 */
class RecordCommandTest
{
    private static final String SCHEMA = "../schemas/market-data.xml";

    @TempDir
    private Path folder;
    private LocalDriver driver;
    private final UnsafeBuffer message = new UnsafeBuffer(new byte[1_000]);

    @BeforeEach
    void launch()
    {
        driver = new LocalDriver(folder);
    }

    @AfterEach
    void shutDown()
    {
        driver.close();
    }

    @Test
    void shouldShowTradesByNameWhenPlainPublisherWasRecordedWithSchema() throws Exception
    {
        final InProcess record = record(this::publishTrades, "--schema", SCHEMA, root(), "42");

        assertEquals(ExitCodes.OK, record.status(), record.err());
        assertTrue(record.out().startsWith("recorded 5 messages of 480 B in "), record.out());
        assertTrue(record.err().contains("kekbit: publisher "), record.err());
        try (CommandProcess cat =
            CommandProcess.run(folder, "cat", root(), "42", "--fields", "instrumentId,aggressorSide,price,quantity"))
        {
            assertEquals("", cat.err());
            assertEquals(
                IntStream.range(0, 5).mapToObj((i) ->
                    "\"message\":\"Trade\",\"fields\":{\"instrumentId\":7,\"aggressorSide\":\"BUY\",\"price\":100.0" +
                        i + ",\"quantity\":" + (1 + i) + "}}").toList(),
                cat.out().lines().map((line) -> line.substring(line.indexOf("\"message\""))).toList());
            assertTrue(cat.out().contains("\"time\":\"20"), cat.out());
        }
    }

    @Test
    void shouldRecordBytesIntoSeriesWhenThereIsNoSchema()
    {
        final InProcess record = record(
            (publication) -> publishBytes(publication, 500),
            "--series", "--capacity=16k", "--envelope=none", "--label=feed", root(), "ticks");

        assertEquals(ExitCodes.OK, record.status(), record.err());
        try (SeriesReader reader = SeriesReader.open(folder.resolve("channels"), "ticks"))
        {
            int count = 0;
            while (reader.next())
            {
                assertEquals(100, reader.length());
                assertEquals(count++, reader.buffer().getInt(reader.offset()));
            }
            assertEquals(500, count);
            assertEquals("feed", reader.extension().label());
            assertTrue(reader.header().channelId() > 2, reader.toString());
        }
    }

    @Test
    void shouldGoOnWithSeriesWhenRecordedAgain()
    {
        for (int i = 0; i < 2; i++)
        {
            record((publication) -> publishBytes(publication, 3), "--series", "--capacity=16k", root(), "ticks");
        }

        try (SeriesReader reader = SeriesReader.open(folder.resolve("channels"), "ticks"))
        {
            assertTrue(reader.seekToRecord(5));
            assertFalse(reader.seekToRecord(6));
        }
    }

    @Test
    void shouldCloseChannelWhenTerminated() throws Exception
    {
        try (CommandProcess record = new CommandProcess(folder, line("--capacity=1m", root(), "42"));
            ExclusivePublication publication = driver.aeron().addExclusivePublication("aeron:ipc", LocalDriver.STREAM))
        {
            publishBytes(publication, 10);
            try (ShmReader reader = awaitRecords(10))
            {
                record.handle().destroy();
                assertEquals(128 + 15, record.awaitExit());
                assertTrue(record.out().startsWith("recorded 10 messages of 1000 B in "), record.out());
                assertFalse(reader.next());
                assertEquals(ReaderState.CLOSED, reader.state());
            }
        }
    }

    @Test
    void shouldFailWhenChannelIsFull()
    {
        final InProcess record = record((publication) ->
        {
            LocalDriver.await("subscriber", publication::isConnected);
            // It leaves when the channel is full.
            LocalDriver.await("the end", () -> publication.offer(message, 0, 100) < 0 && !publication.isConnected());
        }, "--capacity=16k", root(), "42");

        assertEquals(ExitCodes.FAILED, record.status());
        assertTrue(record.err().contains("kekbit: the channel is full, and the next message was not"), record.err());
        assertTrue(record.err().contains("recorded 136 messages of 13.3 KiB"), record.err());
    }

    @Test
    void shouldFailAndCountWhenMessagesAreLeftOut()
    {
        final InProcess record = record((publication) ->
        {
            LocalDriver.publish(publication, message, 0, 200);
            LocalDriver.publish(publication, message, 0, 100);
            LocalDriver.publish(publication, message, 0, 0);
        }, "--capacity=1m", "--max-message-length=96", root(), "42");

        assertEquals(ExitCodes.FAILED, record.status());
        assertTrue(record.out().startsWith("recorded 1 messages of 100 B"), record.out());
        assertTrue(record.err().contains("a message of 200 bytes is left out, of publisher "), record.err());
        assertTrue(record.err().contains("1 messages were too long for the channel, and left out"), record.err());
        assertTrue(record.err().contains("1 messages were empty"), record.err());
    }

    @Test
    void shouldSayWhatToDoWhenNoDriverRuns()
    {
        final InProcess record = InProcess.run(
            "record", "--aeron=aeron:ipc", "--stream=10", "--aeron-dir=" + folder.resolve("none"), root(), "42");

        assertEquals(ExitCodes.FAILED, record.status());
        assertEquals(
            "kekbit: no media driver of Aeron's runs with the folder " + folder.resolve("none") + ". Start one, name " +
                "the folder of another with --aeron-dir, or start one within this command by --embedded-driver\n",
            record.err());
        assertFalse(Files.exists(folder.resolve("channels")));
    }

    @Test
    void shouldSayWhatIsWrongWhenAeronRefusesChannel()
    {
        final InProcess record = InProcess.run(
            "record", "--aeron=aeron:udp?endpoint=no.such.host.invalid:1", "--stream=10", driver.option(),
            "--capacity=16k", root(), "42");

        assertEquals(ExitCodes.FAILED, record.status());
        assertTrue(
            record.err().contains("aeron:udp?endpoint=no.such.host.invalid:1 stream 10: "), record.err());
    }

    @Test
    void shouldTakeHeaderOfAnyNameWhenItIsTold() throws Exception
    {
        final Path schema = folder.resolve("other.xml");
        Files.writeString(schema, Files.readString(Path.of(SCHEMA)).replace("\"messageHeader\"", "\"frame\"")
            .replace(" headerType=\"frame\"", ""));
        final InProcess without = InProcess.run(line("--schema", schema.toString(), root(), "1"));
        assertEquals(ExitCodes.FAILED, without.status());
        assertTrue(without.err().startsWith("kekbit: no schema of SBE's: file=" + schema), without.err());

        final InProcess record = record(
            this::publishTrades, "--schema", schema.toString(), "--message-header", "frame", root(), "42");
        assertEquals(ExitCodes.OK, record.status(), record.err());
        assertTrue(InProcess.run("schema", root(), "42").out().contains("\nTrade  template 2"));
    }

    private String root()
    {
        return folder.resolve("channels").toString();
    }

    private String[] line(final String... args)
    {
        final List<String> line = new ArrayList<>(
            List.of("record", "--aeron=aeron:ipc", "--stream=" + LocalDriver.STREAM, driver.option()));
        line.addAll(List.of(args));

        return line.toArray(String[]::new);
    }

    /**
     * Run the command while something is published, until its publisher has gone.
     */
    private InProcess record(final Consumer<Publication> publishing, final String... args)
    {
        final List<String> line = new ArrayList<>(List.of(args));
        line.add("--until-gone");
        final CompletableFuture<InProcess> record =
            CompletableFuture.supplyAsync(() -> InProcess.run(line(line.toArray(String[]::new))));
        try (ExclusivePublication publication = driver.aeron().addExclusivePublication("aeron:ipc", LocalDriver.STREAM))
        {
            publishing.accept(publication);
        }

        return record.orTimeout(60, TimeUnit.SECONDS).join();
    }

    private void publishBytes(final Publication publication, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            message.putInt(0, i);
            LocalDriver.publish(publication, message, 0, 100);
        }
    }

    private void publishTrades(final Publication publication)
    {
        final TradeEncoder encoder = new TradeEncoder();
        for (int i = 0; i < 5; i++)
        {
            encoder.wrapAndApplyHeader(message, 0, new MessageHeaderEncoder())
                .sendingTime(1)
                .transactTime(2)
                .instrumentId(7)
                .aggressorSide(Side.BUY)
                .tradeId(i)
                .receiveTime(3)
                .buyOrderId(4)
                .sellOrderId(5);
            encoder.conditions().clear();
            encoder.price().mantissa(10_000 + i).exponent((byte)-2);
            encoder.quantity().mantissa(1 + i).exponent((byte)0);
            LocalDriver.publish(
                publication, message, 0, MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength());
        }
    }

    private ShmReader awaitRecords(final int count)
    {
        LocalDriver.await("channel", () -> Files.exists(folder.resolve("channels/0000_0000/0000_002a.kekbit")));
        final ShmReader reader = ShmReader.open(folder.resolve("channels"), 42);
        for (int i = 0; i < count; i++)
        {
            LocalDriver.await("record " + i, reader::next);
        }

        return reader;
    }
}
