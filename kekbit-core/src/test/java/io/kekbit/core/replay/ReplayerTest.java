package io.kekbit.core.replay;

import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.ReaderState;
import io.kekbit.core.RecordHandler;
import io.kekbit.core.ShmReader;
import io.kekbit.core.TickUnit;
import io.kekbit.core.Writer;
import io.kekbit.core.exceptions.ReaderClosedException;
import org.agrona.concurrent.ControlledMessageHandler.Action;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NoOpIdleStrategy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Which records are replayed, and when. Time passes when a test says so.
 */
class ReplayerTest
{
    private static final long T = 1_700_000_000_000_000_000L;

    @TempDir
    private Path root;
    private final ReplayClock clock = new ReplayClock();
    private final List<Long> numbers = new ArrayList<>();
    private final List<Long> clockTimes = new ArrayList<>();
    private final RecordHandler collecting = (buffer, offset, length, position, nextPosition) ->
    {
        numbers.add(Streams.number(buffer, offset));
        clockTimes.add(clock.nanoTime());
    };
    private Streams streams;
    private long nowNs = 5_000;

    @Test
    void shouldHandOverEachRecordWhenItsTimeHasComeAtOriginalPace()
    {
        try (ShmReader reader = streams().stamped(1, T, T + 100, T + 100, T + 350))
        {
            final Replayer replayer = paced(reader).into(collecting);

            assertEquals(1, replayer.doWork());
            nowNs += 99;
            assertEquals(0, replayer.doWork());
            nowNs += 1;
            assertEquals(2, replayer.doWork());
            nowNs += 249;
            assertEquals(0, replayer.doWork());
            nowNs += 1;
            assertEquals(1, replayer.doWork());

            assertEquals(List.of(0L, 1L, 2L, 3L), numbers);
            assertEquals(List.of(T, T + 100, T + 100, T + 350), clockTimes);
            assertEquals(0, replayer.maxOverdueNs());
        }
    }

    @Test
    void shouldHandOverAgainWhenHandlerPutsRecordOff()
    {
        final int[] tries = new int[1];
        try (ShmReader reader = streams().stamped(1, T, T + 100, T + 200))
        {
            final Replayer replayer = paced(reader).intoControlled((buffer, offset, length, position, nextPosition) ->
            {
                if (Streams.number(buffer, offset) == 1 && tries[0]++ < 2)
                {
                    return Action.ABORT;
                }
                collecting.onRecord(buffer, offset, length, position, nextPosition);

                return Action.CONTINUE;
            });

            assertEquals(1, replayer.doWork());
            nowNs += 200;
            assertEquals(0, replayer.doWork());
            assertEquals(0, replayer.doWork());
            assertEquals(1, replayer.records());
            assertEquals(2, replayer.doWork());

            assertEquals(List.of(0L, 1L, 2L), numbers);
            assertEquals(List.of(T, T + 100, T + 200), clockTimes);
        }
    }

    @Test
    void shouldHandOverTenTimesFasterWhenSpeedIsTen()
    {
        try (ShmReader reader = streams().stamped(1, T, T + 1_000))
        {
            final Replayer replayer = paced(reader).speed(10).into(collecting);

            replayer.doWork();
            nowNs += 99;
            assertEquals(0, replayer.doWork());
            nowNs += 1;
            assertEquals(1, replayer.doWork());
        }
    }

    @Test
    void shouldMakeUpForLatenessWhenOneRecordWasLate()
    {
        try (ShmReader reader = streams().stamped(1, T, T + 100, T + 200, T + 300))
        {
            final Replayer replayer = paced(reader).into(collecting);

            replayer.doWork();
            nowNs += 250;
            assertEquals(2, replayer.doWork());
            nowNs += 50;
            assertEquals(1, replayer.doWork());
            assertEquals(150, replayer.maxOverdueNs());
        }
    }

    @Test
    void shouldHandOverAllWithoutReadingAnyClockWhenAtFullSpeed()
    {
        try (ShmReader reader = streams().stamped(1, T, T + 100, T + TimeUnit.DAYS.toNanos(100)))
        {
            final Replayer replayer = Replayer.builder(reader).fullSpeed().clock(clock)
                .nanoClock(() ->
                {
                    throw new AssertionError("read");
                })
                .into(collecting);

            assertEquals(3, replayer.run(NoOpIdleStrategy.INSTANCE));
            assertEquals(List.of(T, T + 100, T + TimeUnit.DAYS.toNanos(100)), clockTimes);
            assertEquals(ReplayState.REACHED_END, replayer.state());
            assertEquals(0, replayer.doWork());
        }
    }

    @Test
    void shouldLetClockRunUpToNextRecordWhenWaiting()
    {
        try (ShmReader reader = streams().stamped(1, T, T + 1_000_000))
        {
            final Replayer replayer = paced(reader).speed(2).into(collecting);
            assertEquals(0, clock.nanoTime());

            replayer.doWork();
            nowNs += 300;
            replayer.doWork();

            assertEquals(T + 600, clock.nanoTime());
            assertEquals((T + 600) / 1_000_000, clock.time());
            assertEquals(List.of(0L), numbers);
        }
    }

    @Test
    void shouldReplayFromTimeToTimeWhenBothAreGiven()
    {
        try (ShmReader reader = streams().stamped(1, T, T + 10, T + 20, T + 20, T + 30, T + 40))
        {
            final Replayer replayer = atOnce(reader).from(T + 11).to(T + 30).into(collecting);

            assertEquals(2, replayer.run(NoOpIdleStrategy.INSTANCE));
            assertEquals(List.of(2L, 3L), numbers);
            assertEquals(ReplayState.REACHED_TO, replayer.state());
            assertTrue(reader.next());
            assertEquals(4, Streams.number(reader.buffer(), reader.offset()));
        }
    }

    @Test
    void shouldTakeInstantsWhenTimesAreGiven()
    {
        try (ShmReader reader = streams().stamped(1, T, T + 1_000_000_000, T + 2_000_000_000))
        {
            final Instant start = Instant.ofEpochSecond(T / 1_000_000_000);
            atOnce(reader).from(start.plusMillis(1)).to(start.plusSeconds(2)).into(collecting).run();

            assertEquals(List.of(1L), numbers);
        }
    }

    @Test
    void shouldBeginWithTheTimeGivenWhenFirstRecordComesLater()
    {
        try (ShmReader reader = streams().stamped(1, T, T + 500))
        {
            final Replayer replayer = paced(reader).from(T + 200).into(collecting);

            replayer.doWork();
            assertEquals(T + 200, clock.nanoTime());
            nowNs += 299;
            assertEquals(0, replayer.doWork());
            nowNs += 1;
            assertEquals(1, replayer.doWork());
            assertEquals(List.of(1L), numbers);
        }
    }

    @Test
    void shouldPassOverEarlierRecordsWhenTimeIsInContent()
    {
        try (ShmReader reader = streams().withField(1, T, T + 10, T + 20, T + 30))
        {
            final Replayer replayer = atOnce(reader)
                .byField(Streams.FIELD, TickUnit.NANOS).from(T + 20).limit(1).into(collecting);

            assertEquals(1, replayer.doWork());
            assertEquals(List.of(), numbers);
            replayer.run(NoOpIdleStrategy.INSTANCE);
            assertEquals(List.of(2L, 3L), numbers);
            assertEquals(2, replayer.records());
        }
    }

    @Test
    void shouldConvertTimesWhenTheyAreOfAnotherUnit()
    {
        try (ShmReader reader = streams().withField(1, 1_700_000_000_000_000L, 1_700_000_000_000_003L))
        {
            atOnce(reader).byField(Streams.FIELD, TickUnit.MICROS).into(collecting).run();

            assertEquals(List.of(T, T + 3_000), clockTimes);
        }
    }

    @Test
    void shouldHandOverRightBehindTheOneBeforeWhenRecordHasNoTime()
    {
        try (ShmReader reader = streams().withField(1, -1, T, Long.MIN_VALUE, T + 100, -1))
        {
            final Replayer replayer = paced(reader).byField(Streams.FIELD, TickUnit.NANOS).into(collecting);

            assertEquals(3, replayer.doWork());
            assertEquals(0, replayer.doWork());
            nowNs += 100;
            assertEquals(2, replayer.doWork());
            assertEquals(List.of(0L, T, T, T + 100, T + 100), clockTimes);
            assertEquals(3, replayer.untimedRecords());
        }
    }

    @Test
    void shouldLeaveOutRecordsWithoutTimeWhenTheyStandBeforeTheTimeToBeginFrom()
    {
        try (ShmReader reader = streams().withField(1, -1, T, -1, T + 100, -1))
        {
            atOnce(reader).byField(Streams.FIELD, TickUnit.NANOS).from(T + 1).into(collecting).run();

            assertEquals(List.of(3L, 4L), numbers);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, 20_000_000_000L})
    void shouldTakeTimeAsNoneWhenItIsPastWhatNanosecondsCanSay(final long seconds)
    {
        try (ShmReader reader = streams().withField(1, 1_000, seconds, 1_001))
        {
            final Replayer replayer = atOnce(reader).byField(Streams.FIELD, TickUnit.SECONDS).into(collecting);

            assertEquals(3, replayer.run());
            assertEquals(1, replayer.untimedRecords());
        }
    }

    @Test
    void shouldHandOverAtOnceAndHoldClockWhenTimeStepsBack()
    {
        try (ShmReader reader = streams().stamped(1, T, T + 100, T - 500, T + 50, T + 200))
        {
            final Replayer replayer = paced(reader).into(collecting);

            replayer.doWork();
            nowNs += 100;
            assertEquals(3, replayer.doWork());
            nowNs += 99;
            assertEquals(0, replayer.doWork());
            nowNs += 1;
            assertEquals(1, replayer.doWork());
            assertEquals(List.of(T, T + 100, T + 100, T + 100, T + 200), clockTimes);
            assertEquals(2, replayer.backwardRecords());
        }
    }

    @Test
    void shouldShortenGapOfDaysWhenLongestIsGiven()
    {
        final long days = TimeUnit.DAYS.toNanos(3);
        try (ShmReader reader = streams().stamped(1, T, T + days, T + days + 10))
        {
            final Replayer replayer = paced(reader).maxGap(1_000).into(collecting);

            replayer.doWork();
            nowNs += 999;
            assertEquals(0, replayer.doWork());
            assertEquals(T + 999, clock.nanoTime());
            nowNs += 1;
            assertEquals(1, replayer.doWork());
            assertEquals(T + days, clock.nanoTime());
            nowNs += 10;
            assertEquals(1, replayer.doWork());
            assertEquals(0, replayer.maxOverdueNs());
        }
    }

    @Test
    void shouldStandStillWhenPausedAndGoOnWhereItWasWhenResumed()
    {
        try (ShmReader reader = streams().stamped(1, T, T + 100, T + 200))
        {
            final Replayer replayer = paced(reader).into(collecting);
            replayer.doWork();
            nowNs += 60;
            replayer.pause();
            assertEquals(0, replayer.doWork());
            assertEquals(ReplayState.PAUSED, replayer.state());
            nowNs += 1_000_000;
            assertEquals(0, replayer.doWork());
            assertEquals(T + 60, clock.nanoTime());

            replayer.resume();
            assertEquals(0, replayer.doWork());
            nowNs += 39;
            assertEquals(0, replayer.doWork());
            nowNs += 1;
            assertEquals(1, replayer.doWork());
            assertEquals(ReplayState.RUNNING, replayer.state());
            nowNs += 100;
            assertEquals(1, replayer.doWork());
            assertEquals(List.of(T, T + 100, T + 200), clockTimes);
        }
    }

    @Test
    void shouldStartWithFullTimeWhenPausedBeforeTheStart()
    {
        try (ShmReader reader = streams().stamped(1, T, T + 100))
        {
            final Replayer replayer = paced(reader).from(T).into(collecting);
            replayer.pause();
            replayer.doWork();
            nowNs += 1_000_000;
            replayer.resume();

            assertEquals(1, replayer.doWork());
            nowNs += 99;
            assertEquals(0, replayer.doWork());
            nowNs += 1;
            assertEquals(1, replayer.doWork());
        }
    }

    @Test
    void shouldHandOverNothingMoreWhenHandlerPausesOrStops()
    {
        try (ShmReader reader = streams().stamped(1, T, T, T, T))
        {
            final Replayer[] replayer = new Replayer[1];
            replayer[0] = atOnce(reader).into((buffer, offset, length, position, nextPosition) ->
            {
                numbers.add(Streams.number(buffer, offset));
                if (numbers.size() == 1)
                {
                    replayer[0].pause();
                }
                if (numbers.size() == 3)
                {
                    replayer[0].stop();
                }
            });

            assertEquals(1, replayer[0].doWork());
            assertEquals(0, replayer[0].doWork());
            replayer[0].resume();
            assertEquals(2, replayer[0].doWork());
            assertEquals(0, replayer[0].doWork());
            assertEquals(ReplayState.STOPPED, replayer[0].state());
            assertTrue(reader.next());
            assertEquals(3, Streams.number(reader.buffer(), reader.offset()));
        }
    }

    @Test
    void shouldGiveRecordBackWhenClosedWhileItIsNotDue()
    {
        try (ShmReader reader = streams().stamped(1, T, T + 100))
        {
            final Replayer replayer = paced(reader).into(collecting);
            replayer.doWork();
            replayer.onClose();

            assertEquals(ReplayState.STOPPED, replayer.state());
            assertTrue(reader.next());
            assertEquals(1, Streams.number(reader.buffer(), reader.offset()));
        }
    }

    @Test
    void shouldStopAndStayInterruptedWhenThreadIsInterrupted()
    {
        try (ShmReader reader = streams().stamped(1, T, T + TimeUnit.DAYS.toNanos(1)))
        {
            final Replayer replayer = paced(reader).into(collecting);
            final IdleStrategy interrupting = idling(() -> Thread.currentThread().interrupt());

            assertEquals(1, replayer.run(interrupting));
            assertTrue(Thread.interrupted());
            assertEquals(ReplayState.STOPPED, replayer.state());
        }
    }

    @Test
    void shouldEndAtEndOfWhatIsThereWhenStreamIsLive()
    {
        try (Writer<RawBinDataFormat> writer = streams().stamping(1);
            ShmReader reader = streams().open(1))
        {
            streams().append(writer, 0, T);
            final Replayer replayer = atOnce(reader).into(collecting);

            assertEquals(1, replayer.run());
            assertEquals(ReplayState.REACHED_END, replayer.state());
            assertEquals(ReaderState.OPEN, reader.state());
        }
    }

    @Test
    void shouldGoOnUntilStreamIsClosedWhenItFollows()
    {
        final Streams streams = streams();
        final Writer<RawBinDataFormat> writer = streams.stamping(1);
        try (ShmReader reader = streams.open(1))
        {
            streams.append(writer, 0, T);
            final Replayer replayer = paced(reader).follow().into(collecting);
            assertEquals(1, replayer.doWork());
            nowNs += 1_000;
            assertEquals(0, replayer.doWork());
            assertEquals(T, clock.nanoTime());
            assertEquals(ReplayState.RUNNING, replayer.state());

            streams.append(writer, 1, T + 1_100);
            assertEquals(0, replayer.doWork());
            nowNs += 100;
            assertEquals(1, replayer.doWork());
            streams.append(writer, 2, T + 1_150);
            nowNs += 1_000;
            assertEquals(1, replayer.doWork());
            writer.close();
            assertEquals(0, replayer.doWork());
            assertEquals(ReplayState.REACHED_END, replayer.state());
        }
    }

    @Test
    void shouldHandOverNoMoreThanLimitWhenAllIsDue()
    {
        try (ShmReader reader = streams().stamped(1, T, T, T, T, T))
        {
            final Replayer replayer = paced(reader).limit(2).into(collecting);

            assertEquals(2, replayer.doWork());
            assertEquals(2, replayer.doWork());
            assertEquals(1, replayer.doWork());
        }
    }

    @Test
    void shouldCountRecordAsReplayedWhenHandlerThrows()
    {
        try (ShmReader reader = streams().stamped(1, T, T + 1))
        {
            final Replayer replayer = atOnce(reader).into((buffer, offset, length, position, nextPosition) ->
            {
                numbers.add(Streams.number(buffer, offset));
                throw new ArithmeticException("made to fail");
            });

            assertThrows(ArithmeticException.class, replayer::doWork);
            assertThrows(ArithmeticException.class, replayer::doWork);
            assertEquals(0, replayer.doWork());
            assertEquals(List.of(0L, 1L), numbers);
            assertEquals(2, replayer.records());
        }
    }

    @Test
    void shouldGiveHandlerThePositionsOfTheStreamWhenRecordIsHandedOver()
    {
        try (ShmReader reader = streams().stamped(1, T, T + 1); ShmReader other = streams().open(1))
        {
            final List<Long> positions = new ArrayList<>();
            atOnce(reader).into((buffer, offset, length, position, nextPosition) ->
            {
                positions.add(position);
                positions.add(nextPosition);
            }).run();

            assertTrue(other.next());
            assertEquals(other.recordPosition(), positions.get(0));
            assertEquals(other.position(), positions.get(1));
            assertEquals(positions.get(1), positions.get(2));
        }
    }

    @Test
    void shouldEndAndThrowWhenReaderIsClosed()
    {
        final ShmReader reader = streams().stamped(1, T, T + 100, T + 200);
        final Replayer replayer = paced(reader).into(collecting);
        replayer.doWork();
        reader.close();
        nowNs += 1_000;

        assertThrows(ReaderClosedException.class, replayer::doWork);
        assertEquals(List.of(0L), numbers);
        assertEquals(ReplayState.STOPPED, replayer.state());
        assertEquals(0, replayer.doWork());
    }

    @Test
    void shouldRefuseAndGiveRecordBackWhenEnvelopeHasNoTime()
    {
        try (ShmReader reader = streams().withField(1, T, T + 1))
        {
            final Replayer replayer = atOnce(reader).byEnvelope().into(collecting);

            final IllegalStateException ex = assertThrows(IllegalStateException.class, replayer::doWork);
            assertTrue(ex.getMessage().startsWith("no time in the envelope of the records"), ex.getMessage());
            assertEquals(ReplayState.STOPPED, replayer.state());
            assertTrue(reader.next());
            assertEquals(0, Streams.number(reader.buffer(), reader.offset()));
        }
    }

    @Test
    void shouldThrowWhatExtractorThrowsAndGoOnBehindThatRecordWhenItDoes()
    {
        try (ShmReader reader = streams().withField(1, T, 13, T + 1))
        {
            final TimestampExtractor extractor = (buffer, offset, length) ->
            {
                final long time = Streams.FIELD.timestamp(buffer, offset, length);
                if (time == 13)
                {
                    throw new IllegalStateException("made to fail");
                }

                return time;
            };
            final Replayer replayer = atOnce(reader).byField(extractor, TickUnit.NANOS).into(collecting);

            assertThrows(IllegalStateException.class, replayer::doWork);
            replayer.run();
            assertEquals(List.of(0L, 2L), numbers);
        }
    }

    @Test
    void shouldGoByIndexWhenRecordsAreNotStamped()
    {
        try (ShmReader reader = streams().withField(1, T, T + 1))
        {
            final Replayer replayer = atOnce(reader).into(collecting);

            assertEquals(2, replayer.run());
            assertEquals(0, replayer.untimedRecords());
            assertTrue(clock.nanoTime() > T, clock.toString());
        }
    }

    @Test
    void shouldEndBeforeTheDamageWhenRecordIsDamaged() throws IOException
    {
        streams().stamped(1, T, T + 1, T + 2, T + 3).close();
        streams.damage(1, 2);
        try (ShmReader reader = streams.open(1))
        {
            final Replayer replayer = atOnce(reader).follow().into(collecting);

            assertEquals(2, replayer.run());
            assertEquals(ReplayState.REACHED_END, replayer.state());
            assertEquals(ReaderState.CORRUPT, reader.state());
        }
    }

    @Test
    void shouldEndAndThrowWhenHandlerClosesReader()
    {
        final ShmReader reader = streams().stamped(1, T, T + 1);
        final Replayer replayer = atOnce(reader).into((buffer, offset, length, position, nextPosition) ->
            reader.close());

        assertThrows(ReaderClosedException.class, replayer::run);
        assertEquals(1, replayer.records());
        assertEquals(ReplayState.STOPPED, replayer.state());
    }

    @Test
    void shouldStartClockOverWhenItIsDrivenByNextReplay()
    {
        try (ShmReader reader = streams().stamped(1, T, T + 100))
        {
            atOnce(reader).into(collecting).run();
            reader.moveTo(0);
            atOnce(reader).into(collecting).run();

            assertEquals(List.of(T, T + 100, T, T + 100), clockTimes);
        }
    }

    @Test
    void shouldRefuseWhenOptionsAreNotRight()
    {
        try (ShmReader reader = streams().stamped(1, T))
        {
            final ReplayerBuilder builder = Replayer.builder(reader);

            assertThrows(IllegalArgumentException.class, () -> builder.speed(0));
            assertThrows(IllegalArgumentException.class, () -> builder.speed(Double.NaN));
            assertThrows(IllegalArgumentException.class, () -> builder.maxGap(-1));
            assertThrows(IllegalArgumentException.class, () -> builder.limit(0));
            assertThrows(IllegalArgumentException.class, () -> builder.from(-1));
            assertThrows(IllegalArgumentException.class, () -> builder.to(Instant.MAX));
            assertThrows(IllegalArgumentException.class, () -> builder.from(2).to(1).into(collecting));
        }
    }

    @Test
    void shouldReplayToBeforeEverythingWhenToIsFromAndEmptyStreamWhenThereIsNothing()
    {
        try (ShmReader reader = streams().stamped(1, T, T + 1); ShmReader empty = streams().stamped(2))
        {
            assertEquals(0, atOnce(reader).from(T).to(T).into(collecting).run());
            assertEquals(0, paced(empty).from(T).into(collecting).run());
            assertFalse(reader.position() > 0 && numbers.size() > 0);
        }
    }

    private static IdleStrategy idling(final Runnable action)
    {
        return new IdleStrategy()
        {
            @Override
            public void idle(final int workCount)
            {
                if (workCount == 0)
                {
                    action.run();
                }
            }

            @Override
            public void idle()
            {
                action.run();
            }

            @Override
            public void reset()
            {
                // Nothing to forget.
            }
        };
    }

    private ReplayerBuilder paced(final ShmReader reader)
    {
        return Replayer.builder(reader).nanoClock(() -> nowNs).clock(clock);
    }

    private ReplayerBuilder atOnce(final ShmReader reader)
    {
        return Replayer.builder(reader).fullSpeed().clock(clock);
    }

    private Streams streams()
    {
        streams = streams == null ? new Streams(root) : streams;

        return streams;
    }
}
