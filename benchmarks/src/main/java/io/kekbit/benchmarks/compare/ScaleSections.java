package io.kekbit.benchmarks.compare;

import java.util.ArrayList;
import java.util.List;

/**
 * How costs grow: with the capacity of a channel and with the number of readers.
 */
final class ScaleSections
{
    private static final String CAPACITY = "--capacity";
    private static final String NANOS = "ns per record";
    private static final double CAPACITY_LIMIT = 1.1;
    private static final String MIB_1 = "1048576";
    private static final String MIB_64 = "67108864";
    private static final String GIB_1 = "1073741824";
    private static final String NEAR_GIB_2 = "2147479552";
    private static final String SMALL = "1 MiB";
    private static final String LARGE = "1 GiB";

    private final boolean isQuick;

    ScaleSections(final boolean isQuick)
    {
        this.isQuick = isQuick;
    }

    Section capacity()
    {
        final Table table = new Table("capacity", "cost per record of 64 B by capacity", "capacity")
            .takes(6, 4L << 30)
            .row(capacity(SMALL, MIB_1))
            .row(capacity("64 MiB", MIB_64))
            .row(capacity(LARGE, GIB_1))
            .row(capacity("near 2 GiB", NEAR_GIB_2))
            .figures(Figure.cost(NANOS, "nsPerRecord", 1))
            .against(SMALL)
            .bound(new Bound("cost per record at 1 GiB", NANOS, LARGE, SMALL, CAPACITY_LIMIT, true));

        return new Section(
            "capacity",
            "does a record cost more in a larger channel?",
            "The same number of bytes is written into one large channel, or into many small ones that were all made " +
                "and pre-touched before: so that it is the channel that differs and not what the CPU's caches hold.",
            List.of(table));
    }

    Section readers()
    {
        final Table table = new Table("readers", "cost per record of 64 B by readers", "readers")
            .takes(5, 2L << 30)
            .figures(Figure.cost(NANOS, "nsPerRecord", 1))
            .against("0");
        for (final String readers : List.of("0", "1", "2", "4"))
        {
            table.row(Row.of(readers, Role.OTHER, "kekbit", "--readers", readers));
        }

        return new Section(
            "readers",
            "do readers slow the writer down?",
            "The writer writes as fast as it can while readers poll, each in a thread. With more threads than cores " +
                "they take turns, so the writer has but a share of a core.",
            List.of(table));
    }

    Section opening()
    {
        final Table table = new Table("opening", "opening and moving, by the capacity of a full channel", "opening")
            .takes(6, 2L << 30)
            .row(capacity(SMALL, MIB_1))
            .row(capacity("64 MiB", MIB_64))
            .row(capacity(LARGE, GIB_1))
            .figures(
                Figure.cost("us to open", "openUs", 1),
                Figure.cost("us to the end", "moveToEndUs", 1))
            .against(SMALL);

        return new Section(
            "opening",
            "does it take longer to open a larger channel, or to find a place in it?",
            "A channel full of records of 64 B is opened, and a reader moves in it, by the index.",
            List.of(table));
    }

    Section creation()
    {
        final List<Table> tables = new ArrayList<>();
        for (final Store store : Store.values())
        {
            final Table table = new Table("creation-" + store.label(), "creation on " + store.label(), "creation")
                .on(store)
                .takes(5, 3L << 30)
                .row(capacity("64 MiB", MIB_64))
                .row(capacity(LARGE, GIB_1))
                .figures(Figure.cost("ms per GiB", "msPerGiB", 1))
                .against(LARGE);
            if (!isQuick || store == Store.TMPFS)
            {
                tables.add(table);
            }
        }

        return new Section(
            "creation",
            "how long does it take to create a channel?",
            "Creation fills the file with zeros, so that a full disk is an error then and not a dead JVM later.",
            tables);
    }

    private static Row capacity(final String label, final String capacity)
    {
        return Row.of(label, Role.OTHER, "kekbit", CAPACITY, capacity);
    }
}
