package io.kekbit.core.series;

import io.kekbit.core.ChannelState;
import io.kekbit.core.ChannelStatus;
import io.kekbit.core.ChannelVerifier;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.ReaderState;
import io.kekbit.core.ShmReader;
import io.kekbit.core.Writer;
import io.kekbit.core.exceptions.ChannelFullException;
import io.kekbit.core.exceptions.RecordTooLongException;
import io.kekbit.core.exceptions.WriterClosedException;
import io.kekbit.core.handlers.SequenceHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import static io.kekbit.core.series.TestSeries.RECORDS_PER_CHANNEL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A writer that goes from channel to channel.
 */
class SeriesRollTest
{
    private static final long HOUR_NS = TimeUnit.HOURS.toNanos(1);

    @TempDir
    private Path root;

    @Test
    void shouldGoOnInNextChannelWhenRecordDoesNotFit()
    {
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.open(root))
        {
            TestSeries.write(writer, 0, RECORDS_PER_CHANNEL);
            assertEquals(0, SeriesPosition.ordinal(writer.writeOffset()));
            TestSeries.write(writer, RECORDS_PER_CHANNEL, 1);

            assertEquals(SeriesPosition.of(1, 8 + 16), writer.writeOffset());
            assertEquals(RECORDS_PER_CHANNEL + 1, writer.nextRecordNumber());
            assertEquals(2, writer.header().channelId());
        }
    }

    @Test
    void shouldMakeOrdinaryChannelsWhenItRolls()
    {
        final long streamId;
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.open(root))
        {
            streamId = writer.streamId();
            TestSeries.write(writer, 0, 2 * RECORDS_PER_CHANNEL + 5);
        }

        assertNotEquals(0, streamId);
        for (int ordinal = 0; ordinal < 3; ordinal++)
        {
            try (ShmReader reader = ShmReader.open(root.resolve(TestSeries.NAME), ordinal + 1))
            {
                assertEquals(streamId, reader.extension().streamId());
                assertEquals(ordinal, reader.extension().ordinal());
                final long first = (long)ordinal * RECORDS_PER_CHANNEL;
                assertEquals(first, reader.extension().firstRecordNumber());
                final long end = Math.min(first + RECORDS_PER_CHANNEL, 2 * RECORDS_PER_CHANNEL + 5);
                assertEquals(TestSeries.numbers(first, end), TestSeries.readAll(reader));
                assertSame(ReaderState.CLOSED, reader.state());
            }
            assertTrue(ChannelVerifier.verify(TestSeries.file(root, ordinal)).isSound());
        }
    }

    @Test
    void shouldUseChannelThatAgentMadeReadyWhenItRolls() throws Exception
    {
        final List<String> events = new ArrayList<>();
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.builder(root).listener(noting(events)).open())
        {
            assertEquals(1, writer.agent().doWork());
            assertEquals(0, writer.agent().doWork());
            TestSeries.write(writer, 0, RECORDS_PER_CHANNEL + 1);
            assertEquals(List.of("ready 1", "roll 1 " + RECORDS_PER_CHANNEL), events);
            assertSame(ChannelState.FULL, ChannelStatus.of(TestSeries.file(root, 0)).state());

            assertEquals(2, writer.agent().doWork());
            assertEquals(List.of("ready 2", "closed 0"), events.subList(2, 4));
            assertSame(ChannelState.CLOSED, ChannelStatus.of(TestSeries.file(root, 0)).state());
        }
    }

    @Test
    void shouldLeaveNoFileBehindWhenChannelWasMadeReadyAndNotUsed()
    {
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.open(root))
        {
            TestSeries.write(writer, 0, 3);
            writer.agent().doWork();
            assertTrue(Files.exists(TestSeries.file(root, 1)));
        }

        assertEquals(List.of("0000_0001.kekbit", "0000_0001.writer", "series.writer"), TestSeries.files(root));
    }

    @Test
    void shouldRefuseAndNotRollWhenRecordIsTooLongForAnyChannel()
    {
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.open(root))
        {
            TestSeries.write(writer, 0, RECORDS_PER_CHANNEL);
            final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1000]);

            assertEquals(Writer.TOO_LONG, writer.tryWrite(buffer, 0, 1000));
            assertEquals(Writer.TOO_LONG, writer.tryClaim(1000));
            assertEquals(Writer.TOO_LONG, writer.tryClaim(1000, 1000));
            assertThrows(RecordTooLongException.class, () -> writer.write(buffer, 0, 1000));
            assertThrows(RecordTooLongException.class, () -> writer.claim(1000));
            assertEquals(Writer.EMPTY, writer.tryWrite(buffer, 0, 0));
            assertEquals(0, SeriesPosition.ordinal(writer.writeOffset()));
        }
    }

    @Test
    void shouldRefuseAndRollLaterWhenNextChannelIsNotReadyAndPolicyIsToThrow()
    {
        final List<String> events = new ArrayList<>();
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.builder(root)
            .nextChannelPolicy(NextChannelPolicy.THROW).listener(noting(events)).open())
        {
            TestSeries.write(writer, 0, RECORDS_PER_CHANNEL);
            final UnsafeBuffer buffer = new UnsafeBuffer(new byte[8]);

            assertThrows(ChannelFullException.class, () -> writer.write(buffer, 0, 8));
            assertTrue(writer.tryWrite(buffer, 0, 8) < 0);
            assertTrue(writer.tryClaim(8) < 0);
            assertThrows(
                ChannelFullException.class, () -> writer.write((format, slot, offset, maxLength) -> maxLength));
            assertEquals(List.of("late 1 THROW"), events.stream().distinct().toList());

            writer.agent().doWork();
            TestSeries.write(writer, RECORDS_PER_CHANNEL, 1);
            assertEquals(1, SeriesPosition.ordinal(writer.writeOffset()));
        }
    }

    @Test
    void shouldOfferWholeSlotWhenLittleIsLeftInChannel()
    {
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.open(root))
        {
            final int longest = writer.longestContent();
            TestSeries.write(writer, 0, RECORDS_PER_CHANNEL - 3);
            writer.write((format, slot, offset, maxLength) ->
            {
                assertEquals(longest, maxLength);

                return 8;
            });
            assertEquals(1, SeriesPosition.ordinal(writer.writeOffset()));

            TestSeries.write(writer, 0, RECORDS_PER_CHANNEL - 3);
            writer.claim(1, 5000);
            assertEquals(longest, writer.slot().capacity());
            writer.abort();
            assertEquals(2, SeriesPosition.ordinal(writer.writeOffset()));
        }
    }

    @Test
    void shouldNotRollWhenClaimIsOpen()
    {
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.open(root))
        {
            TestSeries.write(writer, 0, RECORDS_PER_CHANNEL - 1);
            writer.claim(8);
            final UnsafeBuffer buffer = new UnsafeBuffer(new byte[100]);

            assertThrows(IllegalStateException.class, () -> writer.tryWrite(buffer, 0, 100));
            assertThrows(IllegalStateException.class, () -> writer.tryClaim(100));
            writer.slot().putLong(0, 7);
            writer.commit(8);
            assertEquals(0, SeriesPosition.ordinal(writer.writeOffset()));
        }
    }

    @Test
    void shouldRollWhenHeartbeatDoesNotFit()
    {
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.open(root))
        {
            while (SeriesPosition.ordinal(writer.writeOffset()) == 0)
            {
                assertEquals(8, writer.heartbeat());
            }
            assertEquals(SeriesPosition.of(1, 16), writer.writeOffset());
        }
    }

    @Test
    void shouldRollWithFirstRecordOfNewHourWhenCycleIsHourly()
    {
        final AtomicLong nowNs = new AtomicLong(500_000 * HOUR_NS + 1);
        try (SeriesWriter<RawBinDataFormat> writer =
            TestSeries.builder(root).rollCycle(RollCycle.HOURLY).clock(nowNs::get).open())
        {
            writer.agent().doWork();
            TestSeries.write(writer, 0, 1);
            nowNs.set(500_001 * HOUR_NS - 1);
            writer.agent().doWork();
            TestSeries.write(writer, 1, 1);
            assertEquals(0, SeriesPosition.ordinal(writer.writeOffset()));

            nowNs.set(500_001 * HOUR_NS);
            writer.agent().doWork();
            TestSeries.write(writer, 2, 1);
            assertEquals(1, SeriesPosition.ordinal(writer.writeOffset()));
            assertEquals(2, writer.header().channelId());

            writer.agent().doWork();
            nowNs.set(500_002 * HOUR_NS + 7);
            writer.agent().doWork();
            assertTrue(writer.tryClaim(8) > 0);
            writer.commit(8);
            assertEquals(2, SeriesPosition.ordinal(writer.writeOffset()));
        }
    }

    @Test
    void shouldRollWithoutAgentsHelpWhenWriterSeesNewHourAtIndexEntry()
    {
        final AtomicLong nowNs = new AtomicLong(500_000 * HOUR_NS + 1);
        try (SeriesWriter<RawBinDataFormat> writer =
            TestSeries.builder(root).rollCycle(RollCycle.HOURLY).clock(nowNs::get).open())
        {
            writer.agent().doWork();
            TestSeries.write(writer, 0, 1);

            // From here on, the agent is stuck.
            nowNs.set(500_001 * HOUR_NS);
            final long stride;
            try (ShmReader reader = ShmReader.builder(TestSeries.file(root, 0)).open())
            {
                stride = reader.extension().indexStride();
            }
            int records = 1;
            while (SeriesPosition.ordinal(writer.writeOffset()) == 0)
            {
                TestSeries.write(writer, records, 1);
                records++;
            }

            // At the latest the one behind the first entry since.
            assertTrue(records - 1 <= stride / 16 + 2, "records=" + records + " stride=" + stride);
            assertTrue(records < RECORDS_PER_CHANNEL);
        }
    }

    @Test
    void shouldRollWithRecordBehindHeartbeatOrFlushWhenAgentIsLate()
    {
        final AtomicLong nowNs = new AtomicLong(500_000 * HOUR_NS + 1);
        try (SeriesWriter<RawBinDataFormat> writer =
            TestSeries.builder(root).rollCycle(RollCycle.HOURLY).clock(nowNs::get).open())
        {
            writer.agent().doWork();
            TestSeries.write(writer, 0, 1);
            nowNs.set(500_001 * HOUR_NS);
            writer.heartbeat();
            TestSeries.write(writer, 1, 1);
            assertEquals(1, SeriesPosition.ordinal(writer.writeOffset()));

            writer.agent().doWork();
            nowNs.set(500_002 * HOUR_NS);
            writer.flush();
            TestSeries.write(writer, 2, 1);
            assertEquals(2, SeriesPosition.ordinal(writer.writeOffset()));
        }
    }

    @Test
    void shouldStayUntilNextChannelIsReadyWhenHourIsOverAndAgentIsMakingIt()
    {
        final AtomicLong nowNs = new AtomicLong(500_000 * HOUR_NS + 1);
        final AtomicLong looks = new AtomicLong();
        try (SeriesWriter<RawBinDataFormat> writer =
            TestSeries.builder(root).rollCycle(RollCycle.HOURLY).clock(() ->
            {
                looks.incrementAndGet();
                return nowNs.get();
            }).open())
        {
            writer.agent().doWork();
            TestSeries.write(writer, 0, 1);
            nowNs.set(500_001 * HOUR_NS);
            writer.heartbeat();
            TestSeries.write(writer, 1, 1);
            // Nothing is ready behind this one.
            nowNs.set(500_002 * HOUR_NS);
            writer.heartbeat();
            looks.set(0);
            TestSeries.write(writer, 2, 5);
            assertEquals(1, SeriesPosition.ordinal(writer.writeOffset()));
            assertTrue(looks.get() < 3, "looks=" + looks);

            writer.agent().doWork();
            TestSeries.write(writer, 7, 1);
            assertEquals(2, SeriesPosition.ordinal(writer.writeOffset()));
        }
    }

    @Test
    void shouldStayWhenHourIsOverAndNobodyMakesNextChannel()
    {
        final AtomicLong nowNs = new AtomicLong(500_000 * HOUR_NS + 1);
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.builder(root)
            .rollCycle(RollCycle.HOURLY)
            .nextChannelPolicy(NextChannelPolicy.THROW)
            .clock(nowNs::get)
            .open())
        {
            TestSeries.write(writer, 0, 1);
            nowNs.set(500_001 * HOUR_NS);
            writer.heartbeat();

            writer.handOver();
            assertTimeoutPreemptively(Duration.ofMinutes(1), () ->
            {
                TestSeries.write(writer, 1, 1);
                writer.handOver();
            });
            assertEquals(0, SeriesPosition.ordinal(writer.writeOffset()));
        }
    }

    @Test
    void shouldWriteWhenAgentRingsAtEachLookAtTheClock()
    {
        final AtomicLong nowNs = new AtomicLong(500_000 * HOUR_NS + 1);
        final AtomicReference<SeriesAgent> agent = new AtomicReference<>();
        final AtomicBoolean isInside = new AtomicBoolean();
        try (SeriesWriter<RawBinDataFormat> writer = TestSeries.builder(root)
            .rollCycle(RollCycle.HOURLY)
            .clock(() ->
            {
                if (agent.get() != null && isInside.compareAndSet(false, true))
                {
                    agent.get().doWork();
                    isInside.set(false);
                }
                return nowNs.get();
            })
            .open())
        {
            agent.set(writer.agent());
            TestSeries.write(writer, 0, 1);
            nowNs.set(500_001 * HOUR_NS - 1);
            writer.agent().doWork();

            writer.handOver();
            assertTimeoutPreemptively(Duration.ofMinutes(1), () ->
            {
                TestSeries.write(writer, 1, 1);
                writer.handOver();
            });
            assertEquals(0, SeriesPosition.ordinal(writer.writeOffset()));
        }
    }

    @Test
    void shouldKeepChannelWithoutRecordWhenHourIsOver()
    {
        final AtomicLong nowNs = new AtomicLong(500_000 * HOUR_NS + 1);
        try (SeriesWriter<RawBinDataFormat> writer =
            TestSeries.builder(root).rollCycle(RollCycle.HOURLY).clock(nowNs::get).open())
        {
            nowNs.set(500_005 * HOUR_NS);
            writer.agent().doWork();
            writer.agent().doWork();
            TestSeries.write(writer, 0, 1);

            assertEquals(0, SeriesPosition.ordinal(writer.writeOffset()));
        }
    }

    @Test
    void shouldRollWhenNobodyRunsAgentAndHeartbeatNoticesNewDay()
    {
        final AtomicLong nowNs = new AtomicLong(20_000 * 24 * HOUR_NS);
        try (SeriesWriter<RawBinDataFormat> writer =
            TestSeries.builder(root).rollCycle(RollCycle.DAILY).clock(nowNs::get).open())
        {
            TestSeries.write(writer, 0, 1);
            nowNs.addAndGet(23 * HOUR_NS);
            writer.heartbeat();
            assertEquals(0, SeriesPosition.ordinal(writer.writeOffset()));
            nowNs.addAndGet(HOUR_NS);
            writer.heartbeat();
            TestSeries.write(writer, 1, 1);

            assertEquals(1, SeriesPosition.ordinal(writer.writeOffset()));
        }
    }

    @Test
    void shouldGoOnWithNumbersWhenEnvelopeHasSequence()
    {
        final List<Long> sequences = new ArrayList<>();
        for (int day = 0; day < 3; day++)
        {
            try (SeriesWriter<RawBinDataFormat> writer =
                TestSeries.builder(root).handlers(new SequenceHandler()).open())
            {
                TestSeries.write(writer, 0, 1000);
            }
            // A day on which nothing happened.
            TestSeries.builder(root).handlers(new SequenceHandler()).open().close();
        }
        try (SeriesReader reader = SeriesReader.open(root, TestSeries.NAME))
        {
            while (reader.next())
            {
                sequences.add(reader.sequence());
            }
        }

        assertEquals(TestSeries.numbers(1, 3001), sequences);
    }

    @Test
    void shouldRefuseEverythingWhenClosed()
    {
        final SeriesWriter<RawBinDataFormat> writer = TestSeries.open(root);
        TestSeries.write(writer, 0, 1);
        writer.close();
        writer.close();
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[8]);

        assertEquals(Writer.CLOSED, writer.tryWrite(buffer, 0, 8));
        assertEquals(Writer.CLOSED, writer.tryClaim(8));
        assertEquals(Writer.CLOSED, writer.tryHeartbeat());
        assertEquals(Writer.CLOSED, writer.tryWrite((format, slot, offset, maxLength) -> 8));
        assertThrows(WriterClosedException.class, () -> writer.write(buffer, 0, 8));
        assertThrows(WriterClosedException.class, writer::flush);
        assertThrows(WriterClosedException.class, writer::heartbeat);
        assertEquals(0, writer.available());
        assertEquals(0, writer.longestContent());
        assertEquals(0, writer.agent().doWork());
        assertEquals(1, writer.nextRecordNumber());
        assertFalse(TestSeries.files(root).toString().contains("0002"));
    }

    static SeriesListener noting(final List<String> events)
    {
        return new SeriesListener()
        {
            @Override
            public void onRoll(final long ordinal, final Path file, final long firstRecordNumber)
            {
                events.add("roll " + ordinal + " " + firstRecordNumber);
            }

            @Override
            public void onNextChannelReady(final long ordinal, final Path file)
            {
                events.add("ready " + ordinal);
            }

            @Override
            public void onNextChannelFailed(final long ordinal, final RuntimeException cause)
            {
                events.add("failed " + ordinal + " " + cause.getClass().getSimpleName());
            }

            @Override
            public void onNextChannelLate(final long ordinal, final NextChannelPolicy policy)
            {
                events.add("late " + ordinal + " " + policy);
            }

            @Override
            public void onChannelClosed(final long ordinal, final Path file)
            {
                events.add("closed " + ordinal);
            }

            @Override
            public void onClosingFailed(final long ordinal, final Path file, final RuntimeException cause)
            {
                events.add("unclosed " + ordinal);
            }

            @Override
            public void onPruningFailed(final RuntimeException cause)
            {
                events.add("unpruned " + cause.getClass().getSimpleName());
            }

            @Override
            public void onChannelDeleted(final long ordinal, final Path file)
            {
                events.add("deleted " + ordinal);
            }
        };
    }
}
