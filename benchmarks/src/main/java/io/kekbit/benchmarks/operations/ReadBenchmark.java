package io.kekbit.benchmarks.operations;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

import java.nio.file.Path;

/**
 * Records handed to a handler: {@link io.kekbit.core.Reader#read(io.kekbit.core.RecordHandler, int)}.
 */
public class ReadBenchmark extends OperationBenchmark
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
    @Param({"16", "64", "256", "1024"})
    public int length;

    @Override
    Batch batch(final Path channelFolder)
    {
        return Reads.of(new Setting(subject, length, capacity, channelFolder));
    }

    /**
     * Read.
     *
     * @return what depends on it.
     */
    @Benchmark
    public long read()
    {
        return run();
    }
}
