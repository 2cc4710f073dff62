package io.kekbit.benchmarks.operations;

import io.kekbit.benchmarks.floor.Floor;
import io.kekbit.benchmarks.floor.FloorChannel;
import io.kekbit.benchmarks.floor.FloorReader;
import io.kekbit.benchmarks.floor.FloorWriter;
import io.kekbit.core.RawBinDataFormat;
import io.kekbit.core.RecordHandler;
import io.kekbit.core.ShmReader;
import io.kekbit.core.ShmWriter;
import io.kekbit.core.layout.ChannelPath;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Records that are there already, of which the first eight bytes are looked at. When the channel's end is near, reading
 * goes on at its start.
 */
final class Reads
{
    private static final int CHANNEL_ID = 1;

    private Reads()
    {
    }

    /**
     * Handed to a handler.
     */
    static Batch of(final Setting setting)
    {
        return Channels.isKekbit(setting.subject()) ? new Read(setting) : new ByHand(setting);
    }

    /**
     * Gone to one by one. By hand records are handed to a handler here, too.
     */
    static Batch next(final Setting setting)
    {
        return Channels.isKekbit(setting.subject()) ? new Next(setting) : new ByHand(setting);
    }

    private static final class Sum implements RecordHandler
    {
        private long total;

        @Override
        public void onRecord(
            final DirectBuffer buffer,
            final int offset,
            final int length,
            final long position,
            final long nextPosition)
        {
            total += buffer.getLong(offset) + length;
        }
    }

    private static ShmReader open(final Setting setting)
    {
        Channels.delete(setting.folder());
        final UnsafeBuffer content = Batch.content();
        final int records = setting.batches() * Batch.OPERATIONS;
        try (ShmWriter<RawBinDataFormat> writer = Channels.create(
            setting.subject(), setting.folder(), CHANNEL_ID, setting.roomyCapacity(), RawBinDataFormat.INSTANCE))
        {
            for (int i = 0; i < records; i++)
            {
                content.putLong(0, i);
                writer.write(content, 0, setting.length());
            }
        }

        return Channels.open(setting.subject(), setting.folder(), CHANNEL_ID);
    }

    private static final class Read extends ReadBatch
    {
        private final Sum sum = new Sum();

        Read(final Setting setting)
        {
            super(setting, open(setting));
        }

        @Override
        public long run()
        {
            final ShmReader reader = reader();
            final int records = reader.read(sum, OPERATIONS);
            FloorBatch.require(records == OPERATIONS);

            return sum.total;
        }
    }

    private static final class Next extends ReadBatch
    {
        Next(final Setting setting)
        {
            super(setting, open(setting));
        }

        @Override
        public long run()
        {
            final ShmReader reader = reader();
            long total = 0;
            for (int i = 0; i < OPERATIONS; i++)
            {
                FloorBatch.require(reader.next());
                total += reader.buffer().getLong(reader.offset()) + reader.length();
            }

            return total;
        }
    }

    private static final class ByHand implements Batch
    {
        private final Sum sum = new Sum();
        private final Floor floor;
        private final FloorChannel channel;
        private final int batches;
        private int batchesLeft;
        private FloorReader reader;

        ByHand(final Setting setting)
        {
            floor = Channels.floor(setting.subject());
            batches = setting.batches();
            Channels.delete(setting.folder());
            try (FloorChannel written =
                Channels.createFloor(setting.folder(), CHANNEL_ID, setting.roomyCapacity()))
            {
                final UnsafeBuffer content = Batch.content();
                final FloorWriter writer = floor.writer(written);
                for (int i = 0; i < batches * OPERATIONS; i++)
                {
                    content.putLong(0, i);
                    FloorBatch.require(writer.append(content, 0, setting.length()));
                }
            }
            channel = FloorChannel.open(ChannelPath.file(setting.folder(), CHANNEL_ID));
        }

        @Override
        public void prepare()
        {
            if (batchesLeft == 0)
            {
                reader = floor.reader(channel);
                batchesLeft = batches;
            }
            batchesLeft--;
        }

        @Override
        public long run()
        {
            final int records = reader.poll(sum, OPERATIONS);
            FloorBatch.require(records == OPERATIONS);

            return sum.total;
        }

        @Override
        public void close()
        {
            channel.close();
        }
    }
}
