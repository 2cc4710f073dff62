package io.kekbit.core.replay;

import io.kekbit.core.Header;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.Reader;
import io.kekbit.core.ReaderState;
import io.kekbit.core.ShmReader;
import io.kekbit.core.ShmWriter;
import io.kekbit.core.TickUnit;
import io.kekbit.core.Writer;
import io.kekbit.core.exceptions.InvalidPositionException;
import io.kekbit.core.exceptions.ReaderClosedException;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What live streams mean for the order, positions, and what ends it. Records are shown as source:number.
 */
class MergedReaderTest
{
    private static final long T = 1_700_000_000_000_000_000L;
    private static final long SLACK = 1_000;

    @TempDir
    private Path root;
    private Streams streams;
    private final List<String> read = new ArrayList<>();
    private final MergedRecordHandler collecting = (source, buffer, offset, length, position, nextPosition) ->
        read.add(source + ":" + Streams.number(buffer, offset));
    private long nowNs = T;

    @Test
    void shouldOrderOnlyWhatIsThereWhenThereIsNoSlack()
    {
        try (Writer<RawBinDataFormat> first = streams().stamping(1);
            Writer<RawBinDataFormat> second = streams().stamping(2);
            MergedReader merged = MergedReader.byTime(streams().open(1), streams().open(2)))
        {
            streams.append(first, 0, T + 10);
            assertEquals(1, merged.read(collecting, 10));
            streams.append(second, 0, T + 5);
            streams.append(first, 1, T + 20);
            streams.append(second, 1, T + 15);
            merged.read(collecting, 10);

            assertEquals(List.of("0:0", "1:0", "1:1", "0:1"), read);
            assertEquals(1, merged.lateRecords());
        }
    }

    @Test
    void shouldSeeWhatCameInMeanwhileWhenStreamWasIdleAtTheRecordBefore()
    {
        try (Writer<RawBinDataFormat> first = streams().stamping(1);
            Writer<RawBinDataFormat> second = streams().stamping(2);
            MergedReader merged = MergedReader.byTime(streams().open(1), streams().open(2)))
        {
            streams.append(first, 0, T);
            streams.append(first, 1, T + 20);
            merged.read((source, buffer, offset, length, position, nextPosition) ->
            {
                read.add(source + ":" + Streams.number(buffer, offset));
                if (read.size() == 1)
                {
                    streams.append(second, 0, T + 10);
                }
            }, 10);

            assertEquals(List.of("0:0", "1:0", "0:1"), read);
        }
    }

    @Test
    void shouldHoldRecordBackUntilItsTimeIsLongAgoWhenAnotherStreamIsIdle()
    {
        try (Writer<RawBinDataFormat> first = streams().stamping(1);
            Writer<RawBinDataFormat> second = streams().stamping(2);
            MergedReader merged = withSlack(SLACK, streams().open(1), streams().open(2)))
        {
            streams.append(first, 0, T);
            streams.append(first, 1, T + 500);
            nowNs = T + 999;
            assertEquals(0, merged.read(collecting, 10));
            assertEquals(ReaderState.OPEN, merged.state(0));
            streams.append(second, 0, T - 1);
            assertEquals(1, merged.read(collecting, 10));
            nowNs = T + 1_000;
            assertEquals(1, merged.read(collecting, 10));
            nowNs = T + 1_499;
            assertEquals(0, merged.read(collecting, 10));
            nowNs = T + 1_500;
            assertEquals(1, merged.read(collecting, 10));

            assertEquals(List.of("1:0", "0:0", "0:1"), read);
            assertEquals(0, merged.lateRecords());
        }
    }

    @Test
    void shouldHoldRecordBackNoLongerThanSlackWhenItsTimeIsToCome()
    {
        try (Writer<RawBinDataFormat> first = streams().stamping(1);
            Writer<RawBinDataFormat> second = streams().stamping(2);
            MergedReader merged = withSlack(SLACK, streams().open(1), streams().open(2)))
        {
            streams.append(first, 0, T + 1_000_000);
            second.heartbeat();
            assertEquals(0, merged.read(collecting, 10));
            nowNs += 999;
            assertEquals(0, merged.read(collecting, 10));
            nowNs += 1;
            assertEquals(1, merged.read(collecting, 10));
        }
    }

    @Test
    void shouldNotReadClockWhenEveryStreamHasRecord()
    {
        final MergedReaderBuilder builder = MergedReader.builder().slack(SLACK).clock(() ->
        {
            throw new AssertionError("read");
        });
        try (MergedReader merged =
            builder.add(streams().stamped(1, T, T + 2)).add(streams().stamped(2, T + 1, T + 3)).build())
        {
            assertEquals(3, merged.read(collecting, 3));
        }
    }

    @Test
    void shouldNotWaitForStreamWhenItIsClosed()
    {
        try (Writer<RawBinDataFormat> second = streams().stamping(2);
            MergedReader merged = withSlack(Long.MAX_VALUE, streams().stamped(1, T), streams().open(2)))
        {
            assertEquals(0, merged.read(collecting, 10));
            streams.append(second, 0, T + 1);
            streams.append(second, 1, T + 2);
            assertEquals(3, merged.read(collecting, 10));
            assertEquals(ReaderState.CLOSED, merged.state(0));
            assertEquals(ReaderState.OPEN, merged.state());
        }
    }

    @Test
    void shouldNotWaitForStreamWhenItsWriterIsSilentForTooLong()
    {
        final long[] monotonicNs = {0};
        try (Writer<RawBinDataFormat> first = streams().stamping(1);
            Writer<RawBinDataFormat> second = streams().stamping(2);
            ShmReader silent = ShmReader.builder(root, 2).clock(() -> monotonicNs[0]).open();
            MergedReader merged = withSlack(Long.MAX_VALUE, streams().open(1), silent))
        {
            streams.append(first, 0, T);
            assertEquals(0, merged.read(collecting, 10));
            monotonicNs[0] = Streams.TIMEOUT_NS + 1;

            assertEquals(1, merged.read(collecting, 10));
            assertEquals(ReaderState.TIMED_OUT, merged.state(1));
            streams.append(second, 0, T - 5);
            streams.append(first, 1, T + 5);
            assertEquals(1, merged.read(collecting, 10));
            assertEquals(List.of("0:0", "1:0"), read);
            assertEquals(1, merged.lateRecords());
        }
    }

    @Test
    void shouldGoOnWithTheOthersWhenOneStreamIsDamaged() throws IOException
    {
        streams().stamped(1, T, T + 2).close();
        streams.damage(1, 1);
        try (MergedReader merged =
            withSlack(Long.MAX_VALUE, streams.open(1), streams.stamped(2, T + 1, T + 3)))
        {
            assertEquals(3, merged.read(collecting, 10));
            assertEquals(List.of("0:0", "1:0", "1:1"), read);
            assertEquals(ReaderState.CORRUPT, merged.state(0));
            assertEquals(ReaderState.CORRUPT, merged.state());
        }
    }

    @Test
    void shouldFindRecordsAgainWhenManyStreamsAreAtTheirEnd()
    {
        final MergedReaderBuilder builder = MergedReader.builder();
        for (int id = 10; id < 30; id++)
        {
            builder.add(streams().stamped(id, T + id));
        }
        try (Writer<RawBinDataFormat> writer = streams.stamping(1);
            MergedReader merged = builder.add(streams.open(1)).build())
        {
            assertEquals(20, merged.read(collecting, 100));
            for (int i = 0; i < 200; i++)
            {
                streams.append(writer, i, T + 100 + i);
                assertEquals(1, merged.read(collecting, 100));
            }
            merged.moveTo(3, 0);
            assertEquals(1, merged.read(collecting, 100));
            assertEquals("3:0", read.get(read.size() - 1));
        }
    }

    @Test
    void shouldTellOfRecordGoneToWhenPulled()
    {
        try (MergedReader merged = MergedReader.byTime(streams().stamped(1, T + 1), streams().stamped(2, T)))
        {
            assertEquals(-1, merged.source());
            assertThrows(IllegalStateException.class, merged::buffer);
            assertTrue(merged.next());
            assertEquals(1, merged.source());
            assertEquals(T, merged.time());
            assertEquals(1, merged.sequence());
            assertEquals(Streams.CONTENT_LENGTH, merged.length());
            assertEquals(merged.nextPosition(), merged.position(1));
            assertTrue(merged.position(0) < merged.nextPosition());
            assertTrue(merged.next());
            assertEquals(0, merged.source());
            assertFalse(merged.next());
            assertEquals(2, merged.sources());
        }
    }

    @Test
    void shouldCountRecordAsReadWhenHandlerThrows()
    {
        try (MergedReader merged = MergedReader.byTime(streams().stamped(1, T, T + 2), streams().stamped(2, T + 1)))
        {
            assertThrows(ArithmeticException.class, () -> merged.read(
                (source, buffer, offset, length, position, nextPosition) ->
                {
                    throw new ArithmeticException("made to fail");
                }, 10));
            merged.read(collecting, 10);

            assertEquals(List.of("1:0", "0:1"), read);
        }
    }

    @Test
    void shouldSeekTimeInEveryStreamWhenAllAreStamped()
    {
        try (MergedReader merged =
            MergedReader.byTime(streams().stamped(1, T, T + 10, T + 20), streams().stamped(2, T + 5, T + 15)))
        {
            merged.read(collecting, 10);
            read.clear();
            merged.seekToTime(T + 10);
            merged.read(collecting, 10);

            assertEquals(List.of("0:1", "1:1", "0:2"), read);
            assertEquals(0, merged.lateRecords());
        }
    }

    @Test
    void shouldRefuseToSeekTimeWhenOneIsInContent()
    {
        try (MergedReader merged = MergedReader.builder()
            .add(streams().stamped(1, T)).add(streams().withField(2, T), Streams.FIELD, TickUnit.NANOS).build())
        {
            assertThrows(IllegalStateException.class, () -> merged.seekToTime(T));
            assertEquals(2, merged.read(collecting, 10));
        }
    }

    @Test
    void shouldReadOnlyWhatFollowsWhenMovedToEnd()
    {
        try (Writer<RawBinDataFormat> writer = streams().stamping(1))
        {
            streams.append(writer, 0, T);
            try (MergedReader merged = MergedReader.byTime(streams.open(1), streams.stamped(2, T + 1)))
            {
                assertTrue(merged.next());
                merged.moveToEnd();
                assertEquals(0, merged.read(collecting, 10));
                streams.append(writer, 1, T + 2);
                merged.read(collecting, 10);

                assertEquals(List.of("0:1"), read);
            }
        }
    }

    @Test
    void shouldStayWhereItIsWhenPositionIsNotRight()
    {
        try (MergedReader merged = MergedReader.byTime(streams().stamped(1, T, T + 1), streams().stamped(2, T)))
        {
            merged.read(collecting, 1);
            assertThrows(InvalidPositionException.class, () -> merged.moveTo(0, 3));
            merged.read(collecting, 10);

            assertEquals(List.of("0:0", "1:0", "0:1"), read);
        }
    }

    @Test
    void shouldRefuseStreamWithoutTimeStampsWhenOrderedByTime()
    {
        try (MergedReader merged = MergedReader.byTime(streams().withField(1, T)))
        {
            final IllegalStateException ex =
                assertThrows(IllegalStateException.class, () -> merged.read(collecting, 10));

            assertTrue(ex.getMessage().startsWith("no time in the envelope of the records"), ex.getMessage());
        }
    }

    @Test
    void shouldGoOnBehindRecordWhenExtractorThrows()
    {
        final TimestampExtractor extractor = (buffer, offset, length) ->
        {
            if (Streams.number(buffer, offset) == 1)
            {
                throw new ArithmeticException("made to fail");
            }

            return Streams.FIELD.timestamp(buffer, offset, length);
        };
        try (MergedReader merged = MergedReader.builder()
            .add(streams().withField(1, T, T + 1, T + 2), extractor, TickUnit.NANOS)
            .add(streams().withField(2, T, T), extractor, TickUnit.NANOS)
            .build())
        {
            for (int i = 0; i < 2; i++)
            {
                assertThrows(ArithmeticException.class, () -> merged.read(collecting, 10));
            }
            merged.read(collecting, 10);

            assertEquals(List.of("0:0", "1:0", "0:2"), read);
        }
    }

    @Test
    void shouldCloseReadersBehindTheRecordWhenHandlerCloses()
    {
        final ShmReader first = streams().stamped(1, T, T + 1);
        final ShmReader second = streams().stamped(2, T + 2);
        final MergedReader merged = MergedReader.byTime(first, second);
        final int records = merged.read((source, buffer, offset, length, position, nextPosition) ->
        {
            merged.close();
            assertEquals(0, Streams.number(buffer, offset));
        }, 10);

        assertEquals(1, records);
        assertThrows(ReaderClosedException.class, first::next);
        assertThrows(ReaderClosedException.class, second::next);
        assertThrows(IllegalStateException.class, merged::next);
        merged.close();
    }

    @Test
    void shouldRefuseHandlerThatReadsOnWhenItIsCalled()
    {
        try (MergedReader merged = MergedReader.byTime(streams().stamped(1, T, T + 1)))
        {
            assertThrows(IllegalStateException.class, () -> merged.read(
                (source, buffer, offset, length, position, nextPosition) -> merged.next(), 10));
        }
    }

    @Test
    void shouldTellTheStateOfWhichMostCanBeExpectedWhenStreamsDiffer()
    {
        final Header header = Streams.header(3, 16 * 1024);
        try (ShmWriter<RawBinDataFormat> full =
            ShmWriter.create(root, header, RawBinDataFormat.INSTANCE))
        {
            final byte[] zeros = new byte[64];
            final UnsafeBuffer content = new UnsafeBuffer(zeros);
            while (full.tryWrite(content, 0, 64) > 0)
            {
                continue;
            }
            while (full.tryWrite(content, 0, 8) > 0)
            {
                continue;
            }
            final Reader fullReader = streams().open(3);
            fullReader.moveToEnd();
            try (MergedReader merged = MergedReader.byTime(streams.stamped(1), fullReader))
            {
                assertFalse(merged.next());
                assertEquals(ReaderState.FULL, merged.state());
                assertEquals(ReaderState.CLOSED, merged.state(0));
            }
        }
    }

    @Test
    void shouldRefuseWhenStreamsAreNotRight()
    {
        assertThrows(IllegalStateException.class, () -> MergedReader.builder().build());
        assertThrows(IllegalArgumentException.class, () -> MergedReader.builder().slack(-1));
        try (ShmReader reader = streams().stamped(1, T))
        {
            final MergedReaderBuilder builder = MergedReader.builder().add(reader);
            assertThrows(IllegalArgumentException.class, () -> builder.add(reader));
        }
    }

    private MergedReader withSlack(final long slackNs, final Reader... readers)
    {
        final MergedReaderBuilder builder = MergedReader.builder().slack(slackNs).clock(() -> nowNs);
        for (final Reader reader : readers)
        {
            builder.add(reader);
        }

        return builder.build();
    }

    private Streams streams()
    {
        streams = streams == null ? new Streams(root) : streams;

        return streams;
    }
}
