package io.kekbit.benchmarks.operations;

import io.kekbit.benchmarks.floor.Floor;
import io.kekbit.benchmarks.floor.FloorChannel;
import io.kekbit.benchmarks.floor.FloorWriter;

/**
 * Writes by hand to one channel after the other.
 */
abstract class FloorBatch implements Batch
{
    private final Setting setting;
    private final Floor floor;
    private FloorChannel channel;
    private FloorWriter writer;
    private int batchesLeft;

    FloorBatch(final Setting setting)
    {
        this.setting = setting;
        floor = Channels.floor(setting.subject());
    }

    @Override
    public final void prepare()
    {
        if (batchesLeft == 0)
        {
            close();
            Channels.delete(setting.folder());
            channel = Channels.createFloor(setting.folder(), 1, setting.roomyCapacity());
            writer = floor.writer(channel);
            batchesLeft = setting.batches();
            onChannel(channel);
        }
        batchesLeft--;
    }

    /**
     * There is another channel.
     */
    void onChannel(final FloorChannel newChannel)
    {
    }

    final FloorWriter writer()
    {
        return writer;
    }

    static void require(final boolean isRoom)
    {
        if (!isRoom)
        {
            throw new IllegalStateException("the channel is full before its batches are done");
        }
    }

    @Override
    public final void close()
    {
        if (channel != null)
        {
            channel.close();
            channel = null;
            writer = null;
        }
    }
}
