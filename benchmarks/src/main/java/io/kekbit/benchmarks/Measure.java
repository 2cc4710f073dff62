package io.kekbit.benchmarks;

import picocli.CommandLine.Command;

/**
 * The measurements, each a subcommand that a JVM of its own is started for. It leaves a {@link Result}.
 */
@Command(
    name = "measure",
    hidden = true,
    description = "Measures one subject and leaves the result in a file.",
    synopsisSubcommandLabel = "NAME",
    subcommands = {})
final class Measure
{
}
