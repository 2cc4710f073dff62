package io.kekbit.benchmarks.operations;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

import java.nio.file.Path;

/**
 * Content copied from a buffer: {@link io.kekbit.core.Writer#write(org.agrona.DirectBuffer, int, int)}.
 */
public class WriteBenchmark extends OperationBenchmark
{
    /**
     * Who does it.
     */
    @Param({"kekbit", "floor-buffer", "floor-slot-view", "floor-address", "floor-words",
        "floor-byte-buffer", Writes.LOOP_ONLY})
    public String subject;

    /**
     * Bytes of content.
     */
    @Param({"16", "64", "256", "1024"})
    public int length;

    @Override
    Batch batch(final Path channelFolder)
    {
        return Writes.of(new Setting(subject, length, capacity, channelFolder));
    }

    /**
     * Copy and publish.
     *
     * @return what depends on it.
     */
    @Benchmark
    public long write()
    {
        return run();
    }
}
