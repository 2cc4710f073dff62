package io.kekbit.examples.marketdata;

import io.kekbit.core.Header;
import io.kekbit.core.ReaderState;
import io.kekbit.core.ShmReader;
import io.kekbit.core.ShmWriter;
import io.kekbit.core.series.SeriesPosition;
import io.kekbit.core.series.SeriesReader;
import io.kekbit.core.series.SeriesWriter;
import io.kekbit.examples.support.TestProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The example as users run it: real processes.
 */
class MarketDataTest
{
    private static final Pattern DIGEST = Pattern.compile("^(publisher |subscriber) \\| digest=([0-9a-f]{64})$",
        Pattern.MULTILINE);
    private static final Pattern CHANNEL_FILE = Pattern.compile("waiting for channel: (.*)$", Pattern.MULTILINE);

    @TempDir
    private Path folder;

    @Test
    void shouldDeliverAllTradesAndLeaveNoFolderWhenNoOptionIsGiven() throws Exception
    {
        try (TestProcess example = new TestProcess(folder, "market-data"))
        {
            assertEquals(0, example.awaitExit(), example.out() + example.err());

            assertSameDigests(example.out());
            final String counts = "| messages: InstrumentDefinition=1 Trade=100,000 BestBidOffer=0 BookUpdate=0 bytes=";
            assertTrue(example.out().contains("publisher  " + counts), example.out());
            assertTrue(example.out().contains("subscriber " + counts), example.out());
            assertTrue(example.out().contains("latency from encoding to handling in us: p50="), example.out());
            assertTrue(example.out().endsWith("all messages arrived with the same values\n"), example.out());
            assertEquals("", example.err());
            assertFalse(Files.exists(rootOf(example.out())), example.out());
        }
    }

    @Test
    void shouldDeliverInputAndKeepChannelWhenBothAreGiven() throws Exception
    {
        final Path root = folder.resolve("kept channels");
        try (TestProcess example = new TestProcess(
            folder,
            "market-data",
            "--rate=max",
            "--repeat=3",
            "--channel=0xFFFFFFFFFFFFFFFE",
            "--root=" + root,
            "--input=" + Sample.write(folder)))
        {
            assertEquals(0, example.awaitExit(), example.out() + example.err());
            assertSameDigests(example.out());
            assertTrue(
                example.out().contains("11 lines, 6 messages, 5 not understood, first line 3: no field \"stream\""),
                example.out());
            assertTrue(
                example.out().contains(
                    "subscriber | messages: InstrumentDefinition=2 Trade=6 BestBidOffer=6 BookUpdate=6 bytes="),
                example.out());
        }

        try (ShmReader reader = ShmReader.open(root, -2, MarketDataFormat.INSTANCE))
        {
            final int definitions = 2;
            assertEquals(definitions + 3 * 6, reader.read((b, o, l, p, n) -> {}, Integer.MAX_VALUE));
            assertEquals(ReaderState.CLOSED, reader.state());
            assertEquals("market-data example", reader.extension().label());
        }
    }

    @Test
    void shouldDeliverWithSameDigestsAndRollSeveralTimesWhenSeriesIsAskedFor() throws Exception
    {
        final Path root = folder.resolve("root");
        try (TestProcess example = new TestProcess(
            folder, "market-data", "--series", "--repeat=20", "--rate=max", "--root=" + root))
        {
            assertEquals(0, example.awaitExit(), example.out() + example.err());
            assertSameDigests(example.out());
            assertTrue(example.out().contains("publisher  | rolls: 19, next channel not ready in time: "),
                example.out());
            assertTrue(example.out().contains("subscriber | channels read: 20\n"), example.out());
            assertTrue(example.out().endsWith("all messages arrived with the same values\n"), example.out());
            assertEquals("", example.err());
        }

        long records = 0;
        for (int channel = 1; channel <= 20; channel++)
        {
            try (ShmReader reader = ShmReader.open(root.resolve("market-data"), channel, MarketDataFormat.INSTANCE))
            {
                records += reader.read((b, o, l, p, n) -> {}, Integer.MAX_VALUE);
                assertEquals(ReaderState.CLOSED, reader.state());
            }
        }
        assertEquals(1 + 20 * 100_000, records);
    }

    @Test
    void shouldGiveSeriesTheNameThatIsAskedForWhenBothAreGiven() throws Exception
    {
        final Path root = folder.resolve("root");
        try (TestProcess example = new TestProcess(
            folder, "market-data", "--series=ticks", "--root=" + root, "--input=" + Sample.write(folder)))
        {
            assertEquals(0, example.awaitExit(), example.out() + example.err());
            assertSameDigests(example.out());
        }

        try (SeriesReader reader = SeriesReader.open(root, "ticks", MarketDataFormat.INSTANCE))
        {
            final int definitions = 2;
            assertEquals(definitions + 6, reader.read((b, o, l, p, n) -> {}, Integer.MAX_VALUE));
            assertEquals(0, SeriesPosition.ordinal(reader.position()));
        }
    }

    @Test
    void shouldTellInOneLineWhenSeriesExists() throws Exception
    {
        final Path root = folder.resolve("root");
        SeriesWriter.open(root, "market-data", MarketDataFormat.INSTANCE).close();

        try (TestProcess publisher = new TestProcess(
            folder, "market-data-publisher", "--series", "--root=" + root, "--input=" + Sample.write(folder)))
        {
            assertEquals(1, publisher.awaitExit());
            assertTrue(
                publisher.err().startsWith("examples/run market-data-publisher: series exists: "), publisher.err());
            assertEquals(1, publisher.err().lines().count(), publisher.err());
        }
    }

    @Test
    void shouldTellInOneLineWhenChannelExists() throws Exception
    {
        final Path root = folder.resolve("root");
        final Header header = Header.builder().channelId(1).capacity(1).maxMessageLength(8).build();
        ShmWriter.create(root, header, MarketDataFormat.INSTANCE).close();

        try (TestProcess publisher = new TestProcess(
            folder, "market-data-publisher", "--root=" + root, "--input=" + Sample.write(folder)))
        {
            assertEquals(1, publisher.awaitExit());
            assertTrue(
                publisher.err().startsWith("examples/run market-data-publisher: channel exists"), publisher.err());
            assertEquals(1, publisher.err().lines().count(), publisher.err());
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void shouldEndSubscriberWithStatusWhenPublisherOfChannelOrSeriesDies() throws Exception
    {
        final String root = "--root=" + folder.resolve("root");
        // Both at a time, so that it is waited once only until silence has lasted long enough.
        try (TestProcess subscriber = new TestProcess(folder, "market-data-subscriber", root);
            TestProcess publisher = new TestProcess(folder, "market-data-publisher", root, "--rate=1000");
            TestProcess ofSeries = new TestProcess(folder, "market-data-subscriber", root, "--series");
            TestProcess toSeries = new TestProcess(
                folder, "market-data-publisher", root, "--series", "--rate=1000"))
        {
            subscriber.awaitOutput("received ");
            ofSeries.awaitOutput("received ");
            publisher.kill();
            toSeries.kill();

            for (final TestProcess silenced : List.of(subscriber, ofSeries))
            {
                assertEquals(MarketDataSubscriber.PUBLISHER_SILENT, silenced.awaitExit(), silenced.err());
                assertTrue(silenced.err().contains(": publisher silent for more than 5000 ms: "), silenced.err());
            }
        }
    }

    @Test
    void shouldEndSubscriberProperlyWhenPublisherIsInterrupted() throws Exception
    {
        final String root = "--root=" + folder.resolve("root");
        try (TestProcess subscriber = new TestProcess(folder, "market-data-subscriber", root);
            TestProcess publisher = new TestProcess(folder, "market-data-publisher", root, "--rate=1000"))
        {
            subscriber.awaitOutput("received ");
            publisher.interrupt();

            assertEquals(0, subscriber.awaitExit(), subscriber.err());
            publisher.awaitExit();
            assertTrue(publisher.out().endsWith("interrupted\n"), publisher.out());
        }
    }

    @Test
    void shouldEndSubscriberWithStatusWhenNoChannelAppears() throws Exception
    {
        try (TestProcess subscriber = new TestProcess(
            folder, "market-data-subscriber", "--root=" + folder.resolve("root"), "--wait=0"))
        {
            assertEquals(MarketDataSubscriber.NO_CHANNEL, subscriber.awaitExit());
            assertTrue(subscriber.err().contains(": no channel after 0 s: "), subscriber.err());
        }
    }

    @Test
    void shouldEndPublisherWhenSubscriberDies() throws Exception
    {
        try (TestProcess example = new TestProcess(folder, "market-data", "--rate=1000"))
        {
            example.awaitOutput("subscriber | received ");
            final List<ProcessHandle> children = example.children();
            children.stream()
                .filter(child -> String.join(" ", child.info().arguments().orElseThrow()).contains("-subscriber"))
                .forEach(ProcessHandle::destroyForcibly);

            assertEquals(128 + 9, example.awaitExit(), example.err());
            assertTrue(example.err().contains("subscriber failed: status=137"), example.err());
            assertEquals(0, children.stream().filter(ProcessHandle::isAlive).count());
            assertFalse(Files.exists(rootOf(example.out())), example.out());
        }
    }

    @Test
    void shouldEndBothAndLeaveNoFolderWhenInterrupted() throws Exception
    {
        try (TestProcess example = new TestProcess(folder, "market-data", "--rate=1000"))
        {
            example.awaitOutput("subscriber | received ");
            final List<ProcessHandle> children = example.children();
            assertEquals(2, children.size());

            example.interrupt();

            example.awaitExit();
            assertTrue(example.out().contains("publisher  | interrupted"), example.out());
            assertTrue(example.out().contains("subscriber | digest="), example.out());
            assertFalse(example.err().contains("Exception"), example.err());
            assertEquals(0, children.stream().filter(ProcessHandle::isAlive).count());
            assertFalse(Files.exists(rootOf(example.out())), example.out());
        }
    }

    private static Path rootOf(final String output) throws IOException
    {
        final Matcher matcher = CHANNEL_FILE.matcher(output);
        assertTrue(matcher.find(), output);

        return Path.of(matcher.group(1)).getParent().getParent();
    }

    private static void assertSameDigests(final String output)
    {
        final List<String> digests = DIGEST.matcher(output).results().map(result -> result.group(2)).toList();
        assertEquals(2, digests.size(), output);
        assertEquals(digests.get(0), digests.get(1), output);
    }
}
