package io.kekbit.core;

import io.kekbit.core.layout.ExtensionDescriptor;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.NoOpIdleStrategy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

/**
 * A writer's clock must not throw. Where it does all the same, after a record was published and before that is in the
 * index, the writer goes on behind that record, whole.
 */
class ThrowingClockTest
{
    private static final int LENGTH = 8;
    private static final int ALIGNED_LENGTH = 16;

    private final IllegalStateException broken = new IllegalStateException("the clock is broken");
    private final EpochNanoClock clock = this::now;

    @TempDir
    private Path root;
    private ShmWriter<RawBinDataFormat> writer;
    private boolean isBroken;

    @BeforeEach
    void create()
    {
        writer = ShmWriter.builder(root, TestChannels.smallHeader().creationTime(1).build(), RawBinDataFormat.INSTANCE)
            .clock(clock)
            .initialHeartbeat(false)
            .create();
        isBroken = true;
    }

    @AfterEach
    void close()
    {
        isBroken = false;
        writer.close();
    }

    @Test
    void shouldEndClaimWhenClockThrowsAfterCommit()
    {
        writer.claim(LENGTH);
        assertSame(broken, assertThrows(IllegalStateException.class, () -> writer.commit(LENGTH)));

        assertEquals(0, writer.slot().capacity());
        assertEquals(ALIGNED_LENGTH, writer.writeOffset());
        final IllegalStateException refused =
            assertThrows(IllegalStateException.class, () -> writer.commit(LENGTH));
        assertEquals(true, refused.getMessage().startsWith("nothing is claimed"), refused.getMessage());
    }

    @Test
    void shouldWriteOnAndIndexNextRecordWhenClockThrewAfterWrite() throws IOException
    {
        assertThrows(IllegalStateException.class, () -> writer.write(TestChannels.bytes(LENGTH), 0, LENGTH));
        isBroken = false;
        writer.write(TestChannels.bytes(LENGTH), 0, LENGTH);

        assertEquals(2 * ALIGNED_LENGTH, writer.writeOffset());
        assertEquals(1, TestChannels.getLong(writer.file(), ExtensionDescriptor.INDEX_COUNT_OFFSET));
        assertEquals(ALIGNED_LENGTH, TestChannels.getLong(writer.file(), writer.extension().indexOffset()));
        assertEquals(1, TestChannels.getLong(writer.file(), writer.extension().indexOffset() + Long.BYTES));
    }

    @Test
    void shouldLetOtherThreadsWriteWhenClockThrewAfterCommit()
    {
        final ConcurrentWriter<RawBinDataFormat> shared = new ConcurrentWriter<>(writer);
        final Writer<RawBinDataFormat> first = shared.handle(NoOpIdleStrategy.INSTANCE, 1);
        final Writer<RawBinDataFormat> second = shared.handle(NoOpIdleStrategy.INSTANCE, 1);
        first.claim(LENGTH);
        assertThrows(IllegalStateException.class, () -> first.commit(LENGTH));
        isBroken = false;

        assertEquals(ALIGNED_LENGTH, second.write(TestChannels.bytes(LENGTH), 0, LENGTH));
    }

    private long now()
    {
        if (isBroken)
        {
            throw broken;
        }

        return 2;
    }
}
