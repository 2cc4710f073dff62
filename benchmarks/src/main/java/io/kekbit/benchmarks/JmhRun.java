package io.kekbit.benchmarks;

import io.kekbit.benchmarks.compare.JvmFlags;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Runs JMH as it is, for its profilers, with the flags that all measurements have.
 */
@Command(
    name = "jmh",
    description = "Runs JMH with its arguments: -l lists the benchmarks, -prof perfnorm profiles, -- -h explains.")
final class JmhRun implements Callable<Integer>
{
    @Parameters(arity = "0..*", paramLabel = "ARGS", description = "JMH's.")
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws IOException, InterruptedException
    {
        final List<String> command = JvmFlags.command(false);
        command.add("org.openjdk.jmh.Main");
        command.addAll(arguments);

        return Foreground.run(command, null);
    }
}
