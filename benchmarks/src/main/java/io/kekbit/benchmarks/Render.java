package io.kekbit.benchmarks;

import io.kekbit.benchmarks.compare.Plan;
import io.kekbit.benchmarks.compare.RawResults;
import io.kekbit.benchmarks.report.Report;
import io.kekbit.benchmarks.report.Run;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/**
 * Makes a report of raw results again.
 */
@Command(name = "report", description = "Makes the report and the plots of raw results again.")
final class Render implements Callable<Integer>
{
    @Parameters(paramLabel = "DIR", description = "The folder of a comparison, with raw/ in it.")
    private Path output;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call()
    {
        if (!Files.isDirectory(output.resolve("raw")))
        {
            throw new BenchmarkException("no raw results: folder=" + output + " (a comparison leaves them in raw/)");
        }

        final Run run = Run.kept(new RawResults(output));
        final Plan plan = run.isQuick() ? Plan.quick() : Plan.full();
        final Path file = new Report(plan.sections(run.only(), run.stores().keySet()), run, output).write();
        spec.commandLine().getOut().println("report: " + file);

        return 0;
    }
}
