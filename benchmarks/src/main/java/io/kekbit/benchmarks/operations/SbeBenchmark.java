package io.kekbit.benchmarks.operations;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

import java.nio.file.Path;

/**
 * A trade of the market data schema encoded: in place, in the three ways that {@link io.kekbit.sbe.SbeWriter} has; in
 * a buffer of its own, then copied; in a buffer of its own alone; and by hand at the moving position of a mapped file,
 * with the two stores that publish it.
 */
public class SbeBenchmark extends OperationBenchmark
{
    /**
     * Who does it.
     */
    @Param({SbeWrites.FILL, SbeWrites.CLAIM, SbeWrites.SLOT, SbeWrites.COPY, SbeWrites.PLAIN_BUFFER,
        "floor-buffer", "floor-slot-view", "floor-address", "floor-words", "floor-byte-buffer"})
    public String subject;

    @Override
    Batch batch(final Path channelFolder)
    {
        return SbeWrites.of(new Setting(subject, 0, capacity, channelFolder));
    }

    /**
     * Encode, and publish.
     *
     * @return what depends on it.
     */
    @Benchmark
    public long sbe()
    {
        return run();
    }
}
