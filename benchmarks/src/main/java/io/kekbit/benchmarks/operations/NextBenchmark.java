package io.kekbit.benchmarks.operations;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

import java.nio.file.Path;

/**
 * Records gone to one by one: {@link io.kekbit.core.Reader#next()}. By hand they are handed to a handler.
 */
public class NextBenchmark extends OperationBenchmark
{
    /**
     * Who does it.
     */
    @Param({"kekbit", "floor-buffer", "floor-slot-view", "floor-address", "floor-words",
        "floor-byte-buffer"})
    public String subject;

    /**
     * Bytes of content.
     */
    @Param("64")
    public int length;

    @Override
    Batch batch(final Path channelFolder)
    {
        return Reads.next(new Setting(subject, length, capacity, channelFolder));
    }

    /**
     * Go to the next.
     *
     * @return what depends on it.
     */
    @Benchmark
    public long next()
    {
        return run();
    }
}
