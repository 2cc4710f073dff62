package io.kekbit.core;

import io.kekbit.core.exceptions.InvalidHeaderException;
import io.kekbit.core.handlers.TimestampHandler;
import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.IndexDescriptor;
import org.agrona.concurrent.CachedNanoClock;
import org.agrona.concurrent.NoOpIdleStrategy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Clocks that are set back, set forward, or were never set: no record is lost or refused for it, and the times that a
 * channel tells of itself never decrease.
 */
@Tag("life-cycle")
class SteppingClockTest
{
    private static final long CREATION_TIME = 1_700_000_000_000_000_000L;
    private static final long HOUR_NS = TimeUnit.HOURS.toNanos(1);
    private static final int RECORDS = 2_000;
    private static final int CAPACITY = 256 * 1024;

    @TempDir
    private Path root;

    /**
     * A clock that steps back makes a silent writer be found later, by as much as it stepped; it never makes a living
     * one look dead. Where a clock began does not matter, nor that it wraps around.
     */
    @ParameterizedTest
    @ValueSource(longs = {0, CREATION_TIME, -1, Long.MAX_VALUE, Long.MIN_VALUE})
    void shouldFindSilenceLateAndNeverEarlyWhenReadersClockStepsBack(final long start)
    {
        final CachedNanoClock clock = new CachedNanoClock();
        clock.update(start);
        try (ShmWriter<RawBinDataFormat> writer = TestChannels.createSmall(root);
            ShmReader reader = ShmReader.builder(root, 1).clock(clock).open())
        {
            TestChannels.readAll(reader);
            assertEquals(ReaderState.OPEN, reader.state());
            clock.advance(-HOUR_NS);
            assertEquals(ReaderState.OPEN, reader.state());
            clock.advance(HOUR_NS + TestChannels.TIMEOUT_NS);
            assertEquals(ReaderState.OPEN, reader.state());
            clock.advance(1);
            assertEquals(ReaderState.TIMED_OUT, reader.state());

            // Seen while the clock was back: from then on it counts.
            clock.advance(-HOUR_NS);
            writer.heartbeat();
            TestChannels.readAll(reader);
            assertEquals(ReaderState.OPEN, reader.state());
            clock.advance(TestChannels.TIMEOUT_NS);
            assertEquals(ReaderState.OPEN, reader.state());
            clock.advance(1);
            assertEquals(ReaderState.TIMED_OUT, reader.state());
        }
    }

    @Test
    void shouldRecoverWhenReadersClockJumpsForward()
    {
        final CachedNanoClock clock = new CachedNanoClock();
        try (ShmWriter<RawBinDataFormat> writer = TestChannels.createSmall(root);
            ShmReader reader = ShmReader.builder(root, 1).clock(clock).open())
        {
            TestChannels.readAll(reader);
            assertEquals(ReaderState.OPEN, reader.state());
            clock.advance(1_000_000 * HOUR_NS);
            assertEquals(ReaderState.TIMED_OUT, reader.state());

            writer.write(TestChannels.bytes(5), 0, 5);
            assertEquals(ReaderState.OPEN, reader.state());
            assertEquals(1, TestChannels.readAll(reader).size());
            assertEquals(ReaderState.OPEN, reader.state());
        }
    }

    @Test
    void shouldReadWhatIsThereWhenClockJumpsForwardWhileWaiting()
    {
        final CachedNanoClock clock = new CachedNanoClock();
        try (ShmWriter<RawBinDataFormat> writer = TestChannels.createSmall(root);
            ShmReader reader = ShmReader.builder(root, 1).clock(clock).open())
        {
            final int[] records = {0};
            final RecordHandler counting = (buffer, offset, length, position, next) -> records[0]++;
            final int read = reader.read(counting, 10, HOUR_NS, TestChannels.onIdle(() -> clock.advance(10 * HOUR_NS)));
            assertEquals(0, read, "the time is up");
            writer.write(TestChannels.bytes(5), 0, 5);

            assertEquals(1, reader.read(counting, 10, 0, NoOpIdleStrategy.INSTANCE));
            assertEquals(1, records[0]);
        }
    }

    @Test
    void shouldNeverStepBackInTimeWhenWritersClockDoes() throws IOException
    {
        final long seed = 20261125;
        final SplittableRandom random = new SplittableRandom(seed);
        final long[] now = {CREATION_TIME};
        final long[] backSteps = {0};
        long lastHint = 0;
        final Path file = TestChannels.file(root);
        for (int writers = 0; writers < 2; writers++)
        {
            final ShmWriter<RawBinDataFormat> writer = ShmWriter
                .builder(root, header().build(), RawBinDataFormat.INSTANCE)
                .clock(() -> step(random, now, backSteps))
                .createOrResume();
            for (int i = 0; i < RECORDS; i++)
            {
                writer.write(TestChannels.bytes(40), 0, 40);
                writer.heartbeat();
                final long hint = TestChannels.getLong(file, ExtensionDescriptor.TAIL_HINT_TIME_OFFSET);
                assertTrue(hint >= lastHint && hint >= CREATION_TIME, "seed=" + seed + " record=" + i);
                lastHint = hint;
            }
            writer.abandon();
        }

        final int entries = (int)TestChannels.getLong(file, ExtensionDescriptor.INDEX_COUNT_OFFSET);
        final long index = TestChannels.getLong(file, ExtensionDescriptor.INDEX_SECTION_OFFSET);
        long lastTime = CREATION_TIME;
        for (int i = 0; i < entries; i++)
        {
            final long time = TestChannels.getLong(
                file, index + (long)i * IndexDescriptor.ENTRY_LENGTH + IndexDescriptor.TIME_OFFSET);
            assertTrue(time >= lastTime, "seed=" + seed + " entry=" + i);
            lastTime = time;
        }
        assertTrue(entries > 10 && backSteps[0] > RECORDS, "entries=" + entries + " backSteps=" + backSteps[0]);
        Evidence.print(
            "clock that steps", "records", 2 * RECORDS, "stepsBack", backSteps[0], "indexEntries", entries,
            "timesDecreased", 0);
    }

    /**
     * The time stamp of a record is what the clock said, backwards as well, and before 1970, too: it is the
     * application's own, and is not made better.
     */
    @Test
    void shouldStampRecordWithWhatTheClockSaysWhenItSteps()
    {
        final long[] times = {CREATION_TIME, CREATION_TIME - HOUR_NS, CREATION_TIME + HOUR_NS, 0, -1, -HOUR_NS};
        final int[] next = {0};
        try (EnvelopeWriter<RawBinDataFormat> writer = EnvelopeWriter.create(
            ShmWriter.builder(root, header().build(), RawBinDataFormat.INSTANCE),
            new TimestampHandler(TickUnit.NANOS, () -> times[next[0]++]));
            ShmReader reader = ShmReader.open(root, 1))
        {
            final List<Long> read = new ArrayList<>();
            for (int i = 0; i < times.length; i++)
            {
                writer.write(TestChannels.bytes(5), 0, 5);
                assertTrue(reader.next());
                read.add(reader.time());
            }

            assertEquals(List.of(times[0], times[1], times[2], times[3], times[4], times[5]), read);
        }
    }

    @Test
    void shouldRefuseCreationTimeBefore1970UnlessItIsGiven() throws IOException
    {
        final InvalidHeaderException ex = assertThrows(
            InvalidHeaderException.class, () -> TestChannels.smallHeader().clock(() -> -1).build());
        assertTrue(ex.getMessage().contains("creationTime=-1 min=0"), ex.getMessage());

        try (ShmWriter<RawBinDataFormat> writer = ShmWriter
            .builder(root, header().creationTime(7).build(), RawBinDataFormat.INSTANCE).clock(() -> -HOUR_NS).create())
        {
            writer.write(TestChannels.bytes(5), 0, 5);
            writer.flush();
            assertEquals(7, TestChannels.getLong(writer.file(), ExtensionDescriptor.TAIL_HINT_TIME_OFFSET));
        }
        try (ShmReader reader = ShmReader.open(root, 1))
        {
            assertEquals(1, TestChannels.readAll(reader).size());
            assertEquals(List.of(), reader.extension().problems());
        }
    }

    private static Header.Builder header()
    {
        return Header.builder().channelId(1).capacity(CAPACITY).maxMessageLength(100).creationTime(CREATION_TIME);
    }

    private static long step(final SplittableRandom random, final long[] now, final long[] backSteps)
    {
        final long step = random.nextLong(-HOUR_NS, HOUR_NS);
        backSteps[0] += step < 0 ? 1 : 0;
        now[0] += step;

        return now[0];
    }
}
