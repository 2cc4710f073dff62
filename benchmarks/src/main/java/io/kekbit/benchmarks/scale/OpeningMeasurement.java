package io.kekbit.benchmarks.scale;

import io.kekbit.benchmarks.Result;
import io.kekbit.benchmarks.operations.Channels;
import io.kekbit.core.ShmReader;
import io.kekbit.core.layout.RecordDescriptor;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.SystemEpochNanoClock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.util.SplittableRandom;

/**
 * How long it takes to open a channel full of records, to go to its end, and to go to any of its records. Each time
 * with a reader of its own, whose pages were not touched before.
 * <p>
 * Figures: {@code openUs}, {@code moveToEndUs}, {@code moveToUs}, each a median, and the same with {@code P99}; {@code
 * records}, how many the channel holds. Histograms: {@code open}, {@code moveToEnd}, {@code moveTo}.
 */
@Command(name = "opening", description = "How long it takes to open a channel, and to go to a record in it.")
public final class OpeningMeasurement extends ScaleMeasurement
{
    private static final double P50 = 50;
    private static final double P99 = 99;
    private static final long SEED = 5;

    @Option(names = "--capacity", required = true, description = "Bytes of the channel.")
    private long capacity;

    @Option(names = "--length", defaultValue = "64", description = "Bytes of content: ${DEFAULT-VALUE}.")
    private int length;

    @Option(names = "--warm-up", defaultValue = "2000", description = "Readers before: ${DEFAULT-VALUE}.")
    private int warmUp;

    @Option(names = "--readers", defaultValue = "2000", description = "Readers measured: ${DEFAULT-VALUE}.")
    private int readers;

    private long filledTime;
    private final Histogram open = Result.histogram();
    private final Histogram moveToEnd = Result.histogram();
    private final Histogram moveTo = Result.histogram();
    private final Histogram moveToRecord = Result.histogram();
    private final Histogram moveToTime = Result.histogram();

    @Override
    Result measure()
    {
        final int records = Filling.records(capacity, length);
        try (Filling channel = Filling.create(subject(), folder(), CHANNEL_ID, capacity))
        {
            channel.fill(length, records);
        }
        filledTime = SystemEpochNanoClock.INSTANCE.nanoTime();
        final SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < warmUp; i++)
        {
            openAndMove(records, random);
        }
        open.reset();
        moveToEnd.reset();
        moveTo.reset();
        moveToRecord.reset();
        moveToTime.reset();
        for (int i = 0; i < readers; i++)
        {
            openAndMove(records, random);
        }

        return new Result()
            .figure("records", records)
            .figure("openUs", open.getValueAtPercentile(P50) / NS_PER_US)
            .figure("openP99Us", open.getValueAtPercentile(P99) / NS_PER_US)
            .figure("moveToEndUs", moveToEnd.getValueAtPercentile(P50) / NS_PER_US)
            .figure("moveToEndP99Us", moveToEnd.getValueAtPercentile(P99) / NS_PER_US)
            .figure("moveToUs", moveTo.getValueAtPercentile(P50) / NS_PER_US)
            .figure("moveToP99Us", moveTo.getValueAtPercentile(P99) / NS_PER_US)
            .figure("moveToRecordUs", moveToRecord.getValueAtPercentile(P50) / NS_PER_US)
            .figure("moveToTimeUs", moveToTime.getValueAtPercentile(P50) / NS_PER_US)
            .histogram("open", open)
            .histogram("moveToEnd", moveToEnd)
            .histogram("moveTo", moveTo)
            .histogram("moveToRecord", moveToRecord)
            .histogram("moveToTime", moveToTime);
    }

    private void openAndMove(final int records, final SplittableRandom random)
    {
        final long recordLength = RecordDescriptor.alignedLength(length);
        final long number = random.nextInt(records);

        final long startNs = System.nanoTime();
        try (ShmReader reader = Channels.open(Channels.KEKBIT_COLD, folder(), CHANNEL_ID))
        {
            final long openedNs = System.nanoTime();
            reader.moveToEnd();
            final long endNs = System.nanoTime();
            open.recordValue(openedNs - startNs);
            moveToEnd.recordValue(endNs - openedNs);
            require(reader.position(), records * recordLength);
        }

        try (ShmReader reader = Channels.open(Channels.KEKBIT_COLD, folder(), CHANNEL_ID))
        {
            final long openedNs = System.nanoTime();
            reader.moveTo(number * recordLength);
            moveTo.recordValue(System.nanoTime() - openedNs);
            requireNumber(reader, number);
        }

        try (ShmReader reader = Channels.open(Channels.KEKBIT_COLD, folder(), CHANNEL_ID))
        {
            final long openedNs = System.nanoTime();
            reader.seekToRecord(number);
            moveToRecord.recordValue(System.nanoTime() - openedNs);
            requireNumber(reader, number);
        }

        try (ShmReader reader = Channels.open(Channels.KEKBIT_COLD, folder(), CHANNEL_ID))
        {
            final long firstTime = reader.header().creationTime();
            final long time = random.nextLong(firstTime, filledTime + 1);
            final long openedNs = System.nanoTime();
            reader.seekToTime(time);
            moveToTime.recordValue(System.nanoTime() - openedNs);
        }
    }

    private static void requireNumber(final ShmReader reader, final long number)
    {
        if (!reader.next() || reader.buffer().getLong(reader.offset()) != number)
        {
            throw new IllegalStateException("went to another record than to number=" + number);
        }
    }

    private static void require(final long position, final long expected)
    {
        if (position != expected)
        {
            throw new IllegalStateException("went elsewhere: position=" + position + " expected=" + expected);
        }
    }
}
