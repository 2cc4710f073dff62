package io.kekbit.benchmarks.scale;

import io.kekbit.benchmarks.Result;
import io.kekbit.benchmarks.Spread;
import io.kekbit.benchmarks.operations.Channels;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.ShmWriter;
import io.kekbit.core.layout.RecordDescriptor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * How long it takes to make a channel, which is zero-filled, so that it has its space on the disk before anything is
 * written to it, and forced. {@link Channels#KEKBIT} touches every page, too, {@link Channels#KEKBIT_COLD} does not.
 * The yardstick, {@link #PLAIN_FILE}, writes as many zeros to a file and forces it.
 * <p>
 * Figures: {@code createMs}, the median of the passes; {@code createMsBest}; {@code msPerGiB}, from the median.
 */
@Command(name = "creation", description = "How long it takes to make a channel.")
public final class CreationMeasurement extends ScaleMeasurement
{
    /**
     * The subject that makes a plain file.
     */
    public static final String PLAIN_FILE = "plain-file";

    private static final double GIB = 1L << 30;
    private static final int CHUNK_LENGTH = 1 << 20;
    private static final int WARM_UP_CHANNELS = 20;
    private static final long WARM_UP_CAPACITY = 1L << 20;

    @Option(names = "--capacity", required = true, description = "Bytes of the channel.")
    private long capacity;

    @Option(names = "--passes", defaultValue = "3", description = "How often it is made: ${DEFAULT-VALUE}.")
    private int passes;

    @Override
    Result measure() throws IOException
    {
        for (int i = 0; i < WARM_UP_CHANNELS; i++)
        {
            createMs(WARM_UP_CAPACITY);
        }
        final double[] createMs = new double[passes];
        for (int i = 0; i < passes; i++)
        {
            createMs[i] = createMs(capacity);
        }
        final Spread spread = Spread.of(createMs);

        return new Result()
            .figure("createMs", spread.median())
            .figure("createMsBest", spread.least())
            .figure("msPerGiB", spread.median() * GIB / capacity);
    }

    private double createMs(final long bytes) throws IOException
    {
        final long startNs = System.nanoTime();
        final long endNs;
        if (PLAIN_FILE.equals(subject()))
        {
            Files.createDirectories(folder());
            writeZeros(folder().resolve("zeros"), RecordDescriptor.wholeFileLength(bytes));
            endNs = System.nanoTime();
        }
        else
        {
            final ShmWriter<RawBinDataFormat> writer =
                Channels.create(subject(), folder(), CHANNEL_ID, bytes, RawBinDataFormat.INSTANCE);
            endNs = System.nanoTime();
            writer.close();
        }
        Channels.delete(folder());

        return (endNs - startNs) / NS_PER_MS;
    }

    private static void writeZeros(final Path file, final long length) throws IOException
    {
        final ByteBuffer zeros = ByteBuffer.allocateDirect(CHUNK_LENGTH);
        try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))
        {
            long left = length;
            while (left > 0)
            {
                zeros.clear().limit((int)Math.min(left, CHUNK_LENGTH));
                left -= channel.write(zeros);
            }
            channel.force(true);
        }
    }
}
