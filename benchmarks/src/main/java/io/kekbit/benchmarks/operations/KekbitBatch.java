package io.kekbit.benchmarks.operations;

import io.kekbit.core.DataFormat;
import io.kekbit.core.ShmWriter;

/**
 * Writes to one of kekbit's channels after the other.
 */
abstract class KekbitBatch<D extends DataFormat> implements Batch
{
    private final Setting setting;
    private final D format;
    private ShmWriter<D> writer;
    private int batchesLeft;

    KekbitBatch(final Setting setting, final D format)
    {
        this.setting = setting;
        this.format = format;
    }

    @Override
    public final void prepare()
    {
        if (batchesLeft == 0)
        {
            close();
            Channels.delete(setting.folder());
            writer = Channels.create(setting.subject(), setting.folder(), 1, setting.roomyCapacity(), format);
            batchesLeft = setting.batches();
            onChannel(writer);
        }
        batchesLeft--;
    }

    /**
     * There is another channel.
     */
    void onChannel(final ShmWriter<D> newWriter)
    {
    }

    final ShmWriter<D> writer()
    {
        return writer;
    }

    @Override
    public final void close()
    {
        if (writer != null)
        {
            writer.close();
            writer = null;
        }
    }
}
