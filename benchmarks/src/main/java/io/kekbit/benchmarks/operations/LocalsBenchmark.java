package io.kekbit.benchmarks.operations;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

import java.nio.file.Path;

/**
 * The same as {@link WriteBenchmark} in a loop that keeps writer, content and length in local variables. Then what is
 * measured is also how many of them the JIT compiler can keep in registers beside what it inlines into the loop.
 */
public class LocalsBenchmark extends OperationBenchmark
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
    @Param({"64"})
    public int length;

    @Override
    Batch batch(final Path channelFolder)
    {
        return WritesInLocals.of(new Setting(subject, length, capacity, channelFolder));
    }

    /**
     * Copy and publish.
     *
     * @return what depends on it.
     */
    @Benchmark
    public long locals()
    {
        return run();
    }
}
