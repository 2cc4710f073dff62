package io.kekbit.benchmarks.operations;

import io.kekbit.benchmarks.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;

/**
 * What one operation costs one subject. JMH runs in this process, which is a fresh one already, made for nothing else.
 * <p>
 * Figures: {@code nsPerOp}, the mean of the iterations; {@code nsPerOpBest}, of the fastest one, which tells the cost
 * with the least disturbance; {@code allocatedBytesPerOp}, of the operations alone, in all iterations.
 */
@Command(name = "operation", description = "What one operation costs: the time, and the bytes it allocates.")
public final class OperationMeasurement implements Callable<Integer>
{
    /**
     * What can be measured.
     */
    enum Operation
    {
        WRITE(WriteBenchmark.class, true),
        LOCALS(LocalsBenchmark.class, true),
        CLAIM(ClaimBenchmark.class, true),
        ENCODABLE(EncodableBenchmark.class, true),
        SBE(SbeBenchmark.class, false),
        READ(ReadBenchmark.class, true),
        NEXT(NextBenchmark.class, true),
        DISPATCH(DispatchBenchmark.class, false),
        HEARTBEAT(HeartbeatBenchmark.class, false);

        private final Class<? extends OperationBenchmark> type;
        private final boolean hasLength;

        Operation(final Class<? extends OperationBenchmark> type, final boolean hasLength)
        {
            this.type = type;
            this.hasLength = hasLength;
        }

        @Override
        public String toString()
        {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(names = "--benchmark", required = true, description = "One of: ${COMPLETION-CANDIDATES}.")
    private Operation operation;

    @Option(names = "--subject", required = true, description = "Who does it.")
    private String subject;

    @Option(names = "--folder", required = true, description = "For channels; removed afterwards.")
    private Path folder;

    @Option(names = "--result", required = true, description = "File for what was found out.")
    private Path result;

    @Option(names = "--length", defaultValue = "64", description = "Bytes of content; SBE messages have their own.")
    private int length;

    @Option(
        names = "--loaded",
        defaultValue = "ONE",
        description = "What the JVM has seen before: ${COMPLETION-CANDIDATES}.")
    private Loaded loaded;

    @Option(names = "--capacity", defaultValue = "1048576", description = "Bytes of a channel: ${DEFAULT-VALUE}.")
    private long capacity;

    @Option(names = "--warm-up-ms", defaultValue = "1000", description = "How long to warm up: ${DEFAULT-VALUE}.")
    private long warmUpMs;

    @Option(names = "--iteration-ms", defaultValue = "300", description = "How long an iteration is: ${DEFAULT-VALUE}.")
    private long iterationMs;

    @Option(names = "--iterations", defaultValue = "5", description = "How many are measured: ${DEFAULT-VALUE}.")
    private int iterations;

    @Override
    public Integer call() throws RunnerException
    {
        try
        {
            measure().write(result);
        }
        finally
        {
            Channels.delete(folder);
        }

        return 0;
    }

    private Result measure() throws RunnerException
    {
        // JMH's lock is one file for all users, and no one can take it whose neighbour made it. That one measurement
        // runs at a time is the affair of those who start them.
        System.setProperty("jmh.ignoreLock", "true");
        final ChainedOptionsBuilder options = new OptionsBuilder()
            .include(operation.type.getName().replace(".", "\\.") + "\\." + operation + "$")
            .param("subject", subject)
            .param("loaded", loaded.name())
            .param("capacity", Long.toString(capacity))
            .param("folder", folder.toAbsolutePath().toString())
            .forks(0)
            .warmupIterations(2)
            .warmupTime(TimeValue.milliseconds(warmUpMs / 2))
            .measurementIterations(iterations)
            .measurementTime(TimeValue.milliseconds(iterationMs))
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT);
        if (operation.hasLength)
        {
            options.param("length", Integer.toString(length));
        }

        final RunResult run = new Runner(options.build()).runSingle();

        return new Result()
            .figure("nsPerOp", run.getPrimaryResult().getScore())
            .figure("nsPerOpBest", run.getPrimaryResult().getStatistics().getMin())
            .figure("allocatedBytesPerOp", counted(run, "allocatedBytes") / counted(run, "operations"));
    }

    private static double counted(final RunResult run, final String counter)
    {
        return run.getBenchmarkResults().stream()
            .flatMap((fork) -> fork.getIterationResults().stream())
            .mapToDouble((iteration) -> iteration.getSecondaryResults().get(counter).getScore())
            .sum();
    }
}
