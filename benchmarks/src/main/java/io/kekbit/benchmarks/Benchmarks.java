package io.kekbit.benchmarks;

import io.kekbit.benchmarks.replicate.Replicate;
import io.kekbit.benchmarks.series.RollLatency;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/**
 * Starts the comparison, or one of the measurements that it consists of.
 */
@Command(
    name = "benchmarks/run",
    description = "Measures kekbit, beside hand-written loops and beside others.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
        Compare.class,
        Render.class,
        SoakRun.class,
        RollLatency.class,
        Replicate.class,
        JmhRun.class,
        Measure.class})
public final class Benchmarks
{
    @Option(
        names = {"-h", "--help"},
        usageHelp = true,
        scope = ScopeType.INHERIT,
        description = "Explain this, and do nothing else.")
    private boolean isHelpRequested;

    private Benchmarks()
    {
    }

    /**
     * Runs a command and ends the JVM with its status.
     *
     * @param args the command's name and its arguments.
     */
    public static void main(final String... args)
    {
        System.exit(commandLine().execute(args));
    }

    /**
     * All commands, set up so that what a person can put right is told in one line.
     *
     * @return the command line, ready to execute.
     */
    static CommandLine commandLine()
    {
        final CommandLine all = new CommandLine(new Benchmarks());
        all.getSubcommands().get("jmh").setUnmatchedOptionsArePositionalParams(true);

        return all
            .setUsageHelpAutoWidth(true)
            .setParameterExceptionHandler((ex, args) -> usageError(ex))
            .setExecutionExceptionHandler((ex, commandLine, parsed) -> failure(ex, commandLine));
    }

    private static int usageError(final ParameterException ex)
    {
        final CommandLine commandLine = ex.getCommandLine();
        final String name = commandLine.getCommandSpec().qualifiedName();
        commandLine.getErr().println(name + ": " + ex.getMessage() + " (" + name + " --help explains)");

        return commandLine.getCommandSpec().exitCodeOnInvalidInput();
    }

    private static int failure(final Exception ex, final CommandLine commandLine)
    {
        if (ex instanceof BenchmarkException)
        {
            commandLine.getErr().println(commandLine.getCommandSpec().qualifiedName() + ": " + ex.getMessage());
        }
        else
        {
            ex.printStackTrace(commandLine.getErr());
        }

        return commandLine.getCommandSpec().exitCodeOnExecutionException();
    }
}
