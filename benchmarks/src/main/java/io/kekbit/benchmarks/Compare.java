package io.kekbit.benchmarks;

import io.kekbit.benchmarks.compare.JvmFlags;
import io.kekbit.benchmarks.compare.JvmFork;
import io.kekbit.benchmarks.compare.Plan;
import io.kekbit.benchmarks.compare.RawResults;
import io.kekbit.benchmarks.compare.Rounds;
import io.kekbit.benchmarks.compare.Section;
import io.kekbit.benchmarks.compare.Store;
import io.kekbit.benchmarks.compare.Table;
import io.kekbit.benchmarks.report.Machine;
import io.kekbit.benchmarks.report.Report;
import io.kekbit.benchmarks.report.Run;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * Measures everything side by side and writes the report.
 */
@Command(name = "compare", description = "Measures kekbit, the floor and the peers side by side, and writes a report.")
final class Compare implements Callable<Integer>
{
    private static final long HEAP_AND_SPARE = 1L << 30;
    private static final int STOPPED = 130;
    private static final String TARGET = "benchmarks.target";

    @Option(names = "--quick", description = "Fewer rows and rounds: minutes, for a first look.")
    private boolean isQuick;

    @Option(names = "--only", paramLabel = "SECTION", split = ",", description = "These sections only.")
    private List<String> only = new ArrayList<>();

    @Option(names = "--rounds", paramLabel = "N", description = "How often each measurement is run.")
    private int rounds;

    @Option(names = "--output", paramLabel = "DIR", description = "A new folder for the report and raw results.")
    private Path output;

    @Option(
        names = "--tmpfs",
        paramLabel = "DIR",
        defaultValue = "/dev/shm",
        description = "A folder in memory: ${DEFAULT-VALUE}.")
    private Path tmpfs;

    @Option(
        names = "--ext4",
        paramLabel = "DIR",
        description = "A folder on ext4; unless given, the folder for temporary files if it is on ext4.")
    private Path ext4;

    @Option(names = "--unchecked", description = "Switch bounds checks off, for all that can.")
    private boolean isUnchecked;

    @Option(names = "--list", description = "Show the sections and how long they take, and do nothing else.")
    private boolean isList;

    @Spec
    private CommandSpec spec;

    private final Machine machine = new Machine();

    @Override
    public Integer call()
    {
        final Plan plan = isQuick ? Plan.quick() : Plan.full();
        final int count = rounds > 0 ? rounds : plan.rounds();
        final PrintWriter out = spec.commandLine().getOut();
        final Map<Store, Path> bases = bases();
        final List<Section> sections = plan.sections(only, bases.keySet());
        if (isList)
        {
            list(sections, count, out);
            return 0;
        }

        checkSpace(sections, bases);
        final Path folder = folder();
        final Run run = run(count, bases);
        final RawResults raw = new RawResults(folder);
        run.keep(raw);

        final int failures;
        final Thread atStop = new Thread(() -> out.println(
            System.lineSeparator() + "stopped: benchmarks/run report " + folder + " shows what was measured"));
        Runtime.getRuntime().addShutdownHook(atStop);
        try (JvmFork fork = new JvmFork(this::prefix, bases))
        {
            final Rounds all = new Rounds(sections, count, raw, fork, out);
            out.printf(Locale.ROOT, "%d measurements, about %.0f minutes%n", all.forks(), Math.ceil(all.minutes()));
            failures = all.run();
        }
        catch (final InterruptedException ex)
        {
            // Somebody ends this JVM, and atStop has told so.
            return STOPPED;
        }
        Runtime.getRuntime().removeShutdownHook(atStop);
        out.println("report: " + new Report(sections, run, folder).write());
        if (failures > 0)
        {
            out.println(failures + " measurements failed, the report tells how");
        }

        return failures > 0 ? 1 : 0;
    }

    private List<String> prefix(final String subject)
    {
        final List<String> prefix = JvmFlags.command(isUnchecked, subject);
        prefix.addAll(List.of(Benchmarks.class.getName(), "measure"));

        return prefix;
    }

    private static void list(final List<Section> sections, final int count, final PrintWriter out)
    {
        double minutes = 0;
        for (final Section section : sections)
        {
            final Rounds some = new Rounds(List.of(section), count, new RawResults(Path.of("")), null, out);
            out.printf(
                Locale.ROOT,
                "%-12s %-75s %4d measurements %6.1f min%n",
                section.id(),
                section.question(),
                some.forks(),
                some.minutes());
            minutes += some.minutes();
        }
        out.printf(Locale.ROOT, "about %.0f minutes in all%n", Math.ceil(minutes));
    }

    private Map<Store, Path> bases()
    {
        final Map<Store, Path> bases = new EnumMap<>(Store.class);
        if (Files.isDirectory(tmpfs))
        {
            bases.put(Store.TMPFS, tmpfs);
        }
        final Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        if (ext4 != null)
        {
            bases.put(Store.EXT4, ext4);
        }
        else if (machine.fileSystem(temporary).startsWith(Store.EXT4.label()))
        {
            bases.put(Store.EXT4, temporary);
        }

        return bases;
    }

    /**
     * A disk that is full in the middle of an hour is better found before.
     */
    private void checkSpace(final List<Section> sections, final Map<Store, Path> bases)
    {
        for (final Map.Entry<Store, Path> base : bases.entrySet())
        {
            final long required = sections.stream()
                .flatMap((section) -> section.tables().stream())
                .filter((table) -> table.store() == base.getKey())
                .mapToLong(Table::space).max().orElse(0);
            try
            {
                final long free = Files.getFileStore(base.getValue()).getUsableSpace();
                final long available = base.getKey() == Store.TMPFS ?
                    Math.min(free, machine.availableMemory() - HEAP_AND_SPARE) : free;
                if (available < required)
                {
                    throw new BenchmarkException("too little space for measurements: folder=" + base.getValue() +
                        " required=" + required + " available=" + available + " (--" + base.getKey().label() +
                        " names another folder, --only leaves sections out)");
                }
            }
            catch (final IOException ex)
            {
                throw new BenchmarkException(
                    "no folder for measurements: folder=" + base.getValue() + " (--" + base.getKey().label() +
                    " names another)",
                    ex);
            }
        }
    }

    private Path folder()
    {
        final String time = LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyy-MM-dd-HHmmss"));
        final Path folder = output != null ? output :
            Path.of(System.getProperty(TARGET, "target")).resolve("compare").resolve(time);
        if (Files.exists(folder.resolve("raw")))
        {
            throw new BenchmarkException("there are results already: folder=" + folder + " (--output names another)");
        }
        try
        {
            return Files.createDirectories(folder);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    private Run run(final int count, final Map<Store, Path> bases)
    {
        final Map<Store, String> stores = new LinkedHashMap<>();
        bases.forEach((store, base) -> stores.put(store, machine.fileSystem(base)));

        return new Run(
            ZonedDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.SECONDS).toString(),
            isQuick,
            only,
            count,
            isUnchecked,
            JvmFlags.uncheckedSubjects(),
            stores,
            machine.facts(System.getProperty("benchmarks.commit", ""), JvmFlags.flags(isUnchecked)));
    }
}
