package io.kekbit.core.replay;

import io.kekbit.core.ConcurrentWriter;
import io.kekbit.core.EnvelopeWriter;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.ShmReader;
import io.kekbit.core.ShmWriter;
import io.kekbit.core.TickUnit;
import io.kekbit.core.Writer;
import io.kekbit.core.exceptions.NoSpaceForRecordException;
import io.kekbit.core.exceptions.WriteException;
import io.kekbit.core.exceptions.WriterClosedException;
import io.kekbit.core.handlers.TimestampHandler;
import org.agrona.concurrent.NoOpIdleStrategy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Replays into another channel.
 */
class ReplayToWriterTest
{
    private static final long T = 1_700_000_000_000_000_000L;
    private static final long COPY = 2;

    @TempDir
    private Path root;
    private long nowNs;

    @Test
    void shouldCopyContentAndStampItWithTimesOfOriginalsWhenWriterStampsByReplayClock()
    {
        final Streams streams = new Streams(root);
        final ReplayClock clock = new ReplayClock();
        try (ShmReader reader = streams.stamped(1, T, T + 7, T + 7, T + 1_000);
            Writer<RawBinDataFormat> copy = EnvelopeWriter.create(
                ShmWriter.builder(root, Streams.header(COPY), RawBinDataFormat.INSTANCE),
                new TimestampHandler(TickUnit.NANOS, clock)))
        {
            assertEquals(4, Replayer.builder(reader).fullSpeed().clock(clock).into(copy).run());
        }

        try (ShmReader copied = streams.open(COPY))
        {
            final long[] times = {T, T + 7, T + 7, T + 1_000};
            for (int i = 0; i < times.length; i++)
            {
                assertTrue(copied.next());
                assertEquals(i, Streams.number(copied.buffer(), copied.offset()));
                assertEquals(Streams.CONTENT_LENGTH, copied.length());
                assertEquals(times[i], copied.time());
            }
            assertFalse(copied.next());
        }
    }

    @Test
    void shouldThrowAndKeepRecordWhenWriterHasNoRoom()
    {
        final Streams streams = new Streams(root);
        final long[] times = new long[900];
        try (ShmReader reader = streams.stamped(1, times);
            ShmWriter<RawBinDataFormat> copy =
                ShmWriter.create(root, Streams.header(COPY, 16 * 1024), RawBinDataFormat.INSTANCE))
        {
            final Replayer replayer = Replayer.builder(reader).fullSpeed().into(copy);

            assertThrows(WriteException.class, replayer::run);
            assertThrows(NoSpaceForRecordException.class, replayer::doWork);
            assertEquals(ReplayState.RUNNING, replayer.state());
            final long records = replayer.records();
            replayer.stop();
            replayer.doWork();
            assertTrue(reader.next());
            assertEquals(records, Streams.number(reader.buffer(), reader.offset()));
            assertEquals(records, reader.sequence() - 1);
        }
    }

    @Test
    void shouldThrowWhenWriterIsClosed()
    {
        final Streams streams = new Streams(root);
        final Writer<RawBinDataFormat> copy = streams.plain(COPY);
        try (ShmReader reader = streams.stamped(1, T))
        {
            final Replayer replayer = Replayer.builder(reader).fullSpeed().into(copy);
            copy.close();

            assertThrows(WriterClosedException.class, replayer::run);
        }
    }

    @Test
    void shouldTryAgainWhenAnotherThreadIsWriting()
    {
        final Streams streams = new Streams(root);
        try (ShmReader reader = streams.stamped(1, T, T + 1);
            ConcurrentWriter<RawBinDataFormat> shared = new ConcurrentWriter<>(streams.plain(COPY)))
        {
            final Writer<RawBinDataFormat> other = shared.handle(NoOpIdleStrategy.INSTANCE, 1);
            final Replayer replayer =
                Replayer.builder(reader).fullSpeed().into(shared.handle(NoOpIdleStrategy.INSTANCE, 1));
            other.claim(8);
            assertEquals(0, replayer.doWork());
            assertEquals(0, replayer.records());
            other.abort();

            assertEquals(2, replayer.doWork());
        }
    }

    @Test
    void shouldSendHeartbeatsWhenItWaitsOrIsPaused()
    {
        final Streams streams = new Streams(root);
        try (ShmReader reader = streams.stamped(1, T, T + 3_600_000_000_000L);
            Writer<RawBinDataFormat> copy = streams.plain(COPY))
        {
            final long interval = copy.header().timeout() / 3;
            final Replayer replayer = Replayer.builder(reader).nanoClock(() -> nowNs).into(copy);
            replayer.doWork();
            replayer.doWork();
            final long offset = copy.writeOffset();
            nowNs += interval - 1;
            replayer.doWork();
            assertEquals(offset, copy.writeOffset());
            nowNs += 1;
            replayer.doWork();
            assertEquals(offset + 8, copy.writeOffset());
            replayer.doWork();
            replayer.pause();
            nowNs += interval;
            replayer.doWork();
            assertEquals(offset + 16, copy.writeOffset());
        }
    }
}
