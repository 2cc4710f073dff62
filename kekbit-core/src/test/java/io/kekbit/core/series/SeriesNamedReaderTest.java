package io.kekbit.core.series;

import io.kekbit.core.ChannelState;
import io.kekbit.core.ChannelStatus;
import io.kekbit.core.Lag;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.RecordHandler;
import io.kekbit.core.exceptions.InvalidPositionException;
import io.kekbit.core.exceptions.PositionDeletedException;
import io.kekbit.core.exceptions.PositionMismatchException;
import io.kekbit.core.exceptions.UnavailablePositionException;
import io.kekbit.core.layout.ChannelPath;
import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.PositionDescriptor;
import io.kekbit.core.positions.NamedPosition;
import io.kekbit.core.positions.NamedPositions;
import io.kekbit.core.positions.NamedReader;
import io.kekbit.core.positions.StreamIdentity;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Readers of a series that have a name: they go on in whatever channel they stopped in, and what they need tells which
 * channels can be deleted.
 */
class SeriesNamedReaderTest
{
    private static final String SERIES = "ticks";
    private static final String NAME = "risk";
    private static final int CAPACITY = 16 * 1024;
    private static final int RECORD = 16;
    private static final int FIRST = 8;
    private static final int PER_CHANNEL = (CAPACITY - 16 - FIRST) / RECORD;

    private final UnsafeBuffer number = new UnsafeBuffer(new byte[8]);
    private final List<Long> handled = new ArrayList<>();
    private final RecordHandler handler = (buffer, offset, length, position, nextPosition) ->
        handled.add(buffer.getLong(offset, LITTLE_ENDIAN));

    @TempDir
    private Path root;
    private Path positions;
    private SeriesWriter<RawBinDataFormat> writer;
    private long written;

    @BeforeEach
    void create()
    {
        positions = root.resolve("positions");
        writer = create(SERIES);
    }

    @AfterEach
    void close()
    {
        writer.close();
    }

    @Test
    void shouldGoOnInChannelInWhichItStoppedWhenNameIsUsedAgain()
    {
        write(3 * PER_CHANNEL);
        try (NamedReader reader = open())
        {
            read(reader, PER_CHANNEL + 10);
        }
        final NamedPosition stored = NamedPosition.of(positions, NAME);
        assertEquals(SeriesPosition.of(1, FIRST + 10 * RECORD), stored.position());
        assertEquals(OptionalLong.of(PER_CHANNEL + 10), stored.records());
        assertTrue(stored.stream().isSeries());
        write(PER_CHANNEL);

        try (NamedReader reader = open())
        {
            assertFalse(reader.isNew());
            read(reader, 3 * PER_CHANNEL - 10);
            assertEquals(0, reader.read(handler, 100));
        }
        assertEquals(LongStream.rangeClosed(1, 4L * PER_CHANNEL).boxed().toList(), handled);
        assertEquals(OptionalLong.of(4 * PER_CHANNEL), NamedPosition.of(positions, NAME).records());
    }

    @Test
    void shouldGoOnBehindLastRecordOfChannelWhenItStoppedThere()
    {
        write(PER_CHANNEL);
        try (NamedReader reader = open())
        {
            read(reader, PER_CHANNEL);
        }
        write(2);
        try (NamedReader reader = open())
        {
            read(reader, 2);
        }

        assertEquals(LongStream.rangeClosed(1, PER_CHANNEL + 2).boxed().toList(), handled);
    }

    @Test
    void shouldSumUpOverChannelsHowFarPositionIsBehind()
    {
        write(2 * PER_CHANNEL + 5);
        try (SeriesReader reader = SeriesReader.open(root, SERIES))
        {
            final Lag lag = reader.lag(SeriesPosition.of(0, FIRST + 3 * RECORD));

            assertEquals(OptionalLong.of(3), lag.recordsBefore());
            assertEquals(OptionalLong.of(2 * PER_CHANNEL + 5 - 3), lag.records());
            assertEquals((2 * PER_CHANNEL + 5 - 3) * RECORD + 2 * FIRST, lag.bytes());
            assertEquals(SeriesPosition.of(2, FIRST + 5 * RECORD), lag.end());
            assertEquals(
                OptionalLong.of(PER_CHANNEL + 1), reader.lag(SeriesPosition.of(1, FIRST + RECORD)).recordsBefore());
        }
    }

    @Test
    void shouldTellTimeOfFirstRecordThatWaitsWhenChannelOfPositionHasNone()
    {
        write(PER_CHANNEL);
        try (SeriesReader reader = SeriesReader.open(root, SERIES))
        {
            reader.moveToEnd();
            final long end = reader.position();
            final SeriesStream stream = new SeriesStream(reader, channels(reader));
            assertEquals(Optional.of(Duration.ZERO), stream.lag(end, () -> Long.MAX_VALUE).time());
            write(1);

            final Lag lag = stream.lag(end, () -> Long.MAX_VALUE);

            assertEquals(OptionalLong.of(1), lag.records());
            assertTrue(lag.time().orElseThrow().toDays() > 365, lag.toString());
        }
    }

    @Test
    void shouldRefuseWhenPositionIsNoneOfSeries()
    {
        write(PER_CHANNEL + 1);
        try (SeriesReader reader = SeriesReader.open(root, SERIES))
        {
            assertThrows(InvalidPositionException.class, () -> reader.lag(SeriesPosition.of(0, FIRST + 8)));
            assertThrows(UnavailablePositionException.class, () -> reader.lag(SeriesPosition.of(7, 0)));
            final long behind = SeriesPosition.of(1, FIRST + 9 * RECORD);
            final UnavailablePositionException ex =
                assertThrows(UnavailablePositionException.class, () -> reader.lag(behind));
            assertEquals(behind, ex.position());
            assertEquals(SeriesPosition.of(1, FIRST + RECORD), ex.end());
        }
    }

    @Test
    void shouldTellWhichPositionIsNeededAndSaySoWhenItWasDeleted() throws IOException
    {
        write(2 * PER_CHANNEL);
        final StreamIdentity stream;
        try (SeriesReader series = SeriesReader.open(root, SERIES);
            NamedReader reader = series.named(positions, NAME).open())
        {
            stream = StreamIdentity.ofSeries(series.streamId());
            read(reader, 10);
        }
        write(1);
        assertEquals(
            OptionalLong.of(SeriesPosition.of(0, FIRST + 10 * RECORD)),
            NamedPositions.in(positions).lowest(stream, Instant.MIN));

        Files.delete(ChannelPath.file(root.resolve(SERIES), 1));

        final PositionDeletedException ex = assertThrows(PositionDeletedException.class, this::open);
        assertEquals(SeriesPosition.of(1, 0), ex.firstPosition());
        assertTrue(NamedPositions.delete(positions, NAME));
        handled.clear();
        try (NamedReader reader = open())
        {
            read(reader, 1);
            assertEquals(PER_CHANNEL + 1, reader.storedRecords());
        }
        assertEquals(List.of(PER_CHANNEL + 1L), handled);
    }

    @Test
    void shouldRefuseWhenNameIsOfAnotherSeries()
    {
        open().close();
        create("other").close();
        try (SeriesReader other = SeriesReader.open(root, "other"))
        {
            assertThrows(PositionMismatchException.class, () -> other.named(positions, NAME).open());
        }
    }

    @Test
    void shouldVouchForWhatWriterFlushedInAnyChannel()
    {
        try (SeriesReader series = SeriesReader.open(root, SERIES))
        {
            final SeriesStream stream = new SeriesStream(series, channels(series));
            assertEquals(0, stream.vouchedPosition());
            flushAfterWriting(1);
            assertEquals(0, stream.vouchedPosition());
            flushAfterWriting(1);
            assertEquals(FIRST + RECORD, stream.vouchedPosition());
            write(PER_CHANNEL);
            series.moveToEnd();
            flushAfterWriting(1);
            stream.vouchedPosition();
            final long flushed = writer.writeOffset();
            flushAfterWriting(1);
            assertEquals(flushed, stream.vouchedPosition());
            assertEquals(1, SeriesPosition.ordinal(flushed));
        }
    }

    @Test
    void shouldVouchForChannelsThatAreClosedWhenWriterNeverFlushes()
    {
        write(PER_CHANNEL + 1);
        try (SeriesReader series = SeriesReader.open(root, SERIES))
        {
            closeChannelsLeft();
            final SeriesStream stream = new SeriesStream(series, channels(series));
            assertEquals(0, stream.vouchedPosition());
            series.moveToEnd();
            assertEquals(SeriesPosition.of(1, 0), stream.vouchedPosition());
        }
    }

    @Test
    void shouldTellChannelsOfSameEpochApart()
    {
        write(PER_CHANNEL + 1);
        try (SeriesReader series = SeriesReader.open(root, SERIES))
        {
            final SeriesStream stream = new SeriesStream(series, channels(series));
            final long inCurrent = stream.writerEpoch(0);
            final long inNext = stream.writerEpoch(SeriesPosition.of(1, 0));
            assertEquals(0, stream.writerEpoch(SeriesPosition.of(9, 0)));

            series.moveToEnd();
            assertEquals(inCurrent, stream.writerEpoch(0));
            assertEquals(inNext, stream.writerEpoch(SeriesPosition.of(1, 0)));
            assertNotEquals(inCurrent, inNext);
        }
    }

    /**
     * What nobody needs is deleted by the position, which lies behind the one that was vouched for: by up to a second.
     */
    @Test
    void shouldGoBackToFirstChannelThereIsWhenVouchedOneWasDeletedBeforePowerWasLost() throws IOException
    {
        write(PER_CHANNEL + 5);
        try (NamedReader reader = open())
        {
            read(reader, PER_CHANNEL + 3);
        }
        storeAsOnAnotherRun(SeriesPosition.of(1, FIRST + 3 * RECORD), FIRST + RECORD);
        Files.delete(ChannelPath.file(root.resolve(SERIES), 1));
        handled.clear();

        try (NamedReader reader = open())
        {
            assertEquals(SeriesPosition.of(1, 0), reader.position());
            read(reader, 5);
        }
        assertEquals(LongStream.rangeClosed(PER_CHANNEL + 1, PER_CHANNEL + 5).boxed().toList(), handled);
    }

    /**
     * That the next channel was published is on the device some seconds later only.
     */
    @Test
    void shouldWaitBehindClosedChannelWhenPublicationOfNextOneWasLostWithPower() throws IOException
    {
        write(PER_CHANNEL + 3);
        try (NamedReader reader = open())
        {
            read(reader, PER_CHANNEL + 2);
        }
        closeChannelsLeft();
        storeAsOnAnotherRun(SeriesPosition.of(1, FIRST + 2 * RECORD), SeriesPosition.of(1, 0));
        final long streamId = writer.streamId();
        putStreamId(1, 0);
        handled.clear();

        try (NamedReader reader = open())
        {
            assertEquals(SeriesPosition.of(0, FIRST + PER_CHANNEL * RECORD), reader.position());
            assertEquals(0, reader.read(handler, 10));
            putStreamId(1, streamId);
            read(reader, 3);
        }
        assertEquals(LongStream.rangeClosed(PER_CHANNEL + 1, PER_CHANNEL + 3).boxed().toList(), handled);
    }

    private void putStreamId(final long ordinal, final long streamId) throws IOException
    {
        final ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(LITTLE_ENDIAN).putLong(0, streamId);
        try (FileChannel channel = FileChannel.open(
            ChannelPath.file(root.resolve(SERIES), ordinal + 1), StandardOpenOption.WRITE))
        {
            channel.write(bytes, ExtensionDescriptor.STREAM_ID_OFFSET);
        }
    }

    /**
     * Replace what is stored by what a reader stored before the machine was restarted.
     */
    private void storeAsOnAnotherRun(final long position, final long vouched) throws IOException
    {
        final Path file = positions.resolve(NAME + ".position");
        final UnsafeBuffer bytes = new UnsafeBuffer(Files.readAllBytes(file));
        final long check = bytes.getLong(PositionDescriptor.CHECK_OFFSET, LITTLE_ENDIAN);
        for (final long sequence : new long[]{100_000, 100_001})
        {
            PositionDescriptor.putSlot(bytes, check, sequence, position, -1, 0, vouched, 1, 4711);
        }
        Files.write(file, bytes.byteArray());
    }

    private void flushAfterWriting(final int count)
    {
        write(count);
        writer.flush();
    }

    /**
     * What the agent does.
     */
    private void closeChannelsLeft()
    {
        final SeriesAgent agent = writer.agent();
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (ChannelStatus.of(ChannelPath.file(root.resolve(SERIES), 1)).state() != ChannelState.CLOSED)
        {
            assertTrue(System.nanoTime() - deadlineNs < 0, "the channel is not closed");
            agent.doWork();
        }
    }

    private SeriesWriter<RawBinDataFormat> create(final String name)
    {
        return SeriesWriter.builder(root, name, RawBinDataFormat.INSTANCE)
            .capacity(CAPACITY).maxMessageLength(112).open();
    }

    private NamedReader open()
    {
        final SeriesReader series = SeriesReader.open(root, SERIES);
        boolean isOpen = false;
        try
        {
            final NamedReader reader = series.named(positions, NAME).open();
            isOpen = true;

            return reader;
        }
        finally
        {
            if (!isOpen)
            {
                series.close();
            }
        }
    }

    /**
     * Read so many records, one by one.
     */
    private void read(final NamedReader reader, final int count)
    {
        final int end = handled.size() + count;
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (handled.size() < end && System.nanoTime() - deadlineNs < 0)
        {
            reader.read(handler, 1);
        }
        assertEquals(end, handled.size());
    }

    private void write(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            number.putLong(0, ++written, LITTLE_ENDIAN);
            writer.write(number, 0, 8);
        }
    }

    private Channels channels(final SeriesReader reader)
    {
        return new Channels(SeriesReader.builder(root, SERIES), reader.streamId());
    }
}
