package io.kekbit.core;

import org.openjdk.jcstress.JCStress;
import org.openjdk.jcstress.Options;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.collectors.DiskReadCollector;
import org.openjdk.jcstress.infra.collectors.InProcessCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;
import org.openjdk.jcstress.infra.grading.GradingResult;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * Runs the races and judges them by what jcstress recorded: every race ran, no outcome was seen that is forbidden, and
 * the weakened twins showed what they are there to show.
 */
public final class RaceRun
{
    private static final String SHORT = "short";
    private static final String SANITY = "sanity";
    private static final Path OUTPUT = Path.of("output.txt");

    /**
     * How much is told of an exception: what jcstress says, and the exception itself.
     */
    private static final int MESSAGES = 2;

    /**
     * For CI: not every pair of compilers, and not every way to place two threads on two cores.
     */
    private static final List<String> SHORT_OPTIONS =
        List.of("-m", "quick", "-sc", "false", "-af", "NONE", "-iters", "2", "-time", "150");

    private final Map<String, Map<String, Long>> countsByTest = new TreeMap<>();
    private final Map<String, Long> interestingByTest = new HashMap<>();
    private final List<String> failures = new ArrayList<>();
    private final boolean mustTwinsFail;
    private int runs;
    private long samples;
    private long forbidden;
    private long twinTorn;

    private RaceRun(final boolean mustTwinsFail)
    {
        this.mustTwinsFail = mustTwinsFail;
    }

    /**
     * Run the races and exit with 1 where something is wrong.
     *
     * @param args mode, one of short, sanity, quick, default, tough and stress; then options of jcstress.
     * @throws Exception where the races cannot be run.
     */
    public static void main(final String[] args) throws Exception
    {
        final String mode = args[0];
        final List<String> all = new ArrayList<>(SHORT.equals(mode) ? SHORT_OPTIONS : List.of("-m", mode));
        all.addAll(Arrays.asList(args).subList(1, args.length));
        final Options options = new Options(all.toArray(String[]::new));
        if (!options.parse())
        {
            System.exit(1);
        }

        final SortedSet<String> tests = race(options);
        // A handful of samples does not have to hit what is rare.
        final RaceRun run = new RaceRun(!SANITY.equals(mode));
        run.judge(tests, results(options.getResultFile()));
        System.exit(run.failures.isEmpty() ? 0 : 1);
    }

    /**
     * Let jcstress do its work and print into a file, of which the results are the gist.
     *
     * @return the names of the races.
     */
    private static SortedSet<String> race(final Options options) throws Exception
    {
        final PrintStream console = System.out;
        console.println("races: what jcstress prints goes to " + OUTPUT.toAbsolutePath());
        try (PrintStream output = new PrintStream(Files.newOutputStream(OUTPUT), true, StandardCharsets.UTF_8))
        {
            System.setOut(output);
            final JCStress jcstress = new JCStress(options);
            try
            {
                jcstress.run();
            }
            catch (final AssertionError ex)
            {
                // What it found is found again in the results.
                output.println(ex.getMessage());
            }

            return jcstress.getTests();
        }
        finally
        {
            System.setOut(console);
        }
    }

    private static Iterable<TestResult> results(final String file) throws Exception
    {
        final InProcessCollector collector = new InProcessCollector();
        final DiskReadCollector reader = new DiskReadCollector(file, collector);
        reader.dump();
        reader.close();

        return collector.getTestResults();
    }

    private void judge(final SortedSet<String> tests, final Iterable<TestResult> results)
    {
        for (final TestResult result : results)
        {
            add(result);
        }

        for (final String test : tests)
        {
            final Map<String, Long> counts = countsByTest.getOrDefault(test, Map.of());
            final StringBuilder line = new StringBuilder("race " + simpleName(test) + ": samples=" + sum(counts));
            counts.forEach((outcome, count) -> line.append(" (").append(outcome).append(")=").append(count));
            System.out.println(line);
            samples += sum(counts);
            if (counts.isEmpty())
            {
                failures.add(simpleName(test) + ": was not run");
            }
            if (isTwin(test))
            {
                final long torn = interestingByTest.getOrDefault(test, 0L);
                twinTorn += torn;
                if (torn == 0 && mustTwinsFail)
                {
                    failures.add(simpleName(test) + ": did not show its fault");
                }
            }
        }

        System.out.println("evidence races: tests=" + tests.size() + " runs=" + runs + " samples=" + samples +
            " forbidden=" + forbidden + " failed=" + failures.size() + " twinTorn=" + twinTorn);
        failures.forEach(failure -> System.out.println("failed " + failure));
    }

    private void add(final TestResult result)
    {
        final String test = result.getName();
        runs++;
        if (result.status() != Status.NORMAL)
        {
            final List<String> messages = result.getMessages();
            failures.add(simpleName(test) + ": " + result.status() + " " +
                messages.subList(0, Math.min(MESSAGES, messages.size())) + jvmArgs(result));
        }

        final Map<String, Long> counts = countsByTest.computeIfAbsent(test, name -> new TreeMap<>());
        for (final String outcome : result.getStateKeys())
        {
            counts.merge(outcome, result.getCount(outcome), Long::sum);
        }

        for (final GradingResult grade : result.grading().gradingResults.values())
        {
            if (grade.count > 0 && (grade.expect == Expect.FORBIDDEN || grade.expect == Expect.UNKNOWN))
            {
                forbidden += grade.count;
                failures.add(simpleName(test) + ": forbidden outcome " + grade.id + " seen " + grade.count +
                    " times" + jvmArgs(result));
            }
            else if (grade.expect == Expect.ACCEPTABLE_INTERESTING)
            {
                interestingByTest.merge(test, grade.count, Long::sum);
            }
        }
    }

    private static String jvmArgs(final TestResult result)
    {
        return " jvmArgs=" + String.join(" ", result.getConfig().jvmArgs);
    }

    private static long sum(final Map<String, Long> counts)
    {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private static boolean isTwin(final String test)
    {
        return test.startsWith(WeakenedTwins.class.getName());
    }

    private static String simpleName(final String test)
    {
        return test.substring(RaceRun.class.getPackageName().length() + 1);
    }
}
