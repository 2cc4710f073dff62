package io.kekbit.examples;

import io.kekbit.core.EnvelopeWriter;
import io.kekbit.core.Header;
import io.kekbit.core.PlainTextDataFormat;
import io.kekbit.core.ReaderState;
import io.kekbit.core.ShmReader;
import io.kekbit.core.ShmWriter;
import io.kekbit.core.TickUnit;
import io.kekbit.core.Writer;
import io.kekbit.core.handlers.TimestampHandler;
import io.kekbit.core.replay.MergedReader;
import io.kekbit.core.replay.MergedRecordHandler;
import io.kekbit.core.replay.ReplayClock;
import io.kekbit.core.replay.ReplayState;
import io.kekbit.core.replay.Replayer;
import io.kekbit.core.replay.TimestampExtractor;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The Java in docs/replay.md is the Java that is compiled and run here, block by block.
 */
class ReplayPageTest
{
    private static final Pattern JAVA_BLOCK =
        Pattern.compile("^```java\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern REGION =
        Pattern.compile("^ +// page begin\\n(.*?)^ +// page end$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final long NINE = Instant.parse("2026-11-25T09:00:00Z").getEpochSecond() * 1_000_000_000;

    @TempDir
    private Path root;
    private final PlainTextDataFormat text = PlainTextDataFormat.INSTANCE;
    private final List<String> lines = new ArrayList<>();
    private long now;

    @BeforeEach
    void write()
    {
        write(42, "a", NINE - 1_000_000_000, NINE, NINE + 1_000_000_000, NINE + 1_800_000_000_000L);
        write(43, "b", NINE + 500_000_000, NINE + 1_000_000_000);
    }

    @Test
    void shouldReplayHalfAnHourAsPageShows()
    {
        // page begin
        final ReplayClock clock = new ReplayClock();
        final Strategy strategy = new Strategy(clock);
        try (ShmReader reader = ShmReader.open(root, 42, text))
        {
            final Replayer replayer = Replayer.builder(reader)
                .from(Instant.parse("2026-11-25T09:00:00Z"))
                .to(Instant.parse("2026-11-25T09:30:00Z"))
                .speed(10)
                .clock(clock)
                .into((buffer, offset, length, position, nextPosition) ->
                    strategy.onMessage(text.decode(buffer, offset, length)));
            replayer.run();
        }
        // page end

        assertEquals(List.of("a1 2026-11-25T09:00:00Z", "a2 2026-11-25T09:00:01Z"), lines);
    }

    @Test
    void shouldGoByTimeInContentAsPageShows()
    {
        final Strategy strategy = new Strategy(() -> 0);
        // page begin
        final TimestampExtractor secondField = (buffer, offset, length) ->
            length < 16 ? TimestampExtractor.NO_TIME : buffer.getLong(offset + 8);
        try (ShmReader reader = ShmReader.open(root, 42))
        {
            Replayer.builder(reader)
                .byField(secondField, TickUnit.MICROS)
                .fullSpeed()
                .into((buffer, offset, length, position, nextPosition) -> strategy.onBytes(buffer, offset, length))
                .run();
        }
        // page end

        assertEquals(4, lines.size());
    }

    @Test
    @Timeout(60)
    void shouldPauseAgentAsPageShows()
    {
        final Strategy strategy = new Strategy(() -> 0);
        // page begin
        try (ShmReader reader = ShmReader.open(root, 42, text))
        {
            final Replayer replayer = Replayer.builder(reader)
                .speed(100)
                .maxGap(TimeUnit.SECONDS.toNanos(5))
                .into((buffer, offset, length, position, nextPosition) ->
                    strategy.onMessage(text.decode(buffer, offset, length)));
            try (AgentRunner runner = new AgentRunner(
                new SleepingMillisIdleStrategy(1), Throwable::printStackTrace, null, replayer))
            {
                AgentRunner.startOnThread(runner);
                replayer.pause();
                replayer.resume();
                while (!replayer.state().isFinal())
                {
                    Thread.onSpinWait();
                }
            }
        }
        // page end

        assertEquals(4, lines.size());
    }

    @Test
    void shouldCopyWithTimesOfOriginalsAsPageShows()
    {
        final Header header = Header.builder().channelId(44).capacity(1 << 20).maxMessageLength(1024).build();
        // page begin
        final ReplayClock clock = new ReplayClock();
        try (ShmReader reader = ShmReader.open(root, 42, text);
            Writer<PlainTextDataFormat> copy = EnvelopeWriter.create(
                ShmWriter.builder(root, header, text), new TimestampHandler(header.tickUnit(), clock)))
        {
            Replayer.builder(reader).fullSpeed().clock(clock).into(copy).run();
        }
        // page end

        try (ShmReader copied = ShmReader.open(root, 44); ShmReader original = ShmReader.open(root, 42))
        {
            while (original.next())
            {
                assertTrue(copied.next());
                assertEquals(original.time(), copied.time());
            }
        }
    }

    @Test
    void shouldMergeAsPageShows()
    {
        final IdleStrategy idleStrategy = new SleepingMillisIdleStrategy(1);
        // page begin
        final MergedRecordHandler handler = (source, buffer, offset, length, position, nextPosition) ->
            lines.add(source + " " + text.decode(buffer, offset, length));
        try (MergedReader merged = MergedReader.builder()
            .add(ShmReader.open(root, 42, text))
            .add(ShmReader.open(root, 43, text))
            .slack(TimeUnit.MILLISECONDS.toNanos(2))
            .build())
        {
            while (merged.state() != ReaderState.CLOSED)
            {
                idleStrategy.idle(merged.read(handler, 256));
            }
        }
        // page end

        assertEquals(List.of("0 a0", "0 a1", "1 b0", "0 a2", "1 b1", "0 a3"), lines);
    }

    @Test
    void shouldGoOnWhereItStoppedAsPageShows()
    {
        final long[] stored = new long[2];
        try (MergedReader merged =
            MergedReader.byTime(ShmReader.open(root, 42, text), ShmReader.open(root, 43, text)))
        {
            assertTrue(merged.next());
            // page begin
            for (int source = 0; source < merged.sources(); source++)
            {
                stored[source] = merged.position(source);
            }
            // page end
        }
        try (MergedReader merged =
            MergedReader.byTime(ShmReader.open(root, 42, text), ShmReader.open(root, 43, text)))
        {
            // page begin
            for (int source = 0; source < merged.sources(); source++)
            {
                merged.moveTo(source, stored[source]);
            }
            // page end
            assertTrue(merged.next());
            assertEquals("a1", text.decode(merged.buffer(), merged.offset(), merged.length()));
        }
    }

    @Test
    void shouldReplayMergedStreamsAsPageShows()
    {
        // page begin
        final ReplayClock clock = new ReplayClock();
        final Strategy strategy = new Strategy(clock);
        try (MergedReader merged = MergedReader.byTime(ShmReader.open(root, 42), ShmReader.open(root, 43)))
        {
            final Replayer replayer = Replayer.builder(merged)
                .from(Instant.parse("2026-11-25T09:00:00Z"))
                .fullSpeed()
                .clock(clock)
                .into((source, buffer, offset, length, position, nextPosition) ->
                    strategy.onMessage(text.decode(buffer, offset, length)));
            replayer.run();
        }
        // page end

        assertEquals(
            List.of(
                "a1 2026-11-25T09:00:00Z",
                "b0 2026-11-25T09:00:00.500Z",
                "a2 2026-11-25T09:00:01Z",
                "b1 2026-11-25T09:00:01Z",
                "a3 2026-11-25T09:30:00Z"),
            lines);
    }

    @Test
    void shouldShowWhatIsRunHereWhenPageShowsJava() throws IOException
    {
        final Path repository = repository();
        final String source = Files.readString(
            repository.resolve("examples/src/test/java/io/kekbit/examples/ReplayPageTest.java"));
        final List<String> regions = REGION.matcher(source).results()
            .map((region) -> region.group(1).stripTrailing().stripIndent() + "\n").toList();
        final List<String> blocks = JAVA_BLOCK.matcher(Files.readString(repository.resolve("docs/replay.md")))
            .results().map((block) -> block.group(1)).toList();

        assertEquals(8, blocks.size());
        assertEquals(regions, blocks);
    }

    @Test
    void shouldHaveRowForEveryStateWhenPageTellsThem() throws IOException
    {
        final String page = Files.readString(repository().resolve("docs/replay.md"));
        for (final ReplayState state : ReplayState.values())
        {
            assertTrue(page.contains("| `" + state + "` |"), state.name());
        }
    }

    private void write(final long channelId, final String name, final long... times)
    {
        final Header header =
            Header.builder().channelId(channelId).capacity(1 << 20).maxMessageLength(1024).build();
        try (Writer<PlainTextDataFormat> writer = EnvelopeWriter.create(
            ShmWriter.builder(root, header, text), new TimestampHandler(TickUnit.NANOS, () -> now)))
        {
            for (int i = 0; i < times.length; i++)
            {
                now = times[i];
                writer.write(text.encodable(name + i));
            }
        }
    }

    /**
     * Tests may be run from the repository's root or from the module.
     */
    private static Path repository()
    {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("examples/run")))
        {
            folder = folder.getParent();
        }

        return folder;
    }

    /**
     * What is tried on recorded data.
     */
    private final class Strategy
    {
        private final EpochNanoClock clock;

        private Strategy(final EpochNanoClock clock)
        {
            this.clock = clock;
        }

        private void onMessage(final String message)
        {
            lines.add(message + " " + TickUnit.NANOS.toInstant(clock.nanoTime()));
        }

        private void onBytes(final DirectBuffer buffer, final int offset, final int length)
        {
            onMessage(text.decode(buffer, offset, length));
        }
    }
}
