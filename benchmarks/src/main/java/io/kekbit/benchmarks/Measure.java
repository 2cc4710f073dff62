package io.kekbit.benchmarks;

import io.kekbit.benchmarks.operations.OperationMeasurement;
import io.kekbit.benchmarks.replicate.SourceHost;
import io.kekbit.benchmarks.replicate.TargetHost;
import io.kekbit.benchmarks.scale.CapacityMeasurement;
import io.kekbit.benchmarks.scale.CreationMeasurement;
import io.kekbit.benchmarks.scale.OpeningMeasurement;
import io.kekbit.benchmarks.scale.ReadersMeasurement;
import io.kekbit.benchmarks.stream.AfterWriteBack;
import io.kekbit.benchmarks.stream.CatchUp;
import io.kekbit.benchmarks.stream.OpenLoop;
import io.kekbit.benchmarks.stream.RoundTrip;
import io.kekbit.benchmarks.stream.Soak;
import io.kekbit.benchmarks.stream.Stall;
import io.kekbit.benchmarks.stream.Throughput;
import picocli.CommandLine.Command;

/**
 * The measurements, each a subcommand that a JVM of its own is started for. It leaves a {@link Result}.
 */
@Command(
    name = "measure",
    hidden = true,
    description = "Measures one subject and leaves the result in a file.",
    synopsisSubcommandLabel = "NAME",
    subcommands = {
        OperationMeasurement.class,
        Throughput.class,
        RoundTrip.class,
        OpenLoop.class,
        Stall.class,
        AfterWriteBack.class,
        CatchUp.class,
        CapacityMeasurement.class,
        ReadersMeasurement.class,
        OpeningMeasurement.class,
        CreationMeasurement.class,
        Soak.class,
        SourceHost.class,
        TargetHost.class})
final class Measure
{
}
