package io.kekbit.core;

import io.kekbit.core.exceptions.InvalidPositionException;
import io.kekbit.core.exceptions.UnavailablePositionException;
import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.IndexDescriptor;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

/**
 * What the extension says of the channel while it is written is never ahead of the channel.
 */
final class ExtensionRaces
{
    private static final UnsafeBuffer ONE = Numbers.one(1);
    private static final UnsafeBuffer TWO = Numbers.one(2);
    private static final UnsafeBuffer THREE = Numbers.one(3);

    private ExtensionRaces()
    {
    }

    /**
     * Read the last index entry that counts, and the record at which it points.
     */
    static void lastEntry(final UnsafeBuffer view, final ShmReader reader, final III_Result r)
    {
        r.r2 = Numbers.NOTHING;
        r.r3 = Numbers.NOTHING;
        final int count = (int)view.getLongAcquire(ExtensionDescriptor.INDEX_COUNT_OFFSET);
        r.r1 = count;
        if (count > 0)
        {
            final int entry = MemoryChannel.indexEntry(count - 1);
            final long position = view.getLong(entry + IndexDescriptor.POSITION_OFFSET, LITTLE_ENDIAN);
            r.r2 = IndexDescriptor.isValid(view, entry, MemoryChannel.creationTime()) ?
                (int)position : Numbers.TORN;
            try
            {
                reader.moveTo(position);
                r.r3 = Numbers.poll(reader);
            }
            catch (final InvalidPositionException | UnavailablePositionException ex)
            {
                r.r3 = Numbers.TORN;
            }
        }
    }

    /**
     * All before the tail hint is published, and it is a boundary. The results are the hint, and the position that a
     * reader reached which was to go there from the start.
     */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "no hint yet")
    @Outcome(id = "16, 16", expect = ACCEPTABLE, desc = "behind the first record of a stride")
    @Outcome(id = "24, 24", expect = ACCEPTABLE, desc = "behind the heartbeat")
    @Outcome(id = "40, 40", expect = ACCEPTABLE, desc = "at the flush")
    @State
    public static class TailHint
    {
        private final MemoryChannel channel = MemoryChannel.plain();
        private final ShmWriter<RawBinDataFormat> writer = channel.writer();
        private final ShmReader reader = channel.reader();
        private final UnsafeBuffer view = channel.view();

        @Actor
        public void write()
        {
            writer.write(ONE, 0, Numbers.ONE_LENGTH);
            writer.heartbeat();
            writer.write(TWO, 0, Numbers.ONE_LENGTH);
            writer.flush();
        }

        @Actor
        public void read(final II_Result r)
        {
            final long hint = view.getLongAcquire(ExtensionDescriptor.TAIL_HINT_OFFSET);
            r.r1 = (int)hint;
            try
            {
                reader.moveTo(hint);
                r.r2 = (int)reader.position();
            }
            catch (final InvalidPositionException | UnavailablePositionException ex)
            {
                r.r2 = Numbers.TORN;
            }
        }
    }

    /**
     * All index entries that count are whole, and the records at which they point are published. The results are the
     * count, and of the last entry that counts the position, and the number in the record there.
     */
    @JCStressTest
    @Outcome(id = "0, -1, -1", expect = ACCEPTABLE, desc = "no entry yet")
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "one entry")
    @Outcome(id = "2, 16, 2", expect = ACCEPTABLE, desc = "two entries")
    @Outcome(id = "3, 32, 3", expect = ACCEPTABLE, desc = "all entries")
    @State
    public static class IndexCount
    {
        private final MemoryChannel channel = MemoryChannel.indexed();
        private final ShmWriter<RawBinDataFormat> writer = channel.writer();
        private final ShmReader reader = channel.reader();
        private final UnsafeBuffer view = channel.view();

        @Actor
        public void write()
        {
            writer.write(ONE, 0, Numbers.ONE_LENGTH);
            writer.write(TWO, 0, Numbers.ONE_LENGTH);
            writer.write(THREE, 0, Numbers.ONE_LENGTH);
        }

        @Actor
        public void read(final III_Result r)
        {
            lastEntry(view, reader, r);
        }
    }

    /**
     * All below the durable position is published. The results are that position and the number of records that a
     * reader found below it.
     */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "nothing is durable yet")
    @Outcome(id = "16, 1", expect = ACCEPTABLE, desc = "the first record")
    @Outcome(id = "32, 2", expect = ACCEPTABLE, desc = "both")
    @State
    public static class DurablePosition
    {
        private final MemoryChannel channel = MemoryChannel.plain();
        private final ShmWriter<RawBinDataFormat> writer = channel.writer();
        private final ShmReader reader = channel.reader();
        private final UnsafeBuffer view = channel.view();

        @Actor
        public void write()
        {
            writer.write(ONE, 0, Numbers.ONE_LENGTH);
            writer.flush();
            writer.write(TWO, 0, Numbers.ONE_LENGTH);
            writer.flush();
        }

        @Actor
        public void read(final II_Result r)
        {
            final long durable = view.getLongAcquire(ExtensionDescriptor.DURABLE_POSITION_OFFSET);
            int records = 0;
            while (reader.position() < durable && Numbers.poll(reader) == records + 1)
            {
                records++;
            }
            r.r1 = (int)durable;
            r.r2 = records;
        }
    }
}
