package io.kekbit.core.series;

import io.kekbit.core.ChannelStatus;
import io.kekbit.core.Extension;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.Reader;
import io.kekbit.core.ReaderState;
import io.kekbit.core.TickUnit;
import io.kekbit.core.exceptions.ChannelNotFoundException;
import io.kekbit.core.exceptions.InvalidPositionException;
import io.kekbit.core.exceptions.PositionDeletedException;
import io.kekbit.core.exceptions.ReaderClosedException;
import io.kekbit.core.exceptions.UnavailablePositionException;
import io.kekbit.core.handlers.TimestampHandler;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.ControlledMessageHandler.Action;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import static io.kekbit.core.series.TestSeries.RECORDS_PER_CHANNEL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A reader that follows a writer from channel to channel.
 */
class SeriesReaderTest
{
    private final AtomicLong nowNs = new AtomicLong();

    @TempDir
    private Path root;

    @Test
    void shouldReadAllInOrderWhenItIsLateByManyChannels()
    {
        final int count = 5 * RECORDS_PER_CHANNEL + 3;
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.open(root))
        {
            TestSeries.write(writer, 0, count);
            try (SeriesReader reader = SeriesReader.open(root, TestSeries.NAME))
            {
                assertEquals(TestSeries.numbers(0, count), TestSeries.readAll(reader));
                assertSame(ReaderState.OPEN, reader.state());
            }
        }
    }

    @Test
    void shouldFollowAtOnceWhenNextChannelWasMadeReady()
    {
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.open(root);
            SeriesReader reader = reader().open())
        {
            writer.agent().doWork();
            assertFalse(reader.next());
            TestSeries.write(writer, 0, RECORDS_PER_CHANNEL);
            assertEquals(RECORDS_PER_CHANNEL, TestSeries.readAll(reader).size());
            assertFalse(reader.next());
            assertSame(ReaderState.OPEN, reader.state());

            // The clock stands still: nothing is looked for.
            TestSeries.write(writer, RECORDS_PER_CHANNEL, 1);
            assertTrue(reader.next());
            assertEquals(RECORDS_PER_CHANNEL, TestSeries.number(reader));
            assertEquals(SeriesPosition.of(1, 8), reader.recordPosition());
        }
    }

    @Test
    void shouldTellExtensionOfChannelAsItIsWhenItWasOpenedBeforeItWasPublished()
    {
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.open(root);
            SeriesReader reader = reader().open())
        {
            for (int channel = 1; channel < 4; channel++)
            {
                writer.agent().doWork();
                assertFalse(reader.next());
                TestSeries.write(writer, 0, channel * RECORDS_PER_CHANNEL - (int)writer.nextRecordNumber());
                while (reader.next())
                {
                    continue;
                }
                TestSeries.write(writer, 0, 1);
                // The clock stands still, and nothing is looked for: the channel was opened when it was made ready.
                assertTrue(reader.next());
                assertEquals(TestSeries.file(root, channel), reader.file());

                assertSameExtension(ChannelStatus.of(reader.file()).extension(), reader.extension());
                try (SeriesReader fresh = SeriesReader.openAtEnd(root, TestSeries.NAME))
                {
                    assertSameExtension(fresh.extension(), reader.extension());
                }
                assertEquals(writer.streamId(), reader.extension().streamId());
                assertEquals(writer.nextRecordNumber() - 1, reader.extension().firstRecordNumber());
                nowNs.addAndGet(1_000_000);
            }
        }
    }

    @Test
    void shouldFollowWhenItIsTimeToLookAndNextChannelWasMadeInline()
    {
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.open(root);
            SeriesReader reader = reader().open())
        {
            TestSeries.write(writer, 0, RECORDS_PER_CHANNEL);
            assertEquals(RECORDS_PER_CHANNEL, TestSeries.readAll(reader).size());
            TestSeries.write(writer, RECORDS_PER_CHANNEL, 1);
            nowNs.addAndGet(1_000_000);

            assertTrue(reader.next());
            assertEquals(RECORDS_PER_CHANNEL, TestSeries.number(reader));
        }
    }

    @Test
    void shouldBeClosedAndGoOnWhenWriterClosesAndOpensAgain()
    {
        try (SeriesReader reader = closedAfter(3))
        {
            assertEquals(3, TestSeries.readAll(reader).size());
            assertSame(ReaderState.CLOSED, reader.state());
            assertEquals(0, reader.read((b, o, l, p, n) -> assertEquals(0, l), 10));

            try (SeriesWriter<RawBinDataFormat> writer = TestSeries.open(root))
            {
                assertSame(ReaderState.OPEN, reader.state());
                nowNs.addAndGet(1_000_000);
                TestSeries.write(writer, 3, 1);
                assertEquals(List.of(3L), TestSeries.readAll(reader));
                assertSame(ReaderState.OPEN, reader.state());
            }
            assertSame(ReaderState.CLOSED, reader.state());
        }
    }

    @Test
    void shouldGoOnWhenChannelItWaitedForWasDeletedAndMadeAnew()
    {
        final SeriesWriter<RawBinDataFormat> writer = TestSeries.open(root);
        try (SeriesReader reader = reader().open())
        {
            TestSeries.write(writer, 0, 1);
            writer.agent().doWork();
            assertEquals(List.of(0L), TestSeries.readAll(reader));
            writer.close();
            assertSame(ReaderState.CLOSED, reader.state());
            try (SeriesWriter<RawBinDataFormat> next = TestSeries.open(root))
            {
                nowNs.addAndGet(1_000_000);
                TestSeries.write(next, 1, 1);
                assertEquals(List.of(1L), TestSeries.readAll(reader));
            }
        }
    }

    @Test
    void shouldKeepRecordInPlaceWhenThereIsNoFurtherOneInNextChannel()
    {
        try (SeriesReader reader = closedAfter(1))
        {
            assertTrue(reader.next());
            try (SeriesWriter<RawBinDataFormat> writer = TestSeries.open(root))
            {
                nowNs.addAndGet(1_000_000);
                assertFalse(reader.next());
                assertEquals(SeriesPosition.of(1, 8), reader.position());
                assertEquals(0, TestSeries.number(reader));
                assertEquals(SeriesPosition.of(0, 8), reader.recordPosition());
                assertEquals(8, reader.length());
                TestSeries.write(writer, 1, 1);
            }
            assertTrue(reader.next());
            assertEquals(1, TestSeries.number(reader));
        }
    }

    @Test
    void shouldReadRecordAgainWhenMovedToAnyPositionItHad()
    {
        final int count = 3 * RECORDS_PER_CHANNEL;
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.open(root);
            SeriesReader reader = SeriesReader.open(root, TestSeries.NAME))
        {
            TestSeries.write(writer, 0, count);
            final List<Long> positions = new ArrayList<>();
            final List<Long> nextPositions = new ArrayList<>();
            while (reader.read((buffer, offset, length, position, nextPosition) ->
            {
                positions.add(position);
                nextPositions.add(nextPosition);
            }, 50) > 0)
            {
                continue;
            }
            assertEquals(count, positions.size());
            for (int i = count - 1; i >= 0; i -= 37)
            {
                reader.moveTo(positions.get(i));
                assertTrue(reader.next());
                assertEquals(i, TestSeries.number(reader));
                assertEquals(positions.get(i), reader.recordPosition());
                assertEquals(nextPositions.get(i), reader.position());

                reader.moveTo(nextPositions.get(i));
                assertEquals(i + 1 < count, reader.next());
                assertEquals(Math.min(count - 1, i + 1), TestSeries.number(reader));
            }
        }
    }

    @Test
    void shouldRefuseAndStayWhenPositionIsNone()
    {
        try (SeriesReader reader = closedAfter(RECORDS_PER_CHANNEL + 5))
        {
            assertTrue(reader.next());
            final long position = reader.position();

            assertThrows(InvalidPositionException.class, () -> reader.moveTo(-8));
            assertThrows(InvalidPositionException.class, () -> reader.moveTo(SeriesPosition.of(1, 16)));
            final UnavailablePositionException behind = assertThrows(
                UnavailablePositionException.class, () -> reader.moveTo(SeriesPosition.of(1, 800)));
            assertEquals(SeriesPosition.of(1, 8 + 5 * 16), behind.end());
            final UnavailablePositionException farBehind = assertThrows(
                UnavailablePositionException.class, () -> reader.moveTo(SeriesPosition.of(2, 8)));
            assertEquals(behind.end(), farBehind.end());
            assertThrows(UnavailablePositionException.class, () -> reader.moveTo(Long.MAX_VALUE));
            assertEquals(position, reader.position());
            assertTrue(reader.next());
            assertEquals(1, TestSeries.number(reader));
        }
    }

    @Test
    void shouldFindEveryRecordWhenSoughtByNumber()
    {
        final int count = 4 * RECORDS_PER_CHANNEL + 9;
        try (SeriesReader reader = closedAfter(count))
        {
            for (int number = 0; number < count; number += 101)
            {
                assertTrue(reader.seekToRecord(number));
                assertTrue(reader.next());
                assertEquals(number, TestSeries.number(reader));
            }
            assertTrue(reader.seekToRecord(count - 1));
            final long position = reader.position();
            assertFalse(reader.seekToRecord(count));
            assertEquals(position, reader.position());
            assertThrows(IllegalArgumentException.class, () -> reader.seekToRecord(-1));
        }
    }

    @Test
    void shouldFindFirstRecordStampedWithTimeOrLaterWhenSoughtByTime()
    {
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.builder(root)
            .clock(nowNs::get).handlers(new TimestampHandler(TickUnit.NANOS, nowNs::get)).open())
        {
            for (int i = 0; i < 3000; i++)
            {
                nowNs.set(1_000_000L + 10 * i);
                TestSeries.write(writer, i, 1);
            }
            assertTrue(SeriesPosition.ordinal(writer.writeOffset()) > 2);
            writer.agent().doWork();
            try (SeriesReader reader = SeriesReader.open(root, TestSeries.NAME))
            {
                for (int i = 0; i < 3000; i += 61)
                {
                    reader.seekToTime(1_000_000L + 10 * i - 3);
                    assertTrue(reader.next());
                    assertEquals(i, TestSeries.number(reader));
                }
                reader.seekToTime(0);
                assertTrue(reader.next());
                assertEquals(0, TestSeries.number(reader));
                reader.seekToTime(Long.MAX_VALUE);
                assertFalse(reader.next());
                assertEquals(writer.writeOffset(), reader.position());
            }
        }
    }

    @Test
    void shouldMissNothingOfThatTimeWhenSoughtByTimeWithoutStamps()
    {
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.builder(root).clock(nowNs::get).open())
        {
            for (int i = 0; i < 5000; i++)
            {
                nowNs.set(1_000_000L + 10 * i);
                TestSeries.write(writer, i, 1);
            }
        }
        try (SeriesReader reader = SeriesReader.open(root, TestSeries.NAME))
        {
            for (int i = 0; i < 5000; i += 97)
            {
                reader.seekToTime(1_000_000L + 10 * i);
                assertTrue(reader.next());
                final long number = TestSeries.number(reader);
                assertTrue(number <= i && number > i - 2 * RECORDS_PER_CHANNEL, i + " " + number);
            }
        }
    }

    @Test
    void shouldReadOnlyWhatFollowsWhenOpenedAtEnd()
    {
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.open(root))
        {
            TestSeries.write(writer, 0, 3 * RECORDS_PER_CHANNEL - 7);
            try (SeriesReader reader = SeriesReader.openAtEnd(root, TestSeries.NAME))
            {
                assertEquals(writer.writeOffset(), reader.position());
                assertFalse(reader.next());
                TestSeries.write(writer, 5, 1);
                assertEquals(List.of(5L), TestSeries.readAll(reader));
                reader.moveToStart();
                assertEquals(3 * RECORDS_PER_CHANNEL - 6, TestSeries.readAll(reader).size());
            }
        }
    }

    @Test
    void shouldTellFirstPositionWhenChannelWasDeleted() throws IOException
    {
        try (SeriesReader reader = closedAfter(4 * RECORDS_PER_CHANNEL))
        {
            assertTrue(reader.next());
            for (int ordinal = 0; ordinal < 3; ordinal++)
            {
                Files.delete(TestSeries.file(root, ordinal));
            }
            // What it has open it keeps.
            final List<Long> kept = new ArrayList<>();
            final PositionDeletedException ex = assertThrows(PositionDeletedException.class, () ->
            {
                while (reader.next())
                {
                    kept.add(TestSeries.number(reader));
                }
            });
            assertEquals(TestSeries.numbers(1, RECORDS_PER_CHANNEL), kept);
            assertEquals(SeriesPosition.of(3, 0), ex.firstPosition());
            assertEquals(SeriesPosition.of(1, 0), ex.position());
            // Again and again, though the clock stands still: nobody takes it for the end of the series.
            assertThrows(PositionDeletedException.class, reader::next);
            assertThrows(PositionDeletedException.class, () -> TestSeries.readAll(reader));
            assertThrows(PositionDeletedException.class, reader::state);
            final PositionDeletedException moved =
                assertThrows(PositionDeletedException.class, () -> reader.moveTo(SeriesPosition.of(2, 8)));
            assertEquals(SeriesPosition.of(3, 0), moved.firstPosition());
            assertThrows(PositionDeletedException.class, () -> reader.seekToRecord(5));

            reader.moveTo(ex.firstPosition());
            assertEquals(
                TestSeries.numbers(3 * RECORDS_PER_CHANNEL, 4 * RECORDS_PER_CHANNEL), TestSeries.readAll(reader));
        }
    }

    /**
     * A link to nowhere is what a channel is that was deleted after it was listed: a name, and nothing to look at.
     */
    @Test
    void shouldTellFirstPositionWhenChannelIsDeletedWhileRecordInItIsSought()
    {
        final DeletingFolder folder = new DeletingFolder(root);
        closedAfter(3 * RECORDS_PER_CHANNEL).close();
        try (SeriesReader reader = new SeriesReaderBuilder(folder).open())
        {
            reader.moveToEnd();
            final long end = reader.position();
            // Looked at to find it, and again to count from it.
            folder.looksUntilDeletion = 2;

            final PositionDeletedException thrown =
                assertThrows(PositionDeletedException.class, () -> reader.seekToRecord(7));

            assertEquals(0, folder.looksUntilDeletion);
            assertEquals(SeriesPosition.of(1, 0), thrown.firstPosition());
            assertEquals(end, reader.position());
            assertTrue(reader.seekToRecord(RECORDS_PER_CHANNEL));
            assertTrue(reader.next());
            assertEquals(RECORDS_PER_CHANNEL, TestSeries.number(reader));
        }
    }

    @Test
    void shouldGoToFirstChannelWhenTheOneInWhichTimeLiesIsDeletedMeanwhile() throws IOException
    {
        closedAfter(3 * RECORDS_PER_CHANNEL).close();
        try (SeriesReader reader = SeriesReader.open(root, TestSeries.NAME))
        {
            reader.moveToEnd();
            Files.delete(TestSeries.file(root, 0));

            reader.seekToTime(0);

            assertEquals(SeriesPosition.of(1, 0), reader.position());
            assertTrue(reader.next());
            assertEquals(RECORDS_PER_CHANNEL, TestSeries.number(reader));
        }
    }

    @Test
    void shouldBeginAtFirstChannelThatIsThereWhenOlderOnesAreDeletedWhileTheyAreListed() throws IOException
    {
        closedAfter(4 * RECORDS_PER_CHANNEL).close();
        for (int ordinal = 0; ordinal < 2; ordinal++)
        {
            Files.delete(TestSeries.file(root, ordinal));
            Files.createSymbolicLink(TestSeries.file(root, ordinal), root.resolve("nowhere"));
        }
        try (SeriesReader reader = reader().open())
        {
            assertEquals(SeriesPosition.of(2, 0), reader.position());
            assertEquals(SeriesPosition.of(2, 0), reader.firstPosition());
        }
    }

    @Test
    void shouldGiveSameRecordAgainWhenHandlerAbortsItAtChannelsEdge()
    {
        try (SeriesReader reader = closedAfter(RECORDS_PER_CHANNEL + 1))
        {
            final List<Long> seen = new ArrayList<>();
            final boolean[] aborts = {true};
            for (int i = 0; i < 4 * RECORDS_PER_CHANNEL; i++)
            {
                reader.controlledRead((buffer, offset, length, position, nextPosition) ->
                {
                    aborts[0] ^= true;
                    if (aborts[0])
                    {
                        return Action.ABORT;
                    }
                    seen.add(buffer.getLong(offset, ByteOrder.LITTLE_ENDIAN));

                    return Action.COMMIT;
                }, 2);
            }
            assertEquals(TestSeries.numbers(0, RECORDS_PER_CHANNEL + 1), seen);
        }
    }

    @Test
    void shouldIterateOverChannelsWhenAskedForIterator()
    {
        try (SeriesReader reader = closedAfter(2 * RECORDS_PER_CHANNEL + 2))
        {
            long expected = 0;
            for (final DirectBuffer record : reader)
            {
                assertEquals(expected++, record.getLong(0, ByteOrder.LITTLE_ENDIAN));
            }
            assertEquals(2 * RECORDS_PER_CHANNEL + 2, expected);
        }
    }

    @Test
    void shouldStopWhenHandlerClosesIt()
    {
        final SeriesReader reader = closedAfter(RECORDS_PER_CHANNEL + 2);

        assertEquals(1, reader.read((buffer, offset, length, position, nextPosition) -> reader.close(), 50));
        assertThrows(ReaderClosedException.class, reader::next);
        assertThrows(ReaderClosedException.class, reader::state);
        assertThrows(ReaderClosedException.class, () -> reader.moveTo(SeriesPosition.of(1, 8)));
    }

    @Test
    void shouldRefuseToMoveWhenHandlerAsksForIt()
    {
        try (SeriesReader reader = closedAfter(RECORDS_PER_CHANNEL + 2))
        {
            assertThrows(IllegalStateException.class, () -> reader.read(
                (buffer, offset, length, position, nextPosition) -> reader.moveTo(SeriesPosition.of(1, 8)), 50));
            assertEquals(TestSeries.numbers(1, RECORDS_PER_CHANNEL + 2), TestSeries.readAll(reader));
        }
    }

    @Test
    void shouldFollowWithItsPrefaultAgentWhenItGoesOn() throws Exception
    {
        final SeriesReader reader = closedAfter(RECORDS_PER_CHANNEL + 2);
        final Agent agent = reader.prefaultAgent();

        assertTrue(agent.doWork() > 0);
        TestSeries.readAll(reader);
        assertTrue(agent.doWork() > 0);
        reader.close();
        assertEquals(0, agent.doWork());
    }

    @Test
    void shouldTellWhenThereIsNoSeries()
    {
        assertThrows(ChannelNotFoundException.class, () -> SeriesReader.open(root, TestSeries.NAME));
        assertThrows(IllegalArgumentException.class, () -> SeriesReader.open(root, "../ticks"));
        assertThrows(IllegalArgumentException.class, () -> SeriesReader.open(root, "0000_0000"));
        assertThrows(IllegalArgumentException.class, () -> SeriesReader.open(root, ""));
    }

    @Test
    void shouldTimeOutWhenWriterIsSilentInFullChannel()
    {
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.open(root);
            SeriesReader reader = reader().open())
        {
            TestSeries.write(writer, 0, RECORDS_PER_CHANNEL);
            assertEquals(RECORDS_PER_CHANNEL, TestSeries.readAll(reader).size());
            assertSame(ReaderState.OPEN, reader.state());
            nowNs.addAndGet(11_000_000_000L);
            assertSame(ReaderState.TIMED_OUT, reader.state());
            TestSeries.write(writer, RECORDS_PER_CHANNEL, 1);
            assertSame(ReaderState.OPEN, reader.state());
            assertEquals(Reader.NOT_TOLD, reader.sequence());
        }
    }

    private static void assertSameExtension(final Extension expected, final Extension extension)
    {
        assertEquals(expected.streamId(), extension.streamId());
        assertEquals(expected.ordinal(), extension.ordinal());
        assertEquals(expected.firstRecordNumber(), extension.firstRecordNumber());
        assertEquals(expected.writerEpoch(), extension.writerEpoch());
        assertEquals(expected.processId(), extension.processId());
        assertEquals(expected.indexOffset(), extension.indexOffset());
        assertEquals(expected.problems(), extension.problems());
    }

    private SeriesReaderBuilder reader()
    {
        return SeriesReader.builder(root, TestSeries.NAME).clock(nowNs::get);
    }

    private SeriesReader closedAfter(final int count)
    {
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.open(root))
        {
            TestSeries.write(writer, 0, count);
        }

        return reader().open();
    }

    /**
     * Deletes the first channel when it is looked at.
     */
    private static final class DeletingFolder extends SeriesFolder
    {
        private int looksUntilDeletion;

        DeletingFolder(final Path root)
        {
            super(root, TestSeries.NAME);
        }

        @Override
        Head head(final long ordinal)
        {
            final Head head = super.head(ordinal);
            if (ordinal == 0 && looksUntilDeletion > 0 && --looksUntilDeletion == 0)
            {
                delete(0);
            }

            return head;
        }
    }
}
