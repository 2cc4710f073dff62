package io.kekbit.benchmarks.scale;

import io.kekbit.benchmarks.floor.FloorChannel;
import io.kekbit.benchmarks.floor.FloorReader;
import io.kekbit.benchmarks.operations.Channels;
import io.kekbit.core.RecordHandler;
import io.kekbit.core.ShmReader;
import io.kekbit.core.layout.ChannelPath;
import org.agrona.DirectBuffer;

import java.nio.file.Path;

/**
 * A reader that polls without a pause until it has seen all records, and checks their numbers. Made and closed by the
 * thread that polls.
 */
abstract class Polling implements AutoCloseable
{
    private static final int LIMIT = 256;

    private final Numbers numbers = new Numbers();

    static Polling open(final String subject, final Path root, final long channelId)
    {
        return Channels.isKekbit(subject) ?
            new Kekbit(Channels.open(subject, root, channelId)) :
            new ByHand(subject, FloorChannel.open(ChannelPath.file(root, channelId)));
    }

    /**
     * Poll until so many records came, or the thread is interrupted.
     */
    final void pollUntil(final int records)
    {
        while (numbers.next < records && !Thread.currentThread().isInterrupted())
        {
            if (poll(numbers, LIMIT) == 0)
            {
                Thread.onSpinWait();
            }
        }
    }

    abstract int poll(RecordHandler handler, int limit);

    @Override
    public abstract void close();

    private static final class Numbers implements RecordHandler
    {
        private long next;

        @Override
        public void onRecord(
            final DirectBuffer buffer,
            final int offset,
            final int length,
            final long position,
            final long nextPosition)
        {
            final long number = buffer.getLong(offset);
            if (number != next)
            {
                throw new IllegalStateException("a record was lost: number=" + number + " expected=" + next);
            }
            next++;
        }
    }

    private static final class Kekbit extends Polling
    {
        private final ShmReader reader;

        Kekbit(final ShmReader reader)
        {
            this.reader = reader;
        }

        @Override
        int poll(final RecordHandler handler, final int limit)
        {
            return reader.read(handler, limit);
        }

        @Override
        public void close()
        {
            reader.close();
        }
    }

    private static final class ByHand extends Polling
    {
        private final FloorChannel channel;
        private final FloorReader reader;

        ByHand(final String subject, final FloorChannel channel)
        {
            this.channel = channel;
            reader = Channels.floor(subject).reader(channel);
        }

        @Override
        int poll(final RecordHandler handler, final int limit)
        {
            return reader.poll(handler, limit);
        }

        @Override
        public void close()
        {
            channel.close();
        }
    }
}
