package io.kekbit.core;

import io.kekbit.core.layout.ExtensionDescriptor;
import io.kekbit.core.layout.IndexDescriptor;
import io.kekbit.core.layout.RecordDescriptor;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

import static io.kekbit.core.layout.RecordDescriptor.LENGTH_WORD_LENGTH;
import static io.kekbit.core.layout.RecordDescriptor.RECORD_AREA_OFFSET;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;

/**
 * Writers that are wrong on purpose: what {@link PublicationRaces} and {@link ExtensionRaces} forbid has to be seen
 * here, else a race would not be noticed there either. {@link RaceRun} fails when it was not. They hesitate between two
 * stores that otherwise are a nanosecond apart, so that a short run on a busy machine does see it.
 */
final class WeakenedTwins
{
    private static final UnsafeBuffer ONE = Numbers.one(1);
    private static final UnsafeBuffer CONTENT = Numbers.two(1, 2);
    private static final int NEXT = RECORD_AREA_OFFSET + RecordDescriptor.alignedLength(Numbers.TWO_LENGTH);

    private WeakenedTwins()
    {
    }

    /**
     * Publishes the record and then stores its content.
     */
    @JCStressTest
    @Outcome(id = PublicationRaces.NOTHING_YET, expect = ACCEPTABLE, desc = "nothing yet")
    @Outcome(id = PublicationRaces.WHOLE, expect = ACCEPTABLE, desc = "whole")
    @Outcome(id = {"0, 0, 24", "0, 2, 24", "1, 0, 24"}, expect = ACCEPTABLE_INTERESTING, desc = "torn, as expected")
    @State
    public static class LengthBeforeContent
    {
        private final MemoryChannel channel = MemoryChannel.plain();
        private final UnsafeBuffer view = channel.view();
        private final ShmReader reader = channel.reader();

        @Actor
        public void write()
        {
            view.putLongRelease(NEXT, RecordDescriptor.WATERMARK);
            view.putLongRelease(RECORD_AREA_OFFSET, Numbers.TWO_LENGTH);
            Thread.onSpinWait();
            view.putBytes(RECORD_AREA_OFFSET + LENGTH_WORD_LENGTH, CONTENT, 0, Numbers.TWO_LENGTH);
        }

        @Actor
        public void read(final III_Result r)
        {
            PublicationRaces.next(reader, r);
        }
    }

    /**
     * Publishes the record and then stores the watermark behind it, which a reader runs past.
     */
    @JCStressTest
    @Outcome(id = PublicationRaces.NOTHING_YET, expect = ACCEPTABLE, desc = "nothing yet")
    @Outcome(id = PublicationRaces.WHOLE, expect = ACCEPTABLE, desc = "whole")
    @Outcome(
        id = "1, 2, " + MemoryChannel.END, expect = ACCEPTABLE_INTERESTING, desc = "ran past the end, as expected")
    @State
    public static class LengthBeforeWatermark
    {
        private final MemoryChannel channel = MemoryChannel.plain();
        private final UnsafeBuffer view = channel.view();
        private final ShmReader reader = channel.reader();

        @Actor
        public void write()
        {
            view.putBytes(RECORD_AREA_OFFSET + LENGTH_WORD_LENGTH, CONTENT, 0, Numbers.TWO_LENGTH);
            view.putLongRelease(RECORD_AREA_OFFSET, Numbers.TWO_LENGTH);
            Thread.onSpinWait();
            view.putLongRelease(NEXT, RecordDescriptor.WATERMARK);
        }

        @Actor
        public void read(final III_Result r)
        {
            PublicationRaces.next(reader, r);
        }
    }

    /**
     * Counts an index entry and then stores it.
     */
    @JCStressTest
    @Outcome(id = "0, -1, -1", expect = ACCEPTABLE, desc = "no entry yet")
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "one entry")
    @Outcome(id = "1, -9, 1", expect = ACCEPTABLE_INTERESTING, desc = "not whole, as expected")
    @State
    public static class CountBeforeEntry
    {
        // Its writer knows of no index, so that there is one who writes it.
        private final MemoryChannel channel = MemoryChannel.plain();
        private final ShmWriter<RawBinDataFormat> writer = channel.writer();
        private final UnsafeBuffer writersView = channel.view();
        private final ShmReader reader = channel.reader();
        private final UnsafeBuffer readersView = channel.view();

        @Actor
        public void write()
        {
            writer.write(ONE, 0, Numbers.ONE_LENGTH);
            writersView.putLongRelease(ExtensionDescriptor.INDEX_COUNT_OFFSET, 1);
            Thread.onSpinWait();
            IndexDescriptor.putEntry(
                writersView,
                MemoryChannel.indexEntry(0),
                0,
                0,
                MemoryChannel.creationTime(),
                MemoryChannel.creationTime());
        }

        @Actor
        public void read(final III_Result r)
        {
            ExtensionRaces.lastEntry(readersView, reader, r);
        }
    }
}
