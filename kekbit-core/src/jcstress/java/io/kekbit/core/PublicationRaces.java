package io.kekbit.core;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ControlledMessageHandler.Action;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

/**
 * A record of two words appears whole or not at all, however it is written and read, and a reader stops behind it. The
 * results are the first word, the second, and the reader's position.
 */
final class PublicationRaces
{
    static final String NOTHING_YET = "-1, -1, 0";
    static final String WHOLE = "1, 2, 24";

    private static final UnsafeBuffer CONTENT = Numbers.two(1, 2);

    private PublicationRaces()
    {
    }

    /**
     * Read one record, and find the end behind it.
     */
    static void next(final ShmReader reader, final III_Result r)
    {
        r.r1 = Numbers.NOTHING;
        r.r2 = Numbers.NOTHING;
        while (reader.next())
        {
            keep(reader.buffer(), reader.offset(), reader.length(), r);
        }
        r.r3 = (int)reader.position();
    }

    private static ShmReader behindFirst(final ShmWriter<?> writer, final ShmReader reader)
    {
        writer.write(CONTENT, 0, Numbers.TWO_LENGTH);
        reader.next();

        return reader;
    }

    static void keep(final DirectBuffer buffer, final int offset, final int length, final III_Result r)
    {
        final boolean isFirst = r.r1 == Numbers.NOTHING && length == Numbers.TWO_LENGTH;
        r.r1 = isFirst ? Numbers.number(buffer, offset) : Numbers.TORN;
        r.r2 = isFirst ? Numbers.number(buffer, offset + Numbers.ONE_LENGTH) : Numbers.TORN;
    }

    /**
     * Copied in by the writer.
     */
    @JCStressTest
    @Outcome(id = NOTHING_YET, expect = ACCEPTABLE, desc = "nothing yet")
    @Outcome(id = WHOLE, expect = ACCEPTABLE, desc = "whole")
    @State
    public static class Write
    {
        private final MemoryChannel channel = MemoryChannel.plain();
        private final ShmWriter<RawBinDataFormat> writer = channel.writer();
        private final ShmReader reader = channel.reader();

        @Actor
        public void write()
        {
            writer.write(CONTENT, 0, Numbers.TWO_LENGTH);
        }

        @Actor
        public void read(final III_Result r)
        {
            next(reader, r);
        }
    }

    /**
     * Copied in behind another record, where the writer has nothing to look after but the record. The first record of a
     * stride, which all the others here are, takes another way.
     */
    @JCStressTest
    @Outcome(id = "-1, -1, 24", expect = ACCEPTABLE, desc = "nothing yet")
    @Outcome(id = "1, 2, 48", expect = ACCEPTABLE, desc = "whole")
    @State
    public static class Append
    {
        private final MemoryChannel channel = MemoryChannel.plain();
        private final ShmWriter<RawBinDataFormat> writer = channel.writer();
        private final ShmReader reader = behindFirst(writer, channel.reader());

        @Actor
        public void write()
        {
            writer.write(CONTENT, 0, Numbers.TWO_LENGTH);
        }

        @Actor
        public void read(final III_Result r)
        {
            next(reader, r);
        }
    }

    /**
     * Stored in place by the caller; read by a handler.
     */
    @JCStressTest
    @Outcome(id = NOTHING_YET, expect = ACCEPTABLE, desc = "nothing yet")
    @Outcome(id = WHOLE, expect = ACCEPTABLE, desc = "whole")
    @State
    public static class Claim
    {
        private final MemoryChannel channel = MemoryChannel.plain();
        private final ShmWriter<RawBinDataFormat> writer = channel.writer();
        private final ShmReader reader = channel.reader();

        @Actor
        public void write()
        {
            writer.tryClaim(Numbers.TWO_LENGTH);
            final MutableDirectBuffer slot = writer.slot();
            slot.putLong(0, Numbers.word(1));
            slot.putLong(Numbers.ONE_LENGTH, Numbers.word(2));
            writer.commit(Numbers.TWO_LENGTH);
        }

        @Actor
        public void read(final III_Result r)
        {
            r.r1 = Numbers.NOTHING;
            r.r2 = Numbers.NOTHING;
            reader.read((buffer, offset, length, start, end) -> keep(buffer, offset, length, r), Integer.MAX_VALUE);
            r.r3 = (int)reader.position();
        }
    }

    /**
     * Stored in place by an encodable; read by a handler that controls.
     */
    @JCStressTest
    @Outcome(id = NOTHING_YET, expect = ACCEPTABLE, desc = "nothing yet")
    @Outcome(id = WHOLE, expect = ACCEPTABLE, desc = "whole")
    @State
    public static class Encode
    {
        private final MemoryChannel channel = MemoryChannel.plain();
        private final ShmWriter<RawBinDataFormat> writer = channel.writer();
        private final ShmReader reader = channel.reader();

        @Actor
        public void write()
        {
            writer.write((format, slot, offset, maxLength) ->
            {
                slot.putLong(offset, Numbers.word(1));
                slot.putLong(offset + Numbers.ONE_LENGTH, Numbers.word(2));

                return Numbers.TWO_LENGTH;
            });
        }

        @Actor
        public void read(final III_Result r)
        {
            r.r1 = Numbers.NOTHING;
            r.r2 = Numbers.NOTHING;
            reader.controlledRead(
                (buffer, offset, length, start, end) ->
                {
                    keep(buffer, offset, length, r);

                    return Action.COMMIT;
                },
                Integer.MAX_VALUE);
            r.r3 = (int)reader.position();
        }
    }

    /**
     * A record that follows a claim that was filled and given up, in its place.
     */
    @JCStressTest
    @Outcome(id = NOTHING_YET, expect = ACCEPTABLE, desc = "nothing yet")
    @Outcome(id = WHOLE, expect = ACCEPTABLE, desc = "the other record, whole")
    @State
    public static class Abort
    {
        private static final int CLAIMED = 4;
        private static final int GARBAGE = 7;

        private final MemoryChannel channel = MemoryChannel.plain();
        private final ShmWriter<RawBinDataFormat> writer = channel.writer();
        private final ShmReader reader = channel.reader();

        @Actor
        public void write()
        {
            writer.claim(CLAIMED * Numbers.ONE_LENGTH);
            final MutableDirectBuffer slot = writer.slot();
            for (int i = 0; i < CLAIMED; i++)
            {
                slot.putLong(i * Numbers.ONE_LENGTH, Numbers.word(GARBAGE));
            }
            writer.abort();
            writer.write(CONTENT, 0, Numbers.TWO_LENGTH);
        }

        @Actor
        public void read(final III_Result r)
        {
            next(reader, r);
        }
    }
}
