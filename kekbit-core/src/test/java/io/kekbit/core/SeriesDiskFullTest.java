package io.kekbit.core;

import io.kekbit.core.exceptions.ChannelFullException;
import io.kekbit.core.exceptions.NotEnoughSpaceException;
import io.kekbit.core.series.NextChannelPolicy;
import io.kekbit.core.series.SeriesListener;
import io.kekbit.core.series.SeriesPosition;
import io.kekbit.core.series.SeriesReader;
import io.kekbit.core.series.SeriesWriter;
import io.kekbit.core.series.SeriesWriterBuilder;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A disk that is full when a series needs its next channel: each policy does what it says, and nothing that was written
 * is lost.
 */
@Tag("disk-full")
@Tag("series")
class SeriesDiskFullTest
{
    private static final String NAME = "small";
    private static final int CAPACITY = 64 * 1024;
    private static final int RECORD_LENGTH = 120;

    private final UnsafeBuffer record = new UnsafeBuffer(new byte[RECORD_LENGTH]);
    private final List<String> events = new ArrayList<>();
    private long written;
    private long deleted;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void shouldAnnounceEarlyAndRefuseUntilThereIsSpaceWhenPolicyIsInline(final SmallDisk.Kind kind) throws IOException
    {
        try (SmallDisk disk = SmallDisk.mount(kind, folder))
        {
            try (SeriesWriter<RawBinDataFormat> writer = builder(disk, NextChannelPolicy.INLINE).open())
            {
                final Path rest = disk.fillUp();
                writer.agent().doWork();
                assertEquals(List.of("failed 1 NotEnoughSpaceException"), events);
                write(writer);
                fillChannel(writer);

                final ChannelFullException ex = assertThrows(ChannelFullException.class, () -> write(writer));
                assertInstanceOf(NotEnoughSpaceException.class, ex.getCause());
                assertTrue(writer.tryClaim(RECORD_LENGTH) < 0);
                Files.delete(rest);
                write(writer);
                assertEquals(1, SeriesPosition.ordinal(writer.writeOffset()));
            }
            assertHoldsAll(disk);
        }
        print(NextChannelPolicy.INLINE, kind, 2);
    }

    @ParameterizedTest
    @EnumSource
    void shouldRefuseUntilAgentHasMadeChannelWhenPolicyIsToThrow(final SmallDisk.Kind kind) throws IOException
    {
        try (SmallDisk disk = SmallDisk.mount(kind, folder))
        {
            final long[] nowNs = {0};
            try (SeriesWriter<RawBinDataFormat> writer =
                builder(disk, NextChannelPolicy.THROW).nanoClock(() -> nowNs[0]).open())
            {
                final Path rest = disk.fillUp();
                writer.agent().doWork();
                fillChannel(writer);

                final ChannelFullException ex = assertThrows(ChannelFullException.class, () -> write(writer));
                assertInstanceOf(NotEnoughSpaceException.class, ex.getCause());
                Files.delete(rest);
                assertThrows(ChannelFullException.class, () -> write(writer));
                assertEquals(0, writer.agent().doWork());
                nowNs[0] += 1_000_000_000L;
                assertEquals(1, writer.agent().doWork());
                write(writer);
            }
            assertHoldsAll(disk);
        }
        print(NextChannelPolicy.THROW, kind, 2);
    }

    @ParameterizedTest
    @EnumSource
    void shouldDeleteOldestAndGoOnWhenPolicyIsToPrune(final SmallDisk.Kind kind) throws IOException
    {
        try (SmallDisk disk = SmallDisk.mount(kind, folder))
        {
            final long channels = 3 * disk.usable() / CAPACITY;
            try (SeriesWriter<RawBinDataFormat> writer = builder(disk, NextChannelPolicy.PRUNE).open())
            {
                while (SeriesPosition.ordinal(writer.writeOffset()) < channels)
                {
                    write(writer);
                }
            }
            assertTrue(deleted > channels / 2, "deleted=" + deleted + " of " + channels);
            assertHoldsRest(disk);
        }
        print(NextChannelPolicy.PRUNE, kind, 0);
    }

    @ParameterizedTest
    @EnumSource
    void shouldDeleteThreeInVainAndNoMoreWhenPolicyIsToPruneAndReadersHaveAllOpen(final SmallDisk.Kind kind)
        throws IOException
    {
        final List<ShmReader> readers = new ArrayList<>();
        try (SmallDisk disk = SmallDisk.mount(kind, folder))
        {
            try (SeriesWriter<RawBinDataFormat> writer = builder(disk, NextChannelPolicy.PRUNE).open())
            {
                while (SeriesPosition.ordinal(writer.writeOffset()) < 7)
                {
                    write(writer);
                }
                disk.fillUp();
                for (long channelId = 1; channelId <= 8; channelId++)
                {
                    readers.add(ShmReader.open(disk.root().resolve(NAME), channelId));
                }
                fillChannel(writer);

                assertThrows(ChannelFullException.class, () -> write(writer));
                assertThrows(ChannelFullException.class, () -> write(writer));
                assertEquals(3, deleted);
                readers.forEach(ShmReader::close);
                write(writer);
                assertEquals(3, deleted);
            }
            assertHoldsRest(disk);
        }
    }

    private void print(final NextChannelPolicy policy, final SmallDisk.Kind kind, final int refused)
    {
        Evidence.print(
            "disk full at a roll", "policy", policy, "disk", kind, "written", written, "refused", refused,
            "channelsDeleted", deleted, "lostOfTheRest", 0);
    }

    private SeriesWriterBuilder<RawBinDataFormat> builder(final SmallDisk disk, final NextChannelPolicy policy)
    {
        return SeriesWriter.builder(disk.root(), NAME, RawBinDataFormat.INSTANCE)
            .capacity(CAPACITY)
            .maxMessageLength(RECORD_LENGTH)
            .nextChannelPolicy(policy)
            .listener(new SeriesListener()
            {
                @Override
                public void onNextChannelFailed(final long ordinal, final RuntimeException cause)
                {
                    events.add("failed " + ordinal + " " + cause.getClass().getSimpleName());
                }

                @Override
                public void onChannelDeleted(final long ordinal, final Path file)
                {
                    assertEquals(deleted++, ordinal);
                }
            });
    }

    private void write(final SeriesWriter<RawBinDataFormat> writer)
    {
        record.putLong(0, written, ByteOrder.LITTLE_ENDIAN);
        writer.write(record, 0, RECORD_LENGTH);
        written++;
    }

    private void fillChannel(final SeriesWriter<RawBinDataFormat> writer)
    {
        while (SeriesPosition.inChannel(writer.writeOffset()) < CAPACITY - 16 - RECORD_LENGTH - 8)
        {
            write(writer);
        }
    }

    private void assertHoldsRest(final SmallDisk disk)
    {
        try (SeriesReader reader = SeriesReader.open(disk.root(), NAME))
        {
            assertEquals(deleted, SeriesPosition.ordinal(reader.position()));
            long next = reader.extension().firstRecordNumber();
            while (reader.next())
            {
                assertEquals(next++, reader.buffer().getLong(reader.offset(), ByteOrder.LITTLE_ENDIAN));
            }
            assertEquals(written, next);
        }
    }

    private void assertHoldsAll(final SmallDisk disk)
    {
        try (SeriesReader reader = SeriesReader.open(disk.root(), NAME))
        {
            for (long number = 0; number < written; number++)
            {
                assertTrue(reader.next());
                assertEquals(number, reader.buffer().getLong(reader.offset(), ByteOrder.LITTLE_ENDIAN));
            }
            assertEquals(ReaderState.CLOSED, reader.state());
        }
    }
}
