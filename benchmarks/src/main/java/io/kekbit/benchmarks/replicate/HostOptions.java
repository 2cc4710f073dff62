package io.kekbit.benchmarks.replicate;

import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the processes of both hosts are told.
 */
final class HostOptions
{
    @Option(names = "--subject", required = true, paramLabel = "SUBJECT", description = "${COMPLETION-CANDIDATES}")
    Subject subject;

    @Option(names = "--threads", required = true, paramLabel = "THREADS", description = "${COMPLETION-CANDIDATES}")
    Threads threads;

    @Option(
        names = "--folder", required = true, paramLabel = "DIR",
        description = "For channels and the drivers' files. Whoever started this deletes it.")
    Path folder;

    @Option(names = "--result", required = true, paramLabel = "FILE", description = "Where the figures go.")
    Path result;

    @Option(names = "--port", required = true, paramLabel = "N", description = "The first of two UDP ports.")
    int port;

    @Option(names = "--length", required = true, paramLabel = "BYTES", description = "Of every message.")
    int length;

    @Option(names = "--rates", required = true, split = ",", paramLabel = "N", description = "Messages per second.")
    List<Long> rates;

    @Option(names = "--warm-up-millis", required = true, paramLabel = "MS", description = "At each rate.")
    long warmUpMs;

    @Option(names = "--millis", required = true, paramLabel = "MS", description = "At each rate, measured.")
    long measuredMs;

    @Option(
        names = "--bytes", required = true, paramLabel = "N",
        description = "Of messages that are sent as fast as possible, once to warm up and once to be measured.")
    long bytes;

    /**
     * The same for another process.
     */
    List<String> args()
    {
        final List<String> args = new ArrayList<>();
        args.add("--subject=" + subject);
        args.add("--threads=" + threads);
        args.add("--folder=" + folder);
        args.add("--result=" + result);
        args.add("--port=" + port);
        args.add("--length=" + length);
        args.add("--rates=" + rates.stream().map(String::valueOf).collect(Collectors.joining(",")));
        args.add("--warm-up-millis=" + warmUpMs);
        args.add("--millis=" + measuredMs);
        args.add("--bytes=" + bytes);

        return args;
    }
}
