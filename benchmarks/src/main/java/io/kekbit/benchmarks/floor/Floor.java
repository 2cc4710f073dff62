package io.kekbit.benchmarks.floor;

import java.util.function.Function;

/**
 * The ways of writing and reading by hand.
 */
public enum Floor
{
    /**
     * All through one {@link org.agrona.concurrent.UnsafeBuffer} over the file, which checks its bounds and copies.
     */
    BUFFER("floor-buffer", BufferFloor.Appender::new, BufferFloor.Poller::new),

    /**
     * Content through a view that is wrapped on every slot.
     */
    SLOT_VIEW("floor-slot-view", SlotViewFloor.Appender::new, SlotViewFloor.Poller::new),

    /**
     * By address, without any bounds, content by the JVM's memory copy.
     */
    ADDRESS("floor-address", AddressFloor.Appender::new, AddressFloor.Poller::new),

    /**
     * By address, without any bounds, short content word by word.
     */
    WORDS("floor-words", WordsFloor.Appender::new, WordsFloor.Poller::new),

    /**
     * Without Agrona: a mapped byte buffer and a variable handle.
     */
    BYTE_BUFFER("floor-byte-buffer", ByteBufferFloor.Appender::new, ByteBufferFloor.Poller::new);

    private final String subject;
    private final Function<FloorChannel, FloorWriter> writers;
    private final Function<FloorChannel, FloorReader> readers;

    Floor(
        final String subject,
        final Function<FloorChannel, FloorWriter> writers,
        final Function<FloorChannel, FloorReader> readers)
    {
        this.subject = subject;
        this.writers = writers;
        this.readers = readers;
    }

    /**
     * What measurements call it.
     *
     * @return the name.
     */
    public String subject()
    {
        return subject;
    }

    /**
     * Find one by name.
     *
     * @param subject its name.
     * @return the way of that name, or null where there is none.
     */
    public static Floor of(final String subject)
    {
        for (final Floor floor : values())
        {
            if (floor.subject.equals(subject))
            {
                return floor;
            }
        }

        return null;
    }

    /**
     * Write.
     *
     * @param channel mapped for writing, empty.
     * @return a writer at its start.
     */
    public FloorWriter writer(final FloorChannel channel)
    {
        return writers.apply(channel);
    }

    /**
     * Read.
     *
     * @param channel to read.
     * @return a reader at its start.
     */
    public FloorReader reader(final FloorChannel channel)
    {
        return readers.apply(channel);
    }
}
