package io.kekbit.benchmarks.compare;

import java.util.ArrayList;
import java.util.List;

/**
 * What single operations of one thread cost.
 */
final class OperationSections
{
    private static final String OPERATION = "operation";
    private static final String BENCHMARK = "--benchmark";
    private static final String CAPACITY = "--capacity";
    private static final String LENGTH = "--length";
    private static final String LOADED = "--loaded";
    private static final String ITERATIONS = "--iterations";
    private static final String FEW = "4";
    private static final String SMALL = "1048576";
    private static final String LARGE = "67108864";
    private static final String NANOS = "ns per operation";
    private static final String ALLOCATED = "bytes allocated per operation";
    private static final String ONE_TYPE = "one type";
    private static final String FOUR_TYPES = "four types loaded";
    private static final double WRITE_LIMIT = 1.15;
    private static final double LOADED_LIMIT = 1.1;

    // An operation that allocates takes 16 bytes or more; what is less is JMH, or the JVM once, divided by millions.
    private static final double NO_BYTES = 0.01;

    private final boolean isQuick;

    OperationSections(final boolean isQuick)
    {
        this.isQuick = isQuick;
    }

    Section write()
    {
        final List<Table> tables = new ArrayList<>();
        tables.add(writeTable("64", SMALL));
        tables.add(floorTable(
            "locals-64-" + SMALL, "write, 64 B, from local variables, " + size(SMALL), "locals", SMALL, LENGTH, "64"));
        tables.add(floorTable("claim-64-" + SMALL, "claim and commit, 64 B, " + size(SMALL), "claim", SMALL)
            .bound(atFloor("claim and commit, 64 B, " + size(SMALL))));
        if (!isQuick)
        {
            tables.add(writeTable("64", LARGE));
            tables.add(writeTable("16", SMALL));
            tables.add(writeTable("256", SMALL));
            tables.add(writeTable("1024", SMALL));
            tables.add(table("heartbeat", "heartbeat, " + size(SMALL), "heartbeat", SMALL)
                .row(Rows.KEKBIT)
                .row(Rows.FLOOR_BUFFER)
                .bound(noAllocation("heartbeat", Rows.KEKBIT_LABEL)));
        }

        return new Section(
            "write",
            "what does it cost to write a record?",
            "One thread fills a pre-touched channel from a buffer, JMH takes the time. A " + size(SMALL) +
                " stays in the cache and shows what the code costs; a " + size(LARGE) + " does not, and shows " +
                "what an application sees. The loop is the same for kekbit and the floor, and its cost is in the " +
                "figures of both. Writer and content are fields, as they are of an application; a loop \"from local " +
                "variables\" keeps them in registers where it can, which what kekbit inlines into it leaves less of.",
            tables);
    }

    Section sbe()
    {
        final List<Table> tables = new ArrayList<>();
        tables.add(sbeTable(SMALL));
        if (!isQuick)
        {
            tables.add(sbeTable(LARGE));
        }

        return new Section(
            "sbe",
            "what does it cost to encode a trade in place?",
            "The floor encodes the same trade with the same generated encoder into a plain buffer over the mapped " +
                "file and does the stores that publish it. \"Plain buffer\" is the encoding alone, always at the " +
                "same place; \"encode, then copy\" is what those do who do not encode in place.",
            tables);
    }

    Section read()
    {
        final List<Table> tables = new ArrayList<>();
        tables.add(floorTable("read-64", "read with a handler, 64 B, " + size(SMALL), "read", SMALL));
        if (!isQuick)
        {
            tables.add(floorTable("next-64", "next and access, 64 B, " + size(SMALL), "next", SMALL));
            tables.add(table("dispatch", "dispatch of SBE messages, " + size(SMALL), "dispatch", SMALL)
                .row(Rows.KEKBIT)
                .row(Row.of("a switch by hand", Role.OTHER, "switch"))
                .against("a switch by hand")
                .bound(noAllocation("dispatch", Rows.KEKBIT_LABEL)));
        }

        return new Section(
            "read",
            "what does it cost to read a record?",
            "One thread reads a full channel from its start to its end, again and again.",
            tables);
    }

    Section loaded()
    {
        final List<Table> tables = new ArrayList<>();
        tables.add(loadedTable("write", "write", "write, 64 B", "kekbit").bound(asFast("write, 64 B")));
        tables.add(loadedTable("claim", "claim", "claim and commit, 64 B", "kekbit")
            .bound(asFast("claim and commit, 64 B")));
        tables.add(loadedTable("sbe", "sbe", "an SBE trade through a callback", "kekbit-fill"));
        tables.add(loadedTable("sbe-claim", "sbe", "an SBE trade through a reusable claim", "kekbit-claim"));
        tables.add(loadedTable("sbe-slot", "sbe", "an SBE trade in a raw slot", "kekbit-slot"));
        tables.add(loadedTable("read", "read", "read with a handler, 64 B", "kekbit"));
        tables.add(loadedTable("encodable", "encodable", "an encodable of 64 B", "kekbit"));
        tables.add(loadedTable("heartbeat", "heartbeat", "heartbeat", "kekbit"));

        return new Section(
            "loaded",
            "is an operation slower in a JVM that uses many types?",
            "The JIT compiler compiles a call for the types that it saw. Before \"four types loaded\" is measured, " +
                "the JVM wrote and read with four encodables, handlers, data formats and SBE encoders.",
            tables);
    }

    private Table writeTable(final String length, final String capacity)
    {
        final String what = "write, " + length + " B, " + size(capacity);
        final Table table = table("write-" + length + "-" + capacity, what, "write", capacity, LENGTH, length)
            .row(Rows.KEKBIT)
            .rows("64".equals(length) ? Rows.FLOORS : Rows.SOME_FLOORS);
        if ("64".equals(length))
        {
            table.bound(atFloor(what)).chart(NANOS);
        }
        if ("64".equals(length) && SMALL.equals(capacity))
        {
            table.row(Row.of("the loop alone", Role.OTHER, "loop-only"))
                .bound(noAllocation(what, Rows.KEKBIT_LABEL));
        }

        return table;
    }

    private Table sbeTable(final String capacity)
    {
        final String title = "an SBE trade, " + size(capacity);
        final Table table = table("trade-" + capacity, title, "sbe", capacity)
            .row(Row.of("kekbit, callback", Role.KEKBIT, "kekbit-fill"))
            .row(Row.of("kekbit, reusable claim", Role.KEKBIT, "kekbit-claim"))
            .row(Row.of("kekbit, raw slot", Role.KEKBIT, "kekbit-slot"))
            .rows(Rows.FLOORS)
            .chart(NANOS);
        if (!isQuick && SMALL.equals(capacity))
        {
            table.row(Row.of("kekbit, encode, then copy", Role.OTHER, "kekbit-copy"))
                .row(Row.of("plain buffer", Role.OTHER, "plain-buffer"));
        }
        for (final Row row : table.rows())
        {
            if (row.role() == Role.KEKBIT)
            {
                table.bound(new Bound(title + ": " + row.label(), NANOS, row.label(), Bound.FLOOR, WRITE_LIMIT, true));
                if (SMALL.equals(capacity))
                {
                    table.bound(noAllocation(title + ": " + row.label(), row.label()));
                }
            }
        }

        return table;
    }

    private static Table loadedTable(
        final String id, final String benchmark, final String title, final String subject)
    {
        return table(id, title + ", " + size(SMALL), benchmark, SMALL)
            .row(Row.of(ONE_TYPE, Role.OTHER, subject, LOADED, "ONE"))
            .row(Row.of(FOUR_TYPES, Role.OTHER, subject, LOADED, "FOUR"))
            .against(ONE_TYPE);
    }

    private static Bound asFast(final String title)
    {
        return new Bound(title + ", " + FOUR_TYPES, NANOS, FOUR_TYPES, ONE_TYPE, LOADED_LIMIT, true);
    }

    private static Table floorTable(
        final String id,
        final String title,
        final String benchmark,
        final String capacity,
        final String... options)
    {
        return table(id, title, benchmark, capacity, options)
            .row(Rows.KEKBIT)
            .rows(Rows.FLOORS)
            .bound(noAllocation(title, Rows.KEKBIT_LABEL));
    }

    private static Table table(
        final String id,
        final String title,
        final String benchmark,
        final String capacity,
        final String... options)
    {
        final List<String> all = new ArrayList<>(List.of(BENCHMARK, benchmark, CAPACITY, capacity, ITERATIONS, FEW));
        all.addAll(List.of(options));

        return new Table(id, title, OPERATION, all.toArray(new String[0]))
            .takes(3, 1L << 28)
            .figures(
                Figure.cost(NANOS, "nsPerOp", 1),
                Figure.shown("fastest iteration", "nsPerOpBest", 1),
                Figure.shown(ALLOCATED, "allocatedBytesPerOp", 1));
    }

    private static Bound atFloor(final String what)
    {
        return new Bound(what, NANOS, Rows.KEKBIT_LABEL, Bound.FLOOR, WRITE_LIMIT, true);
    }

    private static Bound noAllocation(final String what, final String row)
    {
        return new Bound(what + ": " + ALLOCATED, ALLOCATED, row, Bound.ITSELF, NO_BYTES, true);
    }

    private static String size(final String capacity)
    {
        return "channel of " + (Long.parseLong(capacity) >> 20) + " MiB";
    }
}
