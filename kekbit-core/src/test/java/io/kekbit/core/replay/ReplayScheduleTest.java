package io.kekbit.core.replay;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Random;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ReplayScheduleTest
{
    private static final long EPOCH_NS = 1_700_000_000_000_000_000L;
    private static final long START_NS = -123_456_789L;

    @ParameterizedTest
    @CsvSource({"1,1000,1000", "10,1000,100", "0.5,1000,2000", "3,1000,334", "1e9,1000,1", "1e-9,1,1000000000"})
    void shouldBeDueAfterTimeDividedBySpeedWhenPlanned(final double speed, final long timeNs, final long afterNs)
    {
        final ReplaySchedule schedule = started(speed, Long.MAX_VALUE);
        schedule.plan(EPOCH_NS + timeNs);

        assertEquals(-1, schedule.overdueNs(START_NS + afterNs - 1));
        assertEquals(0, schedule.overdueNs(START_NS + afterNs));
        assertEquals(7, schedule.overdueNs(START_NS + afterNs + 7));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 1, 3, 7.7, 1_000})
    void shouldNotDriftWhenManyRecordsAreHandedOverLate(final double speed)
    {
        final Random random = new Random(1);
        final ReplaySchedule schedule = started(speed, Long.MAX_VALUE);
        long timeNs = 0;
        for (int i = 0; i < 1_000_000; i++)
        {
            timeNs += random.nextInt(1_000_000);
            schedule.plan(EPOCH_NS + timeNs);
            schedule.onHandedOver();
        }

        assertEquals(Math.ceil(timeNs / speed), -schedule.overdueNs(START_NS), 1);
    }

    @Test
    void shouldCountGapAsTheLongestAllowedWhenItIsLonger()
    {
        final ReplaySchedule schedule = started(2, 1_000);
        schedule.plan(EPOCH_NS + 500);
        schedule.onHandedOver();
        schedule.plan(EPOCH_NS + 500 + TimeUnit.DAYS.toNanos(3));

        assertEquals(-(250 + 500), schedule.overdueNs(START_NS));
        schedule.onHandedOver();
        schedule.plan(EPOCH_NS + 500 + TimeUnit.DAYS.toNanos(3) + 1_000);
        assertEquals(-(250 + 500 + 500), schedule.overdueNs(START_NS));
    }

    @Test
    void shouldBeDueAtOnceWhenTimeStepsBackAndGapIsCountedFromTheLatest()
    {
        final ReplaySchedule schedule = started(1, 1_000);
        schedule.plan(EPOCH_NS + 900);
        schedule.onHandedOver();
        schedule.plan(EPOCH_NS - TimeUnit.DAYS.toNanos(1));
        assertEquals(0, schedule.overdueNs(START_NS + 900));
        schedule.onHandedOver();
        schedule.plan(EPOCH_NS + 1_900);

        assertEquals(-1_000, schedule.overdueNs(START_NS + 900));
    }

    @Test
    void shouldTellTimeUpToPlannedRecordWhenWaiting()
    {
        final ReplaySchedule schedule = started(10, Long.MAX_VALUE);
        schedule.plan(EPOCH_NS + 1_000);

        assertEquals(EPOCH_NS, schedule.timeAt(START_NS));
        assertEquals(EPOCH_NS + 500, schedule.timeAt(START_NS + 50));
        assertEquals(EPOCH_NS + 1_000, schedule.timeAt(START_NS + 100));
        assertEquals(EPOCH_NS + 1_000, schedule.timeAt(START_NS + TimeUnit.DAYS.toNanos(1_000)));
    }

    @Test
    void shouldRunForTheLongestGapWhenWaitingInOneThatIsCutShort()
    {
        final ReplaySchedule schedule = started(1, 1_000);
        schedule.plan(EPOCH_NS + TimeUnit.DAYS.toNanos(1));

        assertEquals(EPOCH_NS + 999, schedule.timeAt(START_NS + 999));
    }

    @Test
    void shouldBeDueLaterWhenItStoodStill()
    {
        final ReplaySchedule schedule = started(1, Long.MAX_VALUE);
        schedule.plan(EPOCH_NS + 1_000);
        schedule.shift(5_000);

        assertEquals(-1, schedule.overdueNs(START_NS + 5_999));
        assertEquals(0, schedule.overdueNs(START_NS + 6_000));
    }

    @Test
    void shouldStayInOrderWhenTimesAreAsFarApartAsCanBe()
    {
        final ReplaySchedule schedule = new ReplaySchedule(1e-6, Long.MAX_VALUE);
        schedule.start(0, Long.MAX_VALUE - 5);
        schedule.plan(Long.MAX_VALUE - 1);

        assertTrue(schedule.overdueNs(Long.MIN_VALUE + 100) < 0);
        assertEquals(0, schedule.timeAt(Long.MIN_VALUE + 100));
    }

    private static ReplaySchedule started(final double speed, final long maxGapNs)
    {
        final ReplaySchedule schedule = new ReplaySchedule(speed, maxGapNs);
        schedule.start(EPOCH_NS, START_NS);

        return schedule;
    }
}
