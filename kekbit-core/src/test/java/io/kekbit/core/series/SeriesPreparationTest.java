package io.kekbit.core.series;

import io.kekbit.core.ChannelVerifier;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.handlers.SequenceHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

import static io.kekbit.core.series.TestSeries.RECORDS_PER_CHANNEL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * That a writer which prepares for going on in its next channel changes nothing by that.
 */
class SeriesPreparationTest
{
    private static final int LONG_CAPACITY = 4 * 1024 * 1024;
    private static final long HOUR_NS = TimeUnit.HOURS.toNanos(1);

    private final List<Long> rolls = new ArrayList<>();
    private final SeriesListener noting = new SeriesListener()
    {
        @Override
        public void onRoll(final long ordinal, final Path file, final long firstRecordNumber)
        {
            rolls.add(firstRecordNumber);
        }
    };
    private final UnsafeBuffer source = new UnsafeBuffer(new byte[64]);

    @TempDir
    private Path root;

    @ParameterizedTest
    @ValueSource(strings = {"write", "tryWrite", "claim", "claimAtLeast", "encodable"})
    void shouldFillChannelsAsEverWhenNextOneIsReady(final String way)
    {
        final int length = 56;
        final long recordsPerChannel = (LONG_CAPACITY - 16) / 64;
        try (SeriesWriter<RawBinDataFormat> writer = SeriesWriter
            .builder(root, TestSeries.NAME, RawBinDataFormat.INSTANCE)
            .capacity(LONG_CAPACITY).maxMessageLength(length).listener(noting).open())
        {
            for (long record = 0; record < 3 * recordsPerChannel; record++)
            {
                if (record % recordsPerChannel == 0)
                {
                    writer.agent().doWork();
                }
                write(writer, way, length);
                assertEquals(record / recordsPerChannel, SeriesPosition.ordinal(writer.writeOffset()));
            }

            assertEquals(3 * recordsPerChannel, writer.nextRecordNumber());
            assertEquals(List.of(recordsPerChannel, 2 * recordsPerChannel), rolls);
        }
        for (long ordinal = 0; ordinal < 3; ordinal++)
        {
            assertTrue(ChannelVerifier.verify(TestSeries.file(root, ordinal)).isSound());
        }
    }

    @Test
    void shouldGoOnWithNumbersWhenEnvelopeHasSequenceAndNextChannelIsReady()
    {
        final SequenceHandler sequence = new SequenceHandler();
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.builder(root).handlers(sequence).open())
        {
            for (int channel = 0; channel < 5; channel++)
            {
                writer.agent().doWork();
                TestSeries.write(writer, 0, RECORDS_PER_CHANNEL / 2);
            }

            assertEquals(5L * (RECORDS_PER_CHANNEL / 2), sequence.last());
            assertEquals(sequence.last(), writer.nextRecordNumber());
        }
    }

    @Test
    void shouldStayInChannelWhenHourIsNearlyOver()
    {
        final AtomicLong nowNs = new AtomicLong(500_000 * HOUR_NS + 1);
        try (SeriesWriter<RawBinDataFormat> writer =
            TestSeries.builder(root).rollCycle(RollCycle.HOURLY).clock(nowNs::get).listener(noting).open())
        {
            writer.agent().doWork();
            for (int beforeMs = 10; beforeMs > 0; beforeMs--)
            {
                nowNs.set(500_001 * HOUR_NS - TimeUnit.MILLISECONDS.toNanos(beforeMs));
                writer.agent().doWork();
                TestSeries.write(writer, 10 - beforeMs, 1);
            }
            assertEquals(List.of(), rolls);
            assertEquals(0, SeriesPosition.ordinal(writer.writeOffset()));

            nowNs.set(500_001 * HOUR_NS);
            writer.agent().doWork();
            TestSeries.write(writer, 10, 1);
            assertEquals(List.of(10L), rolls);
            assertEquals(1, SeriesPosition.ordinal(writer.writeOffset()));
        }
        try (SeriesReader reader = SeriesReader.open(root, TestSeries.NAME))
        {
            assertEquals(LongStream.rangeClosed(0, 10).boxed().toList(), TestSeries.readAll(reader));
        }
    }

    @Test
    void shouldCallNothingOfApplicationWhenRehearsing()
    {
        final AtomicLong clockCalls = new AtomicLong();
        final SequenceHandler sequence = new SequenceHandler();
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.builder(root)
            .handlers(sequence).listener(noting).clock(clockCalls::incrementAndGet).open())
        {
            assertEquals(0, sequence.last());
            assertEquals(List.of(), rolls);
            assertTrue(clockCalls.get() < 10);
            assertEquals(0, writer.nextRecordNumber());
        }
    }

    @Test
    void shouldRollWhenWarmUpIsLeftOut()
    {
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.builder(root).warmUp(false).listener(noting).open())
        {
            writer.agent().doWork();
            TestSeries.write(writer, 0, RECORDS_PER_CHANNEL + 1);
        }

        assertEquals(List.of((long)RECORDS_PER_CHANNEL), rolls);
    }

    private void write(final SeriesWriter<RawBinDataFormat> writer, final String way, final int length)
    {
        switch (way)
        {
            case "write" -> writer.write(source, 0, length);
            case "tryWrite" -> assertTrue(writer.tryWrite(source, 0, length) > 0);
            case "claim" ->
            {
                writer.claim(length);
                writer.commit(length);
            }
            case "claimAtLeast" ->
            {
                writer.claim(1, length);
                writer.commit(length);
            }
            default -> writer.write((format, slot, offset, maxLength) -> length);
        }
    }
}
