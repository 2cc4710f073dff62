package io.kekbit.core.replay;

/**
 * When each record is due: as long after the start of the replay as its time lies behind the start's, divided by the
 * speed. Nothing is carried from record to record but what was cut out of gaps, in whole nanoseconds, so that nothing
 * adds up. Knows no clock.
 */
final class ReplaySchedule
{
    private final double speed;
    private final long maxGapNs;
    private long startTimeNs;
    private long startNs;
    private long skippedNs;
    private long latestTimeNs;
    private long plannedTimeNs;
    private long plannedSkippedNs;
    private long plannedAfterNs;

    /**
     * @param speed    by which the records' time is divided, above 0.
     * @param maxGapNs the longest that the records' time may run between two records, before it is divided.
     */
    ReplaySchedule(final double speed, final long maxGapNs)
    {
        this.speed = speed;
        this.maxGapNs = maxGapNs;
    }

    /**
     * The replay starts.
     *
     * @param timeNs the time in the records that it starts from, at least 0.
     * @param nowNs  the time by the caller's clock.
     */
    void start(final long timeNs, final long nowNs)
    {
        startTimeNs = timeNs;
        latestTimeNs = timeNs;
        plannedTimeNs = timeNs;
        startNs = nowNs;
    }

    /**
     * A record comes next.
     *
     * @param timeNs its time, at least 0.
     */
    void plan(final long timeNs)
    {
        final long gapNs = timeNs - latestTimeNs;
        plannedTimeNs = timeNs;
        plannedSkippedNs = gapNs > maxGapNs ? skippedNs + gapNs - maxGapNs : skippedNs;
        final long afterNs = timeNs - startTimeNs - plannedSkippedNs;
        // Never before the record before it, nor before the start.
        plannedAfterNs = Math.max(plannedAfterNs, speed == 1 ? afterNs : (long)Math.ceil(afterNs / speed));
    }

    /**
     * How long the planned record is overdue.
     *
     * @return nanoseconds by the caller's clock; negative where it is not due yet.
     */
    long overdueNs(final long nowNs)
    {
        return nowNs - startNs - plannedAfterNs;
    }

    /**
     * The planned record was handed over.
     */
    void onHandedOver()
    {
        skippedNs = plannedSkippedNs;
        latestTimeNs = Math.max(latestTimeNs, plannedTimeNs);
    }

    /**
     * What the records' time is now, between the last record and the planned one.
     *
     * @param nowNs the time by the caller's clock.
     * @return nanoseconds since 1970-01-01T00:00Z, at most the planned record's time.
     */
    long timeAt(final long nowNs)
    {
        final long elapsedNs = nowNs - startNs;
        final long runNs = speed == 1 ? elapsedNs : (long)(elapsedNs * speed);
        final long mostNs = plannedTimeNs - startTimeNs - skippedNs;

        return startTimeNs + skippedNs + Math.min(runNs, mostNs);
    }

    /**
     * The replay stood still for a while.
     *
     * @param durationNs by the caller's clock.
     */
    void shift(final long durationNs)
    {
        startNs += durationNs;
    }
}
