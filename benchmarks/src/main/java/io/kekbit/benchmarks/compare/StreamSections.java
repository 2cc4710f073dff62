package io.kekbit.benchmarks.compare;

import io.kekbit.core.ProportionalIdleStrategy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * From a writer to a reader, in two threads and in two processes; and what a writer waits for.
 */
final class StreamSections
{
    private static final String PROCESSES = "--processes";
    private static final String LENGTH = "--length";
    private static final String MAX_SPINS = "--max-spins";
    private static final String DEFAULT_SPINS = Integer.toString(ProportionalIdleStrategy.DEFAULT_MAX_SPINS);
    private static final String RATE = "million messages per second";
    private static final String P50 = "p50 us";
    private static final String P99 = "p99 us";
    private static final String P999 = "p99.9 us";
    private static final double MILLION = 1e6;
    private static final double BYTES_PER_GB = 1e9;
    private static final double NS_PER_US = 1_000;
    private static final double THROUGHPUT_LIMIT = 0.85;
    private static final double P50_LIMIT = 1.15;
    private static final double P99_LIMIT = 1.3;
    private static final String DRIVER =
        " Aeron has a media driver, a thread beside the two that are measured: on two cores it takes its time from " +
        "them.";

    private final boolean isQuick;

    StreamSections(final boolean isQuick)
    {
        this.isQuick = isQuick;
    }

    Section throughput()
    {
        final List<Table> tables = new ArrayList<>();
        for (final boolean isTwoProcesses : isQuick ? List.of(false) : List.of(false, true))
        {
            tables.add(throughput(isTwoProcesses, false));
            tables.add(throughput(isTwoProcesses, true));
        }
        if (!isQuick)
        {
            tables.add(throughputFromLocals());
        }

        return new Section(
            "throughput",
            "how many messages per second go from a writer to a reader?",
            "The writer writes as fast as it can, the reader checks the sequence number of every message. Each pass " +
                "goes through a new channel; the peers, which have flow control, wait when they must. All readers, " +
                "those of the peers and floors too, wait by ProportionalIdleStrategy where nothing is there: one " +
                "that looks again at once takes away the cache lines that the writer is about to store into. That " +
                "is measured as well. The number of the message is a field of the object that sends, as it is in an " +
                "application; in one table it is a local variable of a loop that does nothing else." + DRIVER,
            tables);
    }

    private static Table throughput(final boolean isTwoProcesses, final boolean isSpinning)
    {
        final Table table = rates(new Table(
            sides(isTwoProcesses) + (isSpinning ? "-spinning" : ""),
            "throughput, 64 B, two " + sides(isTwoProcesses) + (isSpinning ? ", a reader that only spins" : ""),
            "throughput",
            LENGTH, "64", PROCESSES, Boolean.toString(isTwoProcesses), MAX_SPINS, isSpinning ? "1" : DEFAULT_SPINS))
            .rows(Rows.PEERS);

        return table.bound(
            new Bound(table.title(), RATE, Rows.KEKBIT_LABEL, Bound.FLOOR, THROUGHPUT_LIMIT, false));
    }

    private static Table throughputFromLocals()
    {
        return rates(new Table(
            "threads-locals",
            "throughput, 64 B, two threads, a loop that counts in a local variable",
            "throughput",
            LENGTH, "64", PROCESSES, "false", MAX_SPINS, DEFAULT_SPINS, "--local-counter", "true"));
    }

    private static Table rates(final Table table)
    {
        return table
            .takes(5, 3L << 30)
            .row(Rows.KEKBIT)
            .rows(Rows.FLOORS)
            .figures(
                Figure.rate(RATE, "messagesPerSecond", MILLION),
                Figure.shown("bytes allocated per message", "allocatedBytesPerMessage", 1))
            .chart(RATE);
    }

    Section roundTrip()
    {
        final List<Table> tables = new ArrayList<>();
        for (final boolean isTwoProcesses : isQuick ? List.of(false) : List.of(false, true))
        {
            final Table table = percentiles(
                new Table(
                    sides(isTwoProcesses), "round trip, 64 B, two " + sides(isTwoProcesses), "round-trip",
                    LENGTH, "64", PROCESSES, Boolean.toString(isTwoProcesses))
                    .takes(2, 3L << 30)
                    .often(isQuick ? 1 : 2)
                    .row(Rows.KEKBIT)
                    .rows(Rows.FLOORS)
                    .rows(Rows.PEERS),
                "roundTrip");
            table.bound(new Bound(
                table.title() + ", p50", P50, Rows.KEKBIT_LABEL, Bound.FLOOR, P50_LIMIT, true));
            table.bound(new Bound(
                table.title() + ", p99", P99, Rows.KEKBIT_LABEL, Bound.FLOOR, P99_LIMIT, true));
            tables.add(table);
        }

        return new Section(
            "round-trip",
            "how long does a message take there and back?",
            "Two channels; the other side sends back what it receives. Both sides spin. One message is under way at " +
                "a time." + DRIVER,
            tables);
    }

    Section openLoop()
    {
        final List<Table> tables = new ArrayList<>();
        for (final String rate : isQuick ? List.of("100000") : List.of("100000", "1000000"))
        {
            for (final String length : isQuick ? List.of("32") : List.of("32", "288", "1344"))
            {
                tables.add(openLoop(rate, length, false));
            }
            if (!isQuick)
            {
                tables.add(openLoop(rate, "288", true));
            }
        }

        return new Section(
            "open-loop",
            "how late do messages arrive at a fixed rate?",
            "Messages are due at fixed times, and latency counts from the time at which a message was due: a writer " +
                "that falls behind, for whatever reason, cannot hide it (no coordinated omission)." +
                DRIVER,
            tables);
    }

    private static Table openLoop(final String rate, final String length, final boolean isTwoProcesses)
    {
        final Table table = new Table(
            rate + "-" + length + "-" + sides(isTwoProcesses),
            String.format(
                Locale.ROOT,
                "open loop, %s B, %,d messages per second, two %s",
                length,
                Long.parseLong(rate),
                sides(isTwoProcesses)),
            "open-loop",
            "--rate", rate, LENGTH, length, PROCESSES, Boolean.toString(isTwoProcesses),
            "--warm-up-millis", "1500", "--millis", "2000")
            .takes(4, 4L << 30)
            .row(Rows.KEKBIT)
            .rows(Rows.PEERS)
            .against(Rows.KEKBIT_LABEL);

        return percentiles(table, "latency")
            .figures(
                Figure.shown("share sent late", "lateShare", 1),
                Figure.shown("messages per second", "messagesPerSecond", 1));
    }

    Section stall()
    {
        final List<Table> tables = new ArrayList<>();
        for (final Store store : isQuick ? List.of(Store.TMPFS) : List.of(Store.values()))
        {
            tables.add(stall(store));
        }

        return new Section(
            "stall",
            "how long does a writer wait between claim and commit?",
            "The time of each claim to commit, or of what a peer has for it, on a new channel: paced at 100,000 per " +
                "second, and back to back, while a reader in another thread reads along. Reading the clock costs " +
                "some of it. On ext4 only those are measured whose files are kept." + DRIVER,
            tables);
    }

    private static Table stall(final Store store)
    {
        return new Table(store.label(), "claim to commit, 64 B, on " + store.label(), "stall", LENGTH, "64")
            .on(store)
            .takes(5, 3L << 30)
            .row(Rows.KEKBIT)
            .row(Rows.KEKBIT_COLD)
            .row(Rows.FLOOR_BUFFER)
            .row(Rows.FLOOR_WORDS)
            .rows(store == Store.TMPFS ? Rows.PEERS : List.of(Rows.CHRONICLE))
            .figures(
                Figure.cost("paced p50 us", "paced@50", NS_PER_US),
                Figure.cost("paced p99 us", "paced@99", NS_PER_US),
                Figure.cost("paced p99.9 us", "paced@99.9", NS_PER_US),
                Figure.cost("back to back p50 us", "backToBack@50", NS_PER_US),
                Figure.cost("back to back p99 us", "backToBack@99", NS_PER_US),
                Figure.cost("back to back p99.9 us", "backToBack@99.9", NS_PER_US))
            .plot("paced", "claim to commit, 64 B, paced, on " + store.label())
            .plot("backToBack", "claim to commit, 64 B, back to back, on " + store.label());
    }

    Section writeBack()
    {
        final Table table = new Table(
            "write-back", "claim to commit on ext4 after 60 s of write-back", "after-write-back", "--wait", "60")
            .on(Store.EXT4)
            .takes(75, 3L << 30)
            .row(Row.part("not pre-touched", Role.OTHER, "kekbit", "Cold"))
            .row(Row.part("pre-touched at creation", Role.OTHER, "kekbit", "Now"))
            .row(Row.part("pre-touched by the agent", Role.KEKBIT, "kekbit", "Agent"))
            .against("not pre-touched");

        return new Section(
            "write-back",
            "does pre-touching last when the system writes pages back?",
            "Three channels on ext4, written in part and then left for a minute, in which the system writes the " +
                "pages back and protects them again: the next store to each is a fault, unless the agent came first.",
            List.of(percentiles(table, "paced" + Figure.PART)
                .figures(Figure.shown("page faults", "paced" + Figure.PART + "Faults", 1))));
    }

    Section catchUp()
    {
        final Table table = new Table("catch-up", "a channel of 1 GiB, records of 64 B", "catch-up")
            .takes(4, 4L << 30)
            .row(Rows.KEKBIT)
            .row(Rows.KEKBIT_COLD)
            .row(Rows.CHRONICLE)
            .against(Rows.KEKBIT_LABEL)
            .figures(
                Figure.rate(RATE, "messagesPerSecond", MILLION),
                Figure.shown("GB per second", "bytesPerSecond", BYTES_PER_GB),
                Figure.cost("ms to open", "openMs", 1),
                Figure.cost("ms in all", "totalMs", 1));

        return new Section(
            "catch-up",
            "how fast is a reader that comes late?",
            "Another process wrote the channel. A fresh JVM opens it and reads it to the end, once, while no page of " +
                "it is mapped yet. Aeron IPC keeps no messages for a reader that comes late.",
            List.of(table));
    }

    private static Table percentiles(final Table table, final String histogram)
    {
        return table
            .figures(
                Figure.cost(P50, histogram + "@50", NS_PER_US),
                Figure.cost(P99, histogram + "@99", NS_PER_US),
                Figure.cost(P999, histogram + "@99.9", NS_PER_US),
                Figure.shown("greatest us", histogram + "@100", NS_PER_US))
            .plot(histogram, table.title());
    }

    private static String sides(final boolean isTwoProcesses)
    {
        return isTwoProcesses ? "processes" : "threads";
    }
}
