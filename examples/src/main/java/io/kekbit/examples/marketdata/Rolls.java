package io.kekbit.examples.marketdata;

import io.kekbit.core.series.NextChannelPolicy;
import io.kekbit.core.series.SeriesListener;

import java.nio.file.Path;

/**
 * Counts how often a series went on in its next channel, and how often that one was not ready. Both are told by the
 * writer's thread, which alone asks for them.
 */
final class Rolls implements SeriesListener
{
    private int rolls;
    private int late;

    @Override
    public void onRoll(final long ordinal, final Path file, final long firstRecordNumber)
    {
        rolls++;
    }

    @Override
    public void onNextChannelLate(final long ordinal, final NextChannelPolicy policy)
    {
        late++;
    }

    @Override
    public String toString()
    {
        return rolls + ", next channel not ready in time: " + late;
    }
}
