package io.kekbit.benchmarks.operations;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

import java.nio.file.Path;

/**
 * {@link io.kekbit.core.Writer#heartbeat()}. By hand no clock is read.
 */
public class HeartbeatBenchmark extends OperationBenchmark
{
    /**
     * Who does it.
     */
    @Param({"kekbit", "floor-buffer"})
    public String subject;

    @Override
    Batch batch(final Path channelFolder)
    {
        return Heartbeats.of(new Setting(subject, 0, capacity, channelFolder));
    }

    /**
     * Publish a heartbeat.
     *
     * @return what depends on it.
     */
    @Benchmark
    public long heartbeat()
    {
        return run();
    }
}
