package io.kekbit.core;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

import static org.junit.jupiter.api.Assertions.assertEquals;

class ConcurrentReadTest
{
    private static final int RECORDS = 500_000;
    private static final int MAX_LENGTH = 128;

    @TempDir
    private Path root;

    @Test
    @Timeout(60)
    void shouldReadEveryRecordWholeAndInOrderWhileItIsWritten() throws ExecutionException, InterruptedException
    {
        final Header header = Header.builder()
            .channelId(1).capacity((long)RECORDS * (MAX_LENGTH + 8)).maxMessageLength(MAX_LENGTH).build();
        final FutureTask<Integer> reading = new FutureTask<>(this::readAll);
        try (ShmWriter<RawBinDataFormat> writer = ShmWriter.create(root, header, RawBinDataFormat.INSTANCE))
        {
            new Thread(reading, "reader").start();
            final UnsafeBuffer source = new UnsafeBuffer(new byte[MAX_LENGTH]);
            for (int i = 0; i < RECORDS; i++)
            {
                final int length = length(i);
                source.setMemory(0, length, (byte)i);
                source.putInt(0, i);
                writer.write(source, 0, length);
                if (i % 1000 == 0)
                {
                    writer.heartbeat();
                }
            }
        }

        assertEquals(RECORDS, reading.get());
    }

    @Test
    @Timeout(60)
    void shouldSeeTheSameRecordsWhenFourReadAtOnceOneOfThemLateAndOneBackAndForth()
        throws ExecutionException, InterruptedException
    {
        final int records = 20_000;
        final Header header = Header.builder()
            .channelId(1).capacity((long)records * (MAX_LENGTH + 8)).maxMessageLength(MAX_LENGTH).build();
        final List<FutureTask<Long>> readings = new ArrayList<>();
        try (ShmWriter<RawBinDataFormat> writer = ShmWriter.create(root, header, RawBinDataFormat.INSTANCE))
        {
            final UnsafeBuffer source = new UnsafeBuffer(new byte[MAX_LENGTH]);
            for (int i = 0; i < records; i++)
            {
                if (i % (records / 4) == 0)
                {
                    final boolean movesBack = readings.size() == 1;
                    final FutureTask<Long> reading = new FutureTask<>(() -> digest(movesBack));
                    readings.add(reading);
                    new Thread(reading, "reader-" + readings.size()).start();
                }
                source.putLong(0, i * 0x9E37_79B9_7F4A_7C15L);
                writer.write(source, 0, 8 + i % (MAX_LENGTH - 8));
            }
        }

        for (final FutureTask<Long> reading : readings)
        {
            assertEquals(readings.get(0).get(), reading.get());
        }
        assertEquals(4, readings.size());
    }

    /**
     * A number that depends on all records, their order and their positions.
     */
    private long digest(final boolean movesBack)
    {
        long digest = 0;
        int seen = 0;
        try (ShmReader reader = ShmReader.open(root, 1))
        {
            while (reader.state() != ReaderState.CLOSED)
            {
                while (reader.next())
                {
                    digest = 31 * digest + reader.buffer().getLong(reader.offset()) + reader.length() +
                        reader.recordPosition();
                    if (movesBack && ++seen % 1000 == 0)
                    {
                        final long position = reader.position();
                        reader.moveTo(0);
                        reader.moveTo(position);
                    }
                }
            }
        }

        return digest;
    }

    private static int length(final int i)
    {
        return 4 + i % (MAX_LENGTH - 3);
    }

    private int readAll()
    {
        final int[] count = new int[1];
        try (ShmReader reader = ShmReader.open(root, 1))
        {
            while (reader.state() != ReaderState.CLOSED)
            {
                final int records = reader.read(
                    (buffer, offset, length, position, nextPosition) ->
                    {
                        final int i = count[0]++;
                        assertEquals(length(i), length);
                        assertEquals(i, buffer.getInt(offset));
                        for (int j = 4; j < length; j++)
                        {
                            if (buffer.getByte(offset + j) != (byte)i)
                            {
                                throw new AssertionError("torn record " + i + " at position " + position);
                            }
                        }
                    },
                    100);
                if (records == 0)
                {
                    Thread.onSpinWait();
                }
            }
        }

        return count[0];
    }
}
