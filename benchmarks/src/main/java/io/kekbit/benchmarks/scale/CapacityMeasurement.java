package io.kekbit.benchmarks.scale;

import io.kekbit.benchmarks.Result;
import io.kekbit.benchmarks.Spread;
import io.kekbit.benchmarks.operations.Channels;
import io.kekbit.core.layout.HeaderDescriptor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.util.ArrayList;
import java.util.List;

/**
 * What a record costs in channels of different capacities.
 * <p>
 * The same bytes are written whatever the capacity is: to one large channel, or to many small ones, all made and
 * touched before and then filled in turn. So it is the capacity that is compared, and not the processor's caches, in
 * which one small channel has its place and a large one has not. What a record costs in one small channel after the
 * other, each made when the one before is full and as good as cached, stands beside it.
 * <p>
 * Figures: {@code nsPerRecord}, the median of the passes; {@code nsPerRecordBest}; {@code nsPerRecordCached}, the
 * median of channels of 1 MiB; {@code channels}, how many were filled in turn.
 */
@Command(name = "capacity", description = "What a record costs in channels of a capacity.")
public final class CapacityMeasurement extends ScaleMeasurement
{
    private static final long CACHED_CAPACITY = 1L << 20;

    @Option(names = "--capacity", required = true, description = "Bytes of a channel; at most the greatest there is.")
    private long capacity;

    @Option(
        names = "--total",
        defaultValue = "1073741824",
        description = "Bytes of all channels together, one channel at least: ${DEFAULT-VALUE}.")
    private long total;

    @Option(names = "--length", defaultValue = "64", description = "Bytes of content: ${DEFAULT-VALUE}.")
    private int length;

    @Option(names = "--warm-up", defaultValue = "200", description = "Channels of 1 MiB before: ${DEFAULT-VALUE}.")
    private int warmUp;

    @Option(names = "--cached", defaultValue = "50", description = "Channels of 1 MiB measured: ${DEFAULT-VALUE}.")
    private int cached;

    @Option(names = "--passes", defaultValue = "3", description = "How often all is written: ${DEFAULT-VALUE}.")
    private int passes;

    @Override
    Result measure()
    {
        capacity = Math.min(capacity, HeaderDescriptor.MAX_CAPACITY);
        fillCached(warmUp);
        final double nsPerRecordCached = Spread.of(fillCached(cached)).median();

        final int channels = (int)Math.max(1, total / capacity);
        final double[] nsPerRecord = new double[passes];
        for (int i = 0; i < passes; i++)
        {
            nsPerRecord[i] = fillInTurn(channels);
        }
        final Spread spread = Spread.of(nsPerRecord);

        return new Result()
            .figure("nsPerRecord", spread.median())
            .figure("nsPerRecordBest", spread.least())
            .figure("nsPerRecordCached", nsPerRecordCached)
            .figure("channels", channels);
    }

    private double[] fillCached(final int channels)
    {
        final int records = Filling.records(CACHED_CAPACITY, length);
        final double[] nsPerRecord = new double[channels];
        for (int i = 0; i < channels; i++)
        {
            try (Filling channel = Filling.create(subject(), folder(), CHANNEL_ID, CACHED_CAPACITY))
            {
                final long startNs = System.nanoTime();
                channel.fill(length, records);
                nsPerRecord[i] = (double)(System.nanoTime() - startNs) / records;
            }
            Channels.delete(folder());
        }

        return nsPerRecord;
    }

    private double fillInTurn(final int count)
    {
        final int records = Filling.records(capacity, length);
        final List<Filling> channels = new ArrayList<>();
        try
        {
            for (int i = 0; i < count; i++)
            {
                channels.add(Filling.create(subject(), folder(), CHANNEL_ID + i, capacity));
            }
            final long startNs = System.nanoTime();
            for (final Filling channel : channels)
            {
                channel.fill(length, records);
            }

            return (double)(System.nanoTime() - startNs) / ((long)records * count);
        }
        finally
        {
            channels.forEach(Filling::close);
            Channels.delete(folder());
        }
    }
}
