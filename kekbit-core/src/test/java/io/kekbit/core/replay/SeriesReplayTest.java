package io.kekbit.core.replay;

import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.Reader;
import io.kekbit.core.ReaderState;
import io.kekbit.core.TickUnit;
import io.kekbit.core.handlers.TimestampHandler;
import io.kekbit.core.series.SeriesReader;
import io.kekbit.core.series.SeriesWriter;
import io.kekbit.core.series.SeriesWriterBuilder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Replay and fan-in of series, whose records stand in several channels.
 */
class SeriesReplayTest
{
    private static final long T = 1_700_000_000_000_000_000L;
    private static final int RECORDS = 3_000;
    private static final long STEP = 10;

    @TempDir
    private Path root;
    private final UnsafeBuffer content = new UnsafeBuffer(new byte[16]);
    private final ReplayClock clock = new ReplayClock();
    private final List<Long> numbers = new ArrayList<>();
    private long now;

    @Test
    void shouldReplayEveryRecordOnceWhenSeriesHasManyChannels()
    {
        try (SeriesReader reader = series("a", T))
        {
            final Replayer replayer = Replayer.builder(reader).fullSpeed().clock(clock).into(
                (buffer, offset, length, position, nextPosition) ->
                {
                    assertEquals(T + STEP * numbers.size(), clock.nanoTime());
                    numbers.add(buffer.getLong(offset));
                });

            assertEquals(RECORDS, replayer.run());
            assertEquals(numbersFrom(0, RECORDS), numbers);
            assertEquals(ReplayState.REACHED_END, replayer.state());
            assertEquals(ReaderState.CLOSED, reader.state());
        }
    }

    @Test
    void shouldReplayFromTimeToTimeWhenTheyLieInDifferentChannels()
    {
        try (SeriesReader reader = series("a", T))
        {
            final Replayer replayer = Replayer.builder(reader)
                .from(T + STEP * 700).to(T + STEP * 2_500).fullSpeed().into(this::collect);

            replayer.run();
            assertEquals(numbersFrom(700, 2_500), numbers);
            assertTrue(reader.next());
            assertEquals(2_500, reader.buffer().getLong(reader.offset()));
        }
    }

    @Test
    void shouldGoByIndexOfEachChannelWhenSeriesIsNotStamped()
    {
        try (SeriesReader reader = write(builder("a"), "a", T))
        {
            long last = 0;
            int count = 0;
            while (reader.next())
            {
                final long written = T + STEP * count++;
                final long time = reader.indexedTime();
                assertTrue(time >= last && time <= written, "time=" + time + " written=" + written);
                last = time;
            }
            assertEquals(RECORDS, count);
            reader.moveTo(0);

            final Replayer replayer =
                Replayer.builder(reader).byIndex().from(T + STEP * 2_000).fullSpeed().into(this::collect);
            replayer.run();
            assertEquals(0, replayer.backwardRecords());
            final long first = numbers.get(0);
            assertTrue(first > 1_000 && first <= 2_000, "first=" + first);
            assertEquals(numbersFrom(first, RECORDS), numbers);
        }
    }

    @Test
    void shouldMergeSeriesAndReplayThemInOrderOfTimeWhenBothRoll()
    {
        final Reader first = series("a", T);
        final Reader second = series("b", T + STEP / 2);
        try (MergedReader merged = MergedReader.byTime(first, second))
        {
            final List<Integer> sources = new ArrayList<>();
            Replayer.builder(merged).fullSpeed().clock(clock).into(
                (source, buffer, offset, length, position, nextPosition) ->
                {
                    assertEquals(T + STEP / 2 * sources.size(), clock.nanoTime());
                    assertEquals(sources.size() / 2, buffer.getLong(offset));
                    assertEquals(sources.size() % 2, source);
                    sources.add(source);
                }).run();

            assertEquals(2 * RECORDS, sources.size());
            assertEquals(0, merged.lateRecords());
        }
    }

    @Test
    void shouldReplayIntoSeriesThatRollsWhenWriterIsOne()
    {
        try (SeriesReader reader = series("a", T);
            SeriesWriter<RawBinDataFormat> copy =
                builder("b").handlers(new TimestampHandler(TickUnit.NANOS, clock)).open())
        {
            assertEquals(RECORDS, Replayer.builder(reader).fullSpeed().clock(clock).into(copy).run());
        }
        try (SeriesReader copied = SeriesReader.open(root, "b"))
        {
            for (int i = 0; i < RECORDS; i++)
            {
                assertTrue(copied.next());
                assertEquals(i, copied.buffer().getLong(copied.offset()));
                assertEquals(T + STEP * i, copied.time());
            }
        }
    }

    private void collect(
        final DirectBuffer buffer,
        final int offset,
        final int length,
        final long position,
        final long nextPosition)
    {
        numbers.add(buffer.getLong(offset));
    }

    private SeriesReader series(final String name, final long firstTime)
    {
        return write(builder(name).handlers(new TimestampHandler(TickUnit.NANOS, () -> now)), name, firstTime);
    }

    private SeriesReader write(
        final SeriesWriterBuilder<RawBinDataFormat> builder, final String name, final long firstTime)
    {
        now = firstTime;
        try (SeriesWriter<RawBinDataFormat> writer = builder.open())
        {
            for (int i = 0; i < RECORDS; i++)
            {
                now = firstTime + STEP * i;
                content.putLong(0, i);
                writer.write(content, 0, content.capacity());
            }
        }

        return SeriesReader.open(root, name);
    }

    private SeriesWriterBuilder<RawBinDataFormat> builder(final String name)
    {
        return SeriesWriter.builder(root, name, RawBinDataFormat.INSTANCE)
            .capacity(16 * 1024).maxMessageLength(64).clock(() -> now);
    }

    private static List<Long> numbersFrom(final long first, final long end)
    {
        return LongStream.range(first, end).boxed().toList();
    }
}
