package io.kekbit.core;

import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.YieldingIdleStrategy;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.ILI_Result;
import org.openjdk.jcstress.infra.results.IIIII_Result;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

/**
 * What is written is seen in the order of writing, to the end.
 */
final class OrderRaces
{
    private static final UnsafeBuffer ONE = Numbers.one(1);
    private static final UnsafeBuffer TWO = Numbers.one(2);
    private static final UnsafeBuffer PAIR = Numbers.two(1, 2);
    private static final UnsafeBuffer OTHER_PAIR = Numbers.two(3, 4);

    private OrderRaces()
    {
    }

    /**
     * Two polls see a prefix of two records.
     */
    @JCStressTest
    @Outcome(id = "-1, -1", expect = ACCEPTABLE, desc = "nothing yet")
    @Outcome(id = "-1, 1", expect = ACCEPTABLE, desc = "the first, by the second poll")
    @Outcome(id = "1, -1", expect = ACCEPTABLE, desc = "the first, by the first poll")
    @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "both")
    @State
    public static class TwoRecords
    {
        private final MemoryChannel channel = MemoryChannel.plain();
        private final ShmWriter<RawBinDataFormat> writer = channel.writer();
        private final ShmReader reader = channel.reader();

        @Actor
        public void write()
        {
            writer.write(ONE, 0, Numbers.ONE_LENGTH);
            writer.write(TWO, 0, Numbers.ONE_LENGTH);
        }

        @Actor
        public void read(final II_Result r)
        {
            r.r1 = Numbers.poll(reader);
            r.r2 = Numbers.poll(reader);
        }
    }

    /**
     * A reader that looks later, by the clock of its thread, sees what one before it saw.
     */
    @JCStressTest
    @Outcome(id = "-1, -1", expect = ACCEPTABLE, desc = "neither yet")
    @Outcome(id = "-1, 1", expect = ACCEPTABLE, desc = "the later one only")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "both")
    @State
    public static class TwoReaders
    {
        private final MemoryChannel channel = MemoryChannel.plain();
        private final ShmWriter<RawBinDataFormat> writer = channel.writer();
        private final ShmReader reader = channel.reader();
        private final ShmReader laterReader = channel.reader();

        @Actor
        public void write()
        {
            writer.write(ONE, 0, Numbers.ONE_LENGTH);
        }

        @Actor
        public void read(final II_Result r)
        {
            r.r1 = Numbers.poll(reader);
            r.r2 = Numbers.poll(laterReader);
        }
    }

    /**
     * A record behind a heartbeat. The results are its two words and the reader's position.
     */
    @JCStressTest
    @Outcome(id = "-1, -1, 0", expect = ACCEPTABLE, desc = "nothing yet")
    @Outcome(id = "-1, -1, 8", expect = ACCEPTABLE, desc = "the heartbeat")
    @Outcome(id = "1, 2, 32", expect = ACCEPTABLE, desc = "both")
    @State
    public static class HeartbeatThenRecord
    {
        private final MemoryChannel channel = MemoryChannel.plain();
        private final ShmWriter<RawBinDataFormat> writer = channel.writer();
        private final ShmReader reader = channel.reader();

        @Actor
        public void write()
        {
            writer.heartbeat();
            writer.write(PAIR, 0, Numbers.TWO_LENGTH);
        }

        @Actor
        public void read(final III_Result r)
        {
            PublicationRaces.next(reader, r);
        }
    }

    /**
     * No reader finds the channel closed without having seen all of it. The results are a poll, the state, and another
     * poll.
     */
    @JCStressTest
    @Outcome(id = "-1, OPEN, -1", expect = ACCEPTABLE, desc = "nothing yet")
    @Outcome(id = "-1, OPEN, 1", expect = ACCEPTABLE, desc = "the record after the state")
    @Outcome(id = "1, OPEN, -1", expect = ACCEPTABLE, desc = "the record, not closed yet")
    @Outcome(id = "1, CLOSED, -1", expect = ACCEPTABLE, desc = "all")
    @State
    public static class Close
    {
        private final MemoryChannel channel = MemoryChannel.plain();
        private final ShmWriter<RawBinDataFormat> writer = channel.closableWriter();
        private final ShmReader reader = channel.reader();

        @Actor
        public void write()
        {
            writer.write(ONE, 0, Numbers.ONE_LENGTH);
            writer.close();
        }

        @Actor
        public void read(final ILI_Result r)
        {
            r.r1 = Numbers.poll(reader);
            r.r2 = reader.state();
            r.r3 = Numbers.poll(reader);
        }
    }

    /**
     * Two threads write to one channel at once, one of them in place: both records are there, each whole. The results
     * are the words in their order, and the reader's position.
     */
    @JCStressTest
    @Outcome(id = "1, 2, 3, 4, 48", expect = ACCEPTABLE, desc = "in the order of the threads")
    @Outcome(id = "3, 4, 1, 2, 48", expect = ACCEPTABLE, desc = "in the other order")
    @State
    public static class TwoWriters
    {
        private final MemoryChannel channel = MemoryChannel.plain();
        private final ConcurrentWriter<RawBinDataFormat> shared = new ConcurrentWriter<>(channel.writer());
        private final Writer<RawBinDataFormat> first = handle();
        private final Writer<RawBinDataFormat> second = handle();
        private final ShmReader reader = channel.reader();

        private Writer<RawBinDataFormat> handle()
        {
            return shared.handle(YieldingIdleStrategy.INSTANCE, Integer.MAX_VALUE);
        }

        @Actor
        public void write()
        {
            first.write(PAIR, 0, Numbers.TWO_LENGTH);
        }

        @Actor
        public void claim()
        {
            second.claim(Numbers.TWO_LENGTH);
            second.slot().putBytes(0, OTHER_PAIR, 0, Numbers.TWO_LENGTH);
            second.commit(Numbers.TWO_LENGTH);
        }

        @Arbiter
        public void read(final IIIII_Result r)
        {
            if (reader.next())
            {
                r.r1 = Numbers.number(reader.buffer(), reader.offset());
                r.r2 = Numbers.number(reader.buffer(), reader.offset() + Numbers.ONE_LENGTH);
            }
            if (reader.next())
            {
                r.r3 = Numbers.number(reader.buffer(), reader.offset());
                r.r4 = Numbers.number(reader.buffer(), reader.offset() + Numbers.ONE_LENGTH);
            }
            r.r5 = reader.next() ? Numbers.TORN : (int)reader.position();
        }
    }
}
