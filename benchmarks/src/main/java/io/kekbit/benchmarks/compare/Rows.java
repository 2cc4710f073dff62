package io.kekbit.benchmarks.compare;

import java.util.List;

/**
 * The rows that tables have in common.
 */
final class Rows
{
    static final String KEKBIT_LABEL = "kekbit";

    static final Row KEKBIT = Row.of(KEKBIT_LABEL, Role.KEKBIT, "kekbit");
    static final Row KEKBIT_COLD = Row.of("kekbit, not pre-touched", Role.OTHER, "kekbit-cold");

    static final Row FLOOR_BUFFER = Row.of("floor: buffer to buffer", Role.FLOOR, "floor-buffer");
    static final Row FLOOR_SLOT_VIEW = Row.of("floor: through a slot view", Role.FLOOR, "floor-slot-view");
    static final Row FLOOR_ADDRESS = Row.of("floor: by address", Role.FLOOR, "floor-address");
    static final Row FLOOR_WORDS = Row.of("floor: word by word", Role.FLOOR, "floor-words");
    static final Row FLOOR_BYTE_BUFFER = Row.of("floor: byte buffer", Role.FLOOR, "floor-byte-buffer");
    static final List<Row> FLOORS =
        List.of(FLOOR_BUFFER, FLOOR_SLOT_VIEW, FLOOR_ADDRESS, FLOOR_WORDS, FLOOR_BYTE_BUFFER);

    // Where nothing is bounded.
    static final List<Row> SOME_FLOORS = List.of(FLOOR_BUFFER, FLOOR_ADDRESS, FLOOR_WORDS);

    static final Row RING = Row.of("Agrona ring", Role.PEER, "agrona-ring");
    static final Row AERON = Row.of("Aeron IPC", Role.PEER, "aeron-ipc");
    static final Row CHRONICLE = Row.of("Chronicle Queue", Role.PEER, "chronicle-queue");
    static final List<Row> PEERS = List.of(RING, AERON, CHRONICLE);

    private Rows()
    {
    }
}
