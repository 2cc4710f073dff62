package io.kekbit.benchmarks.series;

import io.kekbit.benchmarks.BenchmarkException;
import io.kekbit.benchmarks.Benchmarks;
import io.kekbit.benchmarks.Spread;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measures rolls in several JVMs, one after another, since what the compiler does differs from one to the next.
 */
final class RollRuns
{
    /**
     * What the name of a ratio ends with, in the output of a run.
     */
    static final String RATIO = " / others, p99.9";

    private RollRuns()
    {
    }

    /**
     * Run the same command once in each JVM, and print what each of them printed, each ratio and their spread.
     *
     * @param jvms      how many.
     * @param arguments of the command, for one JVM.
     * @param out       to print to.
     */
    static void run(final int jvms, final List<String> arguments, final PrintWriter out)
    {
        final Map<String, List<Double>> ratios = new LinkedHashMap<>();
        for (int i = 0; i < jvms; i++)
        {
            for (final String line : output(arguments).lines().toList())
            {
                out.println(line);
                final int end = line.indexOf(RATIO);
                if (end > 0)
                {
                    final double ratio = Double.parseDouble(
                        line.substring(end + RATIO.length()).strip().replace(",", ""));
                    ratios.computeIfAbsent(line.substring(0, end), (name) -> new ArrayList<>()).add(ratio);
                }
            }
            out.println();
            out.flush();
        }
        ratios.forEach((name, all) -> print(out, name, all));
        out.flush();
    }

    private static void print(final PrintWriter out, final String name, final List<Double> all)
    {
        final Spread spread = Spread.of(all.stream().mapToDouble(Double::doubleValue).toArray());
        out.printf(
            Locale.ROOT, "%s: median %.1f, least %.1f, greatest %.1f, each %s%n",
            name + RATIO, spread.median(), spread.least(), spread.greatest(), all);
    }

    private static String output(final List<String> arguments)
    {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Benchmarks.class.getName()));
        command.addAll(arguments);
        try
        {
            final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0)
            {
                throw new BenchmarkException("a run failed:\n" + output);
            }

            return output;
        }
        catch (final IOException ex)
        {
            throw new BenchmarkException("a run failed: " + ex);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            throw new BenchmarkException("interrupted");
        }
    }
}
