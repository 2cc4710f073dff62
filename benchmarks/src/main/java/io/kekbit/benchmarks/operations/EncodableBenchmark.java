package io.kekbit.benchmarks.operations;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

import java.nio.file.Path;

/**
 * Content that an object encodes: {@link io.kekbit.core.Writer#write(io.kekbit.core.Encodable)}. By hand the same
 * content is put there without an object.
 */
public class EncodableBenchmark extends OperationBenchmark
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
        return Encodables.of(new Setting(subject, length, capacity, channelFolder));
    }

    /**
     * Let the object encode, and publish.
     *
     * @return what depends on it.
     */
    @Benchmark
    public long encodable()
    {
        return run();
    }
}
