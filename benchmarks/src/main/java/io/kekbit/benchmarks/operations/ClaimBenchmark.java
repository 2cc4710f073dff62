package io.kekbit.benchmarks.operations;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

import java.nio.file.Path;

/**
 * Content put together in the slot: {@link io.kekbit.core.Writer#tryClaim(int)}, a number, filler, {@link
 * io.kekbit.core.Writer#commit(int)}.
 */
public class ClaimBenchmark extends OperationBenchmark
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
        return Claims.of(new Setting(subject, length, capacity, channelFolder));
    }

    /**
     * Claim, fill and commit.
     *
     * @return what depends on it.
     */
    @Benchmark
    public long claim()
    {
        return run();
    }
}
