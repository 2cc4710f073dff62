package io.kekbit.core.series;

import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.WriteHandler;
import io.kekbit.core.handlers.ChecksumHandler;
import io.kekbit.core.handlers.SequenceHandler;
import io.kekbit.core.layout.EnvelopeDescriptor;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ControlledMessageHandler.Action;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Missing sequence numbers in a series, told by its reader.
 */
class SeriesGapTest
{
    private static final long FIRST_OF_SECOND_CHANNEL = SeriesPosition.of(1, 8);

    private final List<String> gaps = new ArrayList<>();
    private final Counting counting = new Counting();

    @TempDir
    private Path root;

    @Test
    void shouldTellGapOnceWhenRecordsAreMissingBetweenChannels()
    {
        writeWithGap();
        final String gap = "expected 4, 9 came at " + FIRST_OF_SECOND_CHANNEL;

        assertEquals(List.of(gap), gapsWhen(TestSeries::readAll));
        assertEquals(List.of(gap), gapsWhen((reader) ->
        {
            while (reader.next())
            {
                continue;
            }
        }));
        assertEquals(List.of(gap), gapsWhen((reader) ->
        {
            while (reader.controlledRead((buffer, offset, length, position, nextPosition) -> Action.CONTINUE, 2) > 0)
            {
                continue;
            }
        }));
    }

    @Test
    void shouldTellGapOnceWhenFirstRecordBehindItIsAborted()
    {
        writeWithGap();
        final int[] times = {0};

        assertEquals(1, gapsWhen((reader) ->
        {
            while (times[0] < 5)
            {
                reader.controlledRead((buffer, offset, length, position, nextPosition) ->
                    position == FIRST_OF_SECOND_CHANNEL && ++times[0] < 5 ? Action.ABORT : Action.CONTINUE, 10);
            }
        }).size());
    }

    @Test
    void shouldTellGapWhenEmptyChannelsAreBetween()
    {
        write(counting, 3);
        write(counting, 0);
        write(counting, 0);
        counting.next += 5;
        write(counting, 1);

        assertEquals(List.of("expected 4, 9 came at " + SeriesPosition.of(3, 8)), gapsWhen(TestSeries::readAll));
    }

    @Test
    void shouldTellNoGapWhenSeriesRollsAndIsClosedAndOpened()
    {
        write(new SequenceHandler(), 3 * TestSeries.RECORDS_PER_CHANNEL);
        write(new SequenceHandler(), 2 * TestSeries.RECORDS_PER_CHANNEL);

        assertEquals(List.of(), gapsWhen((reader) ->
            assertEquals(5 * TestSeries.RECORDS_PER_CHANNEL, TestSeries.readAll(reader).size())));
    }

    @Test
    void shouldTellNoGapWhenReaderIsMovedOverIt()
    {
        writeWithGap();

        assertEquals(List.of(), gapsWhen((reader) ->
        {
            assertTrue(reader.next());
            reader.moveTo(SeriesPosition.of(1, 0));
            TestSeries.readAll(reader);
            reader.moveToStart();
            assertTrue(reader.next());
            assertTrue(reader.seekToRecord(3));
            TestSeries.readAll(reader);
            reader.moveToStart();
            reader.moveToEnd();
            assertFalse(reader.next());
        }));
    }

    @Test
    void shouldTellNoGapWhenNothingWasReadSinceReaderWasMovedToEndOfChannel()
    {
        writeWithGap();

        assertEquals(List.of(), gapsWhen((reader) ->
        {
            assertEquals(4, TestSeries.readAll(reader).size());
            gaps.clear();
            reader.moveTo(SeriesPosition.of(0, 8 + 3 * 24));
            assertEquals(1, TestSeries.readAll(reader).size());
        }));
    }

    @Test
    void shouldTellNoGapWhenAnotherEnvelopeBeginsToCount()
    {
        write(counting, 3);
        try (SeriesWriter<RawBinDataFormat> writer =
            TestSeries.builder(root).handlers(new SequenceHandler(), new ChecksumHandler()).open())
        {
            TestSeries.write(writer, 0, 3);
        }

        assertEquals(List.of(), gapsWhen((reader) -> assertEquals(6, TestSeries.readAll(reader).size())));
    }

    private void writeWithGap()
    {
        write(counting, 3);
        counting.next += 5;
        write(counting, 1);
    }

    private void write(final WriteHandler handler, final int count)
    {
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.builder(root).handlers(handler).open())
        {
            TestSeries.write(writer, 0, count);
        }
    }

    private List<String> gapsWhen(final Consumer<SeriesReader> reading)
    {
        gaps.clear();
        try (SeriesReader reader = SeriesReader.builder(root, TestSeries.NAME)
            .gapListener((expected, actual, position) ->
                gaps.add("expected " + expected + ", " + actual + " came at " + position))
            .open())
        {
            reading.accept(reader);
        }

        return gaps;
    }

    /**
     * Gives records the numbers that a test says.
     */
    private static final class Counting implements WriteHandler
    {
        private long next = 1;

        @Override
        public int code()
        {
            return EnvelopeDescriptor.SEQUENCE;
        }

        @Override
        public int incomingLength()
        {
            return EnvelopeDescriptor.SEQUENCE_LENGTH;
        }

        @Override
        public int outgoingLength()
        {
            return 0;
        }

        @Override
        public void incoming(final MutableDirectBuffer slot, final int offset)
        {
            slot.putLong(offset, next++, ByteOrder.LITTLE_ENDIAN);
        }
    }
}
