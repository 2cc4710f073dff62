package io.kekbit.benchmarks.operations;

import io.kekbit.benchmarks.floor.Floor;
import io.kekbit.core.ShmReader;
import io.kekbit.core.layout.ChannelPath;
import io.kekbit.core.layout.RecordDescriptor;
import io.kekbit.marketdata.MessageHeaderDecoder;
import io.kekbit.marketdata.TradeDecoder;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class BatchTest
{
    private static final long CAPACITY = 1L << 20;
    private static final long LEAST_CAPACITY = 160 * 1024;
    private static final int CHANNEL_ID = 1;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @MethodSource("lengthsAndFloors")
    void shouldLeaveSameRecordsWhenContentIsCopiedByHand(final int length, final Floor floor) throws IOException
    {
        assertSameRecords(Writes::of, Channels.KEKBIT, floor.subject(), length, RecordDescriptor.alignedLength(length));
    }

    @ParameterizedTest
    @MethodSource("lengthsAndFloors")
    void shouldLeaveSameRecordsWhenSlotIsFilledByHand(final int length, final Floor floor) throws IOException
    {
        assertSameRecords(Claims::of, Channels.KEKBIT, floor.subject(), length, RecordDescriptor.alignedLength(length));
    }

    @ParameterizedTest
    @EnumSource(Floor.class)
    void shouldLeaveSameRecordsWhenNoObjectEncodes(final Floor floor) throws IOException
    {
        assertSameRecords(Encodables::of, Channels.KEKBIT, floor.subject(), 64, 72);
    }

    @ParameterizedTest
    @EnumSource(Floor.class)
    void shouldLeaveSameRecordsWhenTradesAreEncodedByHand(final Floor floor) throws IOException
    {
        assertSameRecords(
            SbeWrites::of, SbeWrites.FILL, floor.subject(), 0, RecordDescriptor.alignedLength(Tick.LENGTH));
    }

    @ParameterizedTest
    @ValueSource(strings = {SbeWrites.CLAIM, SbeWrites.SLOT, SbeWrites.COPY, Channels.KEKBIT})
    void shouldLeaveSameRecordsWhenTradesAreEncodedInAnotherWay(final String subject) throws IOException
    {
        assertSameRecords(SbeWrites::of, SbeWrites.FILL, subject, 0, RecordDescriptor.alignedLength(Tick.LENGTH));
    }

    @Test
    void shouldLeaveSameHeartbeatsWhenPublishedByHand() throws IOException
    {
        assertSameRecords(
            Heartbeats::of, Channels.KEKBIT, Floor.BUFFER.subject(), 0, RecordDescriptor.LENGTH_WORD_LENGTH);
    }

    @Test
    void shouldBeReadBackWhenWritten()
    {
        try (Batch batch = Writes.of(setting(Channels.KEKBIT, 64, CAPACITY)))
        {
            run(batch, 2);
        }

        final DirectBuffer content = Batch.content();
        try (ShmReader reader = ShmReader.open(folder, CHANNEL_ID))
        {
            for (int i = 0; i < 2 * Batch.OPERATIONS; i++)
            {
                assertTrue(reader.next());
                assertEquals(64, reader.length());
                assertEquals(i % Batch.OPERATIONS, reader.buffer().getLong(reader.offset()));
                assertEquals(content.getLong(8), reader.buffer().getLong(reader.offset() + 8));
            }
            assertFalse(reader.next());
        }
    }

    @Test
    void shouldBeDecodedWhenTradesAreWritten()
    {
        try (Batch batch = SbeWrites.of(setting(Channels.KEKBIT, 0, CAPACITY)))
        {
            run(batch, 1);
        }

        final TradeDecoder trade = new TradeDecoder();
        try (ShmReader reader = ShmReader.open(folder, CHANNEL_ID, Tick.FORMAT))
        {
            for (int i = 1; i <= Batch.OPERATIONS; i++)
            {
                assertTrue(reader.next());
                trade.wrapAndApplyHeader(reader.buffer(), reader.offset(), new MessageHeaderDecoder());
                assertEquals(i, trade.tradeId());
                assertEquals(i, trade.quantity().mantissa());
            }
            assertFalse(reader.next());
        }
    }

    @Test
    void shouldGoOnInAnotherChannelWhenChannelIsFull()
    {
        final Setting setting = setting(Channels.KEKBIT, 64, LEAST_CAPACITY);
        final int batches = setting.batches();
        try (Batch batch = Writes.of(setting))
        {
            run(batch, batches + 1);
        }

        try (ShmReader reader = ShmReader.open(folder, CHANNEL_ID))
        {
            int records = 0;
            while (reader.next())
            {
                records++;
            }
            assertEquals(Batch.OPERATIONS, records);
        }
    }

    @Test
    void shouldHaveRoomForOneBatchWhenCapacityIsLess()
    {
        final Setting setting = setting(Channels.KEKBIT, 1024, LEAST_CAPACITY);

        assertEquals(1, setting.batches());
        try (Batch batch = Writes.of(setting))
        {
            run(batch, 3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"kekbit", "floor-buffer", "floor-words"})
    void shouldReadSameWhenReadFromStartAgain(final String subject)
    {
        final Setting setting = setting(subject, 64, LEAST_CAPACITY);
        final int batches = setting.batches();
        try (Batch batch = Reads.of(setting))
        {
            final long once = run(batch, batches);
            final long twice = run(batch, batches);

            final long records = (long)batches * Batch.OPERATIONS;
            assertEquals(records * (records - 1) / 2 + records * 64, once);
            assertEquals(2 * once, twice);
        }
    }

    @Test
    void shouldReadAllRecordsWhenGoneToOneByOne()
    {
        try (Batch batch = Reads.next(setting(Channels.KEKBIT, 64, LEAST_CAPACITY)))
        {
            final long records = Batch.OPERATIONS;

            assertEquals(records * (records - 1) / 2 + records * 64, run(batch, 1));
        }
    }

    @Test
    void shouldSumUpTheSameWhenDispatchedByHand()
    {
        assertEquals(dispatched(Dispatches.SWITCH), dispatched(Channels.KEKBIT));
    }

    @ParameterizedTest
    @EnumSource(value = Loaded.class, names = {"FOUR", "SOURCES"})
    void shouldLeaveNothingWhenLoaded(final Loaded loaded)
    {
        loaded.load(folder.resolve("load"));

        assertFalse(Files.exists(folder.resolve("load")));
    }

    @Test
    void shouldRefuseWhenSubjectIsUnknown()
    {
        assertThrows(IllegalArgumentException.class, () -> Writes.of(setting("floor-of-marble", 64, CAPACITY)));
    }

    private long dispatched(final String subject)
    {
        try (Batch batch = Dispatches.of(setting(subject, 0, CAPACITY)))
        {
            return run(batch, 2);
        }
    }

    private void assertSameRecords(
        final Function<Setting, Batch> batches,
        final String subject,
        final String otherSubject,
        final int length,
        final int recordLength) throws IOException
    {
        final byte[] records = records(batches, subject, length, recordLength);
        final byte[] otherRecords = records(batches, otherSubject, length, recordLength);

        assertArrayEquals(records, otherRecords);
    }

    /**
     * The records, and the watermark behind them.
     */
    private byte[] records(
        final Function<Setting, Batch> batches, final String subject, final int length, final int recordLength)
        throws IOException
    {
        try (Batch batch = batches.apply(setting(subject, length, CAPACITY)))
        {
            run(batch, 1);
            final byte[] file = Files.readAllBytes(ChannelPath.file(folder, CHANNEL_ID));
            final int end = RecordDescriptor.RECORD_AREA_OFFSET + Batch.OPERATIONS * recordLength;

            return Arrays.copyOfRange(
                file, RecordDescriptor.RECORD_AREA_OFFSET, end + RecordDescriptor.LENGTH_WORD_LENGTH);
        }
    }

    private Setting setting(final String subject, final int length, final long capacity)
    {
        return new Setting(subject, length, capacity, folder);
    }

    private static long run(final Batch batch, final int times)
    {
        long last = 0;
        for (int i = 0; i < times; i++)
        {
            batch.prepare();
            last = batch.run();
        }

        return last;
    }

    private static Stream<Arguments> lengthsAndFloors()
    {
        return Stream.of(16, 64, 256, 1024)
            .flatMap((length) -> Arrays.stream(Floor.values()).map((floor) -> Arguments.of(length, floor)));
    }
}
