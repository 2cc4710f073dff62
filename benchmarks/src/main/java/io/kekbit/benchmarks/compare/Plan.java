package io.kekbit.benchmarks.compare;

import io.kekbit.benchmarks.BenchmarkException;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * All that is compared: sections of tables of rows. To change how long a comparison takes, change it here.
 */
public final class Plan
{
    private static final int FULL_ROUNDS = 5;
    private static final int QUICK_ROUNDS = 3;

    private static final Set<String> NOT_QUICK =
        Set.of("loaded", "write-back", "catch-up", "readers", "opening", "creation");

    private final List<Section> sections;
    private final Set<String> leftOut;
    private final int rounds;

    private Plan(final List<Section> sections, final Set<String> leftOut, final int rounds)
    {
        this.sections = List.copyOf(sections);
        this.leftOut = leftOut;
        this.rounds = rounds;
    }

    /**
     * Everything.
     *
     * @return the plan.
     */
    public static Plan full()
    {
        return of(false, FULL_ROUNDS);
    }

    /**
     * What can be measured in minutes: fewer sections, rows and rounds, the same measurements.
     *
     * @return the plan.
     */
    public static Plan quick()
    {
        return of(true, QUICK_ROUNDS);
    }

    private static Plan of(final boolean isQuick, final int rounds)
    {
        final List<Section> sections = new ArrayList<>();
        final OperationSections operations = new OperationSections(isQuick);
        final StreamSections streams = new StreamSections(isQuick);
        final ScaleSections scale = new ScaleSections(isQuick);
        sections.add(operations.write());
        sections.add(operations.sbe());
        sections.add(operations.read());
        sections.add(operations.loaded());
        sections.add(streams.throughput());
        sections.add(streams.roundTrip());
        sections.add(streams.openLoop());
        sections.add(streams.stall());
        sections.add(streams.writeBack());
        sections.add(streams.catchUp());
        sections.add(scale.capacity());
        sections.add(scale.readers());
        sections.add(scale.opening());
        sections.add(scale.creation());

        return new Plan(sections, isQuick ? NOT_QUICK : Set.of(), rounds);
    }

    /**
     * How often each measurement is run unless it is said otherwise.
     *
     * @return the number of rounds.
     */
    public int rounds()
    {
        return rounds;
    }

    /**
     * The names of all sections.
     *
     * @return the ids in order.
     */
    public List<String> ids()
    {
        return sections.stream().map(Section::id).toList();
    }

    /**
     * Choose from the plan.
     *
     * @param only   ids of the sections that are wanted, none for all but those that this plan leaves out.
     * @param stores the kinds of file system that there are: tables on others are left out.
     * @return the sections, without those that lost all tables.
     */
    public List<Section> sections(final Collection<String> only, final Collection<Store> stores)
    {
        for (final String id : only)
        {
            if (!ids().contains(id))
            {
                throw new BenchmarkException("no such section: name=" + id + " (there are " +
                    String.join(", ", ids()) + ")");
            }
        }

        final List<Section> chosen = new ArrayList<>();
        for (final Section section : sections)
        {
            final List<Table> tables = section.tables().stream()
                .filter((table) -> stores.contains(table.store())).toList();
            final boolean isWanted = only.isEmpty() ? !leftOut.contains(section.id()) : only.contains(section.id());
            if (isWanted && !tables.isEmpty())
            {
                chosen.add(new Section(section.id(), section.question(), section.method(), tables));
            }
        }

        return chosen;
    }
}
