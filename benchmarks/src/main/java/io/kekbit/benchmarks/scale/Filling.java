package io.kekbit.benchmarks.scale;

import io.kekbit.benchmarks.floor.FloorChannel;
import io.kekbit.benchmarks.floor.FloorWriter;
import io.kekbit.benchmarks.operations.Channels;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.ShmWriter;
import io.kekbit.core.layout.RecordDescriptor;
import org.HdrHistogram.Histogram;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * An empty channel to be filled with records of one length, each with its number in the first eight bytes.
 */
abstract class Filling implements AutoCloseable
{
    private final UnsafeBuffer content = new UnsafeBuffer(ByteBuffer.allocateDirect(Channels.MAX_LENGTH));

    /**
     * Make a channel.
     */
    static Filling create(final String subject, final Path root, final long channelId, final long capacity)
    {
        return Channels.isKekbit(subject) ?
            new Kekbit(Channels.create(subject, root, channelId, capacity, RawBinDataFormat.INSTANCE)) :
            new ByHand(subject, Channels.createFloor(root, channelId, capacity));
    }

    /**
     * How many records of a length a channel has room for.
     */
    static int records(final long capacity, final int length)
    {
        return (int)((capacity - RecordDescriptor.RESERVED_LENGTH) / RecordDescriptor.alignedLength(length));
    }

    final UnsafeBuffer content()
    {
        return content;
    }

    /**
     * Copy records into the channel, back to back.
     */
    abstract void fill(int length, int records);

    /**
     * Encode records in place, and time each from the claim to the commit.
     */
    abstract void fill(int length, int records, Histogram claimToCommit);

    @Override
    public abstract void close();

    private static void encode(final MutableDirectBuffer slot, final int offset, final int length, final long number)
    {
        for (int i = 0; i < length; i += Long.BYTES)
        {
            slot.putLong(offset + i, number);
        }
    }

    private static void require(final boolean isRoom)
    {
        if (!isRoom)
        {
            throw new IllegalStateException("the channel is full before all its records are there");
        }
    }

    private static final class Kekbit extends Filling
    {
        private final ShmWriter<RawBinDataFormat> writer;

        Kekbit(final ShmWriter<RawBinDataFormat> writer)
        {
            this.writer = writer;
        }

        @Override
        void fill(final int length, final int records)
        {
            final UnsafeBuffer content = content();
            for (int i = 0; i < records; i++)
            {
                content.putLong(0, i);
                writer.write(content, 0, length);
            }
        }

        @Override
        void fill(final int length, final int records, final Histogram claimToCommit)
        {
            for (int i = 0; i < records; i++)
            {
                final long startNs = System.nanoTime();
                require(writer.tryClaim(length) > 0);
                encode(writer.slot(), 0, length, i);
                writer.commit(length);
                claimToCommit.recordValue(System.nanoTime() - startNs);
            }
        }

        @Override
        public void close()
        {
            writer.close();
        }
    }

    private static final class ByHand extends Filling
    {
        private final FloorChannel channel;
        private final FloorWriter writer;

        ByHand(final String subject, final FloorChannel channel)
        {
            this.channel = channel;
            writer = Channels.floor(subject).writer(channel);
        }

        @Override
        void fill(final int length, final int records)
        {
            final UnsafeBuffer content = content();
            for (int i = 0; i < records; i++)
            {
                content.putLong(0, i);
                require(writer.append(content, 0, length));
            }
        }

        @Override
        void fill(final int length, final int records, final Histogram claimToCommit)
        {
            for (int i = 0; i < records; i++)
            {
                final long startNs = System.nanoTime();
                require(writer.claim(length));
                encode(writer.slot(), writer.slotOffset(), length, i);
                writer.commit(length);
                claimToCommit.recordValue(System.nanoTime() - startNs);
            }
        }

        @Override
        public void close()
        {
            channel.close();
        }
    }
}
