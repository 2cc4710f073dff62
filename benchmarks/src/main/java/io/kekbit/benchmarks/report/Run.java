package io.kekbit.benchmarks.report;

import io.kekbit.benchmarks.compare.RawResults;
import io.kekbit.benchmarks.compare.Store;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was run, and where: kept beside the raw results, so that a report can be made of them anywhere.
 *
 * @param date              of the start.
 * @param isQuick           whether it was the short plan.
 * @param only              the sections that were chosen, or none for all.
 * @param rounds            how often each measurement was to be run.
 * @param isUnchecked       whether no bounds were checked, whoever was measured.
 * @param uncheckedSubjects those that Agrona checked no bounds for, although others were checked.
 * @param stores            the kinds of file system that there were, with the type and mount options of each.
 * @param machine           what is known of it.
 */
public record Run(
    String date,
    boolean isQuick,
    List<String> only,
    int rounds,
    boolean isUnchecked,
    List<String> uncheckedSubjects,
    Map<Store, String> stores,
    Map<String, String> machine)
{
    private static final String RUN_FILE = "run.txt";
    private static final String MACHINE_FILE = "machine.txt";
    private static final String DATE = "date";
    private static final String QUICK = "quick";
    private static final String ONLY = "only";
    private static final String ROUNDS = "rounds";
    private static final String UNCHECKED = "unchecked";
    private static final String UNCHECKED_SUBJECTS = "unchecked subjects";
    private static final String KEKBIT = "kekbit";
    private static final String CHANGED = "-dirty";

    /**
     * Keep it.
     *
     * @param raw results that it belongs to.
     */
    public void keep(final RawResults raw)
    {
        final Map<String, String> facts = new LinkedHashMap<>();
        facts.put(DATE, date);
        facts.put(QUICK, Boolean.toString(isQuick));
        facts.put(ONLY, String.join(",", only));
        facts.put(ROUNDS, Integer.toString(rounds));
        facts.put(UNCHECKED, Boolean.toString(isUnchecked));
        facts.put(UNCHECKED_SUBJECTS, String.join(",", uncheckedSubjects));
        stores.forEach((store, fileSystem) -> facts.put(store.label(), fileSystem));
        raw.keep(RUN_FILE, facts);
        raw.keep(MACHINE_FILE, machine);
    }

    /**
     * Find what was kept.
     *
     * @param raw results that it belongs to.
     * @return the run.
     */
    public static Run kept(final RawResults raw)
    {
        final Map<String, String> facts = raw.kept(RUN_FILE);
        final Map<Store, String> stores = new LinkedHashMap<>();
        for (final Store store : Store.values())
        {
            if (facts.containsKey(store.label()))
            {
                stores.put(store, facts.get(store.label()));
            }
        }
        return new Run(
            facts.get(DATE),
            Boolean.parseBoolean(facts.get(QUICK)),
            list(facts.get(ONLY)),
            Integer.parseInt(facts.get(ROUNDS)),
            Boolean.parseBoolean(facts.get(UNCHECKED)),
            // Older runs knew of none.
            list(facts.getOrDefault(UNCHECKED_SUBJECTS, "")),
            stores,
            raw.kept(MACHINE_FILE));
    }

    private static List<String> list(final String joined)
    {
        final List<String> list = new ArrayList<>(List.of(joined.split(",")));
        list.removeIf(String::isEmpty);

        return list;
    }

    /**
     * Whether the sources that were measured are those of no commit.
     *
     * @return true when files that Git keeps had changes; false also when nothing is known of a commit.
     */
    public boolean isOfChangedSources()
    {
        return machine.getOrDefault(KEKBIT, "").endsWith(CHANGED);
    }

    /**
     * How to do the same.
     *
     * @return a command line.
     */
    public String command()
    {
        return "benchmarks/run compare" + (isQuick ? " --quick" : "") +
            (only.isEmpty() ? "" : " --only " + String.join(",", only)) + " --rounds " + rounds +
            (isUnchecked ? " --unchecked" : "");
    }
}
