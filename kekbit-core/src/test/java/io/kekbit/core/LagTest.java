package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelNotFoundException;
import io.kekbit.core.exceptions.InvalidPositionException;
import io.kekbit.core.exceptions.ReaderClosedException;
import io.kekbit.core.exceptions.UnavailablePositionException;
import io.kekbit.core.handlers.TimestampHandler;
import io.kekbit.core.layout.ExtensionDescriptor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/**
 * How far a position is behind, in bytes, records and time, and that nobody has to read the channel for it.
 */
class LagTest
{
    private static final long START = 1_700_000_000_000_000_000L;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final int RECORD = 16;
    private static final int FIRST = 8;

    private final long[] now = {START};

    @TempDir
    private Path root;
    private Path file;

    @BeforeEach
    void nameFile()
    {
        file = TestChannels.file(root);
    }

    @Test
    void shouldBeZeroWhenPositionIsAtTheEnd()
    {
        try (ShmWriter<RawBinDataFormat> writer = create(1 << 20))
        {
            write(writer, 5);
            now[0] += SECOND;
            final long end = writer.writeOffset();

            assertEquals(
                new Lag(end, end, 0, OptionalLong.of(5), OptionalLong.of(0), Optional.of(Duration.ZERO)),
                Lag.of(file, end, () -> now[0]));
        }
    }

    @Test
    void shouldCountHeartbeatsAsBytesOnlyWhenNothingElseFollows()
    {
        try (ShmWriter<RawBinDataFormat> writer = create(1 << 20))
        {
            write(writer, 1);
            final long position = writer.writeOffset();
            writer.heartbeat();

            assertEquals(
                new Lag(position, position + 8, 8, OptionalLong.of(1), OptionalLong.of(0), Optional.of(Duration.ZERO)),
                Lag.of(file, position, () -> now[0]));
        }
    }

    @Test
    void shouldCountBytesAndRecordsWhenPositionIsBehind()
    {
        try (ShmWriter<RawBinDataFormat> writer = create(1 << 20))
        {
            write(writer, 20_000);
            final Lag lag = Lag.of(file, FIRST + 7L * RECORD);

            assertEquals(20_000 - 7, lag.records().orElseThrow());
            assertEquals(7, lag.recordsBefore().orElseThrow());
            assertEquals((20_000 - 7) * RECORD, lag.bytes());
            assertEquals(writer.writeOffset(), lag.end());
        }
    }

    /**
     * Far from the position and from the end there is something that could not be walked over.
     */
    @Test
    void shouldWalkNoFurtherThanStrideWhenChannelHasIndex() throws IOException
    {
        try (ShmWriter<RawBinDataFormat> writer = create(8 << 20))
        {
            write(writer, 400_000);
            TestChannels.putLengthWord(file, FIRST + 200_000L * RECORD, -12345);
            final Lag lag = Lag.of(file, FIRST + 100L * RECORD);

            assertEquals(400_000 - 100, lag.records().orElseThrow());
            assertEquals(writer.writeOffset(), lag.end());
        }
    }

    @Test
    void shouldTellTimeExactlyWhenRecordsAreStamped()
    {
        try (EnvelopeWriter<RawBinDataFormat> writer = EnvelopeWriter.create(
            builder(1 << 20), new TimestampHandler(TickUnit.NANOS, () -> now[0])))
        {
            for (int i = 0; i < 10; i++)
            {
                now[0] += SECOND;
                writer.write(TestChannels.bytes(8), 0, 8);
            }
            final Lag lag = Lag.of(file, FIRST + 6L * (RECORD + 8), () -> START + 100 * SECOND);

            assertEquals(OptionalLong.of(4), lag.records());
            assertEquals(Optional.of(Duration.ofSeconds(100 - 7)), lag.time());
        }
    }

    @Test
    void shouldTellTimeByIndexWhenRecordsAreNotStamped()
    {
        try (ShmWriter<RawBinDataFormat> writer = create(1 << 20))
        {
            write(writer, 5_000);
            now[0] += SECOND;
            write(writer, 5_000);

            // The entry before it is from the start; the one for the second half is at most 64 KiB later.
            assertEquals(
                Optional.of(Duration.ofSeconds(9)), Lag.of(file, FIRST, () -> START + 9 * SECOND).time());
            assertEquals(
                Optional.of(Duration.ofSeconds(8)),
                Lag.of(file, FIRST + 9_900L * RECORD, () -> START + 9 * SECOND).time());
        }
    }

    @Test
    void shouldTellTimeByLastSignOfLifeWhenThatIsLaterThanIndex()
    {
        try (ShmWriter<RawBinDataFormat> writer = create(1 << 20))
        {
            write(writer, 5);
            now[0] += 3 * SECOND;
            writer.heartbeat();
            final long position = writer.writeOffset();
            write(writer, 1);

            assertEquals(
                Optional.of(Duration.ofSeconds(6)), Lag.of(file, position, () -> START + 9 * SECOND).time());
        }
    }

    @Test
    void shouldBeOfNoTimeWhenClockIsBehindWriters()
    {
        try (ShmWriter<RawBinDataFormat> writer = create(1 << 20))
        {
            write(writer, 5);

            assertEquals(Optional.of(Duration.ZERO), Lag.of(file, 0, () -> 1).time());
        }
    }

    @Test
    void shouldTellBytesAloneWhenChannelIsOneOfTheCrate() throws IOException
    {
        try (ShmWriter<RawBinDataFormat> writer = create(16 * 1024))
        {
            write(writer, 5);
        }
        TestChannels.putLong(file, ExtensionDescriptor.SIGNATURE_OFFSET, 0);

        final Lag lag = Lag.of(file, FIRST + RECORD);

        assertEquals(4 * RECORD, lag.bytes());
        assertEquals(OptionalLong.empty(), lag.records());
        assertEquals(OptionalLong.empty(), lag.recordsBefore());
        assertEquals(Optional.empty(), lag.time());
        assertEquals(OptionalLong.of(0), Lag.of(file, FIRST + 5 * RECORD).records());
    }

    @Test
    void shouldRefuseWhenPositionIsNoneOfChannel()
    {
        assertThrows(ChannelNotFoundException.class, () -> Lag.of(file, 0));
        try (ShmWriter<RawBinDataFormat> writer = create(1 << 20))
        {
            write(writer, 5);

            assertThrows(InvalidPositionException.class, () -> Lag.of(file, -8));
            assertThrows(InvalidPositionException.class, () -> Lag.of(file, FIRST + 8));
            assertThrows(UnavailablePositionException.class, () -> Lag.of(file, writer.writeOffset() + RECORD));
        }
    }

    @Test
    void shouldLookThroughOpenReaderWhenFileWasDeleted() throws IOException
    {
        try (ShmWriter<RawBinDataFormat> writer = create(1 << 20);
            ShmReader reader = ShmReader.open(root, TestChannels.CHANNEL_ID))
        {
            write(writer, 5);
            Files.delete(file);

            assertEquals(OptionalLong.of(5), Lag.of(reader, 0, () -> START).records());
            assertEquals(0, reader.position());
        }
    }

    @Test
    void shouldRefuseWhenReaderIsClosed()
    {
        create(1 << 20).close();
        final ShmReader reader = ShmReader.open(root, TestChannels.CHANNEL_ID);
        reader.close();

        assertThrows(ReaderClosedException.class, () -> Lag.of(reader, 0, () -> START));
    }

    private ShmWriterBuilder<RawBinDataFormat> builder(final int capacity)
    {
        final Header header = Header.builder()
            .channelId(TestChannels.CHANNEL_ID).creationTime(START).capacity(capacity).maxMessageLength(64).build();

        return ShmWriter.builder(root, header, RawBinDataFormat.INSTANCE).clock(() -> now[0]);
    }

    private ShmWriter<RawBinDataFormat> create(final int capacity)
    {
        return builder(capacity).create();
    }

    private static void write(final ShmWriter<?> writer, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            writer.write(TestChannels.bytes(8), 0, 8);
        }
    }
}
