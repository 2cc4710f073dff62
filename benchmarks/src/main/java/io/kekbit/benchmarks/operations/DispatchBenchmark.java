package io.kekbit.benchmarks.operations;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

import java.nio.file.Path;

/**
 * SBE messages read and handed to a handler for each template, by {@link io.kekbit.sbe.SbeDispatcher} and by hand.
 */
public class DispatchBenchmark extends OperationBenchmark
{
    /**
     * Who does it.
     */
    @Param({"kekbit", Dispatches.SWITCH})
    public String subject;

    @Override
    Batch batch(final Path channelFolder)
    {
        return Dispatches.of(new Setting(subject, 0, capacity, channelFolder));
    }

    /**
     * Read and dispatch.
     *
     * @return what depends on it.
     */
    @Benchmark
    public long dispatch()
    {
        return run();
    }
}
