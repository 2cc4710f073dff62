package io.kekbit.benchmarks.stream;

import picocli.CommandLine.Option;

import java.nio.file.Path;

/**
 * What every measurement of this package is told.
 */
final class CommonOptions
{
    @Option(
        names = "--subject", required = true, paramLabel = "SUBJECT",
        description = "What carries the messages: kekbit, kekbit-cold, floor-..., agrona-ring, aeron-ipc or " +
            "chronicle-queue.")
    String subject;

    @Option(
        names = "--folder", required = true, paramLabel = "DIR",
        description = "Where the files go. It is made, and deleted afterwards with all that is in it.")
    Path folder;

    @Option(
        names = "--result", required = true, paramLabel = "FILE", description = "Where the figures go.")
    Path result;

    @Option(
        names = "--length", paramLabel = "BYTES", defaultValue = "64",
        description = "Of every message, a multiple of 8, at least 16. Default: ${DEFAULT-VALUE}")
    int length;

    @Option(
        names = "--pin", split = ",", paramLabel = "CPU",
        description = "Two processors, one for the thread of each side, by taskset. Without it the kernel places " +
            "them, which is better where there are no more processors than that.")
    String[] processors;

    String nearProcessor()
    {
        return processors == null ? null : processors[0];
    }

    String farProcessor()
    {
        return processors == null ? null : processors[processors.length - 1];
    }
}
