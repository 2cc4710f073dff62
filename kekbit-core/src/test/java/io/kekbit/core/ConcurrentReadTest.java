package io.kekbit.core;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
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
