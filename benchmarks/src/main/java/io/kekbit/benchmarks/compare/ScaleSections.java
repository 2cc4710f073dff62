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
    private static final String NEAR_GIB_2 = "2147483647";
    private static final String PLAIN_FILE = "a plain file of zeros";
    private static final String SMALL = "1 MiB";
    private static final String LARGE = "1 GiB";

    private final boolean isQuick;

    ScaleSections(final boolean isQuick)
    {
        this.isQuick = isQuick;
    }

    Section capacity()
    {
        final List<Table> tables = new ArrayList<>();
        final Table table = filling("capacity", "cost per record of 64 B by capacity")
            .row(capacity(SMALL, "kekbit", MIB_1))
            .row(capacity(LARGE, "kekbit", GIB_1));
        if (!isQuick)
        {
            table.row(capacity("64 MiB", "kekbit", MIB_64))
                .row(capacity("near 2 GiB", "kekbit", NEAR_GIB_2));
        }
        table.against(SMALL)
            .bound(new Bound("cost per record at 1 GiB", NANOS, LARGE, SMALL, CAPACITY_LIMIT, true));
        tables.add(table);
        if (!isQuick)
        {
            tables.add(besideByHand(SMALL, MIB_1));
            tables.add(besideByHand(LARGE, GIB_1));
        }

        return new Section(
            "capacity",
            "does a record cost more in a larger channel?",
            "The same number of bytes is written into one large channel, or into many small ones that were all made " +
                "and pre-touched before: so that it is the channel that differs and not what the CPU's caches hold.",
            tables);
    }

    private static Table besideByHand(final String size, final String capacity)
    {
        return filling(
            "by-hand-" + capacity, "cost per record of 64 B, channels of " + size + ", beside loops by hand",
            CAPACITY, capacity)
            .row(Rows.KEKBIT)
            .row(Rows.FLOOR_BUFFER)
            .row(Rows.FLOOR_WORDS);
    }

    private static Table filling(final String id, final String title, final String... options)
    {
        return new Table(id, title, "capacity", options)
            .takes(5, 4L << 30)
            .figures(
                Figure.cost(NANOS, "nsPerRecord", 1),
                Figure.shown("ns in one channel of 1 MiB, cached", "nsPerRecordCached", 1));
    }

    Section readers()
    {
        final Table table = new Table("readers", "cost per record of 64 B by number of readers", "readers")
            .takes(3, 2L << 30)
            .figures(
                Figure.cost(NANOS, "nsPerRecord", 1),
                Figure.cost("claim to commit p50 ns", "claimToCommit@50", 1),
                Figure.cost("claim to commit p99 ns", "claimToCommit@99", 1))
            .against("0");
        for (final String readers : List.of("0", "1", "2", "4"))
        {
            table.row(Row.of(readers, Role.OTHER, "kekbit", "--readers", readers));
        }

        return new Section(
            "readers",
            "do readers slow the writer down?",
            "The writer writes as fast as it can while readers poll, each in a thread. With more threads than cores " +
                "they take turns, and the writer has but a share of a core.",
            List.of(table));
    }

    Section opening()
    {
        final Table table = new Table("opening", "opening and moving, by the capacity of a full channel", "opening")
            .takes(4, 2L << 30)
            .row(capacity(SMALL, "kekbit", MIB_1))
            .row(capacity("64 MiB", "kekbit", MIB_64))
            .row(capacity(LARGE, "kekbit", GIB_1))
            .figures(
                Figure.cost("us to open", "openUs", 1),
                Figure.cost("us to the end", "moveToEndUs", 1),
                Figure.cost("us to a position", "moveToUs", 1),
                Figure.cost("us to a record number", "moveToRecordUs", 1),
                Figure.cost("us to a time", "moveToTimeUs", 1))
            .against(SMALL);

        return new Section(
            "opening",
            "does it take longer to open a larger channel, or to find a place in it?",
            "A channel full of records of 64 B is opened, and a reader goes to its end and to any record, by the " +
                "index.",
            List.of(table));
    }

    Section creation()
    {
        final List<Table> tables = new ArrayList<>();
        for (final Store store : Store.values())
        {
            tables.add(new Table(store.label(), "creation of a channel of 1 GiB on " + store.label(), "creation")
                .on(store)
                .takes(5, 3L << 30)
                .row(capacity("kekbit", "kekbit", GIB_1))
                .row(capacity("kekbit, not pre-touched", "kekbit-cold", GIB_1))
                .row(capacity(PLAIN_FILE, "plain-file", GIB_1))
                .figures(Figure.cost("ms per GiB", "msPerGiB", 1))
                .against(PLAIN_FILE));
        }

        return new Section(
            "creation",
            "how long does it take to create a channel?",
            "Creation fills the file with zeros and forces it, so that a full disk is an error then and not a dead " +
                "JVM later. The yardstick is a plain file that is filled and forced.",
            tables);
    }

    private static Row capacity(final String label, final String subject, final String capacity)
    {
        return Row.of(label, Role.OTHER, subject, CAPACITY, capacity);
    }
}
