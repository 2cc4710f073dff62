package io.kekbit.benchmarks.compare;

import java.nio.file.Path;

/**
 * Runs a measurement.
 */
@FunctionalInterface
public interface Fork
{
    /**
     * Run it to its end.
     *
     * @param measurement to run.
     * @param result      file that it writes.
     * @throws ForkFailedException  when it failed; others can still be run.
     * @throws InterruptedException when no more are to be run.
     */
    void run(Measurement measurement, Path result) throws ForkFailedException, InterruptedException;
}
