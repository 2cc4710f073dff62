package io.kekbit.benchmarks.replicate;

import io.kekbit.benchmarks.BenchmarkException;
import io.kekbit.benchmarks.Benchmarks;
import io.kekbit.benchmarks.Result;
import io.kekbit.benchmarks.Spread;
import io.kekbit.benchmarks.compare.Folders;
import io.kekbit.benchmarks.compare.JvmFlags;
import io.kekbit.benchmarks.report.Numbers;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Measures what replication adds to plain Aeron UDP. Each measurement is two processes, a source host and a target
 * host, each with a media driver of its own, on the loopback interface. A round is one measurement of each subject, so
 * that what is compared was measured within seconds.
 */
@Command(
    name = "replicate",
    description = "Throughput and one-way latency from host to host: replicated, and over plain Aeron UDP.")
public final class Replicate implements Callable<Integer>
{
    private static final int FIRST_PORT = 20_000;
    private static final int PORTS = 10_000;
    private static final double MICROSECONDS = 1_000;
    private static final double MILLIONS = 1e6;
    private static final double[] PERCENTILES = {50, 99, 99.9};
    private static final int MAX_LENGTH = 64 * 1024;
    private static final long TIME_LIMIT_S = 300;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "5", description = "Unless given: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(
        names = "--threads", split = ",", paramLabel = "WHICH", defaultValue = "ONE",
        description = "Threads of a host: ${COMPLETION-CANDIDATES}; EACH has one for the application, the agent and " +
            "the driver. Unless given: ${DEFAULT-VALUE}.")
    private List<Threads> threads;

    @Option(
        names = "--lengths", split = ",", paramLabel = "BYTES", defaultValue = "64",
        description = "Of messages, multiples of 8. Unless given: ${DEFAULT-VALUE}.")
    private List<Integer> lengths;

    @Option(
        names = "--rates", split = ",", paramLabel = "N", defaultValue = "10000,100000",
        description = "Messages per second at which latency is taken. Unless given: ${DEFAULT-VALUE}.")
    private List<Long> rates;

    @Option(
        names = "--warm-up-millis", paramLabel = "MS", defaultValue = "1000",
        description = "At each rate. Unless given: ${DEFAULT-VALUE}.")
    private long warmUpMs;

    @Option(
        names = "--millis", paramLabel = "MS", defaultValue = "2000",
        description = "At each rate, measured. Unless given: ${DEFAULT-VALUE}.")
    private long measuredMs;

    @Option(
        names = "--bytes", paramLabel = "N", defaultValue = "134217728",
        description = "Of the messages that throughput is taken of. Unless given: ${DEFAULT-VALUE}.")
    private long bytes;

    @Option(
        names = "--folder", paramLabel = "DIR", defaultValue = "/dev/shm",
        description = "Where a folder for channels and the drivers' files is made. Unless given: ${DEFAULT-VALUE}.")
    private Path base;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException
    {
        validate();
        final PrintWriter out = spec.commandLine().getOut();
        out.println("| threads of a host | bytes | figure | " + labels() + " |");
        out.println("| --- | --- | --- |" + " --- |".repeat(2 * Subject.values().length - 1));
        for (final Threads ofHost : threads)
        {
            for (final int length : lengths)
            {
                print(ofHost, length, measure(ofHost, length), out);
            }
        }

        return 0;
    }

    private void validate()
    {
        for (final int length : lengths)
        {
            if (length < Payload.MIN_LENGTH || length > MAX_LENGTH || length % Long.BYTES != 0)
            {
                throw new ParameterException(
                    spec.commandLine(),
                    "--lengths=" + length + " is not a multiple of 8 in " + Payload.MIN_LENGTH + ".." + MAX_LENGTH);
            }
        }
        for (final long rate : rates)
        {
            if (rate < 1)
            {
                throw new ParameterException(spec.commandLine(), "--rates=" + rate + " is less than 1");
            }
        }
    }

    private static String labels()
    {
        return List.of(Subject.values()).stream()
            .map((subject) -> subject.ordinal() == 0 ? subject.label() : subject.label() + " | ratio to the first")
            .collect(Collectors.joining(" | "));
    }

    private Map<Subject, List<Result>> measure(final Threads ofHost, final int length) throws InterruptedException
    {
        final Map<Subject, List<Result>> results = new EnumMap<>(Subject.class);
        for (final Subject subject : Subject.values())
        {
            results.put(subject, new ArrayList<>());
        }
        for (int round = 0; round < rounds; round++)
        {
            for (final Subject subject : Subject.values())
            {
                results.get(subject).add(measure(subject, ofHost, length));
            }
        }

        return results;
    }

    private Result measure(final Subject subject, final Threads ofHost, final int length) throws InterruptedException
    {
        final Path folder = Folders.create(base);
        final Thread atStop = new Thread(() -> Folders.delete(folder));
        Runtime.getRuntime().addShutdownHook(atStop);
        try
        {
            final HostOptions options = new HostOptions();
            options.subject = subject;
            options.threads = ofHost;
            options.folder = folder;
            options.result = folder.resolve("result");
            options.port = freePort();
            options.length = length;
            options.rates = rates;
            options.warmUpMs = warmUpMs;
            options.measuredMs = measuredMs;
            options.bytes = bytes;
            run(options);

            final Result result = Result.read(options.result);
            Result.read(SourceHost.sourceResult(options)).figures().forEach(result::figure);

            return result;
        }
        finally
        {
            Folders.delete(folder);
            Runtime.getRuntime().removeShutdownHook(atStop);
        }
    }

    private static void run(final HostOptions options) throws InterruptedException
    {
        final List<String> command = JvmFlags.command(false);
        command.addAll(List.of(Benchmarks.class.getName(), "measure", "replicate"));
        command.addAll(options.args());
        try
        {
            final Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
            try
            {
                if (!process.waitFor(TIME_LIMIT_S, TimeUnit.SECONDS) || process.exitValue() != 0)
                {
                    throw new BenchmarkException("a measurement failed: subject=" + options.subject.label());
                }
            }
            finally
            {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                process.waitFor();
            }
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    /**
     * One that is free, and the next one, too, outside the range that systems give to those who name none.
     */
    static int freePort()
    {
        final InetAddress loopback = InetAddress.getLoopbackAddress();
        while (true)
        {
            final int port = FIRST_PORT + 2 * ThreadLocalRandom.current().nextInt(PORTS / 2);
            try (DatagramSocket one = new DatagramSocket(new InetSocketAddress(loopback, port));
                DatagramSocket next = new DatagramSocket(new InetSocketAddress(loopback, port + 1)))
            {
                return Math.min(one.getLocalPort(), next.getLocalPort());
            }
            catch (final IOException ex)
            {
                // Somebody has one of them.
                Thread.onSpinWait();
            }
        }
    }

    private void print(
        final Threads ofHost, final int length, final Map<Subject, List<Result>> results, final PrintWriter out)
    {
        for (final long rate : rates)
        {
            for (final double percentile : PERCENTILES)
            {
                row(ofHost, length, "at " + Numbers.text(rate) + "/s, p" + trimmed(percentile) + ", us", results,
                    (result) -> percentile(result.histograms().get("at" + rate), percentile), out);
            }
        }
        row(ofHost, length, "a turn of the source, us", results,
            (result) -> result.figures().get(Phase.TURN_AT_SOURCE) / MICROSECONDS, out);
        row(ofHost, length, "a turn of the target, us", results,
            (result) -> result.figures().get(Phase.TURN_AT_TARGET) / MICROSECONDS, out);
        row(ofHost, length, "throughput, million/s", results,
            (result) -> result.figures().get("throughput") / MILLIONS, out);
        out.flush();
    }

    private static double percentile(final Histogram histogram, final double percentile)
    {
        return histogram.getValueAtPercentile(percentile) / MICROSECONDS;
    }

    private static String trimmed(final double percentile)
    {
        return percentile == (int)percentile ? Integer.toString((int)percentile) : Double.toString(percentile);
    }

    private static void row(
        final Threads ofHost,
        final int length,
        final String name,
        final Map<Subject, List<Result>> results,
        final ToDoubleFunction<Result> figure,
        final PrintWriter out)
    {
        final StringBuilder line = new StringBuilder("| " + ofHost + " | " + length + " | " + name + " |");
        final double[] ofFirst = results.get(Subject.values()[0]).stream().mapToDouble(figure).toArray();
        for (final Subject subject : Subject.values())
        {
            final double[] ofRounds = results.get(subject).stream().mapToDouble(figure).toArray();
            line.append(' ').append(Numbers.text(Spread.of(ofRounds))).append(" |");
            if (subject.ordinal() > 0)
            {
                line.append(' ').append(Numbers.text(Spread.ofRatios(ofRounds, ofFirst))).append(" |");
            }
        }
        out.println(line);
    }
}
