package io.kekbit.examples.replicate;

import io.kekbit.core.Header;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.ShmReader;
import io.kekbit.core.ShmWriter;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class GrowingCopyTest
{
    private static final UnsafeBuffer RECORD = new UnsafeBuffer(new byte[100]);

    @TempDir
    private Path root;
    private long nowNs;

    @Test
    void shouldBeWaitedForAsLongAsItGrowsHoweverSlowly()
    {
        try (ShmWriter<RawBinDataFormat> writer = writer(); ShmReader reader = ShmReader.open(root, 1))
        {
            final GrowingCopy copy = new GrowingCopy(reader, () -> nowNs);
            int minutes = 0;
            while (!copy.isHalfFull())
            {
                assertFalse(copy.patience().isOver(), "minutes=" + minutes);
                nowNs += TimeUnit.MINUTES.toNanos(1);
                minutes++;
                writer.write(RECORD, 0, RECORD.capacity());
            }

            assertTrue(minutes > 50, "minutes=" + minutes);
            assertEquals(writer.writeOffset(), copy.end());
        }
    }

    @Test
    void shouldBeGivenUpWhenItDoesNotGrow()
    {
        try (ShmWriter<RawBinDataFormat> writer = writer(); ShmReader reader = ShmReader.open(root, 1))
        {
            final GrowingCopy copy = new GrowingCopy(reader, () -> nowNs);
            writer.write(RECORD, 0, RECORD.capacity());
            nowNs += TimeUnit.MINUTES.toNanos(1);
            assertFalse(copy.isHalfFull());

            nowNs += TimeUnit.MINUTES.toNanos(1);
            assertFalse(copy.isHalfFull());
            assertFalse(copy.patience().isOver());
            nowNs++;
            assertTrue(copy.patience().isOver());
        }
    }

    private ShmWriter<RawBinDataFormat> writer()
    {
        final Header header = Header.builder().channelId(1).capacity(1 << 14).maxMessageLength(100).build();

        return ShmWriter.create(root, header, RawBinDataFormat.INSTANCE);
    }
}
